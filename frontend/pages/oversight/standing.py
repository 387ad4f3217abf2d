"""Blocks of a published snapshot: who is coming, how ready, where, which gaps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from frontend.components import Cell, HeatTable
from frontend.pages.oversight.blocks import (
    MARK,
    Block,
    drawn,
    entry_words,
    firms,
    notes_of,
    snapshot_source,
    with_share,
    without_snapshot,
)
from frontend.templatetags.texts import localized
from oversight.categories import AGENCY, AGENCY_CERTIFIED, Categories
from oversight.dashboard import Dashboard, District, Gaps, Pipeline, StageLine
from oversight.disclosure.tables import Entry, Table
from oversight.shown import Shown
from reports.bar_charts import (
    BarRow,
    StackGroup,
    StackPart,
    StackRow,
    bars_table,
    horizontal_bars,
    stack_table,
    stacked_bars,
)
from reports.pipeline_charts import PipelineStep, pipeline, pipeline_table

SHADES = 5


def coming(board: Dashboard) -> Block:
    """Show who is on the way and where they stall."""
    question, method = _("谁在路上"), "pipeline"
    if board.snapshot is None:
        return without_snapshot("coming", question, board, method)
    finding = _stalling(board.pipeline)
    steps = [_step(line) for line in board.pipeline.stages]
    columns = (_("阶段"), _("企业"), _("到下一阶段"))
    return Block(
        id="coming",
        question=question,
        finding=finding,
        source=snapshot_source(board),
        method=method,
        chart=drawn(lambda width: pipeline(steps, title=finding, width=width)),
        table=pipeline_table(steps, caption=_("各阶段的企业"), columns=columns),
        notes=notes_of(board.names, board.snapshot.table("stage")),
    )


def _stalling(found: Pipeline) -> str:
    if found.stalled:
        stage = localized(found.stalled.stage.words)
        words = {"stage": stage, "number": found.stalled.waiting_long}
        return _("停在“%(stage)s”的最多：%(number)s 家已等半年以上") % words
    timed = [line for line in found.stages if line.median_days is not None]
    if not timed:
        return _("走完各阶段的企业还少，看不出哪里最慢")
    slowest = max(timed, key=lambda line: line.median_days or 0)
    words = {"stage": localized(slowest.stage.words), "days": slowest.median_days or 0}
    return _("走得最久的一步是“%(stage)s”，中位 %(days)s 天") % words


def _step(line: StageLine) -> PipelineStep:
    parts = []
    if line.median_days is not None:
        parts.append(_("中位 %(days)s 天") % {"days": line.median_days})
    if line.waiting_long:
        parts.append(_("%(number)s 家已等半年以上") % {"number": line.waiting_long})
    return PipelineStep(
        localized(line.stage.words),
        line.now.value if line.now else None,
        entry_words(line.now),
        _("，").join(parts),
    )


# --- Bands --------------------------------------------------------------------


def ready(board: Dashboard) -> Block:
    """Show how ready enterprises are, now and in the snapshot before."""
    question, method = _("准备得怎样"), "bands"
    if board.snapshot is None:
        return without_snapshot("ready", question, board, method)
    finding = _readiness(board)
    table = board.snapshot.table("band")
    parts = [
        StackPart(row[0], localized(board.names.name("band", row)))
        for row in table.rows
    ]
    shown = [one for one in (board.before, board.snapshot) if one]
    groups = (StackGroup("", tuple(_stack(one, len(parts)) for one in shown)),)
    hidden = _("不公布")
    columns = (_("快照"), *(part.title for part in parts), _("合计"))
    return Block(
        id="ready",
        question=question,
        finding=finding,
        source=snapshot_source(board),
        method=method,
        chart=drawn(
            lambda width: stacked_bars(
                groups, title=finding, parts=parts, hidden_words=hidden, width=width
            )
        ),
        table=stack_table(
            groups, caption=_("各就绪等级的企业"), columns=columns, hidden_words=hidden
        ),
        notes=notes_of(board.names, table),
    )


def _stack(one: Shown, parts: int) -> StackRow:
    """Shares are of what is shown: shown numbers need not add up to the total."""
    table = one.table("band")
    counts = tuple(entry.value for entry in table.entries)[:parts]
    counts += (None,) * (parts - len(counts))
    shown = sum(count or 0 for count in counts)
    whole = max(shown, table.total or 0) if None in counts else shown
    words = _("不公布") if table.total is None else firms(table.total)
    label = _("第 %(number)s 期") % {"number": one.number}
    return StackRow(label, counts, whole or None, words)


def _readiness(board: Dashboard) -> str:
    moved = board.changes.ready
    best = board.table("band")
    row = best.rows[0] if best and best.rows else ()
    band = localized(board.names.name("band", row))
    if moved.now is None:
        return _("“%(band)s”的企业不足 5 家") % {"band": band}
    words = {"band": band, "now": moved.now}
    if moved.before is None:
        return _("“%(band)s”的企业有 %(now)s 家") % words
    change = moved.now - moved.before
    words["change"] = abs(change)
    if change > 0:
        return _("“%(band)s”的企业比上一期多 %(change)s 家，现有 %(now)s 家") % words
    if change < 0:
        return _("“%(band)s”的企业比上一期少 %(change)s 家，现有 %(now)s 家") % words
    return _("“%(band)s”的企业与上一期持平，%(now)s 家") % words


# --- Gaps ---------------------------------------------------------------------


def lacking(board: Dashboard, gaps: Gaps) -> Block:
    """Show the clauses most enterprises fall short of, by one edition."""
    edition = localized(board.names.name("edition", (gaps.bank,)))
    table = gaps.table
    rows = [_gap_row(board.names, gaps, entry) for entry in table.entries]
    finding = _commonest(board.names, gaps)
    question = _("普遍缺什么（%(edition)s）") % {"edition": edition}
    id_ = f"gaps-{gaps.bank}"
    if not rows:
        notes = notes_of(board.names, table)
        text = notes[0] if notes else ""
        return Block(id_, question, finding, snapshot_source(board), "gaps", text=text)
    about = _("按这一版提交的企业 %(total)s 家。") % {"total": table.total}
    columns = (_("条款"), _("低于 2 级的企业"))
    return Block(
        id=id_,
        question=question,
        finding=finding,
        source=snapshot_source(board),
        method="gaps",
        chart=drawn(lambda width: horizontal_bars(rows, title=finding, width=width)),
        table=bars_table(rows, caption=question, columns=columns),
        notes=(about, *notes_of(board.names, table)),
    )


def _commonest(names: Categories, gaps: Gaps) -> str:
    if not gaps.table.entries:
        return _("提交的企业还少，不列共性差距")
    worst = gaps.table.entries[0]
    clause = localized(names.name(gaps.table.key, worst.row))
    words = {"clause": clause, "share": worst.share}
    return _("“%(clause)s”是最常见的短板：%(share)s%% 的企业低于 2 级") % words


def _gap_row(names: Categories, gaps: Gaps, entry: Entry) -> BarRow:
    clause = localized(names.name(gaps.table.key, entry.row))
    number = names.number(gaps.table.key, entry.row[0])
    words = _("%(share)s%%，%(count)s 家") % {
        "share": entry.share,
        "count": entry.value,
    }
    return BarRow(f"{number} {clause}".strip(), entry.share, words + MARK * entry.held)


# --- Places -------------------------------------------------------------------


@dataclass(frozen=True)
class DistrictRow:
    """A district: exact holders with a bar; `span` rows share the number after it."""

    name: str
    holders: int
    holders_share: int
    span: int = 0
    submitted: str = ""
    submitted_share: int = 0
    note: str = ""


@dataclass(frozen=True)
class Places:
    """Districts with two numbers of two sources side by side."""

    block: Block
    rows: tuple[DistrictRow, ...]
    elsewhere: int


def places(board: Dashboard) -> Places:
    """Show districts: certified as the registers say, submitted as a snapshot does."""
    table = board.table("district")
    block = Block(
        id="places",
        question=_("哪里多，哪里少"),
        finding=_where(board),
        source=snapshot_source(board),
        method="districts",
        notes=notes_of(board.names, table) if table else (),
    )
    return Places(block, tuple(_district_rows(board)), board.elsewhere)


def _where(board: Dashboard) -> str:
    every = [
        (held, code)
        for district in board.districts
        for held, code in zip(district.holders, district.codes, strict=True)
    ]
    held, code = max(every, key=lambda pair: pair[0], default=(0, ""))
    if not held:
        return _("还没有有效持证企业")
    name = localized(board.names.name("district", (code,)))
    words = {"name": name, "number": held}
    return _("有效持证企业最多的是%(name)s，%(number)s 家") % words


def _district_rows(board: Dashboard) -> Iterator[DistrictRow]:
    most = max((n for d in board.districts for n in d.holders), default=0) or 1
    values = [d.submitted.value or 0 for d in board.districts if d.submitted]
    widest = max(values, default=0) or 1
    for district in board.districts:
        yield from _rows_of(board, district, most, widest)


def _rows_of(
    board: Dashboard, district: District, most: int, widest: int
) -> Iterator[DistrictRow]:
    entry = district.submitted
    value = (entry.value or 0) if entry else 0
    together = len(district.codes)
    for place, (code, held) in enumerate(
        zip(district.codes, district.holders, strict=True)
    ):
        first = place == 0
        yield DistrictRow(
            name=localized(board.names.name("district", (code,))),
            holders=held,
            holders_share=round(100 * held / most),
            span=together if first else 0,
            submitted=(entry_words(entry) if entry else "–") if first else "",
            submitted_share=round(100 * value / widest) if first else 0,
            note=_("%(number)s 个区市合并公布") % {"number": together}
            if first and together > 1
            else "",
        )


def crossing(board: Dashboard) -> Block:
    """Show zones by industries as a heat table."""
    question, method = _("哪些片区的哪些行业"), "districts"
    table = board.table("zone_industry")
    if table is None:
        return without_snapshot("crossing", question, board, method)
    notes = notes_of(board.names, table)
    if not table.entries:
        finding = _("片区与行业的交叉表暂不显示")
        source = snapshot_source(board)
        return Block("crossing", question, finding, source, method, text=notes[0])
    return Block(
        id="crossing",
        question=question,
        finding=_densest(board.names, table),
        source=snapshot_source(board),
        method=method,
        heat=heat_table(board.names, table, _("已提交自评的企业，片区与行业")),
        notes=notes,
    )


def _densest(names: Categories, table: Table) -> str:
    most = max(table.entries, key=lambda entry: entry.value or 0)
    words = {
        "zone": localized(names.name("zone", most.row)),
        "industry": localized(names.name("industry", most.column)),
        "number": most.value or 0,
    }
    return _("%(zone)s的%(industry)s最多，%(number)s 家已提交自评") % words


def heat_table(names: Categories, table: Table, caption: str) -> HeatTable:
    """Return a two-way table with shades that repeat its numbers."""
    top = max((entry.value or 0 for entry in table.entries), default=0) or 1
    found = {(entry.row, entry.column): entry for entry in table.entries}
    return HeatTable(
        caption=caption,
        corner=_("片区"),
        columns=tuple(localized(names.name("industry", c)) for c in table.columns),
        rows=tuple(
            (
                localized(names.name("zone", row)),
                tuple(_cell(found[row, column], top) for column in table.columns),
            )
            for row in table.rows
        ),
    )


def _cell(entry: Entry, top: int) -> Cell:
    if entry.value is None:
        return Cell("‹5", None, _("不公布"))
    shade = min(SHADES - 1, SHADES * entry.value // (top + 1))
    return Cell(f"{entry.value}{MARK * entry.held}", shade)


# --- Agencies -----------------------------------------------------------------


@dataclass(frozen=True)
class Agencies:
    """Agencies with as many clients as may be named: name, clients, certified."""

    block: Block
    rows: Sequence[tuple[str, str, str]]


def agencies(board: Dashboard) -> Agencies:
    """Show agencies by clients; small ones are one line."""
    question, method = _("哪些服务机构在做"), "agencies"
    table = board.table(AGENCY)
    if table is None:
        return Agencies(without_snapshot("agencies", question, board, method), ())
    named = [entry for entry in table.entries if entry.row]
    finding = _("还没有可以单列的服务机构")
    if named:
        most = max(named, key=lambda entry: entry.value or 0)
        words = {
            "number": len(named),
            "name": localized(board.names.name(AGENCY, most.row)),
            "clients": most.value or 0,
        }
        finding = (
            _("%(number)s 家服务机构可以单列，客户最多的%(name)s有 %(clients)s 家")
            % words
        )
    ordered = sorted(named, key=lambda entry: -(entry.value or 0))
    ordered += [entry for entry in table.entries if not entry.row]
    certified = board.table(AGENCY_CERTIFIED)
    assert certified is not None  # noqa: S101 - one snapshot has both
    reached = {entry.row: entry for entry in certified.entries}
    rows = [
        (
            localized(board.names.name(AGENCY, entry.row)),
            entry_words(entry),
            with_share(entry_words(reached[entry.row]), reached[entry.row]),
        )
        for entry in ordered
    ]
    block = Block(
        id="agencies",
        question=question,
        finding=finding,
        source=snapshot_source(board),
        method=method,
        notes=notes_of(board.names, table),
    )
    return Agencies(block, rows)
