"""The definition of the enterprise data sheet: groups of fields, as frozen values.

A yearly field has three slots, `<id>_y2`, `<id>_y1` and `<id>_y0` (the years Y-2, Y-1
and Y); every other field has one slot, named like the field. A slot's name is also
the name of the fact that rules read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, TypeAlias

from question_bank.engine.definition import Certainty, Localized

COLUMNS = ("y2", "y1", "y0")
"""The three years of a yearly field, the oldest first."""

MAX_COUNT = 10_000_000
MAX_MONEY = Decimal(100_000_000)
MAX_TEXT = 200

ComputedRule: TypeAlias = Literal["sum", "ratio", "ratio_of_sums", "size_class"]
TextForm: TypeAlias = Literal["", "industry", "certificate", "high_tech", "credit_code"]
_ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


class FieldKind(StrEnum):
    """What a field holds; `SHARE` is a computed share of 1."""

    MONEY = "money"
    COUNT = "count"
    PERCENT = "percent"
    SHARE = "share"
    CHOICE = "choice"
    CHOICES = "choices"
    YESNO = "yesno"
    DATE = "date"
    TEXT = "text"


NUMERIC = frozenset({FieldKind.MONEY, FieldKind.COUNT, FieldKind.PERCENT})
MAY_BE_NONE = NUMERIC | {FieldKind.CHOICES, FieldKind.DATE, FieldKind.TEXT}
"""Kinds that can say “无”; a choice says it with an option of its own."""


class InvalidDefinition(ValueError):
    """The definition file contradicts itself."""


@dataclass(frozen=True)
class FieldChoice:
    """One option of a choice field."""

    id: str
    text: Localized


@dataclass(frozen=True)
class Computation:
    """How a field follows from others: a sum, a ratio, a ratio of three-year sums."""

    rule: ComputedRule
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataField:
    """One figure an enterprise gives once a year.

    `usual_max` is where doubt begins (a warning), `max` where a value is refused.
    `rights` are the kinds of the list of IP numbers that the count should equal.
    `past` marks dates that can't lie in the future.
    """

    id: str
    group: str
    kind: FieldKind
    title: Localized
    unit: Localized | None = None
    yearly: bool = False
    required: bool = False
    signed: bool = False
    past: bool = False
    max: int | None = None
    usual_max: int | None = None
    max_length: int = MAX_TEXT
    form: TextForm = ""
    choices: tuple[FieldChoice, ...] = ()
    computed: Computation | None = None
    rights: tuple[str, ...] = ()
    help: Localized | None = None
    evidence: Localized | None = None
    certainty: Certainty = "A"

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the field's values, the oldest year first."""
        if not self.yearly:
            return (self.id,)
        return tuple(f"{self.id}_{column}" for column in COLUMNS)

    @property
    def is_typed(self) -> bool:
        """Whether people fill it in; computed fields never are."""
        return self.computed is None

    def slot(self, column: str) -> str:
        """Return the slot of a year; the one slot of a field that isn't yearly."""
        return f"{self.id}_{column}" if self.yearly else self.id

    def choice_text(self, choice_id: str) -> Localized:
        """Return the text of an option; an unknown one is shown as it is."""
        for choice in self.choices:
            if choice.id == choice_id:
                return choice.text
        return {"zh": choice_id, "en": choice_id}


@dataclass(frozen=True)
class FieldGroup:
    """Fields that are filled in on one page."""

    id: str
    title: Localized
    fields: tuple[DataField, ...]
    intro: Localized | None = None

    @property
    def typed_fields(self) -> tuple[DataField, ...]:
        """The fields people fill in."""
        return tuple(field for field in self.fields if field.is_typed)

    @property
    def has_yearly(self) -> bool:
        """Whether any field has three years."""
        return any(field.yearly for field in self.fields)


