"""Reads for screens, reports and the API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal
from uuid import UUID

from accounts.querysets import Subject
from assessments.evaluation import (
    Evaluation,
    bank_of,
    evaluate,
    evaluate_stored,
    local_date,
)
from assessments.models import Answer, AnswerEvent, Assessment, Evidence
from question_bank.engine.branching import is_asked, waiting_for
from question_bank.engine.definition import (
    Bank,
    Department,
    Localized,
    Question,
    Section,
)
from question_bank.engine.planning import Plan
from question_bank.engine.scorecard import Scorecard
from question_bank.paging import Layout, Page, layout
from question_bank.planning import plan_apart

Status = Literal["done", "started", "open", "unknown", "nothing"]


@dataclass(frozen=True)
class AssessmentRow:
    """One assessment in a list."""

    id: UUID
    bank: str
    title: Localized
    edition: str
    version: str
    status: str
    created_at: datetime
    submitted_at: datetime | None
    band: str
    band_title: Localized | None


@dataclass(frozen=True)
class Tally:
    """How much of a part is done; `unknown` depends on earlier questions."""

    done: int
    total: int
    unknown: int = 0

    @property
    def status(self) -> Status:
        """The part's state in one word."""
        if self.total == 0:
            return "unknown" if self.unknown else "nothing"
        if self.done == self.total and not self.unknown:
            return "done"
        return "started" if self.done else "open"

    @property
    def open(self) -> int:
        """How many questions still have to be answered."""
        return self.total - self.done

    @property
    def percent(self) -> int:
        """Whole per cent done, 100 when there is nothing to do."""
        return 100 if not self.total else self.done * 100 // self.total


@dataclass(frozen=True)
class TaskRow:
    """One answering page in the task list."""

    page: Page
    tally: Tally


@dataclass(frozen=True)
class TaskSection:
    """A section with its pages."""

    section: Section
    tally: Tally
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True)
class DepartmentTasks:
    """What one department has to answer: pages with its questions."""

    department: Department
    tally: Tally
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True)
class TaskList:
    """The whole of an assessment as work to do."""

    assessment: Assessment
    bank: Bank
    tally: Tally
    sections: tuple[TaskSection, ...]
    departments: tuple[DepartmentTasks, ...]
    next_page: Page | None


@dataclass(frozen=True)
class QuestionView:
    """One question on its answering page."""

    question: Question
    state: str
    answer: Answer | None
    evidence: tuple[Evidence, ...]
    waits_for: tuple[Question, ...]

    @property
    def revision(self) -> int:
        """The revision a save must be based on; 0 when never answered."""
        return self.answer.revision if self.answer else 0


@dataclass(frozen=True)
class AnswerPage:
    """One answering page with everything on it."""

    assessment: Assessment
    bank: Bank
    page: Page
    questions: tuple[QuestionView, ...]
    tally: Tally
    whole: Tally
    previous: Page | None
    next: Page | None
    evaluation: Evaluation


@dataclass(frozen=True)
class Result:
    """A sealed assessment: the stored scorecard and the plan derived from it."""

    assessment: Assessment
    bank: Bank
    scorecard: Scorecard
    plan: Plan


def assessment_rows(user: Subject) -> list[AssessmentRow]:
    """Return the assessments the person may see, newest first; one query."""
    found = Assessment.objects.visible_to(user).light().newest_first()
    return [
        _row(assessment)
        for assessment in found.select_related("bank_version").defer(
            "scorecard", "bank_version__document"
        )
    ]


def _row(assessment: Assessment) -> AssessmentRow:
    version, bank = assessment.bank_version, bank_of(assessment)
    band = assessment.band
    return AssessmentRow(
        id=assessment.pk,
        bank=bank.id,
        title=bank.title,
        edition=version.edition,
        version=version.version,
        status=assessment.status,
        created_at=assessment.created_at,
        submitted_at=assessment.submitted_at,
        band=band,
        band_title=bank.band(band).title if band else None,
    )


def task_list(assessment: Assessment, *, at: datetime) -> TaskList:
    """Return the work to do; two queries."""
    evaluation = evaluate_stored(assessment, at=at)
    bank = evaluation.bank
    pages = layout(bank)
    tallies = {page.key: tally(evaluation, page.questions) for page in pages.pages}
    return TaskList(
        assessment=assessment,
        bank=bank,
        tally=whole_tally(evaluation),
        sections=tuple(
            _task_section(evaluation, s, pages, tallies) for s in bank.sections
        ),
        departments=tuple(_departments(evaluation, pages)),
        next_page=_next_page(pages, tallies),
    )


def whole_tally(evaluation: Evaluation) -> Tally:
    """Return how much of the whole assessment is done."""
    found = evaluation.progress
    return Tally(found.done, found.total, len(found.unknown))


def tally(evaluation: Evaluation, questions: Iterable[Question]) -> Tally:
    """Return how much of `questions` is done."""
    questions = tuple(questions)
    # Nothing can be submitted while even an optional question is unknown.
    unknown = {q.id for q in questions}.intersection(evaluation.progress.unknown)
    ids = {question.id for question in questions if is_asked(question)}
    total = ids.intersection(evaluation.applicability.applicable)
    still_open = total.intersection(evaluation.progress.open)
    return Tally(len(total) - len(still_open), len(total), len(unknown))


