"""What the lists of the registers may be filtered by."""

from datetime import date
from typing import Any

from django.db.models import Q
from rest_framework import serializers

from oversight.counting import facts
from oversight.filtering import (
    STATES,
    VERIFICATIONS,
    checked_as,
    holder_like,
    in_state,
)

FIRST_YEAR, LAST_YEAR = 2000, 2100


def _values(words: type) -> list[str]:
    return [item.value for item in words]  # type: ignore[attr-defined]


class _Filter(serializers.Serializer[Any]):
    """Everything may be left out."""

    q = serializers.CharField(required=False, max_length=120)
    division = serializers.CharField(required=False, max_length=20)


class UnitFilter(_Filter):
    """Units by name or credit code, and by where they are today."""


class HeldFilter(_Filter):
    """Records that are verified; `holder` is a credit code."""

    verification = serializers.ChoiceField(VERIFICATIONS, required=False)
    holder = serializers.CharField(required=False, max_length=40)
    year = serializers.IntegerField(
        required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )


class CertificateFilter(HeldFilter):
    """Certificates; `year` is that of issue."""

    state = serializers.ChoiceField(STATES, required=False)
    standard = serializers.ChoiceField(_values(facts.Standard), required=False)


class TitleFilter(HeldFilter):
    """Titles; `year` is that in which they were given."""

    level = serializers.ChoiceField(_values(facts.Level), required=False)
    title = serializers.ChoiceField(_values(facts.Title), required=False)
    stage = serializers.ChoiceField(_values(facts.Stage), required=False)


class FigureFilter(serializers.Serializer[Any]):
    """Figures; `period` is a year, quarter or month, or how it begins."""

    indicator = serializers.CharField(required=False, max_length=40)
    period = serializers.CharField(required=False, max_length=7)


def filtered_certificates(rows: Any, asked: dict[str, Any], today: date) -> Any:
    """Return the certificates that were asked for."""
    rows = in_state(_held(rows, asked), asked.get("state", ""), today)
    if "standard" in asked:
        rows = rows.filter(in_force__standard=asked["standard"])
    if "year" in asked:
        rows = rows.filter(in_force__issued_on__year=asked["year"])
    if "q" in asked:
        like = Q(number__icontains=asked["q"])
        rows = rows.filter(like | holder_like(asked["q"]))
    return rows


def filtered_titles(rows: Any, asked: dict[str, Any]) -> Any:
    """Return the titles that were asked for."""
    rows = _held(rows, asked)
    for name in ("level", "title", "stage"):
        if name in asked:
            rows = rows.filter(**{f"in_force__{name}": asked[name]})
    if "year" in asked:
        rows = rows.filter(in_force__since__year=asked["year"])
    if "q" in asked:
        like = Q(name__icontains=asked["q"]) | Q(document__icontains=asked["q"])
        rows = rows.filter(like | holder_like(asked["q"]))
    return rows


def filtered_units(rows: Any, asked: dict[str, Any]) -> Any:
    """Return the units that were asked for."""
    if "division" in asked:
        rows = rows.filter(division=asked["division"])
    if "q" in asked:
        like = Q(name__icontains=asked["q"]) | Q(credit_code__icontains=asked["q"])
        rows = rows.filter(like)
    return rows


def filtered_figures(rows: Any, asked: dict[str, Any]) -> Any:
    """Return the figures that were asked for."""
    if "indicator" in asked:
        rows = rows.filter(indicator__iexact=asked["indicator"])
    if "period" in asked:
        rows = rows.filter(period__startswith=asked["period"])
    return rows


def _held(rows: Any, asked: dict[str, Any]) -> Any:
    if "verification" in asked:
        rows = checked_as(rows, asked["verification"])
    if "division" in asked:
        rows = rows.filter(in_force__holder__division=asked["division"])
    if "holder" in asked:
        rows = rows.filter(in_force__holder__credit_code=asked["holder"])
    return rows
