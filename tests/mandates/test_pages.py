"""The pages of mandates as people use them, and their bounds."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.mandates import request_mandate
from accounts.models import Mandate, MandateInvitation, Membership
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.fixtures_mandates import EVERYTHING
from tests.mandates.world import Owned, found

METHODS_KEY = "account_authentication_methods"


@pytest.fixture
def owned(small_version: Any, owner: Membership) -> Owned:
    """An enterprise with a sealed assessment, a draft, files, a report, a sheet."""
    return found(owner, small_version)


def confirmed(client: Client) -> Client:
    """Note in the session that the password was typed again just now."""
    session = client.session
    session[f"{METHODS_KEY}_user"] = session["_auth_user_id"]
    session[METHODS_KEY] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session.save()
    return client


def filled(agency: Membership, /, **more: Any) -> dict[str, Any]:
    """Return the form of a mandate, filled in."""
    day = timezone.localdate() + timedelta(days=30)
    return {
        "agency": agency.organisation.name,
        "purpose": "coaching",
        "which": "all",
        "parts": "all",
        "ends_on": day.isoformat(),
    } | more


def test_granting_takes_a_fresh_proof_of_identity(owner: Membership, signed_in: Any):
    answer = signed_in(owner).post(reverse("mandate-grant"))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_an_old_proof_is_none(owner: Membership, signed_in: Any):
    client = confirmed(signed_in(owner))
    session = client.session
    session[METHODS_KEY] = [
        {"method": "password", "at": time.time() - 301, "reauthenticated": True}
    ]
    session.save()
    assert client.get(reverse("mandate-grant")).status_code == 302


def test_an_owner_previews_and_grants(
    owned: Owned, owner: Membership, agency_manager: Membership, signed_in: Any
):
    client, page = confirmed(signed_in(owner)), reverse("mandate-grant")
    assert client.get(page).status_code == 200
    wanted = filled(agency_manager, evidence="on")
    preview = client.post(page, wanted | {"step": "preview"})
    assert "level_one.pdf" in preview.text
    assert "PDF 报告：不可以看" in preview.text
    assert not Mandate.objects.exists()
    answer = client.post(page, wanted | {"step": "grant"})
    mandate = Mandate.objects.get()
    assert answer["Location"] == reverse("mandate", args=[mandate.pk])
    assert mandate.scope == Scope(evidence=True)
    last = timezone.localdate(mandate.ends_at - timedelta(seconds=1))
    assert last.isoformat() == wanted["ends_on"]


def test_naming_is_offered_only_where_there_is_something_to_name(
    owner: Membership, agency_manager: Membership, signed_in: Any
):
    client, page = confirmed(signed_in(owner)), reverse("mandate-grant")
    form = client.get(page).context["form"]
    assert [key for key, _text in form.fields["which"].choices] == ["all"]
    refused = client.post(page, filled(agency_manager, which="named", step="grant"))
    assert "which" in refused.context["form"].errors
    assert not Mandate.objects.exists()


def test_who_has_an_assessment_may_name_it(
    owned: Owned, owner: Membership, signed_in: Any
):
    form = confirmed(signed_in(owner)).get(reverse("mandate-grant")).context["form"]
    assert [key for key, _text in form.fields["which"].choices] == ["all", "named"]


def test_the_preview_shows_only_what_the_scope_shows(
    owned: Owned, owner: Membership, agency_manager: Membership, signed_in: Any
):
    wanted = filled(
        agency_manager, parts="named", sections=["TWO"], evidence="on", step="preview"
    )
    text = confirmed(signed_in(owner)).post(reverse("mandate-grant"), wanted).text
    assert "level_two.pdf" in text
    assert "level_one.pdf" not in text
    assert "自评结果和得分：不可以看" in text


def test_going_back_keeps_what_was_filled_in(
    owner: Membership, agency_manager: Membership, signed_in: Any
):
    wanted = filled(agency_manager, drafts="on", step="edit")
    text = confirmed(signed_in(owner)).post(reverse("mandate-grant"), wanted).text
    assert agency_manager.organisation.name in text
    assert 'id="id_drafts" checked' in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"agency": "没有这家"}, "没有找到这家服务机构"),
        ({"purpose": "other"}, "请写明授权用途"),
        ({"which": "named"}, "请至少勾选一次自评"),
        ({"parts": "named"}, "请至少勾选一个部分"),
        ({"parts": "named", "sections": ["ONE"], "report": "on"}, "报告包含全部部分"),
        ({"ends_on": "2020-01-01"}, "结束日期须在今天以后的一年之内"),
        ({"assessments": ["7"]}, "7"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    change: Any, words: str, owned: Owned, owner: Membership,
    agency_manager: Membership, signed_in: Any,
):  # fmt: skip
    client = confirmed(signed_in(owner))
    wanted = filled(agency_manager, **change, step="grant")
    answer = client.post(reverse("mandate-grant"), wanted)
    assert (answer.status_code, Mandate.objects.exists()) == (200, False)
    assert words in answer.text


def test_an_assessment_of_another_enterprise_can_not_be_named(
    owned: Owned, stranger: Membership, agency_manager: Membership, signed_in: Any
):
    wanted = filled(
        agency_manager,
        which="named",
        assessments=[str(owned.sealed.pk)],
        step="grant",
    )
    confirmed(signed_in(stranger)).post(reverse("mandate-grant"), wanted)
    assert not Mandate.objects.exists()


@pytest.mark.parametrize("part", ["contributor", "agency_manager", "bureau_manager"])
def test_others_do_not_grant(part: str, request: Any, signed_in: Any):
    client = confirmed(signed_in(request.getfixturevalue(part)))
    assert client.get(reverse("mandate-grant")).status_code == 403


def test_an_agency_that_seems_related_is_pointed_out(owner: Membership, signed_in: Any):
    owner.organisation.name = "烟台海川精密有限公司"
    owner.organisation.save()
    agency = MembershipFactory(
        organisation=OrganisationFactory(kind="agency", name="海川精密知识产权代理")
    )
    wanted = filled(agency, step="preview")
    text = confirmed(signed_in(owner)).post(reverse("mandate-grant"), wanted).text
    assert "可能是关联单位" in text


# --- Requests ---------------------------------------------------------------------


def test_an_agency_asks_and_an_owner_accepts(
    owner: Membership, agency_manager: Membership, signed_in: Any
):
    asked = signed_in(agency_manager).post(reverse("client-request"), {})
    address = asked.text.split('readonly value="')[1].split('"')[0]
    path = "/" + address.split("/", 3)[3]
    client = signed_in(owner)
    assert client.get(path).status_code == 302
    confirmed(client)
    assert agency_manager.organisation.name in client.get(path).text
    wanted = filled(agency_manager)
    answer = client.post(path, wanted | {"step": "grant"})
    mandate = Mandate.objects.get()
    assert answer["Location"] == reverse("mandate", args=[mandate.pk])
    assert mandate.agency == agency_manager.organisation
    assert client.get(path).status_code == 404


def test_the_agency_can_not_open_its_own_request(
    agency_manager: Membership, signed_in: Any
):
    asked = request_mandate(
        agency=agency_manager.organisation,
        actor=agency_manager.user,
        at=timezone.now(),
    )
    client = confirmed(signed_in(agency_manager))
    for method in (client.get, client.post):
        answer = method(reverse("mandate-request", args=[asked.token]))
        assert answer.status_code == 403


def test_a_request_is_withdrawn_on_the_page(
    agency_manager: Membership, reviewer: Membership, signed_in: Any
):
    asked = request_mandate(
        agency=agency_manager.organisation,
        actor=agency_manager.user,
        at=timezone.now(),
    )
    page = reverse("client-request-withdraw", args=[asked.invitation.pk])
    assert signed_in(reviewer).post(page).status_code == 403
    for _time in range(2):
        assert signed_in(agency_manager).post(page)["Location"] == reverse("clients")
    assert MandateInvitation.objects.get().revoked_at is not None


# --- Changes ----------------------------------------------------------------------


def test_extending_takes_a_fresh_proof(grant: Any, owner: Membership, signed_in: Any):
    mandate = grant(days=10)
    page = reverse("mandate-extend", args=[mandate.pk])
    day = (timezone.localdate() + timedelta(days=60)).isoformat()
    client = signed_in(owner)
    assert client.post(page, {"ends_on": day}).status_code == 302
    assert Mandate.objects.get().ends_at == mandate.ends_at
    answer = confirmed(client).post(page, {"ends_on": day})
    assert answer["Location"] == reverse("mandate", args=[mandate.pk])
    assert Mandate.objects.get().ends_at > mandate.ends_at


def test_an_earlier_end_is_no_extension(grant: Any, owner: Membership, signed_in: Any):
    page = reverse("mandate-extend", args=[grant().pk])
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    answer = confirmed(signed_in(owner)).post(page, {"ends_on": day})
    assert "新的结束日期须晚于现在的结束日期" in answer.text


def test_narrowing_and_revoking_take_one_form_each(
    owned: Owned, grant: Any, owner: Membership, signed_in: Any
):
    mandate, client = grant(), signed_in(owner)
    page = reverse("mandate-narrow", args=[mandate.pk])
    assert client.get(page).status_code == 200
    client.post(page, {"which": "all", "parts": "named", "sections": ["ONE"]})
    assert Mandate.objects.get().scope == Scope(sections=frozenset({"ONE"}))
    assert 'value="TWO"' not in client.get(page).text
    client.post(reverse("mandate-revoke", args=[mandate.pk]), {"reason": "已结束"})
    assert Mandate.objects.get().revoked_reason == "已结束"
    answer = client.post(page, {"which": "all", "parts": "named", "sections": ["ONE"]})
    assert answer["Location"] == reverse("mandate", args=[mandate.pk])


# --- The agency's pages -----------------------------------------------------------


def test_the_home_of_an_agency_lists_its_clients(
    grant: Any, owner: Membership, reviewer: Membership, signed_in: Any
):
    client = signed_in(reviewer)
    assert "目前没有企业授权给贵机构" in client.get(reverse("home")).text
    grant()
    assert owner.organisation.name in client.get(reverse("home")).text


def test_an_ended_mandate_is_listed_without_a_way_in(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    mandate = grant(at=timezone.now() - timedelta(days=91))
    client = signed_in(reviewer)
    text = client.get(reverse("clients")).text
    assert "已到期" in text
    assert reverse("client", args=[mandate.pk]) not in text
    assert client.get(reverse("client", args=[mandate.pk])).status_code == 404


def test_the_answers_page_keeps_to_the_scope(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    grant(Scope(sections=frozenset({"TWO"}), evidence=True))
    client = signed_in(reviewer)
    page = client.get(reverse("client-assessment", args=[owned.sealed.pk])).text
    assert "level_two.pdf" in page
    assert "level_one" not in page
    assert reverse("result", args=[owned.sealed.pk]) not in page


def test_a_draft_leads_the_agency_to_its_own_page(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    grant()
    client = signed_in(reviewer)
    answer = client.get(reverse("result", args=[owned.draft.pk]))
    assert answer["Location"] == reverse("client-assessment", args=[owned.draft.pk])
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("name", ["assessment", "check", "submit", "submitted"])
def test_the_pages_of_answering_are_not_for_agencies(
    name: str, owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    grant()
    for assessment in (owned.draft, owned.sealed):
        answer = signed_in(reviewer).get(reverse(name, args=[assessment.pk]))
        assert answer.status_code == 404


def test_the_result_shows_no_reports_outside_of_the_scope(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    page = reverse("result", args=[owned.sealed.pk])
    request = reverse("report-request", args=[owned.sealed.pk])
    grant()
    assert request in signed_in(reviewer).get(page).text
    grant(Scope())
    assert request not in signed_in(reviewer).get(page).text
    assert signed_in(reviewer).post(request).status_code == 404


def test_lists_cost_the_same_for_many_clients(
    reviewer: Membership, signed_in: Any, grant: Any,
    django_assert_max_num_queries: Any,
):  # fmt: skip
    for _time in range(4):
        other = MembershipFactory()
        grant(enterprise=other.organisation, actor=other.user)
    client = signed_in(reviewer)
    for name in ("clients", "home"):
        client.get(reverse(name))
        with django_assert_max_num_queries(12):
            client.get(reverse(name))


def test_the_owners_list_costs_the_same_for_many(
    owned: Owned, owner: Membership, signed_in: Any, grant: Any,
    django_assert_max_num_queries: Any,
):  # fmt: skip
    for _time in range(4):
        agency = OrganisationFactory(kind="agency")
        grant(EVERYTHING, agency=agency)
    client = signed_in(owner)
    client.get(reverse("mandates"))
    with django_assert_max_num_queries(13):
        client.get(reverse("mandates"))
