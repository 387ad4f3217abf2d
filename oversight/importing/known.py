"""What the registers hold of the records an import names: one query each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.credit_code import normalise
from oversight.divisions import all_places
from oversight.importing.reading import Lists, Reading, folded
from oversight.importing.sheets import OUTSIDE
from oversight.models import (
    Certificate,
    CertificationBody,
    Recognition,
    RegisteredUnit,
    SeriesFigure,
)
from oversight.services.certificates import normalise_number


@dataclass(frozen=True)
class Known:
    """Records by what makes them unique; units also where they were taken out."""

    units: dict[str, RegisteredUnit]
    certificates: Mapping[tuple[str, UUID], Certificate]
    recognitions: Mapping[tuple[str, ...], Recognition]
    figures: Mapping[tuple[str, str], SeriesFigure]

    @classmethod
    def of(cls, reading: Reading) -> "Known":
        """Return what is known of everything a workbook names."""
        codes = _values(reading, "credit_code")
        return cls(
            units=_units(codes | _values(reading, "merged_into")),
            certificates=_certificates(
                {normalise_number(text) for text in _values(reading, "number")}
            ),
            recognitions=_recognitions(_values(reading, "document"), codes),
            figures=_figures(_values(reading, "indicator")),
        )


def import_lists() -> Lists:
    """Return what cells may name; one query."""
    bodies = {}
    for body in CertificationBody.objects.order_by("pk"):
        bodies[folded(body.name)] = body.pk
        if body.approval_number:
            bodies[folded(body.approval_number)] = body.pk
    divisions = {folded(words): "" for words in OUTSIDE.values()}
    for place in all_places():
        divisions[folded(place.code)] = place.code
        divisions |= {folded(name): place.code for name in place.names.values()}
    return Lists(bodies, divisions)


def _values(reading: Reading, key: str) -> set[str]:
    return {
        row.values[key]
        for rows in reading.rows.values()
        for row in rows
        if key in row.values
    }


def _units(codes: set[str]) -> dict[str, RegisteredUnit]:
    if not codes:
        return {}
    rows = RegisteredUnit.objects.filter(
        credit_code__in={normalise(code) for code in codes}
    )
    return {unit.credit_code: unit for unit in rows.select_related("latest")}


def _certificates(numbers: set[str]) -> dict[tuple[str, UUID], Certificate]:
    if not numbers:
        return {}
    rows = Certificate.objects.standing().filter(number__in=numbers)
    rows = rows.select_related("latest__holder", "in_force__holder")
    return {(row.number, row.body_id): row for row in rows}


def _recognitions(
    documents: set[str], codes: set[str]
) -> dict[tuple[str, ...], Recognition]:
    if not documents:
        return {}
    rows: Any = Recognition.objects.standing().filter(document__in=documents)
    rows = rows.filter(holder__credit_code__in=codes)
    rows = rows.select_related("holder", "latest__holder", "in_force__holder")
    return {
        (row.holder.credit_code, row.level, row.stage, row.name, row.document): row
        for row in rows
    }


def _figures(indicators: set[str]) -> dict[tuple[str, str], SeriesFigure]:
    if not indicators:
        return {}
    rows = SeriesFigure.objects.filter(indicator__in=indicators)
    return {(row.indicator, row.period): row for row in rows.select_related("latest")}
