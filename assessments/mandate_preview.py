"""What a mandate would show: exactly this, told to the owner before granting."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.mandate_scope import Scope
from accounts.models import Organisation
from assessments.evaluation import bank_of
from assessments.models import Answer, Assessment, DataSheet, Evidence
from backend.errors import Invalid
from question_bank.engine.definition import Bank, Localized
from question_bank.selectors import offered_banks


@dataclass(frozen=True)
class ShownAssessment:
    """One assessment as a mandate shows it."""

    id: UUID
    title: Localized
    edition: str
    status: str
    created_at: datetime
    submitted_at: datetime | None
    sections: tuple[Localized, ...]
    answers: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """Everything there is now that a scope shows."""

    assessments: tuple[ShownAssessment, ...]
    years: tuple[int, ...]


def preview(enterprise: Organisation, scope: Scope) -> Preview:
    """Return what the scope shows of the enterprise now; at most five queries."""
    rows = list(shown_assessments(enterprise, scope))
    answers = _by_assessment(
        Answer.objects.filter(assessment__in=rows)
        .exclude(state=Answer.State.UNANSWERED)
        .values_list("assessment_id", "question")
    )
    files = _files(rows) if scope.evidence else {}
    return Preview(
        assessments=tuple(
            _shown(row, scope, answers.get(row.pk, []), files.get(row.pk, []))
            for row in rows
        ),
        years=tuple(_years(enterprise)) if scope.data_sheet else (),
    )


def shown_assessments(enterprise: Organisation, scope: Scope) -> Iterable[Assessment]:
    """Return the assessments of the enterprise within the scope, newest first."""
    rows = Assessment.objects.filter(enterprise=enterprise).light()
    if scope.assessments is not None:
        rows = rows.filter(pk__in=scope.assessments)
    if not scope.drafts:
        rows = rows.filter(status=Assessment.Status.SUBMITTED)
    rows = rows.select_related("bank_version").newest_first()
    return rows.defer("scorecard", "bank_version__document")


def checked_scope(enterprise: Organisation, scope: Scope) -> Scope:
    """Return the scope if what it names exists; Invalid otherwise."""
    if scope.assessments is not None:
        own = Assessment.objects.filter(enterprise=enterprise)
        if own.filter(pk__in=scope.assessments).count() != len(scope.assessments):
            problem = _("所选的自评不存在。")
            raise Invalid(problem, fields={"assessments": problem})
    known = {section_id for section_id, _title in section_choices(enterprise)}
    if scope.sections is not None and not scope.sections <= known:
        problem = _("所选的部分不存在。")
        raise Invalid(problem, fields={"sections": problem})
    return scope


def section_choices(enterprise: Organisation) -> list[tuple[str, Localized]]:
    """Return the sections one may name: of the banks in use and of those offered."""
    rows = Assessment.objects.filter(enterprise=enterprise).light()
    banks = {bank_of(row).sha256: bank_of(row) for row in rows.order_by("created_at")}
    banks |= {bank.sha256: bank for bank in offered_banks()}
    return _sections_of(banks.values())


def offered_sections() -> list[tuple[str, Localized]]:
    """Return the sections of the banks offered: says nothing of any enterprise."""
    return _sections_of(offered_banks())


def _sections_of(banks: Iterable[Bank]) -> list[tuple[str, Localized]]:
    found: dict[str, Localized] = {}
    for bank in banks:
        for section in bank.sections:
            found.setdefault(section.id, _named(bank, section.title))
    return list(found.items())


def _named(bank: Bank, title: Localized) -> Localized:
    return {key: f"{bank.edition} {text}" for key, text in title.items()}


def _shown(
    row: Assessment,
    scope: Scope,
    answers: list[str],
    files: list[tuple[str, str]],
) -> ShownAssessment:
    bank = bank_of(row)
    shown = {q.id for q in bank.questions if scope.shows(q.section)}
    counted = Counter(question in shown for question in answers)
    return ShownAssessment(
        id=row.pk,
        title=bank.title,
        edition=row.bank_version.edition,
        status=row.status,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        sections=tuple(s.title for s in bank.sections if scope.shows(s.id)),
        answers=counted[True],
        files=tuple(name for question, name in files if question in shown),
    )


def _by_assessment(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for assessment_id, question in pairs:
        found.setdefault(assessment_id, []).append(question)
    return found


def _files(rows: list[Assessment]) -> dict[UUID, list[tuple[str, str]]]:
    found: dict[UUID, list[tuple[str, str]]] = {}
    for file in Evidence.objects.filter(assessment__in=rows).in_order():
        found.setdefault(file.assessment_id, []).append((file.question, file.name))
    return found


def _years(enterprise: Organisation) -> list[int]:
    sheets = DataSheet.objects.filter(enterprise=enterprise).newest_first()
    return list(sheets.values_list("year", flat=True))
