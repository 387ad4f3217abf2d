"""Ask for a report, take it in hand, publish it or give it up."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Membership, Notice, User
from accounts.notices import notify
from accounts.rules import may
from assessments.models import Assessment
from assessments.orphans import clear_orphans
from assessments.rules import ANSWERING_ROLES
from assessments.services.access import READ_ONLY
from backend.errors import Conflict, Forbidden
from reports.models import Report
from reports.queue import Rendered, give_up, publish, take


class NothingToReport(Conflict):
    """Only a submitted assessment has a report."""

    code = "not_submitted"
    message = _("自评尚未提交，不能生成报告。")


def request_report(
    *, assessment: Assessment, locale: str, actor: User | None, at: datetime
) -> Report:
    """Return the report in this language, asking for it if there is none.

    A failed report is asked for again. What an agency asked for becomes the
    enterprise's own when the enterprise asks too. Raises NothingToReport for a draft,
    Forbidden for an official: a named access shows the reports there are.
    """
    if assessment.is_draft:
        raise NothingToReport
    if assessment.__dict__.get("access_id"):
        raise Forbidden(READ_ONLY)
    asker = _outsider(actor, assessment)
    with transaction.atomic():
        report, created = Report.objects.get_or_create(
            assessment=assessment,
            locale=locale,
            defaults={"requested_at": at, "asker": asker},
        )
        rows = Report.objects.filter(pk=report.pk)
        revived = rows.filter(state="failed").update(
            state=Report.State.PENDING,
            attempt=0,
            error="",
            lease_until=None,
            asker=asker,
        )
        if asker is None and not created:
            # Whatever the row said when it was read: an agency may ask just now.
            # A finished report is everybody's already and never changes.
            unfinished = rows.exclude(state=Report.State.READY)
            unfinished.exclude(asker=None).update(asker=None)
        if created or revived:
            record(
                action="report.requested",
                actor=actor,
                organisation=assessment.enterprise,
                subject=report,
                at=at,
                detail={"locale": locale},
            )
    if revived:
        report.refresh_from_db()
    return report


def _outsider(actor: User | None, assessment: Assessment) -> User | None:
    """Return the actor if they ask under a mandate and not for their enterprise."""
    if actor is None or may(actor, assessment.enterprise_id, *ANSWERING_ROLES):
        return None
    return actor


def is_wanted(report: Report) -> bool:
    """Tell whether who asked may still read it; asked of the database, now.

    The worker acts with the rights of the person who asked: before it starts and
    again before it publishes.
    """
    found = Report.objects.filter(pk=report.pk).select_related("asker").get()
    if found.asker is None:
        return True
    return bool(Report.objects.visible_to(found.asker).filter(pk=report.pk).exists())


def withdraw_report(*, report: Report) -> None:
    """Give up a report whose asker may not read it any more, without another try.

    Did the enterprise ask for it meanwhile, it waits for a worker again.
    """
    rows = Report.objects.filter(
        pk=report.pk, state="rendering", attempt=report.attempt
    )
    rows.filter(asker=None).update(state=Report.State.PENDING, lease_until=None)
    rows.update(state=Report.State.FAILED, error="mandate_ended", lease_until=None)


def take_report(*, report_id: UUID, at: datetime) -> Report | None:
    """Lease the report for one attempt; None when somebody else has it or it is done.

    A report that has used up its attempts is marked failed instead.
    """
    if not take(Report.objects.all(), report_id, at):
        return None
    found: Report = Report.objects.select_related(
        "assessment__enterprise", "assessment__bank_version"
    ).get(pk=report_id)
    return found


def publish_report(*, report: Report, rendered: Rendered, at: datetime) -> bool:
    """Store the file, mark the report ready and tell; False when the lease was lost."""
    return publish(
        Report.objects.all(),
        report,
        rendered,
        at,
        folder="reports",
        then=lambda: _tell_requester(report, at),
    )


def _tell_requester(report: Report, at: datetime) -> None:
    """Tell who asked, or who submitted: submitting asks for the first report."""
    requester = report.asker_id or report.assessment.submitted_by_id
    notify(
        kind=Notice.Kind.REPORT_READY,
        users=[requester] if requester else [],
        url=reverse("report-status", args=[report.pk]),
        at=at,
    )


def give_up_report(*, report: Report, error: str) -> None:
    """Let the attempt go: the sweep tries again while attempts are left."""
    give_up(Report.objects.all(), report, error)


def request_missing_reports(*, at: datetime) -> int:
    """Ask for the report of submitted assessments that have none; return how many.

    A process may die between the commit of a submission and its announcement. An
    enterprise none of whose people can sign in (of a model city) has nobody to read
    one.
    """
    readers = Membership.objects.filter(
        organisation=OuterRef("enterprise"), user__is_active=True
    )
    found = Assessment.objects.submitted().light().filter(Exists(readers), reports=None)
    # A list: the query itself finds nothing any more once the reports are there.
    missing = list(found.select_related("enterprise"))
    for assessment in missing:
        request_report(
            assessment=assessment, locale=Report.Locale.CHINESE, actor=None, at=at
        )
    return len(missing)


def clear_report_orphans(at: datetime) -> int:
    """Delete report files without a row; return how many."""
    named = Report.objects.exclude(key="").values_list("key", flat=True)
    return clear_orphans("reports", named.iterator(), at)
