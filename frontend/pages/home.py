"""The first page after signing in: where things stand and what to do next."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Membership, User
from accounts.rules import Kind
from assessments.data_sheets import YearRow, sheet_years
from assessments.evaluation import local_date
from assessments.models import Assessment
from assessments.rules import SUBMITTING_ROLES
from assessments.selectors import AssessmentRow, TaskList, assessment_rows, task_list
from frontend.components import Link, State, Step, Task
from frontend.context import frame_of
from frontend.pages.answering.tasks import next_url, open_minutes
from frontend.pages.answering.words import (
    numbered_title,
    tally_note,
    tally_status,
    url_if_any,
)
from frontend.pages.oversight.dashboard import core_of
from frontend.pages.people import INVITED
from frontend.pages.workbench.listing import workbench
from frontend.templatetags.texts import localized
from oversight.rules import KEEPING_ROLES
from question_bank.engine.definition import Localized
from question_bank.models import BankVersion
from question_bank.selectors import (
    MAIN_BANK,
    compiled_bank,
    offered_banks,
    offered_version,
)
from reports.models import Report

TEMPLATES = {
    Kind.ENTERPRISE: "home/enterprise.html",
    Kind.BUREAU: "home/bureau.html",
}
BAND_TONES = {"A": "green", "B": "blue", "C": "amber", "D": "red", "X": "red"}


@dataclass(frozen=True)
class NextStep:
    """Where the enterprise is, in a sentence, and the one thing to do.

    `posts` says that the button starts something instead of opening a page.
    """

    sentence: str
    button: str = ""
    url: str = ""
    caption: str = ""
    posts: bool = False
    second: Link | None = None


@dataclass(frozen=True)
class AssessmentLine:
    """One assessment in the list of the enterprise."""

    row: AssessmentRow
    url: str
    tone: str
    report_url: str


@dataclass(frozen=True)
class OtherBank:
    """A bank besides the main one, with what must be known before starting."""

    id: str
    title: Localized
    summary: Localized
    mark: Localized | None
    draft_url: str
    replaced: bool = False


@dataclass(frozen=True)
class EnterpriseHome:
    """Everything the enterprise's home shows."""

    step: NextStep
    steps: tuple[Step, ...]
    work: TaskList | None
    sections: tuple[Task, ...]
    lines: tuple[AssessmentLine, ...]
    data_sheet: YearRow
    may_start: bool = field(default=False)
    others: tuple[OtherBank, ...] = ()


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the home of the person's organisation, or how to come to one."""
    membership = frame_of(request).membership
    if membership is None or not isinstance(request.user, User):
        if token := request.session.pop(INVITED, ""):
            return redirect("invitation-accept", token)
        return render(request, "home/nobody.html")
    if membership.organisation.kind == Kind.AGENCY:
        return workbench(request, request.user, membership)
    context: dict[str, object] = {"membership": membership}
    if membership.organisation.kind == Kind.ENTERPRISE:
        context["home"] = enterprise_home(request.user, membership, timezone.now())
    else:
        context["bank"] = _offered_bank()
        if membership.role in KEEPING_ROLES:
            context["core"] = core_of(request.user, timezone.now())
    return render(request, TEMPLATES[Kind(membership.organisation.kind)], context)


def _offered_bank() -> object | None:
    version = _offered()
    return compiled_bank(version.sha256) if version else None


def _offered() -> BankVersion | None:
    try:
        return offered_version()
    except BankVersion.DoesNotExist:
        return None


def enterprise_home(user: User, membership: Membership, at: datetime) -> EnterpriseHome:
    """Return where the enterprise stands."""
    rows = assessment_rows(user)
    # The standard comes first: without work on it, any other bank's counts.
    main = [row for row in rows if row.bank == MAIN_BANK] or rows
    draft = next((row for row in main if row.status == "draft"), None)
    sealed = [row for row in main if row.status == "submitted"]
    reports = _reports(user)
    work = _work(user, draft, at) if draft else None
    offered = _offered() is not None
    if work:
        step = _draft_step(work, membership)
    elif sealed:
        step = _sealed_step(sealed[0], reports.get(sealed[0].id))
    else:
        step = _first_step(offered=offered)
    return EnterpriseHome(
        step=step,
        steps=_steps(work, sealed=bool(sealed)),
        work=work,
        sections=tuple(_section_tasks(work)) if work else (),
        lines=tuple(_line(row, reports.get(row.id)) for row in rows),
        data_sheet=_data_sheet(user, membership, at),
        may_start=offered and draft is None and bool(sealed),
        others=tuple(_other_banks(rows)),
    )


