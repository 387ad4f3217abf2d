"""What an import would add and change: records ready to be stored, none stored.

A dry run shows the plan, applying stores it; both make it the same way. Whatever the
number of rows, each register is asked once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from assessments.local_day import local_date
from oversight.certificate_checks import certificate_faults, certificate_warnings
from oversight.entries import Holder
from oversight.faults import Fault
from oversight.importing.entries import (
    CERTIFICATE_COLUMNS,
    RECOGNITION_COLUMNS,
    UNIT_COLUMNS,
    certificate_of,
    figure_of,
    recognition_of,
    unit_of,
)
from oversight.importing.known import Known
from oversight.importing.reading import CellFault, Reading, Row
from oversight.models import (
    Certificate,
    Change,
    Recognition,
    RegisteredUnit,
    SeriesFigure,
)
from oversight.recognition_checks import recognition_faults, recognition_warnings
from oversight.series_checks import series_faults, series_warnings
from oversight.services import certificates, recognitions, series, units
from oversight.services.recording import (
    Origin,
    base_of,
    first_revision,
    next_revision,
)
from oversight.unit_checks import holder_faults, unit_faults

MOST_LINES = 100
TWICE = _("表中第 {row} 行已经有同一条记录。")


@dataclass(frozen=True)
class Line:
    """One record the import touches: new, or with the columns that differ."""

    place: str
    title: str
    is_new: bool
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass
class Part:
    """What becomes of one register."""

    added: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    same: int = 0

    def counts(self) -> dict[str, int]:
        """Return how many records are added, changed and left as they are."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "same": self.same,
        }


