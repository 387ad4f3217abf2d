"""Changes to a data sheet: read from JSON or from typed texts, and applied."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import get_language, gettext_lazy as _

from accounts.credit_code import InvalidCreditCode, parse as parse_credit_code
from backend.errors import Invalid
from question_bank.engine.data_fields import DataField, DataSheetDefinition
from question_bank.engine.data_sheet import (
    APPEAL_STATES,
    MAX_RIGHTS,
    MAX_VETOES,
    VETO_KINDS,
    RightItem,
    Sheet,
    Veto,
    typed_parts,
)
from question_bank.engine.data_values import (
    Entry,
    EntryState,
    InvalidEntry,
    Reading,
    entry_from_json,
    read_text,
    text_problem,
)
from question_bank.engine.definition import Localized
from question_bank.engine.identifiers import InvalidIdentifier, parse_right

NOTE_LIMIT = 500
TITLE_LIMIT = 200
_T = TypeVar("_T")
_VETO_LIMITS = {"finding_body": 120, "document": 200}
_VETO_DATES = ("decided_on", "effective_until")


class InvalidDataSheet(Invalid):
    """Some values can't be stored; `fields` says which and why. Nothing was saved."""

    code = "invalid_data_sheet"
    message = _("有填写不正确的内容，没有保存。")


@dataclass(frozen=True)
class SheetChanges:
    """What to change: None clears a slot; `vetoes` replaces the whole table.

    `confirm` are slots carried over from last year that a person stands by;
    `add_rights` replaces title and note of a number that is listed already.
    """

    values: Mapping[str, Entry | None] = field(default_factory=dict)
    confirm: frozenset[str] = frozenset()
    add_rights: tuple[RightItem, ...] = ()
    remove_rights: frozenset[tuple[str, str]] = frozenset()
    vetoes: tuple[Veto, ...] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


def in_words(message: Localized) -> str:
    """Return an engine's message in the active language."""
    return message["en" if get_language() == "en" else "zh"]


def read_slot(item: DataField, text: str) -> Reading:
    """Return what a typed text means in a field; InvalidEntry when it can't be read."""
    reading = read_text(item, text)
    return replace(reading, entry=_checked(item, reading.entry))


def read_right(kind: str, number: str, title: str = "", note: str = "") -> RightItem:
    """Return one entry of the list of IP numbers; InvalidEntry when it is none."""
    try:
        right = parse_right(kind, number)
    except InvalidIdentifier as error:
        raise InvalidEntry(
            error.code, error.message["zh"], error.message["en"]
        ) from error
    return RightItem(
        right.kind,
        right.number,
        clean_text(title, TITLE_LIMIT),
        clean_text(note, TITLE_LIMIT),
    )


def read_veto(data: Mapping[str, str]) -> Veto:
    """Return one disqualifying matter; InvalidDataSheet with what is wrong by key."""
    values = {key: str(data.get(key, "")).strip() for key in Veto.__dataclass_fields__}
    values["appeal"] = values["appeal"] or "none"
    for key in _VETO_DATES:
        values[key] = _day(values[key])
    if problems := dict(_veto_problems(values)):
        raise InvalidDataSheet(fields=problems)
    return Veto(**values)