def _other_banks(rows: list[AssessmentRow]) -> Iterator[OtherBank]:
    """Yield the banks that one may assess oneself by besides the main one."""
    drafts = {row.bank: row.id for row in rows if row.status == "draft"}
    for bank in offered_banks():
        if bank.id == MAIN_BANK:
            continue
        draft = drafts.get(bank.id)
        url = reverse("assessment", args=(draft,)) if draft else ""
        yield OtherBank(
            bank.id,
            bank.title,
            bank.summary,
            bank.mark,
            url,
            replaced=bank.superseded is not None,
        )


def _data_sheet(user: User, membership: Membership, at: datetime) -> YearRow:
    """Return how the data sheet of the last complete year stands."""
    return sheet_years(user, membership.organisation, as_of=local_date(at))[0]


def _work(user: User, draft: AssessmentRow, at: datetime) -> TaskList:
    assessment = Assessment.objects.own_of(user).light().get(pk=draft.id)
    return task_list(assessment, at=at)


def _reports(user: User) -> dict[object, Report]:
    """Return one report of each assessment, a finished one first."""
    found: dict[object, Report] = {}
    for report in Report.objects.visible_to(user).in_order():
        known = found.get(report.assessment_id)
        if known is None or known.state != Report.State.READY:
            found[report.assessment_id] = report
    return found


def _first_step(*, offered: bool) -> NextStep:
    if not offered:
        return NextStep(_("题库尚未发布，暂不能开始自评。请联系系统运维人员。"))
    return NextStep(
        _("贵单位还没有做过自评。"),
        _("开始自评"),
        reverse("assessment-start"),
        _("约需一至两个小时，随时可以停下，下次接着填。"),
        posts=True,
    )


def _draft_step(work: TaskList, membership: Membership) -> NextStep:
    tally = work.tally
    if work.next_page:
        page = numbered_title(work.next_page)
        figures = {"done": tally.done, "total": tally.total, "page": page}
        if not tally.done:
            sentence = _("自评已经建好，还没有开始填写。先填“%(page)s”。") % figures
            return NextStep(sentence, _("开始填写"), next_url(work))
        sentence = _("已答 %(done)s / %(total)s 题，接着填“%(page)s”。") % figures
        caption = _("剩余的题目约需 %(minutes)s 分钟。") % {
            "minutes": open_minutes(work)
        }
        return NextStep(sentence, _("继续填写"), next_url(work), caption)
    check = reverse("check", args=(work.assessment.pk,))
    if membership.role in SUBMITTING_ROLES:
        return NextStep(_("题目都答完了，检查一遍就可以提交。"), _("检查并提交"), check)
    sentence = _("题目都答完了。检查之后，请单位负责人提交。")
    return NextStep(sentence, _("检查回答"), check)


def _sealed_step(row: AssessmentRow, report: Report | None) -> NextStep:
    words = {"band": localized(row.band_title)}
    sentence = _("自评已提交，结果已出。")
    if row.band_title:
        sentence = _("自评已提交，结果是“%(band)s”。") % words
    url = url_if_any("result", row.id) or reverse("submitted", args=(row.id,))
    caption, second = _("PDF 报告正在生成。"), None
    if report is not None and report.state == Report.State.READY:
        caption = ""
        file_url = url_if_any("report-file", report.pk)
        second = Link(file_url, _("下载 PDF 报告")) if file_url else None
    elif report is not None and report.state == Report.State.FAILED:
        caption = _("PDF 报告没有生成，可以在报告页重新生成。")
    return NextStep(sentence, _("看结果和整改计划"), url, caption, second=second)


def _steps(work: TaskList | None, *, sealed: bool) -> tuple[Step, ...]:
    """Return the way from registering to the report, with where things stand."""
    titles = (_("注册"), _("填写"), _("检查"), _("提交"), _("看结果和报告"))
    current = 4 if sealed else 1
    if work is not None:
        current = 1 if work.next_page else 2
    return tuple(
        Step(title, "done" if at < current else "current" if at == current else "todo")
        for at, title in enumerate(titles)
    )


def _section_tasks(work: TaskList) -> list[Task]:
    """Return the sections as tasks that lead to their first open page."""
    tasks = []
    for section in work.sections:
        if not section.rows:
            continue
        row = next((r for r in section.rows if r.tally.open), section.rows[0])
        url = reverse("answer-page", args=(work.assessment.pk, row.page.key))
        status = tally_status(section.tally)
        tasks.append(
            Task(
                localized(section.section.title),
                status,
                "" if status.state in (State.NONE, State.BLOCKED) else url,
                note=tally_note(section.tally),
            )
        )
    return tasks


def _line(row: AssessmentRow, report: Report | None) -> AssessmentLine:
    if row.status == "draft":
        return AssessmentLine(row, reverse("assessment", args=(row.id,)), "plain", "")
    return AssessmentLine(
        row,
        url_if_any("result", row.id) or reverse("submitted", args=(row.id,)),
        BAND_TONES.get(row.band, "plain"),
        url_if_any("report-status", report.pk) if report else "",
    )


urlpatterns = [path("home/", home, name="home")]