@dataclass
class Plan:
    """Records ready to be stored, by register; faults forbid storing any."""

    parts: dict[type, Part]
    faults: list[CellFault]
    more_faults: int
    lines: list[Line] = field(default_factory=list)
    warnings: list[CellFault] = field(default_factory=list)
    more_warnings: int = 0

    def counts(self) -> dict[str, dict[str, int]]:
        """Return what becomes of each register that is touched."""
        return {
            model.__name__.lower(): part.counts()
            for model, part in self.parts.items()
            if any(part.counts().values())
        }

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to store."""
        return not any(part.added or part.changed for part in self.parts.values())


def plan_import(reading: Reading, origin: Origin) -> Plan:
    """Return what the rows would add and change; nothing is stored."""
    planner = _Planner(reading, origin)
    for row in reading.sound("units"):
        planner.unit(row)
    for row in reading.sound("certificates"):
        planner.certificate(row)
    for row in reading.sound("recognitions"):
        planner.recognition(row)
    for row in reading.sound("series"):
        planner.figure(row)
    planner.plan.faults.sort(key=lambda fault: fault.sheet)
    planner.plan.more_faults = reading.more
    return planner.plan


class _Planner:
    """Goes through the rows with what the registers know."""

    def __init__(self, reading: Reading, origin: Origin) -> None:
        self.known = Known.of(reading)
        self.plan = Plan(
            {
                model: Part()
                for model in (RegisteredUnit, Certificate, Recognition, SeriesFigure)
            },
            reading.faults,
            reading.more,
        )
        self._reading = reading
        self._origin = origin
        self._today: date = local_date(origin.at)
        self._seen: dict[Any, int] = {}

    def unit(self, row: Row) -> None:
        """Plan a row of the units' sheet."""
        code = row.values["credit_code"]
        unit = self.known.units.get(code)
        before = None
        if unit is not None and unit.is_standing:
            before = units.entry_of_unit(code, unit.latest)
        entry = units.cleaned(unit_of(row, before, self._today))
        faults = [*unit_faults(entry, self._today)]
        if before and entry.presences != before.presences and "since" not in row.values:
            faults.append(Fault("since", _("单位变更时，请填写变更日期。")))
        if self._faulty(row, faults, UNIT_COLUMNS, ("unit", code)):
            return
        contents = units.unit_contents(entry)
        if unit is None:
            unit = self.known.units[code] = RegisteredUnit()
            units.begin_unit(unit, entry, self._origin)
        elif before and self._is_same(RegisteredUnit, unit.latest, contents):
            return
        else:
            self._line(row, unit.latest if before else None, contents, entry.name)
            change = Change.CORRECTED if before else Change.ENTERED
            next_revision(unit, change, contents, self._origin)
            units.place_today(unit, entry, self._today)
            self.plan.parts[RegisteredUnit].changed.append(unit)
            return
        self._line(row, None, contents, entry.name)
        self.plan.parts[RegisteredUnit].added.append(unit)

    def certificate(self, row: Row) -> None:
        """Plan a row of the certificates' sheet."""
        number = certificates.normalise_number(row.values["number"])
        key = (number, row.values["body"])
        found = self.known.certificates.get(key)
        base = base_of(found) if found else None
        before = certificates.entry_of_certificate(base) if base else None
        entry = certificates.cleaned(certificate_of(row, before))
        faults = [
            *certificate_faults(entry, self._today),
            *self._holder_faults(entry.holder),
        ]
        if row.values.get("state") not in (None, "valid") and not row.values.get(
            "state_on"
        ):
            faults.append(Fault("state_on", _("填写状态时，请填写状态日期。")))
        if self._faulty(row, faults, CERTIFICATE_COLUMNS, key):
            return
        self._warn(row, certificate_warnings(entry), CERTIFICATE_COLUMNS)
        contents = certificates.certificate_contents(entry, self._holder(entry.holder))
        self._record(Certificate, found, base, contents, row, number)

    def recognition(self, row: Row) -> None:
        """Plan a row of the titles' sheet."""
        draft = recognitions.cleaned(recognition_of(row, None))
        code = draft.holder.credit_code
        key = (code, draft.level, draft.stage, draft.name, draft.document)
        found = self.known.recognitions.get(key)
        base = base_of(found) if found else None
        before = recognitions.entry_of_recognition(base) if base else None
        entry = recognitions.cleaned(recognition_of(row, before))
        faults = [
            *recognition_faults(entry, self._today),
            *self._holder_faults(entry.holder),
        ]
        if self._faulty(row, faults, RECOGNITION_COLUMNS, key):
            return
        self._warn(row, recognition_warnings(entry), RECOGNITION_COLUMNS)
        holder = self._holder(entry.holder)
        contents = recognitions.recognition_contents(entry, holder)
        self._record(Recognition, found, base, contents, row, entry.name)

    def figure(self, row: Row) -> None:
        """Plan a row of the figures' sheet."""
        entry = figure_of(row)
        key = (entry.indicator, entry.period)
        if self._faulty(row, series_faults(entry), {}, key):
            return
        self._warn(row, series_warnings(entry), {})
        figure = self.known.figures.get(key)
        base = figure.latest if figure and figure.is_standing else None
        contents = {**series.series_contents(entry), "source": row.values["source"]}
        title = f"{entry.indicator} {entry.period}"
        self._record(SeriesFigure, figure, base, contents, row, title)

    def _record(
        self,
        model: type,
        found: Any,
        base: Any,
        contents: Mapping[str, Any],
        row: Row,
        title: str,
    ) -> None:
        """Plan a new record, its next revision, or nothing when it says the same."""
        if base is not None and self._is_same(model, base, contents):
            return
        self._line(row, base, contents, title)
        part = self.plan.parts[model]
        if found is None:
            record = model(**_identity(model, row))
            first_revision(record, contents, self._origin)
            part.added.append(record)
            return
        change = Change.CORRECTED if base is not None else Change.ENTERED
        next_revision(found, change, contents, self._origin)
        part.changed.append(found)

    def _is_same(self, model: type, base: Any, contents: Mapping[str, Any]) -> bool:
        same = all(getattr(base, name) == value for name, value in contents.items())
        self.plan.parts[model].same += same
        return same

    def _holder_faults(self, holder: Holder) -> Iterable[Fault]:
        unit = self.known.units.get(holder.credit_code)
        is_known = unit is not None and unit.is_standing
        return holder_faults(holder, is_known=is_known, today=self._today)

    def _holder(self, holder: Holder) -> RegisteredUnit:
        """Return the unit of a holder; a new one becomes part of the plan."""
        unit = self.known.units.get(holder.credit_code)
        if unit is not None and unit.is_standing:
            return unit
        part = self.plan.parts[RegisteredUnit]
        entry = units.cleaned(units.unit_of_holder(holder))
        if unit is None:
            unit = self.known.units[holder.credit_code] = RegisteredUnit()
            units.begin_unit(unit, entry, self._origin)
            part.added.append(unit)
        else:
            contents = units.unit_contents(entry)
            next_revision(unit, Change.ENTERED, contents, self._origin)
            units.place_today(unit, entry, self._today)
            part.changed.append(unit)
        return unit

    def _faulty(
        self, row: Row, faults: Iterable[Fault], columns: Mapping[str, str], key: Any
    ) -> bool:
        """Note what is wrong with a row, also that it was there before."""
        found = [*faults]
        if first := self._seen.get(key):
            text = format_lazy(TWICE, row=first)
            found.append(Fault(row.sheet.columns[0].key, text))
        self._seen.setdefault(key, row.number + 1)
        for fault in found:
            place = columns.get(fault.field, fault.field)
            self._reading.add(row.fault(place, fault.message))
        return bool(found)

    def _warn(
        self, row: Row, warnings: Iterator[Fault], columns: Mapping[str, str]
    ) -> None:
        for fault in warnings:
            if len(self.plan.warnings) < MOST_LINES:
                place = columns.get(fault.field, fault.field)
                self.plan.warnings.append(row.fault(place, fault.message))
            else:
                self.plan.more_warnings += 1

    def _line(
        self, row: Row, base: Any, contents: Mapping[str, Any], title: str
    ) -> None:
        if len(self.plan.lines) >= MOST_LINES:
            return
        place = row.fault(row.sheet.columns[0].key, "").place
        changes = () if base is None else tuple(_changes(base, contents))
        self.plan.lines.append(Line(place, title, base is None, changes))


def _identity(model: type, row: Row) -> dict[str, Any]:
    if model is SeriesFigure:
        return {name: row.values[name] for name in ("indicator", "period")}
    return {}


def _changes(base: Any, contents: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, value in contents.items():
        old = getattr(base, name)
        if old != value:
            yield name, _shown(old), _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(
            " ".join(str(text) for text in item.values() if text) for item in value
        )
    return "" if value is None else str(value)