@dataclass(frozen=True)
class DataSheetDefinition:
    """All groups of the sheet, with its fields and slots by name."""

    version: str
    groups: tuple[FieldGroup, ...]

    @cached_property
    def fields(self) -> Mapping[str, DataField]:
        """The fields by id, in the order of the sheet."""
        return {field.id: field for group in self.groups for field in group.fields}

    @cached_property
    def slots(self) -> Mapping[str, DataField]:
        """The field of every slot, in the order of the sheet."""
        return {slot: field for field in self.fields.values() for slot in field.slots}

    @cached_property
    def typed_slots(self) -> Mapping[str, DataField]:
        """The slots people fill in."""
        return {slot: field for slot, field in self.slots.items() if field.is_typed}

    def group(self, group_id: str) -> FieldGroup | None:
        """Return a group by its id, None when there is none."""
        return next((group for group in self.groups if group.id == group_id), None)


def column_of(slot: str, field: DataField) -> str:
    """Return which year a slot is for; empty for a field that isn't yearly."""
    return slot[-2:] if field.yearly else ""


def year_of(slot: str, field: DataField, year: int) -> int | None:
    """Return the calendar year of a slot in the sheet of `year`, if it has one."""
    column = column_of(slot, field)
    return year - int(column[1]) if column else None


def parse_definition(data: Mapping[str, Any]) -> DataSheetDefinition:
    """Return the definition from plain data; InvalidDefinition when it can't be used.

    Scalars may be strings, as the YAML reader gives them.
    """
    groups = tuple(_group(item) for item in data["groups"])
    definition = DataSheetDefinition(str(data["version"]), groups)
    _require_sound(definition)
    return definition


def _group(data: Mapping[str, Any]) -> FieldGroup:
    fields = tuple(_field(item, data["id"]) for item in data["fields"])
    return FieldGroup(data["id"], dict(data["title"]), fields, data.get("intro"))


def _field(data: Mapping[str, Any], group: str) -> DataField:
    unknown = set(data) - set(DataField.__dataclass_fields__)
    if unknown:
        raise InvalidDefinition(f"{data['id']}: unknown key {sorted(unknown)[0]}")
    optional: dict[str, Any] = {
        name: int(data[name])
        for name in ("max", "usual_max", "max_length")
        if name in data
    }
    for name in ("yearly", "required", "signed", "past"):
        optional[name] = str(data.get(name, "no")) == "yes"
    return DataField(
        id=data["id"],
        group=group,
        kind=FieldKind(data["kind"]),
        title=dict(data["title"]),
        unit=data.get("unit"),
        form=data.get("form", ""),
        choices=tuple(
            FieldChoice(item["id"], dict(item["text"]))
            for item in data.get("choices", ())
        ),
        computed=_computation(data.get("computed")),
        rights=tuple(data.get("rights", ())),
        help=data.get("help"),
        evidence=data.get("evidence"),
        certainty=data.get("certainty", "A"),
        **optional,
    )


def _computation(data: Mapping[str, Any] | None) -> Computation | None:
    return Computation(data["rule"], tuple(data.get("of", ()))) if data else None


def _require_sound(definition: DataSheetDefinition) -> None:
    """Raise InvalidDefinition for doubled names and computations from nowhere."""
    names = [field.id for group in definition.groups for field in group.fields]
    slots = [slot for field in definition.fields.values() for slot in field.slots]
    if len(names) != len(set(names)) or len(slots) != len(set(slots)):
        raise InvalidDefinition("a field or slot is named twice")
    for problem in _unsound(definition):
        raise InvalidDefinition(problem)


def _unsound(definition: DataSheetDefinition) -> Iterator[str]:
    seen: set[str] = set()
    for field in definition.fields.values():
        if not _ID.fullmatch(field.id):
            yield f"{field.id}: not a name"
        has_choices = field.kind in (FieldKind.CHOICE, FieldKind.CHOICES)
        if has_choices != bool(field.choices):
            yield f"{field.id}: choices don't fit the kind"
        # Later groups may be computed from earlier ones only: one pass is enough.
        if field.computed and not set(field.computed.of) <= seen:
            yield f"{field.id}: computed from fields that come later or nowhere"
        seen.add(field.id)
