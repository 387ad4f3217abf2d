"""Enter figures other offices counted, and correct them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from oversight.entries import SeriesEntry
from oversight.faults import Fault, InvalidEntry, refuse
from oversight.models import Change, SeriesFigure, SeriesRevision, Via
from oversight.series_checks import series_faults
from oversight.services.recording import (
    NotStanding,
    Origin,
    first_revision,
    lock_record,
    next_revision,
    note,
    require_keeper,
    save_first,
    save_next,
)


class KnownFigure(InvalidEntry):
    """The indicator has a figure for this period already."""

    code = "known_figure"

    def __init__(self) -> None:
        message = _("这一指标在该时期已有数值，请更正原有数值。")
        super().__init__([Fault("period", message)])


def enter_figure(
    *, entry: SeriesEntry, source: str, via: Via, actor: User | None, at: datetime
) -> SeriesFigure:
    """Enter a figure with its source; holds at once.

    Raises Forbidden, InvalidEntry or KnownFigure.
    """
    require_keeper(actor)
    _require_valid(entry, source)
    origin = Origin(actor, at, via, source)
    try:
        with transaction.atomic():
            figure = _begun(entry, origin)
            note("series.entered", figure, origin)
    except IntegrityError as error:
        raise KnownFigure from error
    return figure


def correct_figure(
    *, figure_id: UUID, seq: int, entry: SeriesEntry, source: str, reason: str,
    via: Via, actor: User | None, at: datetime,
) -> SeriesFigure:  # fmt: skip
    """Record what the figure really is; indicator and period stay.

    Raises Forbidden, NotFound, StaleRecord, NotStanding or InvalidEntry.
    """
    require_keeper(actor)
    _require_valid(entry, source)
    if not reason.strip():
        raise InvalidEntry([Fault("reason", _("请写明更正或变化的理由。"))])
    origin = Origin(actor, at, via, source, reason)
    with transaction.atomic():
        figure = lock_record(SeriesFigure, figure_id, seq=seq, actor=actor)
        if not figure.is_standing:
            raise NotStanding
        next_revision(figure, Change.CORRECTED, series_contents(entry), origin)
        save_next(figure)
        note("series.corrected", figure, origin)
    return figure


def series_contents(entry: SeriesEntry) -> Mapping[str, Any]:
    """Return the columns of a revision."""
    return {
        "value": entry.value,
        "numerator": entry.numerator,
        "denominator": entry.denominator,
        "denominator_of": entry.denominator_of,
        "note": entry.note,
    }


def entry_of_figure(figure: SeriesFigure, revision: SeriesRevision) -> SeriesEntry:
    """Return what a revision says as an entry."""
    return SeriesEntry(
        indicator=figure.indicator,
        period=figure.period,
        value=revision.value,
        numerator=revision.numerator,
        denominator=revision.denominator,
        denominator_of=revision.denominator_of,
        note=revision.note,
    )


def begin_figure(figure: SeriesFigure, entry: SeriesEntry, origin: Origin) -> None:
    """Give an unsaved figure what the entry says; nothing is stored."""
    figure.indicator, figure.period = entry.indicator, entry.period
    first_revision(figure, series_contents(entry), origin)


def _begun(entry: SeriesEntry, origin: Origin) -> SeriesFigure:
    """Store a new figure, or bring back one that was taken out."""
    rows = SeriesFigure.objects.select_for_update(of=("self",))
    figure: SeriesFigure | None = rows.filter(
        indicator=entry.indicator, period=entry.period
    ).first()
    if figure is not None:
        if figure.is_standing:
            raise KnownFigure
        next_revision(figure, Change.ENTERED, series_contents(entry), origin)
        save_next(figure)
        return figure
    figure = SeriesFigure()
    begin_figure(figure, entry, origin)
    save_first(figure)
    return figure


def _require_valid(entry: SeriesEntry, source: str) -> None:
    faults = list(series_faults(entry))
    if not source.strip():
        faults.append(Fault("source", _("请写明数据来源。")))
    refuse(faults)
