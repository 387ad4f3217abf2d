"""Monthly snapshots: what was published, what was refused, and taking one now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.errors import ServiceError
from frontend.components import Link, SummaryRow
from frontend.pages.answering.doors import person
from frontend.pages.oversight.blocks import MARK, notes_of, with_share
from frontend.pages.oversight.doors import keeper_door, reading_door
from frontend.pages.oversight.files import Sheet, Value, attached, file_of
from frontend.pages.oversight.sections import section_tabs
from frontend.pages.oversight.tables import Line, Listing, Tag, page_of
from frontend.templatetags.texts import localized, short_date, short_time
from oversight.categories import GAPS, Categories, categories, dimensions
from oversight.dashboard import current_plan
from oversight.disclosure.publish import Reason, Refused
from oversight.disclosure.tables import Entry, Table
from oversight.disclosure.words import refusal_words
from oversight.models import Snapshot
from oversight.services.snapshots import month_before, take_snapshot
from oversight.shown import Shown, shown

JSON = "application/json"
MONTHS_OFFERED = 12


@dataclass(frozen=True)
class TableShown:
    """A table of a snapshot in words."""

    title: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]
    total: str
    total_title: str


@keeper_door
def snapshots(request: HttpRequest) -> HttpResponse:
    """List snapshots, the last taken first; take one."""
    who, today = person(request), timezone.localdate()
    if request.method == "POST":
        _take(request)
        return redirect("oversight-snapshots")
    rows = Snapshot.objects.visible_to(who).light().select_related("taken_by")
    page = page_of(request, rows.newest_first())
    published = Snapshot.objects.visible_to(who).light().published().first()
    listing = Listing(
        title=_("月度快照"),
        headers=(
            _("快照"),
            _("月份"),
            _("情况"),
            _("生成时间"),
            _("生成人"),
            "SHA-256",
        ),
        lines=[_line(one) for one in page],
        page=page,
    )
    context = {
        "listing": listing,
        "months": list(months_offered(published.month if published else "", today)),
        "tabs": section_tabs("oversight-snapshots", current_plan(today)),
    }
    return render(request, "oversight/snapshots.html", context)


def _take(request: HttpRequest) -> None:
    month = request.POST.get("month", "")
    try:
        made = take_snapshot(month=month, actor=person(request), at=timezone.now())
    except ServiceError as error:
        messages.error(request, str(error.message))
        return
    if made.is_published:
        text = _("%(month)s 的快照已发布，第 %(number)s 期。")
        messages.success(request, text % {"month": month, "number": made.number})
    else:
        text = _("%(month)s 的快照没有通过披露审核，没有发布。%(reason)s")
        words = {"month": month, "reason": refusal_text(made)}
        messages.error(request, text % words)


def months_offered(last: str, today: date) -> Iterator[str]:
    """Yield the months that are over and may still be published, the latest first."""
    day = today
    for _place in range(MONTHS_OFFERED):
        month = month_before(day)
        if month <= last:
            return
        yield month
        day = date(int(month[:4]), int(month[5:]), 1)


def refusal_text(snapshot: Snapshot) -> str:
    """Return why a snapshot was refused, in words."""
    refused = Refused(Reason(snapshot.reason), snapshot.about)
    return localized(refusal_words(refused))


def _line(one: Snapshot) -> Line:
    if one.is_published:
        title = _("第 %(number)s 期") % {"number": one.number}
        url = reverse("oversight-snapshot", args=[one.number])
        state = Tag(_("已发布"), "green")
        caption = ""
    else:
        title, url = _("未发布"), ""
        state = Tag(_("未通过披露审核"), "red")
        caption = refusal_text(one)
    return Line(
        title=title,
        url=url,
        caption=caption,
        cells=(
            one.month,
            state,
            short_time(one.taken_at),
            str(one.taken_by) if one.taken_by else _("系统"),
            one.sha256[:12] or "–",
        ),
    )


@reading_door
def show(request: HttpRequest, number: int) -> HttpResponse:
    """Show all tables of a published snapshot."""
    stored = _published_or_404(request, number)
    one = shown(stored)
    names = categories([one])
    context = {
        "snapshot": stored,
        "facts": list(_facts(stored, one)),
        "tables": [table_shown(names, table) for table in one.tables],
        "durations": [
            (localized(names.name("stage", (d.stage,))), d.median_days, d.total)
            for d in one.durations
        ],
        "average": one.average,
        "files": _files(stored),
        "tabs": section_tabs("oversight-snapshots", current_plan(timezone.localdate())),
        "crumbs": (
            Link(reverse("oversight"), _("监测")),
            Link(reverse("oversight-snapshots"), _("月度快照")),
            Link("", _("第 %(number)s 期") % {"number": stored.number}),
        ),
    }
    return render(request, "oversight/snapshot.html", context)


@reading_door
def snapshot_file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """Send a snapshot: its very bytes as JSON, its tables as CSV or XLSX."""
    stored = _published_or_404(request, number)
    name = f"snapshot-{stored.number}-{stored.month}"
    if form == "json":
        return attached(stored.document.encode(), JSON, f"{name}.json")
    one = shown(stored)
    return file_of(_sheets(stored, one), form=form, name=name)


def _published_or_404(request: HttpRequest, number: int) -> Snapshot:
    rows = Snapshot.objects.visible_to(person(request)).published()
    found: Snapshot | None = rows.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _files(one: Snapshot) -> tuple[Link, ...]:
    return tuple(
        Link(reverse("oversight-snapshot-file", args=[one.number, form]), form.upper())
        for form in ("csv", "xlsx", "json")
    )


def _facts(stored: Snapshot, one: Shown) -> Iterator[SummaryRow]:
    yield SummaryRow(_("统计月份"), stored.month)
    yield SummaryRow(_("统计到"), short_date(one.day))
    yield SummaryRow(_("生成时间"), short_time(stored.taken_at))
    by = str(stored.taken_by) if stored.taken_by else _("系统")
    yield SummaryRow(_("生成人"), by)
    yield SummaryRow("SHA-256", one.sha256)


def table_shown(names: Categories, table: Table) -> TableShown:
    """Return a table in words; numbers are those published."""
    of = dimensions(table.key)
    found = {(entry.row, entry.column): entry for entry in table.entries}
    columns: Sequence[Any] = table.columns or ((),)
    return TableShown(
        title=_title(names, table),
        corner=_kinds()[of.rows.partition(":")[0]],
        columns=tuple(localized(names.name(of.columns, c)) for c in table.columns)
        or (_("企业（占比）"),),
        rows=tuple(
            (
                localized(names.name(of.rows, row)),
                tuple(_entry(found[row, column]) for column in columns),
            )
            for row in table.rows
        ),
        notes=notes_of(names, table),
        total="" if table.total is None else str(table.total),
        # An enterprise may lack many clauses: such numbers do not add up.
        total_title=_("已提交的企业") if table.key.startswith(GAPS) else _("合计"),
    )


def _title(names: Categories, table: Table) -> str:
    """Return what a table is called; there is one of gaps for each edition."""
    title = localized(dimensions(table.key).title)
    if not table.key.startswith(GAPS):
        return title
    edition = names.name("edition", (table.key.removeprefix(GAPS),))
    return f"{title}（{localized(edition)}）"


def _entry(entry: Entry) -> str:
    if entry.value is None:
        return "‹5"
    words = f"{entry.value}{MARK * entry.held}"
    return with_share(words, entry)


def _kinds() -> dict[str, str]:
    return {
        "stage": _("阶段"),
        "district": _("区市"),
        "industry": _("行业组"),
        "size": _("规模"),
        "band": _("等级"),
        "score": _("得分"),
        "edition": _("版本"),
        "zone": _("片区"),
        "gaps": _("条款"),
        "agency": _("服务机构"),
    }


def _sheets(stored: Snapshot, one: Shown) -> list[Sheet]:
    """Return the published numbers as one long table, and what they are."""
    names = categories([one])
    columns = (
        _("期号"), _("表"), _("行代码"), _("行"), _("列代码"), _("列"), _("企业"),
        _("占比（%）"), _("自第几期"), _("沿用"),
    )  # fmt: skip
    rows = [row for table in one.tables for row in _rows(one, names, table)]
    facts = [(row.key, row.value) for row in _facts(stored, one)]
    notes = [
        (_title(names, table), note)
        for table in one.tables
        for note in notes_of(names, table)
    ]
    return [
        Sheet(_("数字"), columns, rows, (8, 30, 20, 30, 14, 20, 10, 10, 10, 8)),
        Sheet(_("说明"), (_("项目"), _("内容")), [*facts, *notes], (36, 90)),
    ]


def _rows(one: Shown, names: Categories, table: Table) -> Iterator[tuple[Value, ...]]:
    of = dimensions(table.key)
    for entry in table.entries:
        yield (
            one.number,
            _title(names, table),
            "+".join(entry.row),
            localized(names.name(of.rows, entry.row)),
            "+".join(entry.column),
            localized(names.name(of.columns, entry.column)) if entry.column else "",
            entry.value,
            entry.share,
            entry.since,
            MARK if entry.held else "",
        )
