"""Tasks, states and history of a plan in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from frontend.components import State, Status
from frontend.templatetags.texts import localized
from reports.labels import ClauseLabel, Labels
from reviews.models import PlanEvent, PlanTask, ReadinessItem
from reviews.reminding import DAYS_BEFORE
from reviews.run_clock import RunClock

TASK_STATES = {
    "proposed": State.ATTENTION,
    "open": State.TODO,
    "doing": State.DOING,
    "done": State.DONE,
    "dropped": State.NONE,
}
ITEM_STATES = {
    "missing": State.TODO,
    "working": State.DOING,
    "ready": State.DONE,
    "not_applicable": State.NONE,
}


@dataclass(frozen=True)
class TaskRow:
    """One task as lists show it."""

    task: PlanTask
    text: str
    clause: ClauseLabel | None
    department: str
    owner: str
    status: Status
    late: bool
    soon: bool


@dataclass(frozen=True)
class Group:
    """Tasks under one title."""

    id: str
    title: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True)
class EventLine:
    """One line of the history: who, when, what."""

    at: datetime
    who: str
    what: str
    about: str
    details: tuple[str, ...]
    text: str


def task_status(task: PlanTask) -> Status:
    """Return where a task stands."""
    return Status(TASK_STATES[task.state], str(PlanTask.State(task.state).label))


def item_status(state: str) -> Status:
    """Return where an item of the checklist stands."""
    return Status(ITEM_STATES[state], str(ReadinessItem.State(state).label))


def task_row(task: PlanTask, labels: Labels, today: date) -> TaskRow:
    """Return a task as lists show it."""
    waits = task.state in ("open", "doing") and task.due_on is not None
    due = task.due_on or today
    return TaskRow(
        task=task,
        text=localized(task.text),
        clause=labels.clause(task.clause or None),
        department=labels.department(task.department) if task.department else "",
        owner=owner_words(task),
        status=task_status(task),
        late=waits and due < today,
        soon=waits and today <= due <= today + timedelta(days=DAYS_BEFORE),
    )


def owner_words(task: PlanTask) -> str:
    """Return who does the task, "" for nobody yet."""
    if task.owner is not None:
        return str(task.owner.name or task.owner.email)
    return task.owner_name


def by_department(rows: Iterable[TaskRow]) -> list[Group]:
    """Return the tasks by department, in the order of the plan."""
    found: dict[str, list[TaskRow]] = {}
    for row in rows:
        found.setdefault(row.department or _("未定部门"), []).append(row)
    return _groups(found)


def by_due(rows: Iterable[TaskRow]) -> list[Group]:
    """Return the tasks by when they are due: late, soon, then month by month."""
    late: list[TaskRow] = []
    soon: list[TaskRow] = []
    months: dict[str, list[TaskRow]] = {}
    ordered = sorted(rows, key=lambda row: row.task.due_on or date.max)
    for row in ordered:
        if row.late:
            late.append(row)
        elif row.soon:
            soon.append(row)
        else:
            months.setdefault(month_of(row.task.due_on), []).append(row)
    first = {_("已逾期"): late, _("7 天内到期"): soon}
    return _groups({title: found for title, found in first.items() if found} | months)


def month_of(day: date | None) -> str:
    """Return the month a day lies in, as a title."""
    if day is None:
        return _("未定日期")
    return _("%(year)s 年 %(month)s 月") % {"year": day.year, "month": day.month}


def _groups(found: dict[str, list[TaskRow]]) -> list[Group]:
    return [
        Group(f"group-{number}", title, tuple(rows))
        for number, (title, rows) in enumerate(found.items(), 1)
    ]


def event_line(event: PlanEvent) -> EventLine:
    """Return a line of the history."""
    who = str(event.actor.name or event.actor.email)
    if event.agency is not None:
        who = _("%(name)s（%(agency)s）") % {"name": who, "agency": event.agency.name}
    return EventLine(
        at=event.at,
        who=who,
        what=str(PlanEvent.Kind(event.kind).label),
        about=localized(event.task.text) if event.task else "",
        details=tuple(_details(event)),
        text=event.text,
    )


def _details(event: PlanEvent) -> Iterable[str]:
    titles = {
        "state": _("状态"),
        "text": _("任务"),
        "department": _("部门"),
        "owner_id": _("负责人"),
        "owner_name": _("负责人姓名"),
        "due_on": _("到期日"),
        "evidence": _("要形成的证据"),
        "system_start_on": _("体系开始运行"),
        "audit_on": _("内部审核"),
        "review_on": _("管理评审"),
        "applied_on": _("认证申请"),
    }
    for name, (old, new) in event.changes.items():
        if name == "item":
            continue
        words = {"field": titles.get(name, name)}
        if name == "state":
            yield _change(words, _state_word(event, old), _state_word(event, new))
        elif name.endswith("_on"):
            yield _change(words, old or _("未定"), new or _("未定"))
        else:
            yield _("%(field)s已修改") % words


def _change(words: dict[str, str], old: str, new: str) -> str:
    return _("%(field)s：%(old)s → %(new)s") % {**words, "old": old, "new": new}


def _state_word(event: PlanEvent, state: str) -> str:
    if event.kind == PlanEvent.Kind.PREPARED:
        return str(ReadinessItem.State(state).label)
    return str(PlanTask.State(state).label)


def clock_lines(clock: RunClock) -> list[tuple[str, str, Status]]:
    """Return the steps of the run clock: title, day, state."""
    dates = clock.dates
    run = Status(State.BLOCKED, _("未填开始日期"))
    if clock.is_full:
        run = Status(State.DONE, _("已满"))
    elif clock.full_on is not None:
        run = Status(State.DOING, _("还差 %(days)s 天") % {"days": clock.days_left})
    started = Status(State.DONE, _("已开始")) if dates.start else run
    month_title = _("运行满 %(months)s 个月") % {"months": clock.months}
    return [
        (_("体系开始运行"), _day(dates.start), started),
        (month_title, _day(clock.full_on), run),
        (_("内部审核"), _day(dates.audit), _step(clock.audit)),
        (_("管理评审"), _day(dates.review), _step(clock.review)),
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else "–"


def _step(state: str) -> Status:
    return {
        "missing": Status(State.TODO, _("未填日期")),
        "planned": Status(State.DOING, _("已安排")),
        "held": Status(State.DONE, _("已完成")),
        "misplaced": Status(State.PROBLEM, _("日期次序不对")),
    }[state]