def _task_section(
    evaluation: Evaluation,
    section: Section,
    pages: Layout,
    tallies: Mapping[str, Tally],
) -> TaskSection:
    rows = tuple(
        TaskRow(page, tallies[page.key])
        for page in pages.pages
        if page.section.id == section.id
    )
    questions = evaluation.bank.section_questions(section.id)
    return TaskSection(section, tally(evaluation, questions), rows)


def _departments(evaluation: Evaluation, pages: Layout) -> Iterable[DepartmentTasks]:
    for department in evaluation.bank.departments:
        rows = tuple(_rows_of(evaluation, pages, department.id))
        if rows:
            done = sum(row.tally.done for row in rows)
            total = sum(row.tally.total for row in rows)
            unknown = sum(row.tally.unknown for row in rows)
            yield DepartmentTasks(department, Tally(done, total, unknown), rows)


def _rows_of(
    evaluation: Evaluation, pages: Layout, department: str
) -> Iterable[TaskRow]:
    """Yield the pages on which the department answers first, with its own tally."""
    for page in pages.pages:
        own = [q for q in page.questions if q.departments[:1] == (department,)]
        if own:
            yield TaskRow(page, tally(evaluation, own))


def _next_page(pages: Layout, tallies: Mapping[str, Tally]) -> Page | None:
    for page in pages.pages:
        # A page can be "started" with nothing to answer: what is left on it waits.
        if tallies[page.key].done < tallies[page.key].total:
            return page
    return None


def answer_page(assessment: Assessment, key: str, *, at: datetime) -> AnswerPage | None:
    """Return one answering page, None when the bank has no such page; two queries."""
    bank = bank_of(assessment)
    pages = layout(bank)
    if key not in pages.by_key:
        return None
    page = pages.by_key[key]
    answers = list(Answer.objects.filter(assessment=assessment))
    files = list(Evidence.objects.filter(assessment=assessment).in_order())
    evaluation = evaluate(
        assessment,
        answers,
        as_of=local_date(at),
        attached=(file.question for file in files),
    )
    previous, following = _neighbours(pages, key, evaluation)
    return AnswerPage(
        assessment=assessment,
        bank=bank,
        page=page,
        questions=tuple(_views(evaluation, page, answers, files)),
        tally=tally(evaluation, page.questions),
        whole=whole_tally(evaluation),
        previous=previous,
        next=following,
        evaluation=evaluation,
    )


def _neighbours(
    pages: Layout, key: str, evaluation: Evaluation
) -> tuple[Page | None, Page | None]:
    """Return the pages before and after `key` that have anything on them."""

    def has_questions(page: Page) -> bool:
        states = (evaluation.applicability.state(q.id) for q in page.questions)
        return page.key == key or any(state != "hidden" for state in states)

    shown = [page for page in pages.pages if has_questions(page)]
    here = shown.index(pages.by_key[key])
    before = shown[here - 1] if here else None
    return before, shown[here + 1] if here + 1 < len(shown) else None


def earlier_revision(
    assessment: Assessment, question_id: str, revision: int
) -> AnswerEvent | None:
    """Return what a question's answer was at `revision`, None before the first."""
    found: AnswerEvent | None = AnswerEvent.objects.filter(
        assessment=assessment, question=question_id, revision=revision
    ).first()
    return found


def stored_answers(assessment: Assessment) -> dict[str, Answer]:
    """Return the answers as they stand, by question; one query."""
    rows = Answer.objects.filter(assessment=assessment)
    return {row.question: row for row in rows}


def _views(
    evaluation: Evaluation,
    page: Page,
    answers: Iterable[Answer],
    files: Iterable[Evidence],
) -> Iterable[QuestionView]:
    stored = {answer.question: answer for answer in answers}
    attached: dict[str, list[Evidence]] = {}
    for file in files:
        attached.setdefault(file.question, []).append(file)
    bank = evaluation.bank
    for question in page.questions:
        state = evaluation.applicability.state(question.id)
        sources: tuple[Question, ...] = ()
        if state == "unknown":
            ids = waiting_for(bank, question.id, evaluation.sheet)
            sources = tuple(bank.question(source) for source in ids)
        yield QuestionView(
            question=question,
            state=state,
            answer=stored.get(question.id),
            evidence=tuple(attached.get(question.id, ())),
            waits_for=sources,
        )


def result(assessment: Assessment) -> Result:
    """Return the sealed result; the stored scorecard is shown, never a new one."""
    stored = assessment.scorecard or {}
    bank = bank_of(assessment)
    return Result(
        assessment=assessment,
        bank=bank,
        scorecard=Scorecard.from_json(stored),
        plan=_plan(assessment.pk, assessment.answers_sha256),
    )


@lru_cache(maxsize=64)
def _plan(assessment_id: UUID, _answers_sha256: str) -> Plan:
    """Plan the repair of a sealed assessment: its answers never change again."""
    assessment = Assessment.objects.get(pk=assessment_id)
    evaluation = evaluate_stored(assessment, at=_day_start(assessment))
    return plan_apart(evaluation.bank, evaluation.sheet)


def _day_start(assessment: Assessment) -> datetime:
    if assessment.submitted_at is None:
        raise ValueError("only a submitted assessment has a result")
    return assessment.submitted_at
