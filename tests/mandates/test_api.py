"""Mandates over the API: the same services, the same bounds."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.models import Mandate, Membership
from assessments.models import Answer
from tests.fixtures_assessments import AT
from tests.mandates.test_pages import confirmed
from tests.mandates.world import Owned, found

JSON = "application/json"
LEAST: dict[str, Any] = {"assessments": None, "sections": None}


@pytest.fixture
def owned(small_version: Any, owner: Membership) -> Owned:
    return found(owner, small_version)


def wanted(agency: Membership, /, **more: Any) -> dict[str, Any]:
    return {
        "agency": agency.organisation.name,
        "purpose": "coaching",
        "ends_at": (timezone.now() + timedelta(days=30)).isoformat(),
        "scope": LEAST,
    } | more


def test_an_owner_grants(owner: Membership, agency_manager: Membership, signed_in: Any):
    client = confirmed(signed_in(owner))
    body = wanted(agency_manager, scope=LEAST | {"evidence": True})
    answer = client.post(reverse("api-mandates"), body, content_type=JSON)
    assert answer.status_code == 201
    assert answer.json()["scope"] == Scope(evidence=True).to_json()
    [row] = signed_in(agency_manager).get(reverse("api-mandates")).json()["results"]
    assert row == answer.json()


def test_without_a_fresh_proof_nobody_is_let_in(
    owner: Membership, agency_manager: Membership, signed_in: Any
):
    answer = signed_in(owner).post(
        reverse("api-mandates"), wanted(agency_manager), content_type=JSON
    )
    assert answer.json()["code"] == "reauthentication_required"
    assert not Mandate.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"agency": "没有这家"},
        {"purpose": "spying"},
        {"ends_at": "2020-01-01T00:00:00Z"},
        {"scope": LEAST | {"assessments": [str(uuid4())]}},
        {"scope": LEAST | {"sections": ["NOWHERE"]}},
        {"scope": LEAST | {"sections": ["ONE"], "report": True}},
        {"scope": LEAST | {"everything": True}},
        {"scope": {}},
        {"granted_by": "me"},
    ],
)
def test_what_makes_no_sense_is_refused(
    change: Any, owned: Owned, owner: Membership, agency_manager: Membership,
    signed_in: Any,
):  # fmt: skip
    answer = confirmed(signed_in(owner)).post(
        reverse("api-mandates"), wanted(agency_manager, **change), content_type=JSON
    )
    assert (answer.status_code, Mandate.objects.exists()) == (400, False)


@pytest.mark.parametrize("part", ["contributor", "agency_manager", "bureau_manager"])
def test_nobody_else_grants(
    part: str, agency_manager: Membership, request: Any, signed_in: Any
):
    client = confirmed(signed_in(request.getfixturevalue(part)))
    answer = client.post(
        reverse("api-mandates"), wanted(agency_manager), content_type=JSON
    )
    assert (answer.status_code, Mandate.objects.exists()) == (403, False)


def patch(client: Any, mandate: Mandate, body: Any) -> Any:
    address = reverse("api-mandate", args=[mandate.pk])
    return client.patch(address, body, content_type=JSON)


def test_an_owner_narrows_without_another_proof(
    grant: Any, owner: Membership, signed_in: Any
):
    mandate, client = grant(), signed_in(owner)
    assert patch(client, mandate, {"scope": LEAST}).json()["scope"] == (
        Scope().to_json()
    )
    again = patch(client, mandate, {"scope": LEAST | {"drafts": True}})
    assert (again.status_code, again.json()["code"]) == (409, "wider_scope")


def test_a_later_end_takes_a_proof_and_a_sooner_one_none(
    grant: Any, owner: Membership, signed_in: Any
):
    mandate, client = grant(), signed_in(owner)
    later = {"ends_at": (mandate.ends_at + timedelta(days=1)).isoformat()}
    sooner = {"ends_at": (timezone.now() + timedelta(days=1)).isoformat()}
    assert patch(client, mandate, later).json()["code"] == "reauthentication_required"
    assert patch(confirmed(client), mandate, later).status_code == 200
    assert patch(signed_in(owner), mandate, sooner).status_code == 200
    mandate.refresh_from_db()
    assert mandate.ends_at < timezone.now() + timedelta(days=2)


def test_an_agency_learns_nothing_by_trying_to_change(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    """The same answer whether what the scope names exists or not."""
    mandate, client = grant(), confirmed(signed_in(reviewer))
    answers = [
        patch(client, mandate, {"scope": LEAST | {"assessments": [str(key)]}})
        for key in (owned.sealed.pk, uuid4())
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].content == answers[1].content


def test_revoking_over_the_api(
    owned: Owned, grant: Any, owner: Membership, reviewer: Membership, signed_in: Any
):
    mandate = grant()
    address = reverse("api-mandate-revocation", args=[mandate.pk])
    read = reverse("api-answers", args=[owned.sealed.pk])
    assert signed_in(reviewer).get(read).status_code == 200
    assert signed_in(reviewer).post(address, {}, JSON).status_code == 403
    answer = signed_in(owner).post(address, {"reason": "结束"}, JSON)
    assert answer.json()["revoked_reason"] == "结束"
    assert signed_in(reviewer).get(read).status_code == 404


def test_the_enterprise_reads_who_looked(
    owned: Owned, grant: Any, contributor: Membership, reviewer: Membership,
    signed_in: Any,
):  # fmt: skip
    grant()
    signed_in(reviewer).get(reverse("api-answers", args=[owned.sealed.pk]))
    [row] = signed_in(contributor).get(reverse("api-access-records")).json()["results"]
    assert (row["what"], row["door"], row["count"]) == ("assessment", "api-answers", 1)
    assert row["person"] == reviewer.user.name


# --- What an agency sees and does not change --------------------------------------


def test_a_part_of_an_assessment_has_no_band(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    client = signed_in(reviewer)
    detail = reverse("api-assessment", args=[owned.sealed.pk])
    grant()
    assert client.get(detail).json()["band"] == owned.sealed.band != ""
    grant(Scope(sections=frozenset({"ONE"})))
    assert client.get(detail).json()["band"] == ""
    [row] = client.get(reverse("api-assessments")).json()["results"]
    assert row["band"] == ""


def test_without_evidence_in_the_scope_no_file_is_named(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    address = reverse("api-answer-evidence", args=[owned.sealed.pk, "level_one"])
    grant()
    assert len(signed_in(reviewer).get(address).json()) == 1
    grant(Scope())
    assert signed_in(reviewer).get(address).json() == []


def test_an_agency_changes_nothing(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any
):
    """403 for what it may see; what it may not see does not exist."""
    client, draft = signed_in(reviewer), owned.draft.pk
    answer = reverse("api-answer", args=[draft, "level_one"])
    body = {"state": "answered", "value": 0}
    declared = {"name": "某", "position": "某", "confirmed": True}

    def attempts() -> list[int]:
        return [
            client.put(answer, body, JSON, headers={"If-Match": '"1"'}).status_code,
            client.post(
                reverse("api-submission", args=[draft]), declared, JSON
            ).status_code,
            client.delete(reverse("api-evidence", args=[owned.draft_file])).status_code,
            client.post(
                reverse("api-assessments"), {"bank": "small"}, JSON
            ).status_code,
        ]

    assert attempts() == [404, 404, 404, 403]
    grant()
    assert attempts() == [403, 403, 403, 403]
    row = Answer.objects.get(assessment=draft, question="level_one")
    assert (row.value, row.updated_at) == (3, AT)
