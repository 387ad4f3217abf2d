"""The bureau's dashboard: where things stand, in plain values.

Public facts come exact from the count book. Readiness and participation come from the
last two published snapshots and from nowhere else: what they do not show is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from accounts.districts import DISTRICTS
from accounts.models import User
from assessments.local_day import local_date
from oversight.categories import GAPS, Categories, categories
from oversight.count_book import Count, CountBook, book_for
from oversight.counting.periods import Period
from oversight.counting.pipeline import STAGES, PipelineStage
from oversight.counting.plans import Plan
from oversight.counting.transitions import last_full_month
from oversight.disclosure.redesign import Line
from oversight.disclosure.tables import Entry, Table
from oversight.growth import Growth, growth
from oversight.models import Snapshot
from oversight.plan_files import shipped_plans
from oversight.querysets import SnapshotQuerySet
from oversight.services.snapshots import month_before
from oversight.shown import Shown, shown
from oversight.standing import STANDARD_BANKS
from oversight.waiting import Work, waiting

LONG_WAIT: Final = ("183", "366", "731")
"""The classes of days of who has waited for half a year or longer."""


@dataclass(frozen=True)
class StageLine:
    """A stage: how many are there, how long it takes, how many wait long.

    `median_days` is of `moved` finished stays.
    """

    stage: PipelineStage
    now: Entry | None
    median_days: int | None
    moved: int | None
    waiting_long: int


@dataclass(frozen=True)
class Pipeline:
    """All stages; `stalled` is where most have waited for half a year, if any have."""

    stages: tuple[StageLine, ...]
    stalled: StageLine | None


@dataclass(frozen=True)
class District:
    """Districts that a snapshot shows together: usually one.

    `holders` are exact and public; `submitted` is a snapshot's, None without one.
    """

    codes: Line
    holders: tuple[int, ...]
    submitted: Entry | None


@dataclass(frozen=True)
class Gaps:
    """The commonest gaps among those assessed by one edition; no lines when few."""

    bank: str
    table: Table


@dataclass(frozen=True)
class Moved:
    """A number of the last snapshot and of the one before; None is not shown."""

    now: int | None
    before: int | None

    @property
    def known(self) -> bool:
        """Whether both are shown."""
        return self.now is not None and self.before is not None


@dataclass(frozen=True)
class Changes:
    """What became different: certifications of the last two full months, and two
    numbers of the last two snapshots."""

    month: Period
    certified: int
    certified_before: int
    submitted: Moved
    ready: Moved


@dataclass(frozen=True)
class Needs:
    """What waits for somebody: work, a refused snapshot, a month without one."""

    work: Mapping[Work, int]
    refused: Snapshot | None
    missing_month: str

    @property
    def number(self) -> int:
        """How many kinds of things wait."""
        kinds = sum(number > 0 for number in self.work.values())
        return kinds + bool(self.refused) + bool(self.missing_month)


@dataclass(frozen=True)
class Dashboard:
    """Everything the dashboard shows of one day."""

    day: date
    book: CountBook
    plan: Plan
    snapshot: Shown | None
    before: Shown | None
    names: Categories
    growth: Growth
    pipeline: Pipeline
    districts: tuple[District, ...]
    elsewhere: int
    gaps: tuple[Gaps, ...]
    changes: Changes
    needs: Needs

    @property
    def certified(self) -> Count:
        """First certifications, judged for the running year."""
        return self.book.certified

    @property
    def advantage(self) -> Count:
        """Who holds an advantage title now."""
        return self.book.advantage

    @property
    def indicators(self) -> tuple[Count, ...]:
        """The indicators of the plan in force."""
        return self.book.of_plan(self.plan.id)

    def table(self, key: str) -> Table | None:
        """Return a table of the last snapshot."""
        return self.snapshot.table(key) if self.snapshot else None


def dashboard(user: User, *, at: datetime) -> Dashboard:
    """Return the dashboard for who may see it; at most a dozen queries."""
    day = local_date(at)
    book = book_for(day, known_on=day)
    seen = Snapshot.objects.visible_to(user)
    stored = list(seen.published()[:2])
    newest = [shown(one) for one in stored]
    latest, before = (*newest, None, None)[:2]
    districts, elsewhere = _districts(book, latest)
    return Dashboard(
        day=day,
        book=book,
        plan=current_plan(day),
        snapshot=latest,
        before=before,
        names=categories(newest[:1]),
        growth=growth(book, latest, seen.published()),
        pipeline=_pipeline(latest),
        districts=districts,
        elsewhere=elsewhere,
        gaps=_gaps(latest),
        changes=_changes(book, latest, before),
        needs=_needs(user, day, latest, seen),
    )


def current_plan(day: date) -> Plan:
    """Return the plan that covers a day, else the last one before it."""
    begun = [plan for plan in shipped_plans() if plan.first_year <= day.year]
    covering = [plan for plan in begun if day.year <= plan.last_year]
    return (covering or begun or list(shipped_plans()))[-1]


def _pipeline(latest: Shown | None) -> Pipeline:
    if latest is None:
        return Pipeline((), None)
    durations = {one.stage: one for one in latest.durations}
    lines = []
    for stage in STAGES:
        usual = durations.get(stage.value)
        lines.append(
            StageLine(
                stage,
                latest.entry("stage", stage.value),
                usual.median_days if usual else None,
                usual.total if usual else None,
                _waiting_long(latest.table("wait"), stage.value),
            )
        )
    worst = max(lines, key=lambda line: line.waiting_long)
    return Pipeline(tuple(lines), worst if worst.waiting_long else None)


def _waiting_long(table: Table, stage: str) -> int:
    return sum(
        entry.value or 0
        for entry in table.entries
        if entry.row == (stage,) and entry.column[0] in LONG_WAIT
    )


def _districts(
    book: CountBook, latest: Shown | None
) -> tuple[tuple[District, ...], int]:
    """Return the districts in the order of the reference data, and who is elsewhere."""
    table = latest.table("district") if latest else None
    held = book.holders.by_division
    entries = {entry.row: entry for entry in table.entries} if table else {}
    every: Sequence[Line] = [(district.code,) for district in DISTRICTS]
    rows = table.rows if table else every
    found = tuple(
        District(row, tuple(held.get(code, 0) for code in row), entries.get(row))
        for row in rows
    )
    listed = sum(sum(district.holders) for district in found)
    return found, book.holders.total - listed


def _gaps(latest: Shown | None) -> tuple[Gaps, ...]:
    if latest is None:
        return ()
    return tuple(Gaps(bank, latest.table(GAPS + bank)) for bank in STANDARD_BANKS)


def _changes(book: CountBook, latest: Shown | None, before: Shown | None) -> Changes:
    month = last_full_month(book.day)
    return Changes(
        month=month,
        certified=_certified_in(book, month),
        certified_before=_certified_in(book, month.before),
        submitted=Moved(_submitted(latest), _submitted(before)),
        ready=Moved(_ready(latest), _ready(before)),
    )


def _certified_in(book: CountBook, month: Period) -> int:
    return book.certified.by_month.get(month, 0)


def _submitted(one: Shown | None) -> int | None:
    return one.table("band").total if one else None


def _ready(one: Shown | None) -> int | None:
    """Return how many are in the best band."""
    entries = one.table("band").entries if one else ()
    return entries[0].value if entries else None


def _needs(
    user: User, day: date, latest: Shown | None, seen: SnapshotQuerySet
) -> Needs:
    last = latest.month if latest else ""
    refused = seen.refused_after(last).first()
    wanted = month_before(day)
    missing = last < wanted and (refused is None or refused.month < wanted)
    return Needs(waiting(user, day), refused, wanted if missing else "")
