"""Rows of an import as entries; an empty cell changes nothing that is known."""

from dataclasses import replace
from datetime import date
from typing import Any

from oversight.counting.facts import (
    CertificateState,
    Issue,
    Level,
    Presence,
    Stage,
    Standard,
    StateChange,
    Title,
)
from oversight.entries import (
    CertificateEntry,
    Holder,
    RecognitionEntry,
    SeriesEntry,
    UnitEntry,
)
from oversight.importing.reading import Row
from oversight.stored import FormerName

CERTIFICATE_COLUMNS = {
    "holder": "credit_code",
    "holder_since": "credit_code",
    "states": "state_on",
}
RECOGNITION_COLUMNS = {"holder": "credit_code", "holder_since": "credit_code"}
UNIT_COLUMNS = {"presences": "since", "former_names": "since"}
"""Which column a fault of an entry's field is shown at; others have its name."""


def holder_of(row: Row) -> Holder:
    """Return the holder a row names."""
    get = row.values.get
    return Holder(
        row.values["credit_code"],
        get("holder_name", ""),
        get("holder_division", ""),
    )


def certificate_of(row: Row, known: CertificateEntry | None) -> CertificateEntry:
    """Return the certificate a row speaks of, on the ground of what is known."""
    values = row.values
    entry = CertificateEntry(
        number=values["number"],
        body=values["body"],
        holder=holder_of(row),
        standard=Standard(values["standard"]),
        issue=Issue(values["issue"]),
        first_issued_on=values["first_issued_on"],
        issued_on=values["issued_on"],
        expires_on=values["expires_on"],
        scope=values.get("scope", known.scope if known else ""),
        group_holder=values.get("group_holder", known.group_holder if known else ""),
        states=known.states if known else (),
    )
    return _with_state(entry, row)


def _with_state(entry: CertificateEntry, row: Row) -> CertificateEntry:
    """Add the state of the row unless it is the last one known."""
    if not (text := row.values.get("state")):
        return entry
    state = CertificateState(text)
    last = entry.states[-1].state if entry.states else CertificateState.VALID
    if state == last:
        return entry
    on = row.values.get("state_on") or entry.issued_on
    change = StateChange(state, on, document=row.values.get("state_document", ""))
    return replace(entry, states=(*entry.states, change))


def recognition_of(row: Row, known: RecognitionEntry | None) -> RecognitionEntry:
    """Return the title a row speaks of, on the ground of what is known."""
    values = row.values

    def kept(key: str, empty: Any) -> Any:
        return values.get(key, getattr(known, key) if known else empty)

    return RecognitionEntry(
        holder=holder_of(row),
        level=Level(values["level"]),
        title=Title(values["title"]),
        stage=Stage(values["stage"]),
        name=values["name"],
        document=values["document"],
        since=values["since"],
        round=kept("round", ""),
        term_ends_on=kept("term_ends_on", None),
        reviews=known.reviews if known else (),
        ended_on=kept("ended_on", None),
        end_reason=kept("end_reason", ""),
        vetoed_on=known.vetoed_on if known else None,
    )


def unit_of(row: Row, known: UnitEntry | None, today: date) -> UnitEntry:
    """Return the unit a row speaks of: a move ends a presence, a name a name."""
    values = row.values
    entry = known or UnitEntry(values["credit_code"], values.get("name", ""))
    since: date | None = values.get("since")
    name = values.get("name", entry.name)
    if known and name != known.name:
        former = FormerName(known.name, since or today)
        entry = replace(entry, name=name, former_names=(*entry.former_names, former))
    return replace(
        entry,
        presences=_moved(entry, row, since),
        deregistered_on=values.get("deregistered_on", entry.deregistered_on),
        merged_into=values.get("merged_into", entry.merged_into),
    )


def _moved(entry: UnitEntry, row: Row, since: date | None) -> tuple[Presence, ...]:
    if "division" not in row.values:
        return entry.presences or (Presence("", since),)
    division = row.values["division"]
    if not entry.presences:
        return (Presence(division, since),)
    *before, last = entry.presences
    if last.division == division:
        return entry.presences
    return (*before, replace(last, until=since), Presence(division, since))


def figure_of(row: Row) -> SeriesEntry:
    """Return the figure a row speaks of."""
    get = row.values.get
    return SeriesEntry(
        indicator=row.values["indicator"],
        period=row.values["period"],
        value=row.values["value"],
        numerator=get("numerator"),
        denominator=get("denominator"),
        denominator_of=get("denominator_of", ""),
        note=get("note", ""),
    )
