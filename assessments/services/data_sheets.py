"""Save and confirm the enterprise data sheet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Organisation, User
from accounts.rules import may
from assessments.data_sheet_changes import (
    SheetChanges,
    applied,
    differences,
    in_words,
)
from assessments.data_sheets import (
    YearSheet,
    empty_or_carried,
    is_open_year,
    sheet_columns,
    sheet_from_row,
)
from assessments.evaluation import local_date
from assessments.models import DataSheet, DataSheetEvent
from assessments.rules import ANSWERING_ROLES
from backend.errors import (
    Conflict,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
)
from question_bank.engine.data_problems import SheetProblem

Action = DataSheetEvent.Action


class StaleSheet(PreconditionFailed):
    """Somebody else saved one of these values first.

    `extra` holds the current `revision` and, in `conflicts`, both values by slot.
    """


class NotReadyToConfirm(Conflict):
    """Errors, unexplained warnings or values carried over are in the way."""

    code = "not_ready_to_confirm"
    message = _("还有必须先处理的问题，暂不能确认数据表。")


class UnknownYear(NotFound):
    """There is no data sheet to fill in for that year."""

    code = "unknown_year"
    message = _("这一年度的数据表尚未开放，或已不能填写。")


def save_data_sheet(
    *,
    enterprise: Organisation,
    year: int,
    changes: SheetChanges,
    revision: int | None,
    actor: User,
    at: datetime,
) -> DataSheet:
    """Store the changes to the sheet of a year; the first save creates it.

    `revision` is the one the writer saw, 0 while there is no sheet. Two people may
    work on different figures at once: StaleSheet is raised only when a value to be
    saved was changed by somebody since that revision. The first save of a year takes
    over what last year's sheet says, to be confirmed. Raises PreconditionRequired,
    UnknownYear, NotFound (not the person's enterprise) or InvalidDataSheet.
    """
    if revision is None:
        raise PreconditionRequired
    if not is_open_year(year, local_date(at)):
        raise UnknownYear
    try:
        with transaction.atomic():
            row = _locked(actor, enterprise, year)
            if row is None:
                return _create(enterprise, year, changes, revision, actor, at)
            _require_current(row, revision, changes)
            return _change(row, changes, actor, at)
    except IntegrityError as error:
        # Two first saves at once: the other one made the sheet.
        raise StaleSheet(extra={"revision": 1, "conflicts": {}}) from error


def confirm_data_sheet(
    *,
    enterprise: Organisation,
    year: int,
    revision: int | None,
    actor: User,
    at: datetime,
) -> DataSheet:
    """Confirm the sheet as a whole; every later change takes it back.

    Raises NotFound, StaleSheet or NotReadyToConfirm (`extra["blockers"]` says why).
    """
    if revision is None:
        raise PreconditionRequired
    with transaction.atomic():
        row = _locked(actor, enterprise, year)
        if row is None:
            raise NotFound
        if row.revision != revision:
            raise StaleSheet(extra={"revision": row.revision, "conflicts": {}})
        found = YearSheet(
            year, row.revision, sheet_from_row(row), row, as_of=local_date(at)
        )
        if not found.can_be_confirmed:
            raise NotReadyToConfirm(extra={"blockers": _blockers(found)})
        row.confirmed_by, row.confirmed_at = actor, at
        _write(row, Action.CONFIRMED, {}, actor, at)
    return row


def _locked(actor: User, enterprise: Organisation, year: int) -> DataSheet | None:
    rows = DataSheet.objects.own_of(actor).select_related("enterprise")
    found = rows.filter(enterprise=enterprise, year=year)
    row: DataSheet | None = found.select_for_update(of=("self",)).first()
    return row


def _create(
    enterprise: Organisation,
    year: int,
    changes: SheetChanges,
    revision: int,
    actor: User,
    at: datetime,
) -> DataSheet:
    """Store the first revision: last year's figures, carried over, and the changes."""
    is_enterprise = enterprise.kind == Organisation.Kind.ENTERPRISE
    if not is_enterprise or not may(actor, enterprise, *ANSWERING_ROLES):
        raise NotFound
    if revision != 0:
        raise StaleSheet(extra={"revision": 0, "conflicts": {}})
    last = DataSheet.objects.own_of(actor).filter(enterprise=enterprise, year=year - 1)
    carried = empty_or_carried(last, year)
    sheet = applied(carried, changes)
    row = DataSheet(
        enterprise=enterprise, year=year, revision=0, created_at=at, updated_by=actor
    )
    for name, value in sheet_columns(sheet).items():
        setattr(row, name, value)
    _write(row, Action.CREATED, differences(carried, sheet), actor, at)
    return row


def _change(
    row: DataSheet, changes: SheetChanges, actor: User, at: datetime
) -> DataSheet:
    old = sheet_from_row(row)
    new = applied(old, changes)
    found = differences(old, new)
    if not found:
        return row
    for name, value in sheet_columns(new).items():
        setattr(row, name, value)
    row.confirmed_by = row.confirmed_at = None
    _write(row, Action.SAVED, found, actor, at)
    return row


def _require_current(row: DataSheet, revision: int, changes: SheetChanges) -> None:
    """Raise StaleSheet when a value to be saved changed after `revision`."""
    if revision == row.revision:
        return
    if revision > row.revision:
        raise StaleSheet(extra={"revision": row.revision, "conflicts": {}})
    later = DataSheetEvent.objects.filter(sheet=row, revision__gt=revision)
    touched = {name for event in later for name in event.changes}
    conflicts = {
        slot: {"current": row.values.get(slot), "yours": mine}
        for slot, mine in _wanted(changes).items()
        if slot in touched and row.values.get(slot) != mine
    }
    if changes.vetoes is not None and "vetoes" in touched:
        conflicts["vetoes"] = {"current": row.vetoes, "yours": None}
    if conflicts:
        raise StaleSheet(extra={"revision": row.revision, "conflicts": conflicts})


def _wanted(changes: SheetChanges) -> Mapping[str, dict[str, Any] | None]:
    return {
        slot: entry.to_json() if entry else None
        for slot, entry in changes.values.items()
    }


def _write(
    row: DataSheet,
    action: DataSheetEvent.Action,
    changes: dict[str, Any],
    actor: User,
    at: datetime,
) -> None:
    """Store the row with its next revision, its event and its line of audit."""
    is_new = row.revision == 0
    row.revision += 1
    row.updated_by, row.updated_at = actor, at
    row.save(force_insert=is_new, force_update=not is_new)
    DataSheetEvent.objects.create(
        sheet=row,
        revision=row.revision,
        action=action,
        changes=changes,
        actor=actor,
        at=at,
    )
    record(
        action=f"data_sheet.{action.value}",
        actor=actor,
        organisation=row.enterprise,
        subject=row,
        at=at,
        detail={"year": row.year, "revision": row.revision, "fields": sorted(changes)},
    )


def _blockers(found: YearSheet) -> list[dict[str, Any]]:
    problems = [*found.errors, *found.open_warnings]
    return [
        *(problem_json(problem) for problem in problems),
        *({"code": "unconfirmed", "slot": s} for s in sorted(found.sheet.unconfirmed)),
    ]


def problem_json(problem: SheetProblem) -> dict[str, Any]:
    """Return a problem as the API shows it, in the active language."""
    return {
        "severity": problem.severity,
        "code": problem.code,
        "key": problem.key,
        "slot": problem.slot,
        "field": problem.field,
        "year": problem.year,
        "message": in_words(problem.message),
    }
