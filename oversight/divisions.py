"""Divisions with their dates and successors, and who reports in which year.

Read once from the reference data beside this module; no query.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from oversight.counting import places

_FOLDER = Path(__file__).parent / "reference"


class Kind(StrEnum):
    """What a division is; overlays are tags and never report."""

    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"
    COUNTY_CITY = "county_city"
    ZONE = "zone"
    OVERLAY = "overlay"


@dataclass(frozen=True)
class Division:
    """A division from `since` until before `until`; None leaves an end open."""

    code: str
    kind: Kind
    names: Mapping[str, str]
    source: str
    certainty: str
    since: date | None = None
    until: date | None = None
    successor: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name in the active language."""
        return _in_words(self.names)

    @property
    def note(self) -> str:
        """What is uncertain about it, in the active language."""
        return _in_words(self.notes) if self.notes else ""

    def exists_on(self, day: date) -> bool:
        """Tell whether the division existed on a day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day < self.until)


@dataclass(frozen=True)
class ReportingYears:
    """Who reported for itself from one year to another."""

    first: int
    last: int | None
    units: tuple[str, ...]
    certainty: str
    notes: Mapping[str, str]

    @property
    def note(self) -> str:
        """What is uncertain about it, in the active language."""
        return _in_words(self.notes)

    def covers(self, year: int) -> bool:
        """Tell whether the list is that of a year."""
        return self.first <= year and (self.last is None or year <= self.last)


@cache
def divisions() -> Mapping[str, Division]:
    """Return every division that ever was, by code, in the order of the list."""
    data = _load("divisions.yaml")
    return {row["code"]: _division(row, data["sources"]) for row in data["divisions"]}


@cache
def reporting_years() -> tuple[ReportingYears, ...]:
    """Return the lists of reporting units, the earliest first."""
    return tuple(
        ReportingYears(
            first=row["from"],
            last=row["to"],
            units=tuple(row["units"]),
            certainty=row["certainty"],
            notes=row["note"],
        )
        for row in _load("reporting_units.yaml")["periods"]
    )


def reporting_units(year: int) -> tuple[Division, ...]:
    """Return who reports for itself in a year; nobody before the first list."""
    for years in reporting_years():
        if years.covers(year):
            return tuple(divisions()[code] for code in years.units)
    return ()


def places_on(day: date) -> tuple[Division, ...]:
    """Return where a unit could be on a day: districts, cities and zones."""
    return tuple(item for item in _places() if item.exists_on(day))


def all_places() -> tuple[Division, ...]:
    """Return wherever a unit could ever be."""
    return tuple(_places())


def current_division(code: str) -> str:
    """Return the code of the division a place belongs to by current boundaries."""
    return places.current_division(code, successors())


@cache
def successors() -> places.Successors:
    """Return which division took over the territory of each abolished one, by code."""
    return {
        code: division.successor
        for code, division in divisions().items()
        if division.successor
    }


def division_name(code: str) -> str:
    """Return the name of a division in the active language; the code if unknown."""
    found = divisions().get(code)
    return found.name if found else code


def _places() -> Iterator[Division]:
    for item in divisions().values():
        if item.kind not in (Kind.CITY, Kind.OVERLAY):
            yield item


def _division(row: Mapping[str, Any], sources: Mapping[str, str]) -> Division:
    return Division(
        code=row["code"],
        kind=Kind(row["kind"]),
        names=row["name"],
        source=sources[row["source"]],
        certainty=row["certainty"],
        since=row.get("since"),
        until=row.get("until"),
        successor=row.get("successor", ""),
        notes=row.get("note", {}),
    )


def _load(name: str) -> Any:
    return yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))


def _in_words(texts: Mapping[str, str]) -> str:
    language = (get_language() or "zh-hans")[:2]
    return texts.get(language) or texts["zh"]
