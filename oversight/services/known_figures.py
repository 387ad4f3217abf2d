"""Enter the published figures that ship with the product, each with its source."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from oversight.counting.plans import KnownFigure
from oversight.entries import SeriesEntry
from oversight.models import SeriesFigure, Via
from oversight.plan_files import shipped_figures
from oversight.services.series import enter_figure

DIGITS = 6


def enter_known_figures(*, at: datetime) -> int:
    """Enter what has an indicator and no figure yet; return how many were entered."""
    held = set(SeriesFigure.objects.values_list("indicator", "period"))
    missing = [
        figure
        for figure in shipped_figures()
        if figure.indicator and (figure.indicator, figure.period) not in held
    ]
    for figure in missing:
        enter_figure(
            entry=_entry(figure),
            source=figure.source,
            via=Via.COMMAND,
            actor=None,
            at=at,
        )
    return len(missing)


def _entry(figure: KnownFigure) -> SeriesEntry:
    marked = "待核" if figure.certainty.to_verify else ""
    note = figure.note["zh"] if figure.note else ""
    return SeriesEntry(
        indicator=figure.indicator,
        period=figure.period,
        value=_decimal(figure.value),
        numerator=None if figure.numerator is None else _decimal(figure.numerator),
        denominator=(
            None if figure.denominator is None else _decimal(figure.denominator)
        ),
        denominator_of=figure.denominator_of,
        note="；".join(filter(None, (marked, note))),
    )


def _decimal(value: Fraction) -> Decimal:
    return round(Decimal(value.numerator) / value.denominator, DIGITS)
