"""A block of the dashboard: a question, the finding as its title, and the proof."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from frontend.components import HeatTable, Link, Status
from frontend.templatetags.texts import localized, short_date
from oversight.categories import Categories
from oversight.dashboard import Dashboard
from oversight.disclosure.tables import Entry, Table
from reports.chart_tables import ChartTable

WIDE = 560
NARROW = 340
MARK = "†"


@dataclass(frozen=True)
class Chart:
    """A chart drawn for both widths."""

    wide: SafeString
    narrow: SafeString


@dataclass(frozen=True)
class Finding:
    """A sentence of a title, with the shape of where it stands."""

    status: Status
    text: str


@dataclass(frozen=True)
class Block:
    """What one part of the dashboard shows.

    `source` leads to where the numbers are from; `method` is the part of the page on
    methods that explains them. A block without a chart and tables says `text` alone.
    `findings` stand for the title where it has several sentences.
    """

    id: str
    question: str
    finding: str
    source: Link
    method: str
    chart: Chart | None = None
    table: ChartTable | None = None
    heat: HeatTable | None = None
    text: str = ""
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def drawn(draw: Callable[[float], SafeString], wide: float = WIDE) -> Chart:
    """Draw a chart for both widths."""
    return Chart(draw(wide), draw(NARROW))


def register_source(board: Dashboard) -> Link:
    """Lead to the registers, as of the day."""
    text = _("登记库，截至 %(day)s") % {"day": short_date(board.book.known_on)}
    return Link(reverse("registers"), text)


def snapshot_source(board: Dashboard) -> Link:
    """Lead to the last snapshot, or to the list while there is none."""
    one = board.snapshot
    if one is None:
        return Link(reverse("oversight-snapshots"), _("还没有快照"))
    text = _("快照第 %(number)s 期，%(day)s") % {
        "number": one.number,
        "day": short_date(one.day),
    }
    return Link(reverse("oversight-snapshot", args=[one.number]), text)


def firms(count: int) -> str:
    """Return a number of enterprises in words."""
    return _("%(count)s 家") % {"count": count}


def entry_words(entry: Entry | None) -> str:
    """Return a published number in words; what is withheld says so."""
    if entry is None or entry.value is None:
        return _("‹5，不公布")
    words = firms(entry.value)
    return f"{words}{MARK}" if entry.held else words


def with_share(words: str, entry: Entry) -> str:
    """Add the share to an entry in words, where it has one."""
    return words if entry.share is None else f"{words}（{entry.share}%）"


def notes_of(names: Categories, table: Table) -> tuple[str, ...]:
    """Return what is said below a table."""
    return tuple(localized(names.note(table, note)) for note in table.notes)


def without_snapshot(id_: str, question: str, board: Dashboard, method: str) -> Block:
    """Return a block that says that there is no snapshot yet."""
    return Block(
        id=id_,
        question=question,
        finding=_("还没有快照"),
        source=snapshot_source(board),
        method=method,
        text=_("自评的汇总数字只来自月度快照。第一期快照发布后，这里才有内容。"),
    )
