"""What an agency reads of one assessment: the answers its mandate shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.mandate_scope import OWN, Scope
from assessments.evaluation import bank_of
from assessments.models import Answer, Assessment, Evidence
from assessments.scopes import scope_of, shown_answers, shown_evidence
from assessments.services.access import get_assessment
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.answering.words import answer_words
from question_bank.engine.definition import Bank, Question, Section
from reports.models import Report
from reports.selectors import reports_of
from reviews.services.coaching import record_visit


@dataclass(frozen=True)
class ReadQuestion:
    """One question with what was answered and the files one may download."""

    question: Question
    words: str
    answer: Answer | None
    files: tuple[Evidence, ...]


@dataclass(frozen=True)
class ReadSection:
    """A section within the scope."""

    section: Section
    questions: tuple[ReadQuestion, ...]


@login_required
@never_cache
@require_safe
@answers_refusals
def client_assessment(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the answers within the scope; nothing here can be changed."""
    who = person(request)
    assessment = get_assessment(who, assessment_id)
    scope = scope_of(who, assessment)
    if scope is OWN:
        return redirect("assessment", assessment.pk)
    if assessment.access_id is not None:
        return redirect("access-assessment", assessment.pk)
    ready = [r for r in reports_of(assessment) if r.state == Report.State.READY]
    context = {
        "assessment": assessment,
        "bank": bank_of(assessment),
        "scope": scope,
        "sections": read_sections(assessment, scope),
        "shows_result": scope.is_whole and not assessment.is_draft,
        "reports": ready if scope.report else [],
        "crumbs": (
            Link(reverse("home"), _("工作台")),
            Link(
                reverse("client", args=[assessment.mandate_id]),
                assessment.enterprise.name,
            ),
            Link(request.path, _("自评的回答"), current=True),
        ),
    }
    record_visit(person=who, enterprise=assessment.enterprise_id, at=timezone.now())
    return render(request, "mandates/client_assessment.html", context)


def read_sections(assessment: Assessment, scope: Scope) -> tuple[ReadSection, ...]:
    """Return the answers and files within the scope, by section."""
    return tuple(_sections(assessment, scope))


def _sections(assessment: Assessment, scope: Scope) -> Iterable[ReadSection]:
    bank = bank_of(assessment)
    answers = {row.question: row for row in shown_answers(assessment, scope)}
    files: dict[str, list[Evidence]] = {}
    for file in shown_evidence(assessment, scope):
        files.setdefault(file.question, []).append(file)
    for section in bank.sections:
        if scope.shows(section.id):
            rows = tuple(
                _row(bank, question, answers, files)
                for question in bank.section_questions(section.id)
                if question.id in answers or question.id in files
            )
            yield ReadSection(section, rows)


def _row(
    bank: Bank,
    question: Question,
    answers: dict[str, Answer],
    files: dict[str, list[Evidence]],
) -> ReadQuestion:
    answer = answers.get(question.id)
    words = answer_words(bank, question, answer)
    return ReadQuestion(question, words, answer, tuple(files.get(question.id, ())))
