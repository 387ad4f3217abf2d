"""The rows of a group page: what stands in each control, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from assessments.data_sheets import YearSheet
from frontend.components import Choices, Option
from frontend.templatetags.texts import localized, text_locale
from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_fields import (
    COLUMNS,
    NUMERIC,
    DataField,
    FieldGroup,
    FieldKind,
    column_of,
)
from question_bank.engine.data_problems import SheetProblem, number_text
from question_bank.engine.data_sheet import Known
from question_bank.engine.data_values import Entry, EntryState, entry_text

Control = Literal["line", "select", "checks", "computed"]
SELECTS = frozenset({FieldKind.CHOICE, FieldKind.YESNO})
STATE_MARK = "~"
"""Stands before a state in the value of an option: ~none, ~na."""


@dataclass(frozen=True)
class CellView:
    """One control: `id` is the slot and the anchor errors link to."""

    id: str
    year: int | None
    value: str = ""
    options: tuple[Option, ...] = ()
    unconfirmed: bool = False
    error: str = ""
    conflict: str = ""


@dataclass(frozen=True)
class Remark:
    """A problem beside its row; warnings take a note under `name`."""

    id: str
    severity: str
    text: str
    year: int | None
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class RowView:
    """One field of a group; `shown` are its values to read."""

    item: DataField
    control: Control
    cells: tuple[CellView, ...]
    remarks: tuple[Remark, ...] = ()
    checks: Choices | None = None
    formula: str = ""
    shown: tuple[str, ...] = ()

    @property
    def has_error(self) -> bool:
        """Whether anything in the row must be corrected."""
        return any(cell.error for cell in self.cells) or any(
            remark.severity == "error" for remark in self.remarks
        )

    @property
    def is_number(self) -> bool:
        """Whether people type a number or say there is none."""
        return self.item.kind in NUMERIC

    @property
    def marks_unverified(self) -> bool:
        """Whether what the field asks for rests on less than a source."""
        return self.item.certainty != "A"


@dataclass(frozen=True)
class Sent:
    """What a form brought that could not be stored, by slot."""

    texts: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, Any] = field(default_factory=dict)


NOTHING_SENT = Sent()


def group_rows(
    found: YearSheet, group: FieldGroup, sent: Sent = NOTHING_SENT
) -> list[RowView]:
    """Return the rows of a group with values, texts sent in vain, and problems."""
    return [_row(found, item, sent) for item in group.fields]


def _row(found: YearSheet, item: DataField, sent: Sent) -> RowView:
    cells = tuple(_cell(found, item, slot, sent) for slot in item.slots)
    remarks = tuple(
        _remark(found, problem)
        for problem in found.problems
        if problem.slot in item.slots
        and problem.code not in ("required", "optional_open")
    )
    return RowView(
        item,
        control_of(item),
        cells,
        remarks,
        checks=_checks(item, cells[0]) if item.kind is FieldKind.CHOICES else None,
        formula=formula_words(item) if item.computed else "",
        shown=tuple(_shown(found, item, cell) for cell in cells),
    )


def _shown(found: YearSheet, item: DataField, cell: CellView) -> str:
    """Return a value to read: what a person would type, or what is computed."""
    if item.computed:
        return cell.value
    return entry_text(item, found.sheet.entries.get(cell.id), locale=text_locale())


def control_of(item: DataField) -> Control:
    """Return how a field is filled in."""
    if item.computed:
        return "computed"
    if item.kind in SELECTS:
        return "select"
    return "checks" if item.kind is FieldKind.CHOICES else "line"


def _cell(found: YearSheet, item: DataField, slot: str, sent: Sent) -> CellView:
    column = column_of(slot, item)
    year = found.year - int(column[1]) if column else None
    if item.computed:
        return CellView(slot, year, known_text(item, found.sheet.computed.get(slot)))
    entry = found.sheet.entries.get(slot)
    value = sent.texts.get(slot)
    if value is None:
        value = control_value(item, entry)
    return CellView(
        slot,
        year,
        value,
        options=options_of(item, value) if item.kind in SELECTS else (),
        unconfirmed=slot in found.sheet.unconfirmed,
        error=sent.errors.get(slot, ""),
        conflict=_conflict(item, entry) if slot in sent.conflicts else "",
    )


def _conflict(item: DataField, entry: Entry | None) -> str:
    theirs = entry_text(item, entry, locale=text_locale()) or _("未填写")
    return _("已有人改为“%(value)s”。再次保存将以您填写的为准。") % {"value": theirs}


def control_value(item: DataField, entry: Entry | None) -> str:
    """Return what stands in a control for a stored entry.

    Choices are sent by their ids, several separated by blanks, states with a mark.
    """
    if entry is None:
        return ""
    if control_of(item) == "line":
        return entry_text(item, entry, locale=text_locale())
    if entry.state is not EntryState.VALUE:
        return f"{STATE_MARK}{entry.state.value}"
    if isinstance(entry.value, bool):
        return "yes" if entry.value else "no"
    if isinstance(entry.value, tuple):
        return " ".join(entry.value)
    return str(entry.value)


def options_of(item: DataField, value: str) -> tuple[Option, ...]:
    """Return the options of a select, with “not filled in” first."""
    choices = [(choice.id, localized(choice.text)) for choice in item.choices]
    if item.kind is FieldKind.YESNO:
        choices = [("yes", _("是")), ("no", _("否"))]
    every = [("", _("未填")), *choices, (f"{STATE_MARK}na", _("不适用"))]
    return tuple(Option(key, text, checked=key == value) for key, text in every)


def _checks(item: DataField, cell: CellView) -> Choices:
    chosen = set(cell.value.split())
    every = [
        *((choice.id, localized(choice.text)) for choice in item.choices),
        (f"{STATE_MARK}none", _("都没有")),
        (f"{STATE_MARK}na", _("不适用")),
    ]
    return Choices(
        name=item.id,
        legend=localized(item.title),
        options=tuple(Option(key, text, checked=key in chosen) for key, text in every),
        hint=localized(item.help),
        error=cell.error,
        multiple=True,
    )


def _remark(found: YearSheet, problem: SheetProblem) -> Remark:
    is_warning = problem.severity == "warning"
    return Remark(
        id=problem.key.replace(":", "-"),
        severity=problem.severity,
        text=localized(problem.message),
        year=problem.year,
        name=f"note-{problem.key}" if is_warning else "",
        note=found.sheet.notes.get(problem.key, ""),
    )


def known_text(item: DataField, known: Known | None) -> str:
    """Return a computed value in words, empty when it is not known."""
    if known is None:
        return ""
    if isinstance(known, str):
        return localized(item.choice_text(known))
    return number_text(known, item)


def formula_words(item: DataField) -> str:
    """Return how a field is computed, in words."""
    from_data = _titles(item)
    rule = item.computed.rule if item.computed else "size_class"
    if rule == "sum":
        return " + ".join(from_data)
    if rule == "size_class":
        return _("按行业、从业人员、营业收入和资产总额判定")
    above, below = from_data
    if rule == "ratio_of_sums":
        words = _("三年%(above)s之和 ÷ 三年%(below)s之和")
        return words % {"above": above, "below": below}
    return f"{above} ÷ {below}"


def _titles(item: DataField) -> list[str]:
    fields = data_sheet_definition().fields
    of = item.computed.of if item.computed else ()
    return [localized(fields[part].title) for part in of]


def year_columns(year: int) -> tuple[int, ...]:
    """Return the three years of a sheet, the oldest first."""
    return tuple(year - int(column[1]) for column in COLUMNS)
