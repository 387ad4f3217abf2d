"""Asking, leasing, publishing, giving up: at most one file, never a lost report."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent
from reports import tasks
from reports.models import Report
from reports.services import (
    NothingToReport,
    Rendered,
    give_up_report,
    publish_report,
    request_missing_reports,
    request_report,
    take_report,
)
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.fixtures_assessments import AT
from tests.reports.conftest import PDF

LATER = AT + timedelta(hours=1)


def test_submitting_asks_for_a_report_in_the_language_of_the_session(
    draft, fill, owner, django_capture_on_commit_callbacks
):
    from assessments.services import Declaration, submit_assessment
    from tests.fixtures_assessments import COMPLETE

    fill(draft, COMPLETE)
    with django_capture_on_commit_callbacks(execute=True):
        submit_assessment(
            assessment_id=draft.pk,
            declaration=Declaration("声明人", "总经理", confirmed=True),
            actor=owner.user,
            at=AT,
            locale="en",
        )
    assert [(r.locale, r.state) for r in Report.objects.all()] == [("en", "pending")]


def test_a_draft_has_no_report(draft):
    with pytest.raises(NothingToReport):
        request_report(assessment=draft, locale="zh-hans", actor=None, at=AT)


def test_asking_twice_gives_the_same_report_and_one_audit_line(submitted, report):
    again = request_report(assessment=submitted, locale="zh-hans", actor=None, at=LATER)
    assert again == report
    assert AuditEvent.objects.filter(action="report.requested").count() == 1


def test_a_finished_report_an_agency_asked_for_is_given_to_the_enterprise(
    submitted, report, owner
):
    Report.objects.filter(pk=report.pk).update(asker=owner.user)
    taken = take_report(report_id=report.pk, at=AT)
    publish_report(report=taken, rendered=Rendered(PDF, 1), at=AT)
    again = request_report(assessment=submitted, locale="zh-hans", actor=None, at=LATER)
    assert (again.pk, again.state) == (report.pk, "ready")


def test_each_language_has_its_own_report_and_code(submitted, report):
    other = request_report(assessment=submitted, locale="en", actor=None, at=AT)
    assert other.pk != report.pk
    assert other.code != report.code


def test_one_worker_alone_takes_a_report(report):
    assert take_report(report_id=report.pk, at=AT) is not None
    assert take_report(report_id=report.pk, at=AT) is None


def test_an_expired_lease_is_taken_over_as_another_attempt(report, settings):
    take_report(report_id=report.pk, at=AT)
    just_before = AT + timedelta(seconds=settings.REPORT_LEASE_SECONDS)
    assert take_report(report_id=report.pk, at=just_before) is None
    taken = take_report(report_id=report.pk, at=just_before + timedelta(microseconds=1))
    assert taken is not None
    assert taken.attempt == 2


def test_a_worker_that_lost_its_lease_cannot_publish(report, stored_files):
    slow = take_report(report_id=report.pk, at=AT)
    quick = take_report(report_id=report.pk, at=LATER)
    assert publish_report(report=quick, rendered=Rendered(PDF, 3), at=LATER)
    assert not publish_report(
        report=slow, rendered=Rendered(b"%PDF-1.7 late %%EOF", 9), at=LATER
    )
    stored = Report.objects.get(pk=report.pk)
    assert (stored.attempt, stored.pages) == (2, 3)
    assert stored.key.removeprefix("reports/") in stored_files()


def test_a_worker_that_lost_its_lease_cannot_give_up_for_its_successor(report):
    slow = take_report(report_id=report.pk, at=AT)
    take_report(report_id=report.pk, at=LATER)
    give_up_report(report=slow, error="Late")
    assert Report.objects.get(pk=report.pk).state == "rendering"


def test_publishing_twice_keeps_one_file(report, stored_files):
    taken = take_report(report_id=report.pk, at=AT)
    rendered = Rendered(PDF, 3)
    results = [publish_report(report=taken, rendered=rendered, at=AT) for _ in "12"]
    assert results == [True, False]
    assert len(stored_files()) == 1


def test_half_a_file_of_a_killed_worker_is_not_published(report):
    taken = take_report(report_id=report.pk, at=AT)
    sha256 = hashlib.sha256(PDF).hexdigest()
    half = f"reports/{report.pk.hex}-{sha256[:16]}.pdf"
    default_storage.save(half, ContentFile(PDF[:5]))
    assert publish_report(report=taken, rendered=Rendered(PDF, 3), at=AT)
    with default_storage.open(Report.objects.get(pk=report.pk).key) as file:
        assert file.read() == PDF


def test_a_finished_report_is_never_taken_again(ready):
    assert take_report(report_id=ready.pk, at=LATER) is None


def test_the_database_keeps_a_finished_report_as_it_is(ready):
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=ready.pk).update(pages=99)


def test_the_database_never_takes_a_finished_report_back(ready):
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=ready.pk).delete()


def test_attempts_are_three_then_it_has_failed(report, settings):
    for number in range(settings.REPORT_MAX_ATTEMPTS):
        taken = take_report(report_id=report.pk, at=AT + timedelta(hours=number))
        give_up_report(report=taken, error="Broken")
    stored = Report.objects.get(pk=report.pk)
    assert (stored.state, stored.error, stored.attempt) == ("failed", "Broken", 3)


def test_a_worker_killed_three_times_leaves_a_failed_report(report, settings):
    for number in range(settings.REPORT_MAX_ATTEMPTS):
        take_report(report_id=report.pk, at=AT + timedelta(hours=number))
    assert take_report(report_id=report.pk, at=AT + timedelta(hours=9)) is None
    assert Report.objects.get(pk=report.pk).error == "attempts_used_up"


def test_a_failed_report_may_be_asked_for_again(submitted, report):
    Report.objects.filter(pk=report.pk).update(state="failed", attempt=3)
    again = request_report(assessment=submitted, locale="zh-hans", actor=None, at=LATER)
    assert (again.state, again.attempt, again.code) == ("pending", 0, report.code)


def test_the_sweep_asks_for_what_nobody_asked_for(submitted):
    assert request_missing_reports(at=AT) == 1
    assert request_missing_reports(at=AT) == 0
    assert Report.objects.get().assessment == submitted


def test_the_sweep_asks_for_nothing_that_nobody_can_read(submitted):
    request_report(assessment=submitted, locale="zh-hans", actor=None, at=AT)
    submitted.pk, submitted.enterprise = uuid4(), OrganisationFactory()
    submitted.save(force_insert=True)
    left = MembershipFactory(organisation=submitted.enterprise, user__is_active=False)
    assert request_missing_reports(at=AT) == 0
    left.user.is_active = True
    left.user.save()
    assert request_missing_reports(at=AT) == 1


def test_the_sweep_rings_for_waiting_and_abandoned_reports_only(
    submitted, report, monkeypatch
):
    abandoned = request_report(assessment=submitted, locale="en", actor=None, at=AT)
    take_report(report_id=abandoned.pk, at=AT)
    rung = []
    monkeypatch.setattr(tasks.render_report, "delay", rung.append)
    tasks.sweep_reports()
    assert set(rung) == {str(report.pk), str(abandoned.pk)}
    Report.objects.filter(pk=abandoned.pk).update(
        lease_until=tasks.timezone.now() + timedelta(minutes=1)
    )
    rung.clear()
    tasks.sweep_reports()
    assert rung == [str(report.pk)]


def test_a_message_delivered_twice_prints_once(report, monkeypatch, stored_files):
    printed = []

    def render(taken):
        printed.append(taken.pk)
        return Rendered(PDF, 3)

    monkeypatch.setattr(tasks, "render", render)
    for _ in range(2):
        tasks.render_report(str(report.pk))
    assert printed == [report.pk]
    assert len(stored_files()) == 1


def test_an_error_while_printing_leaves_the_report_waiting(report, monkeypatch):
    def render(_taken):
        raise ValueError("broken")

    monkeypatch.setattr(tasks, "render", render)
    tasks.render_report(str(report.pk))
    stored = Report.objects.get(pk=report.pk)
    assert (stored.state, stored.error, stored.attempt) == ("pending", "ValueError", 1)


def test_a_broker_that_is_away_does_not_stop_the_request(report, monkeypatch, caplog):
    from reports.receivers import ring

    def away(_report_id):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.render_report, "delay", away)
    ring(report)
    assert "waits for the sweep" in caplog.text
