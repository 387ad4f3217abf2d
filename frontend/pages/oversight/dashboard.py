"""The bureau's dashboard, and its core on the bureau's home."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from frontend.components import Link, State, Status, Task
from frontend.pages.answering.doors import person
from frontend.pages.oversight.blocks import Block
from frontend.pages.oversight.doors import reading_door
from frontend.pages.oversight.sections import section_tabs
from frontend.pages.oversight.standing import (
    Agencies,
    Places,
    agencies,
    coming,
    crossing,
    lacking,
    places,
    ready,
)
from frontend.pages.oversight.targets import (
    IndicatorLine,
    growing,
    indicator_lines,
    pace,
    plan_finding,
)
from frontend.templatetags.texts import localized
from oversight.counting.plans import Plan
from oversight.dashboard import Dashboard, Moved, Needs, dashboard
from oversight.waiting import Work


@dataclass(frozen=True)
class Core:
    """What must be seen in ten seconds: the pace, what changed, what waits."""

    board: Dashboard
    pace: Block
    changes: tuple[str, ...]
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Board:
    """Everything the page shows."""

    core: Core
    plan: Plan
    indicators: tuple[IndicatorLine, ...]
    plan_finding: str
    growing: Block
    ready: Block
    coming: Block
    gaps: tuple[Block, ...]
    places: Places
    crossing: Block
    agencies: Agencies
    tabs: tuple[Link, ...]


@reading_door
def overview(request: HttpRequest) -> HttpResponse:
    """Show the dashboard."""
    found = dashboard(person(request), at=timezone.now())
    return render(request, "oversight/dashboard.html", {"board": _board(found)})


def core_of(user: User, at: datetime) -> Core:
    """Return the dashboard's core for the home of the bureau."""
    return _core(dashboard(user, at=at))


def _core(found: Dashboard) -> Core:
    return Core(
        board=found,
        pace=pace(found),
        changes=tuple(_changes(found)),
        tasks=tuple(_tasks(found.needs)),
    )


def _board(found: Dashboard) -> Board:
    core = _core(found)
    return Board(
        core=core,
        plan=found.plan,
        indicators=indicator_lines(found.indicators),
        plan_finding=plan_finding(found),
        growing=growing(found),
        ready=ready(found),
        coming=coming(found),
        gaps=tuple(lacking(found, gaps) for gaps in found.gaps),
        places=places(found),
        crossing=crossing(found),
        agencies=agencies(found),
        tabs=section_tabs("oversight", found.plan),
    )


def _changes(found: Dashboard) -> Iterator[str]:
    """Say in three sentences what became different."""
    changes = found.changes
    yield _("%(month)s 月首次获证 %(now)s 家，上月 %(before)s 家。") % {
        "month": changes.month.first_month % 12 + 1,
        "now": changes.certified,
        "before": changes.certified_before,
    }
    if found.snapshot is None or found.before is None:
        yield _("有两期快照以后，这里说明自评人数和等级的变化。")
        return
    numbers = {"first": found.before.number, "second": found.snapshot.number}
    yield _moved(changes.submitted, _("已提交自评的企业"), numbers)
    table = found.snapshot.table("band")
    best = localized(found.names.name("band", table.rows[0] if table.rows else ()))
    yield _moved(changes.ready, _("“%(band)s”的企业") % {"band": best}, numbers)


def _moved(moved: Moved, what: str, numbers: Mapping[str, int]) -> str:
    words = {**numbers, "what": what, "now": moved.now, "before": moved.before}
    if not moved.known:
        return _("%(what)s：第 %(second)s 期或第 %(first)s 期的数字不公布。") % words
    if moved.now == moved.before:
        return _("%(what)s：第 %(second)s 期与上一期持平，%(now)s 家。") % words
    return (
        _("%(what)s：第 %(first)s 期 %(before)s 家，第 %(second)s 期 %(now)s 家。")
        % words
    )


def _tasks(needs: Needs) -> Iterator[Task]:
    """Return what waits; what does not wait is not named."""
    if needs.refused:
        month = {"month": needs.refused.month}
        title = _("%(month)s 的快照未通过披露审核") % month
        status = Status(State.PROBLEM, _("未发布"))
        yield Task(title, status, reverse("oversight-snapshots"))
    if needs.missing_month:
        title = _("%(month)s 的快照还没有生成") % {"month": needs.missing_month}
        status = Status(State.ATTENTION, _("待生成"))
        yield Task(title, status, reverse("oversight-snapshots"))
    certificates = reverse("register-certificates")
    leads = {
        Work.CERTIFICATES: (_("核实证书"), f"{certificates}?verification=pending"),
        Work.TITLES: (
            _("核实称号"),
            reverse("register-titles") + "?verification=pending",
        ),
        Work.IMPORTS: (_("导入已检查的表格"), reverse("register-imports")),
        Work.CLAIMS: (_("审核企业认领"), reverse("claims")),
        Work.ACCESSES: (_("批准具名查阅"), reverse("accesses")),
        Work.EXPIRING: (
            _("90 天内到期的证书"),
            f"{certificates}?verification=verified&state=very-soon",
        ),
    }
    for work, (title, url) in leads.items():
        if number := needs.work[work]:
            words = _("%(number)s 项") % {"number": number}
            yield Task(title, Status(State.ATTENTION, words), url)
