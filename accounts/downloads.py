"""How much one person of an agency takes away in a day: bounds, and when to tell.

Everything is counted from the access records; there is no second count that could
say something else. A file is one piece of evidence, opened or downloaded, or one
report. An export is every other download: the papers of one client as an archive, a
calendar, the list of clients. It counts as one, whatever it holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AccessRecord, Mandate, Notice, User
from accounts.notices import notify
from accounts.querysets import Subject
from accounts.rules import MANAGING_ROLE, Kind
from backend.errors import LimitReached

FILES_A_DAY = 300
EXPORTS_A_DAY = 20
ALARM_TIMES = 3
"""So many times one's own median a day's takings are unusual."""

ALARM_LEAST = 30
"""Up to here nothing is unusual, nor for who has no days to compare with."""

WINDOW = timedelta(days=30)
"""The days before today whose median counts; days without takings do not."""

PREVIEW_DOOR = "evidence-preview"
FILE_DOORS = frozenset(
    {
        PREVIEW_DOOR,
        "evidence-file",
        "api-evidence-file",
        "report-file",
        "api-report-file",
    }
)
LIST_DOOR = "workbench-export"
"""One export of the list leaves a row for each client in it."""

_TOO_MANY_FILES = _(
    "今天已查看或下载 %(limit)s 份文件，达到每人每日上限。%(opens)s 零时后可以继续。"
)
_TOO_MANY_EXPORTS = _(
    "今天已导出 %(limit)s 次，达到每人每日上限。%(opens)s 零时后可以继续。"
)
_FILES = (AccessRecord.What.EVIDENCE, AccessRecord.What.REPORT)


class DownloadLimit(LimitReached):
    """The person has taken as much today as one may."""

    code = "download_limit"
    message = _("今天的下载次数已达上限，明天零时后可以继续。")


@dataclass
class Takings:
    """What one person took on one day, and under which mandates."""

    files: int = 0
    mandates: set[UUID] = field(default_factory=set)
    _exports: dict[tuple[str, UUID | None], int] = field(default_factory=dict)

    @property
    def exports(self) -> int:
        """How many exports there were."""
        return sum(self._exports.values())

    @property
    def total(self) -> int:
        """Files and exports."""
        return self.files + self.exports

    def add(self, row: dict[str, Any]) -> None:
        """Count the records of one door and mandate in."""
        if row["mandate"]:
            self.mandates.add(row["mandate"])
        if row["door"] in FILE_DOORS:
            if row["what"] in _FILES:
                self.files += row["times"]
            return
        # One export leaves several rows; the largest count is how often it was made.
        opening = row["mandate"] or row["access"]
        key = (row["door"], None if row["door"] == LIST_DOOR else opening)
        self._exports[key] = max(self._exports.get(key, 0), row["most"])


@dataclass(frozen=True)
class Habits:
    """What one person took today, and on which days before."""

    today: Takings
    before: tuple[int, ...]

    @property
    def usual(self) -> float:
        """The median of the days on which anything was taken, 0 without any."""
        return median(self.before) if self.before else 0

    @property
    def alarm(self) -> float:
        """What a day's takings must exceed to be unusual."""
        return max(ALARM_LEAST, ALARM_TIMES * self.usual)

    @property
    def is_unusual(self) -> bool:
        """Whether today's takings are."""
        return self.today.total > self.alarm


def takes_away(door: str, *, is_download: bool) -> bool:
    """Tell whether an answer of this door hands something out."""
    return is_download or door == PREVIEW_DOOR


def habits_of(person: UUID, today: date) -> Habits:
    """Return what a person took today and before; one query."""
    return habits(AccessRecord.objects.filter(person=person), today).get(
        person, Habits(Takings(), ())
    )


def habits_in_agency(manager: Subject, today: date) -> dict[UUID, Habits]:
    """Return the habits of the people of the agency one manages; one query."""
    return habits(AccessRecord.objects.of_agency(manager), today)


def habits(records: Any, today: date) -> dict[UUID, Habits]:
    """Return the habits by person, of all who took anything; one query."""
    rows = records.filter(
        Q(is_download=True) | Q(door=PREVIEW_DOOR), day__gte=today - WINDOW
    )
    grouped = rows.order_by().values(
        "person", "day", "mandate", "access", "door", "what"
    )
    days: dict[UUID, dict[date, Takings]] = {}
    for row in grouped.annotate(times=Sum("count"), most=Max("count")):
        found = days.setdefault(row["person"], {})
        found.setdefault(row["day"], Takings()).add(row)
    return {
        person: Habits(
            found.get(today, Takings()),
            tuple(takings.total for day, takings in found.items() if day != today),
        )
        for person, found in days.items()
    }


def require_within_limits(before: Habits, door: str, at: datetime) -> None:
    """Raise DownloadLimit when the day's bound is reached."""
    is_file = door in FILE_DOORS
    taken = before.today.files if is_file else before.today.exports
    limit = FILES_A_DAY if is_file else EXPORTS_A_DAY
    if taken < limit:
        return
    words = _TOO_MANY_FILES if is_file else _TOO_MANY_EXPORTS
    opens = opens_again(at)
    message = words % {"limit": limit, "opens": f"{opens:%Y-%m-%d}"}
    raise DownloadLimit(message, wait=int((opens - at).total_seconds()) + 1)


def opens_again(at: datetime) -> datetime:
    """Return the midnight after `at`, by the service's clock on the wall."""
    tomorrow = timezone.localdate(at) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))


def tell_when_unusual(
    *, person: User, before: Habits, mandates: Iterable[UUID], at: datetime
) -> bool:
    """Tell the agency's managers and the owners when a day becomes unusual.

    At the moment it does, everybody whose data was taken that day; afterwards each
    enterprise of whose data something is taken for the first time that day. In the
    caller's transaction, under the lock of `lock_person`. Returns whether anybody
    was told.
    """
    after = habits_of(person.pk, timezone.localdate(at))
    if not after.is_unusual:
        return False
    concerned = after.today.mandates
    if before.is_unusual:
        concerned = set(mandates) - before.today.mandates
    rows = Mandate.objects.filter(pk__in=concerned)
    parties = set(rows.values_list("agency", "enterprise"))
    for agency in {agency for agency, _enterprise in parties}:
        _tell(Kind.AGENCY, agency, "agency-downloads", at)
    for enterprise in {enterprise for _agency, enterprise in parties}:
        _tell(Kind.ENTERPRISE, enterprise, "access-records", at)
    if parties and not before.is_unusual:
        _record(person, after, at)
    return bool(parties)


def _tell(kind: Kind, organisation: UUID, page: str, at: datetime) -> None:
    notify(
        kind=Notice.Kind.DOWNLOADS,
        text=f"downloads_{kind.value}",
        parameters={"day": timezone.localdate(at)},
        organisation=organisation,
        roles=[MANAGING_ROLE[kind]],
        url=reverse(page),
        at=at,
    )


def _record(person: User, found: Habits, at: datetime) -> None:
    audit.record(
        action="downloads.unusual",
        actor=person,
        organisation=person.membership.organisation,
        subject=person,
        at=at,
        detail={"taken": found.today.total, "usual": float(found.usual)},
    )


def lock_person(person: User) -> None:
    """Let no other download of this person be counted until the transaction ends."""
    User.objects.get_queryset().select_for_update().get(pk=person.pk)
