"""The room of what the bureau sees."""

from collections.abc import Iterator

from django.apps import AppConfig

from backend.triggers import Event, Guard, never_changed

_CHANGES: tuple[Event, ...] = ("UPDATE", "DELETE")
_HISTORY = "the registers are append-only"
_REVISIONS = ("unit", "certificate", "recognition", "series")
_RECORDS = ("registeredunit", "certificate", "recognition", "seriesfigure")


def _in_sequence(noun: str) -> Guard:
    """Refuse a revision that does not follow the one before it, also in time."""
    table = f"oversight_{noun}revision"
    return Guard(
        f"{table}_sequence",
        table,
        "INSERT",
        "NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM "  # noqa: S608 - constants
        f"{table} r WHERE r.record_id = NEW.record_id AND r.seq = NEW.seq - 1 "
        "AND r.recorded_at <= NEW.recorded_at)",
        "a revision follows the one before it",
    )


def _by_a_second_person(noun: str) -> Guard:
    """Refuse that who entered a revision verifies it; commands have no person."""
    table = f"oversight_{noun}revision"
    return Guard(
        f"{table}_second_person",
        table,
        "INSERT",
        "NEW.verification = 'verified' AND NEW.recorded_by_id IS NOT NULL "  # noqa: S608 - constants
        f"AND NOT EXISTS (SELECT 1 FROM {table} r "
        "WHERE r.record_id = NEW.record_id AND r.seq = NEW.seq - 1 "
        "AND r.verification = 'pending' "
        "AND (r.recorded_by_id IS NULL OR r.recorded_by_id <> NEW.recorded_by_id))",
        "a second person verifies",
    )


def _guards() -> Iterator[Guard]:
    for noun in _REVISIONS:
        yield from never_changed(f"oversight_{noun}revision", _HISTORY)
        yield _in_sequence(noun)
    for noun in _RECORDS:
        table = f"oversight_{noun}"
        yield Guard(f"{table}_delete", table, "DELETE", "1 = 1", _HISTORY)
    yield from never_changed("oversight_registerfile", _HISTORY)
    yield from never_changed("oversight_titleequivalence", _HISTORY)
    yield from never_changed(
        "oversight_submittedfigures", "figures of a sealed assessment never change"
    )
    for table in ("oversight_snapshot", "oversight_snapshotledger"):
        yield from never_changed(table, "a snapshot never changes")
    for table in ("oversight_calibrationreport", "oversight_calibrationledger"):
        yield from never_changed(table, "a calibration never changes")
    yield from _bulletin_guards()
    yield _by_a_second_person("certificate")
    yield _by_a_second_person("recognition")
    yield Guard(
        "oversight_registeredunit_code",
        "oversight_registeredunit",
        "UPDATE",
        "OLD.credit_code <> NEW.credit_code",
        "a unit keeps its credit code",
    )
    yield Guard(
        "oversight_seriesfigure_key",
        "oversight_seriesfigure",
        "UPDATE",
        "OLD.indicator <> NEW.indicator OR OLD.period <> NEW.period",
        "a figure keeps its indicator and period",
    )
    yield Guard(
        "oversight_importbatch_update",
        "oversight_importbatch",
        "UPDATE",
        "OLD.sha256 <> NEW.sha256 OR OLD.key <> NEW.key OR OLD.state = 'undone' "
        "OR (OLD.state = 'applied' AND NEW.state <> 'undone') "
        "OR (OLD.state = 'checked' AND NEW.state <> 'applied')",
        "an import goes from checked to applied to undone",
    )
    yield Guard(
        "oversight_importbatch_delete",
        "oversight_importbatch",
        "DELETE",
        "OLD.state <> 'checked'",
        "an applied import is never deleted",
    )


def _bulletin_guards() -> Iterator[Guard]:
    for event in _CHANGES:
        yield Guard(
            f"oversight_bulletin_{event.lower()}",
            "oversight_bulletin",
            event,
            "OLD.state = 'issued'",
            "an issued bulletin never changes",
        )


class OversightConfig(AppConfig):
    """Registers, targets, counts, snapshots and what may be published of them."""

    name = "oversight"
    verbose_name = "监测"
    guards = tuple(_guards())

    def ready(self) -> None:
        """Listen for submitted assessments."""
        # Importing receivers needs the models, which are loaded only now.
        from oversight import receivers  # noqa: F401, PLC0415