def _veto_problems(values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, limit in _VETO_LIMITS.items():
        if problem := text_problem(values[key], limit):
            yield key, in_words(problem.message)
    if not values["finding_body"]:
        yield "finding_body", str(_("请填写认定机关。"))
    if values["kind"] not in VETO_KINDS:
        yield "kind", str(_("请选择事项的类型。"))
    if values["appeal"] not in APPEAL_STATES:
        yield "appeal", str(_("请选择申诉情况。"))
    for key in _VETO_DATES:
        if values[key] == "?" or (key == "decided_on" and not values[key]):
            yield key, str(_("请填写日期，例如 2025-12-31。"))


def _day(text: str) -> str:
    """Return an ISO date, "" for no text and "?" when the text is none."""
    if not text:
        return ""
    plain = unicodedata.normalize("NFKC", text)
    for mark in "/.年月":
        plain = plain.replace(mark, "-")
    parts = plain.removesuffix("日").split("-")
    try:
        return date(*map(int, parts)).isoformat() if len(parts) == 3 else "?"
    except (ValueError, OverflowError):
        return "?"


def clean_text(text: str, limit: int) -> str:
    """Return a free text in its stored form; InvalidEntry when it can't be stored."""
    cleaned = unicodedata.normalize("NFC", " ".join(text.split()))
    if problem := text_problem(cleaned, limit):
        raise problem
    return cleaned


def _checked(item: DataField, entry: Entry | None) -> Entry | None:
    """Return an entry after checks the engine can't make."""
    if item.form != "credit_code" or entry is None or entry.state != EntryState.VALUE:
        return entry
    try:
        return Entry(EntryState.VALUE, parse_credit_code(str(entry.value)))
    except InvalidCreditCode as error:
        text = str(error.message)
        raise InvalidEntry("credit_code", text, text) from error


def changes_from_json(
    definition: DataSheetDefinition, data: Mapping[str, Any]
) -> SheetChanges:
    """Return the changes of an API call; InvalidDataSheet names every bad part."""
    reader = _JsonReader(definition)
    vetoes = data.get("vetoes")
    changes = SheetChanges(
        values=reader.values(data.get("values", {})),
        confirm=frozenset(reader.slots("confirm", data.get("confirm", []))),
        add_rights=tuple(reader.rights(data.get("add_rights", []))),
        remove_rights=frozenset(
            (item["kind"], item["number"]) for item in data.get("remove_rights", [])
        ),
        vetoes=None if vetoes is None else tuple(reader.vetoes(vetoes)),
        notes=reader.notes(data.get("notes", {})),
    )
    if reader.problems:
        raise InvalidDataSheet(fields=reader.problems)
    return changes


class _JsonReader:
    """Reads the parts of an API call and notes what is wrong, by path."""

    def __init__(self, definition: DataSheetDefinition) -> None:
        self._slots = definition.typed_slots
        self.problems: dict[str, Any] = {}

    def values(self, data: Mapping[str, Any]) -> dict[str, Entry | None]:
        found: dict[str, Entry | None] = {}
        for slot in self.slots("values", data):
            item = self._slots[slot]
            found[slot] = self._try(
                f"values.{slot}",
                lambda item=item, slot=slot: _checked(  # type: ignore[misc]
                    item, entry_from_json(item, data[slot])
                ),
            )
        return found

    def slots(self, part: str, names: Any) -> Iterator[str]:
        for name in names:
            if name in self._slots:
                yield name
            else:
                self.problems[f"{part}.{name}"] = _("没有这个字段，或由系统计算。")

    def rights(self, rows: list[Mapping[str, str]]) -> Iterator[RightItem]:
        for index, row in enumerate(rows):
            right = self._try(
                f"add_rights[{index}]",
                lambda row=row: read_right(  # type: ignore[misc]
                    row["kind"],
                    row["number"],
                    row.get("title", ""),
                    row.get("note", ""),
                ),
            )
            if right:
                yield right

    def vetoes(self, rows: list[Mapping[str, str]]) -> Iterator[Veto]:
        for index, row in enumerate(rows):
            try:
                yield read_veto(row)
            except InvalidDataSheet as error:
                for key, text in error.fields.items():
                    self.problems[f"vetoes[{index}].{key}"] = text

    def notes(self, data: Mapping[str, str]) -> dict[str, str]:
        found = {}
        for key, text in data.items():
            note = self._try(
                f"notes.{key}",
                lambda text=text: clean_text(text, NOTE_LIMIT),  # type: ignore[misc]
            )
            if note is not None:
                found[key] = note
        return found

    def _try(self, path: str, read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except InvalidEntry as error:
            self.problems[path] = in_words(error.message)
            return None


def applied(sheet: Sheet, changes: SheetChanges) -> Sheet:
    """Return the sheet with the changes made.

    A value that is given again counts as confirmed, also when it stays the same. A note
    about a figure that changes is dropped unless it is given again.
    Raises InvalidDataSheet when the lists would become too long.
    """
    entries = {**sheet.entries, **changes.values}
    kept = {slot: entry for slot, entry in entries.items() if entry is not None}
    rights = {(item.kind, item.number): item for item in sheet.rights}
    for key in changes.remove_rights:
        rights.pop(key, None)
    rights |= {(item.kind, item.number): item for item in changes.add_rights}
    vetoes = sheet.vetoes if changes.vetoes is None else changes.vetoes
    if len(rights) > MAX_RIGHTS or len(vetoes) > MAX_VETOES:
        raise InvalidDataSheet(_("清单过长，没有保存。"))
    notes = {**_notes_still_true(sheet, changes), **changes.notes}
    touched = {*changes.values, *changes.confirm}
    return replace(
        sheet,
        entries=kept,
        rights=tuple(rights.values()),
        vetoes=vetoes,
        notes={key: text for key, text in notes.items() if text},
        unconfirmed=(sheet.unconfirmed - touched) & kept.keys(),
    )


def _notes_still_true(sheet: Sheet, changes: SheetChanges) -> dict[str, str]:
    """Return the notes about figures that stay: a note explains what was seen."""
    changed = {
        slot
        for slot, entry in changes.values.items()
        if sheet.entries.get(slot) != entry
    }
    return {
        key: text
        for key, text in sheet.notes.items()
        if changed.isdisjoint(_concerned(sheet, key.partition(":")[2]))
    }


def _concerned(sheet: Sheet, slot: str) -> tuple[str, ...]:
    known = slot in sheet.definition.slots
    return typed_parts(sheet.definition, slot) if known else ()


def differences(old: Sheet, new: Sheet) -> dict[str, Any]:
    """Return what differs, as the history keeps it; empty when nothing does."""
    found: dict[str, Any] = {
        slot: [_json(old.entries.get(slot)), _json(new.entries.get(slot))]
        for slot in {**old.entries, **new.entries}
        if old.entries.get(slot) != new.entries.get(slot)
    }
    if old.rights != new.rights:
        before, after = set(old.rights), set(new.rights)
        found["rights"] = {
            "added": [asdict(item) for item in new.rights if item not in before],
            "removed": [asdict(item) for item in old.rights if item not in after],
        }
    if old.vetoes != new.vetoes:
        pair = (old.vetoes, new.vetoes)
        found["vetoes"] = [[asdict(veto) for veto in vetoes] for vetoes in pair]
    if old.notes != new.notes:
        found["notes"] = dict(new.notes)
    if old.unconfirmed - new.unconfirmed:
        found["confirmed"] = sorted(old.unconfirmed - new.unconfirmed)
    return found


def _json(entry: Entry | None) -> dict[str, Any] | None:
    return entry.to_json() if entry else None
