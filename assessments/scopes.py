"""How much of an assessment a person sees: the scope of the door they came through.

Pages and endpoints ask `mandate_scope` before they show the content of an
assessment, or `whole_assessment` where the content can't be shown in parts.
"""

from collections.abc import Iterable
from uuid import UUID

from accounts.mandate_scope import OWN, Scope
from accounts.models import Mandate, NamedAccess
from accounts.querysets import Subject, person_id
from accounts.rules import may
from assessments.evaluation import bank_of
from assessments.models import Answer, Assessment, Evidence
from assessments.rules import ANSWERING_ROLES
from assessments.services.access import get_assessment
from backend.errors import NotFound


def mandate_scope(user: Subject, assessment: Assessment) -> Scope | None:
    """Return what `user` may see of the assessment now; None for nothing at all.

    Members see everything. An assessment that `visible_to` has just fetched as
    one's own costs no query.
    """
    if (person := person_id(user)) is None:
        return None
    if _is_fetched_as_own(assessment):
        return OWN
    if may(user, assessment.enterprise_id, *ANSWERING_ROLES):
        return OWN
    rows = Mandate.objects.opening_to(person).naming(assessment.pk)
    mandate = rows.filter(enterprise=assessment.enterprise_id).first()
    if mandate is None:
        return _named_scope(person, assessment)
    if assessment.is_draft and not mandate.drafts:
        return None
    scope: Scope = mandate.scope
    return scope


def _is_fetched_as_own(assessment: Assessment) -> bool:
    """Tell whether `visible_to` fetched it without anything that opened it."""
    columns = ("mandate_id", "access_id")
    return all(assessment.__dict__.get(name, ...) is None for name in columns)


def _named_scope(person: UUID, assessment: Assessment) -> Scope | None:
    """Return what a named access shows of an assessment; of drafts nothing."""
    rows = NamedAccess.objects.opening_to(person).naming(assessment.pk)
    access = rows.filter(enterprise=assessment.enterprise_id).first()
    if access is None or assessment.is_draft:
        return None
    scope: Scope = access.scope
    return scope


def scope_of(user: Subject, assessment: Assessment) -> Scope:
    """Return what `user` may see of the assessment; NotFound for nothing."""
    scope = mandate_scope(user, assessment)
    if scope is None:
        raise NotFound
    return scope


def whole_assessment(
    user: Subject, assessment_id: UUID, *, report: bool = False
) -> Assessment:
    """Return an assessment of which the person sees every section.

    Results, checks and reports speak of all sections at once. NotFound otherwise;
    with `report` also when the mandate shows no reports.
    """
    assessment = get_assessment(user, assessment_id)
    scope = scope_of(user, assessment)
    if not scope.is_whole or (report and not scope.report):
        raise NotFound
    return assessment


def shown_questions(assessment: Assessment, scope: Scope) -> frozenset[str]:
    """Return the ids of the questions the scope shows."""
    bank = bank_of(assessment)
    return frozenset(q.id for q in bank.questions if scope.shows(q.section))


def shown_answers(assessment: Assessment, scope: Scope) -> Iterable[Answer]:
    """Return the answers the scope shows, by question; one query."""
    rows = Answer.objects.filter(assessment=assessment).order_by("question")
    if scope.is_whole:
        return rows
    return rows.filter(question__in=shown_questions(assessment, scope))


def shown_evidence(assessment: Assessment, scope: Scope) -> Iterable[Evidence]:
    """Return the files the scope shows, by time; one query."""
    rows = Evidence.objects.filter(assessment=assessment).in_order()
    if not scope.evidence:
        return rows.none()
    if scope.is_whole:
        return rows
    return rows.filter(question__in=shown_questions(assessment, scope))
