"""The enterprise data sheet of one year: what is said, what follows, what is known.

`computed_values` gives totals, ratios and the size class exactly; `sheet_facts` gives
what rules may read. “无” reads as 0; “不适用” and what is not filled in are no value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from question_bank.engine.data_fields import (
    COLUMNS,
    NUMERIC,
    DataField,
    DataSheetDefinition,
    FieldGroup,
    FieldKind,
    column_of,
)
from question_bank.engine.data_values import Entry, EntryState
from question_bank.engine.definition import Localized
from question_bank.engine.size_class import size_class

Fact: TypeAlias = int | float | bool | str | frozenset[str]
Known: TypeAlias = Fraction | str

VETO_KINDS: Mapping[str, Localized] = {
    "infringement": {"zh": "生效认定的侵权", "en": "Final finding of infringement"},
    "abnormal_filing": {"zh": "非正常专利申请", "en": "Abnormal patent filings"},
    "bad_faith_mark": {"zh": "恶意商标注册", "en": "Bad-faith mark filings"},
    "dishonesty_list": {
        "zh": "列入严重违法失信名单",
        "en": "On the list of serious dishonesty",
    },
    "abnormal_operation_list": {
        "zh": "列入经营异常名录",
        "en": "On the list of abnormal operation",
    },
    "major_accident": {
        "zh": "安全、质量、环境事故或公共卫生事件",
        "en": "Safety, quality, environmental or public-health accident",
    },
    "tax_evasion": {"zh": "偷税", "en": "Tax evasion"},
    "false_material": {"zh": "提交虚假材料", "en": "False material"},
    "agency_violation": {"zh": "违法代理", "en": "Violation of agency rules"},
    "secret_infringement": {
        "zh": "侵犯商业秘密",
        "en": "Infringement of trade secrets",
    },
    "ladder_withdrawn": {"zh": "称号被撤销", "en": "A title was withdrawn"},
}
APPEAL_STATES: Mapping[str, Localized] = {
    "none": {"zh": "未申诉", "en": "None"},
    "pending": {"zh": "申诉中", "en": "Pending"},
    "succeeded": {"zh": "申诉成功", "en": "Succeeded"},
    "lost": {"zh": "申诉未成功", "en": "Lost"},
}
RIGHT_KINDS: Mapping[str, Localized] = {
    "invention": {"zh": "发明专利", "en": "Invention"},
    "utility_model": {"zh": "实用新型", "en": "Utility model"},
    "design": {"zh": "外观设计", "en": "Design"},
    "pct": {"zh": "PCT 国际申请", "en": "PCT application"},
    "trademark": {"zh": "注册商标", "en": "Trade mark"},
    "madrid": {"zh": "马德里商标", "en": "Madrid mark"},
    "software": {"zh": "软件著作权", "en": "Software copyright"},
    "work": {"zh": "作品登记", "en": "Registered work"},
    "plant_variety": {"zh": "植物新品种", "en": "Plant variety"},
    "ic_layout": {"zh": "集成电路布图设计", "en": "Layout design"},
}
MAX_RIGHTS = 2000
MAX_VETOES = 50


@dataclass(frozen=True)
class RightItem:
    """One entry of the list of IP numbers, its number in the stored form."""

    kind: str
    number: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Veto:
    """One disqualifying matter. Dates are ISO; no end date means it is still on."""

    kind: str
    finding_body: str
    document: str
    decided_on: str
    effective_until: str = ""
    appeal: str = "none"


@dataclass(frozen=True)
class Sheet:
    """What an enterprise said for the year Y.

    `entries` holds what is filled in, by slot; `unconfirmed` are the slots whose value
    was carried over from last year and nobody has confirmed yet; `notes` explain
    warnings, by `SheetProblem.key`.
    """

    definition: DataSheetDefinition
    year: int
    entries: Mapping[str, Entry] = field(default_factory=dict)
    rights: tuple[RightItem, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    unconfirmed: frozenset[str] = frozenset()

    @cached_property
    def computed(self) -> Mapping[str, Known]:
        """The computed slots that are known: exact numbers and the size class."""
        return computed_values(self)

    def number(self, slot: str) -> Fraction | None:
        """Return the exact number of a typed or computed slot; None when unknown."""
        entry = self.entries.get(slot)
        if entry is None:
            known = self.computed.get(slot)
            return known if isinstance(known, Fraction) else None
        return entry_number(entry)

    def value(self, slot: str) -> Any:
        """Return the value of a slot; None for 无, 不适用 and not filled in."""
        entry = self.entries.get(slot)
        return entry.value if entry else None

    def without(self, slots: Iterable[str]) -> "Sheet":
        """Return the sheet as if those slots were not filled in."""
        gone = frozenset(slots)
        kept = {slot: e for slot, e in self.entries.items() if slot not in gone}
        return replace(self, entries=kept)


@dataclass(frozen=True)
class GroupProgress:
    """How much of a group is filled in, and what still waits for a person."""

    done: int
    total: int
    unconfirmed: int
    required_open: int


def entry_number(entry: Entry) -> Fraction | None:
    """Return an entry as an exact number: “无” is 0, “不适用” is none."""
    if entry.state is EntryState.NONE:
        return Fraction(0)
    value = entry.value
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    return Fraction(value)


def computed_values(sheet: Sheet) -> dict[str, Known]:
    """Return every computed slot that is known, in one pass over the definition."""
    known: dict[str, Known] = {}
    numbers = _Numbers(sheet, known)
    for item in sheet.definition.fields.values():
        if item.computed is None:
            continue
        for slot in item.slots:
            value = _computed(item, column_of(slot, item), numbers)
            if value is not None:
                known[slot] = value
    return known


@dataclass(frozen=True)
class _Numbers:
    """Numbers of a sheet while its computed slots are being worked out."""

    sheet: Sheet
    known: Mapping[str, Known]

    def get(self, field_id: str, column: str) -> Fraction | None:
        slot = self.sheet.definition.fields[field_id].slot(column)
        entry = self.sheet.entries.get(slot)
        if entry is not None:
            return entry_number(entry)
        found = self.known.get(slot)
        return found if isinstance(found, Fraction) else None

    def is_na(self, field_id: str, column: str) -> bool:
        """Tell whether a number is said not to concern the enterprise.

        A total does not when none of its parts does.
        """
        item = self.sheet.definition.fields[field_id]
        if item.computed and item.computed.rule == "sum":
            return all(self.is_na(part, column) for part in item.computed.of)
        entry = self.sheet.entries.get(item.slot(column))
        return entry is not None and entry.state is EntryState.NA

    def total(self, terms: Iterable[tuple[str, str]]) -> Fraction | None:
        """Return a sum; 不适用 adds nothing, one unknown term makes it unknown."""
        terms = list(terms)
        concerned = [term for term in terms if not self.is_na(*term)]
        values = [self.get(*term) for term in concerned]
        if not values or any(value is None for value in values):
            return None
        return sum((value for value in values if value is not None), Fraction(0))


def _computed(item: DataField, column: str, numbers: _Numbers) -> Known | None:
    rule = item.computed
    assert rule is not None  # noqa: S101 - only computed fields come here
    if rule.rule == "size_class":
        return _size_class(numbers)
    if rule.rule == "sum":
        return numbers.total((part, column) for part in rule.of)
    above, below = rule.of
    if rule.rule == "ratio":
        return _ratio(numbers.get(above, column), numbers.get(below, column))
    return _ratio(
        numbers.total((above, year) for year in COLUMNS),
        numbers.total((below, year) for year in COLUMNS),
    )


def _ratio(above: Fraction | None, below: Fraction | None) -> Fraction | None:
    if above is None or not below:
        return None
    return above / below


def _size_class(numbers: _Numbers) -> str | None:
    industry = numbers.sheet.value("industry")
    if not isinstance(industry, str):
        return None
    return size_class(
        industry,
        {
            "staff": numbers.get("staff", ""),
            "revenue": numbers.get("revenue", "y0"),
            "assets": numbers.get("assets", ""),
        },
    )


def sheet_facts(sheet: Sheet, doubtful: Iterable[str] = ()) -> dict[str, Fact]:
    """Return what rules may read, by slot.

    Values carried over and not confirmed are left out, and so are the `doubtful`
    slots and whatever is computed from either.
    """
    trusted = sheet.without({*doubtful, *sheet.unconfirmed})
    facts: dict[str, Fact] = {}
    for slot, item in sheet.definition.slots.items():
        fact = _fact(item, trusted.entries.get(slot), trusted.computed.get(slot))
        if fact is not None:
            facts[slot] = fact
    return facts


def _fact(item: DataField, entry: Entry | None, known: Known | None) -> Fact | None:
    if isinstance(known, Fraction):
        whole = item.kind is FieldKind.COUNT
        return int(known) if whole else float(known)
    if known is not None:
        return known
    if entry is None or entry.state is EntryState.NA:
        return None
    if entry.state is EntryState.NONE:
        return _none_fact(item)
    value = entry.value
    if isinstance(value, Decimal):
        return float(value)
    return frozenset(value) if isinstance(value, tuple) else value


def _none_fact(item: DataField) -> Fact | None:
    if item.kind in NUMERIC:
        return 0
    return frozenset() if item.kind is FieldKind.CHOICES else None


def shifted(last: Sheet, year: int) -> Sheet:
    """Return the sheet of `year` as carried over from the sheet of the year before.

    Last year's Y becomes Y-1 and Y-1 becomes Y-2; what is not yearly stays. Every
    value carried over waits for a person to confirm or change it.
    """
    entries: dict[str, Entry] = {}
    for item in last.definition.fields.values():
        if not item.is_typed:
            continue
        for new, old in _moves(item):
            if old in last.entries:
                entries[new] = last.entries[old]
    return Sheet(
        definition=last.definition,
        year=year,
        entries=entries,
        rights=last.rights,
        vetoes=last.vetoes,
        unconfirmed=frozenset(entries),
    )


def _moves(item: DataField) -> tuple[tuple[str, str], ...]:
    if not item.yearly:
        return ((item.id, item.id),)
    return (
        (item.slot("y2"), item.slot("y1")),
        (item.slot("y1"), item.slot("y0")),
    )


def group_progress(sheet: Sheet, group: FieldGroup) -> GroupProgress:
    """Return how much of a group is filled in."""
    slots = [(slot, item) for item in group.typed_fields for slot in item.slots]
    filled = [slot for slot, _item in slots if slot in sheet.entries]
    waiting = [slot for slot in filled if slot in sheet.unconfirmed]
    return GroupProgress(
        done=len(filled) - len(waiting),
        total=len(slots),
        unconfirmed=len(waiting),
        required_open=sum(
            item.required and slot not in sheet.entries for slot, item in slots
        ),
    )


def typed_parts(definition: DataSheetDefinition, slot: str) -> tuple[str, ...]:
    """Return the typed slots a slot stands for: itself, or the parts of a total."""
    item = definition.slots[slot]
    if item.computed is None:
        return (slot,)
    column = column_of(slot, item)
    parts = (definition.fields[part].slot(column) for part in item.computed.of)
    return tuple(typed for part in parts for typed in typed_parts(definition, part))
