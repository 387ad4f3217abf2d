"""Notices: who is told of what, how, and that nothing else is told."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import expiry
from accounts.claims import refuse_claim
from accounts.mandates import (
    mark_certification_body,
    narrow_mandate,
    revoke_mandate,
)
from accounts.models import EnterpriseClaim, Membership, Notice
from accounts.notice_words import NEVER_OFF, TEXTS, channels_for, kinds_for
from accounts.notices import Kind, choose_channels, mark_read, notify
from accounts.rules import Role
from accounts.selectors import framed_membership
from assessments.services import Declaration, submit_assessment
from backend.errors import Invalid
from reports.services import Rendered, publish_report, request_report, take_report
from tests.fixtures_assessments import AT, COMPLETE
from tests.fixtures_mandates import EVERYTHING

pytestmark = pytest.mark.django_db
NOW = AT


def tell(*users: Any, **other: Any) -> int:
    options = {"kind": Kind.REPORT_READY, "url": "/home/", "at": NOW} | other
    return notify(users=[user.user_id for user in users], **options)


def kinds_of(person: Membership) -> list[str]:
    rows = Notice.objects.visible_to(person.user).newest_first()
    return list(rows.values_list("text", flat=True))


# --- Telling ----------------------------------------------------------------------


def test_those_meant_are_told_and_nobody_else(owner: Membership, stranger: Membership):
    assert tell(owner) == 1
    assert kinds_of(owner) == ["report_ready"]
    assert kinds_of(stranger) == []


def test_an_organisation_is_told_through_its_roles(
    owner: Membership, contributor: Membership, stranger: Membership
):
    told = tell(organisation=owner.organisation, roles=[Role.OWNER])
    assert told == 1
    assert (kinds_of(owner), kinds_of(contributor)) == (["report_ready"], [])
    assert kinds_of(stranger) == []
    assert tell(roles=[Role.OWNER]) == 2


def test_who_can_not_sign_in_is_not_told(owner: Membership):
    owner.user.is_active = False
    owner.user.save()
    assert tell(owner) == 0


def test_a_line_that_waits_is_replaced_and_not_mailed_again(
    owner: Membership, django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True):
        for minutes in (0, 5):
            tell(
                owner,
                kind=Kind.REVIEW_RETURNED,
                at=NOW + timedelta(minutes=minutes),
            )
    notice = Notice.objects.get()
    assert notice.created_at == NOW + timedelta(minutes=5)
    assert len(mail.outbox) == 1
    mark_read(user=owner.user, at=NOW)
    tell(owner, kind=Kind.REVIEW_RETURNED)
    assert Notice.objects.count() == 2


def test_only_days_and_numbers_get_into_a_notice(owner: Membership):
    day = {"day": date(2026, 12, 1)}
    assert tell(owner, kind=Kind.TASK_DUE, parameters=day) == 1
    for parameters in ({"day": "企业名称"}, {}, {"other": 3}):
        with pytest.raises((TypeError, KeyError)):
            tell(owner, kind=Kind.TASK_DUE, parameters=parameters)
    with pytest.raises(KeyError):
        tell(owner, text="nonsense")


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org/", "home/"])
def test_a_notice_leads_into_the_service_only(owner: Membership, url: str):
    with pytest.raises(IntegrityError), transaction.atomic():
        tell(owner, url=url)


def test_queries_do_not_grow_with_the_people(
    owner: Membership, stranger: Membership, django_assert_num_queries: Any
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        tell(owner)
    with CaptureQueriesContext(connection) as two:
        tell(owner, stranger, kind=Kind.REMARK)
    assert len(one) == len(two)


# --- Choosing ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "lines", "mails"), [("in_app", 1, 0), ("email", 1, 1), ("off", 0, 0)]
)
def test_a_choice_decides_how_one_is_told(
    owner: Membership, channel: str, lines: int, mails: int,
    django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    choose_channels(user=owner.user, channels={Kind.REPORT_READY: channel})
    with django_capture_on_commit_callbacks(execute=True):
        tell(owner)
    assert (len(kinds_of(owner)), len(mail.outbox)) == (lines, mails)


def test_who_may_see_data_can_not_be_silenced(owner: Membership):
    for kind in NEVER_OFF:
        assert "off" not in dict(channels_for(kind))
        with pytest.raises(Invalid):
            choose_channels(user=owner.user, channels={kind: "off"})


def test_the_page_of_choices_stores_them(owner: Membership, signed_in: Any):
    client, url = signed_in(owner), reverse("notice-settings")
    chosen = {kind.value: "in_app" for kind in kinds_for(Role.OWNER)}
    assert client.post(url, chosen | {"report_ready": "email"}).status_code == 302
    assert 'value="email" selected' in client.get(url).content.decode()
    assert client.post(url, chosen | {"mandate_granted": "off"}).status_code == 200


def test_every_kind_has_a_text_and_somebody_to_tell():
    known = {kind for role in Role for kind in kinds_for(role)}
    assert known == set(Kind)
    assert {text.split("_")[0] for text in TEXTS} == {k.split("_")[0] for k in Kind}


# --- The inbox --------------------------------------------------------------------


def test_the_inbox_counts_in_the_header_without_another_query(
    owner: Membership, signed_in: Any, django_assert_num_queries: Any
):
    tell(owner)
    with django_assert_num_queries(1):
        membership = framed_membership(owner.user)
    assert membership.unread == 1
    assert "1 条未读" in signed_in(owner).get("/notices/").content.decode()


def test_opening_a_notice_marks_it_read_and_leads_on(owner: Membership, signed_in: Any):
    tell(owner, url="/members/")
    notice = Notice.objects.get()
    answer = signed_in(owner).post(reverse("notice-open", args=[notice.pk]))
    assert (answer.status_code, answer["Location"]) == (302, "/members/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_one_and_all_can_be_marked_read(
    owner: Membership, stranger: Membership, signed_in: Any
):
    for kind in (Kind.REPORT_READY, Kind.REMARK, Kind.CLAIM_DECIDED):
        tell(owner, kind=kind, text="claim_proven" if "claim" in kind else "")
    tell(stranger)
    client = signed_in(owner)
    client.post(
        reverse("notice-read", args=[Notice.objects.filter(kind="remark").get().pk])
    )
    assert Notice.objects.visible_to(owner.user).unread().count() == 2
    client.post(reverse("notices-read"))
    assert Notice.objects.visible_to(owner.user).unread().count() == 0
    assert Notice.objects.visible_to(stranger.user).unread().count() == 1


def test_the_notices_of_others_do_not_exist(
    owner: Membership, stranger: Membership, signed_in: Any
):
    tell(owner)
    notice = Notice.objects.get()
    client = signed_in(stranger)
    for name in ("notice-read", "notice-open"):
        assert client.post(reverse(name, args=[notice.pk])).status_code == 404
    assert "report" not in client.get("/notices/").content.decode().split("<main")[1]
    notice.refresh_from_db()
    assert notice.read_at is None


def test_read_notices_go_after_180_days_and_unread_ones_stay(
    owner: Membership, stranger: Membership, contributor: Membership
):
    tell(owner, stranger, contributor)
    for person, days in ((owner, 181), (stranger, 179)):
        mark_read(user=person.user, at=timezone.now() - timedelta(days=days))
    assert expiry.clear(timezone.now()).notices == 1
    assert {n.recipient_id for n in Notice.objects.all()} == {
        stranger.user_id,
        contributor.user_id,
    }


# --- What happens in the rooms ----------------------------------------------------


def test_mandates_tell_both_sides_what_changed(
    grant: Any, owner: Membership, agency_manager: Membership, reviewer: Membership,
    contributor: Membership,
):  # fmt: skip
    mandate = grant()
    now = timezone.now()
    narrow_mandate(
        mandate=mandate,
        scope=EVERYTHING.__class__(evidence=True),
        actor=owner.user,
        at=now + timedelta(seconds=1),
    )
    revoke_mandate(mandate=mandate, actor=owner.user, at=now + timedelta(seconds=2))
    expected = ["mandate_revoked", "mandate_narrowed", "mandate_granted"]
    assert kinds_of(owner) == kinds_of(agency_manager) == expected
    assert kinds_of(reviewer) == kinds_of(contributor) == []


def test_the_end_of_mandates_of_a_certification_body_is_told(
    grant: Any, owner: Membership, agency_manager: Membership
):
    grant()
    mark_certification_body(organisation=agency_manager.organisation, at=timezone.now())
    assert kinds_of(owner)[0] == "mandate_revoked"


def test_a_decided_claim_tells_the_owner(
    enterprise_owner: Any, bureau_manager: Membership
):
    owner = enterprise_owner(claim="pending")
    claim = EnterpriseClaim.objects.get(enterprise=owner.organisation)
    refuse_claim(claim=claim, reason="REASON-CANARY", actor=bureau_manager.user, at=NOW)
    assert kinds_of(owner) == ["claim_refused"]
    assert "CANARY" not in str(Notice.objects.values())


def submit(draft: Any, owner: Membership) -> None:
    submit_assessment(
        assessment_id=draft.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=timezone.now(),
    )


CANARY = "机密CANARY7731"


def test_a_submission_tells_the_agency_and_holds_no_answer(
    draft: Any, fill: Any, grant: Any, owner: Membership, agency_manager: Membership,
    reviewer: Membership, django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    grant()
    answers = {key: {**data, "note": CANARY} for key, data in COMPLETE.items()}
    fill(draft, answers)
    for person in (agency_manager, reviewer):
        choose_channels(user=person.user, channels={Kind.SUBMISSION: "email"})
    with django_capture_on_commit_callbacks(execute=True):
        submit(draft, owner)
    assert kinds_of(agency_manager)[0] == "submission"
    assert "submission" not in kinds_of(reviewer)
    told = str(list(Notice.objects.values())) + "".join(
        f"{m.subject}{m.body}" for m in mail.outbox
    )
    for secret in (CANARY, owner.organisation.name, owner.user.name):
        assert secret not in told
    links = re.findall(r"https?://[^\s']+", told)
    assert set(links) == {settings.SITE_URL}


def test_a_submission_is_told_to_who_works_for_the_client(
    draft: Any, fill: Any, grant: Any, owner: Membership, agency_manager: Membership,
    reviewer: Membership, django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    from reviews.services.coaching import Team, assign_team

    assign_team(
        mandate=grant(),
        team=Team(reviewer.user_id),
        actor=agency_manager.user,
        at=timezone.now(),
    )
    fill(draft, COMPLETE)
    with django_capture_on_commit_callbacks(execute=True):
        submit(draft, owner)
    assert "submission" in kinds_of(reviewer)
    assert "submission" not in kinds_of(agency_manager)


@pytest.mark.parametrize("ended", ["revoked", "other"])
def test_a_submission_outside_a_mandate_tells_no_agency(
    ended: str, draft: Any, fill: Any, grant: Any, owner: Membership,
    agency_manager: Membership, django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    from dataclasses import replace
    from uuid import uuid4

    scope = EVERYTHING
    if ended == "other":
        scope = replace(EVERYTHING, assessments=frozenset({uuid4()}))
    mandate = grant(scope)
    if ended == "revoked":
        revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())
    fill(draft, COMPLETE)
    with django_capture_on_commit_callbacks(execute=True):
        submit(draft, owner)
    assert "submission" not in kinds_of(agency_manager)


def test_a_finished_report_tells_who_asked(
    submitted: Any, grant: Any, owner: Membership, reviewer: Membership
):
    grant()
    for person, locale, told in (
        (owner.user, "zh-hans", owner),
        (reviewer.user, "en", reviewer),
    ):
        report = request_report(
            assessment=submitted, locale=locale, actor=person, at=NOW
        )
        taken = take_report(report_id=report.pk, at=NOW)
        assert publish_report(report=taken, rendered=Rendered(b"%PDF", 1), at=NOW)
        assert not publish_report(report=taken, rendered=Rendered(b"%PDF", 1), at=NOW)
        assert kinds_of(told).count("report_ready") == 1
