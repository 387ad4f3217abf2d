"""What is open, contradictory or weak before the answers are sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from assessments.evaluation import Evaluation
from assessments.models import Answer, Assessment
from question_bank.engine.answers import Answered, DontKnow
from question_bank.engine.branching import compiled, waiting_for
from question_bank.engine.definition import Kind, Localized, Question

Remark = Literal[
    "open",
    "unknown",
    "contradiction",
    "to_confirm",
    "weak",
    "unproven",
    "dont_know",
    "na_share",
]


@dataclass(frozen=True)
class CheckItem:
    """One thing to look at; `questions` are where it can be mended.

    `explained` contradictions carry a note of the respondent and do not block.
    """

    remark: Remark
    questions: tuple[Question, ...]
    text: Localized | None = None
    explained: bool = False


@dataclass(frozen=True)
class Check:
    """Everything found, and what of it blocks the submission."""

    items: tuple[CheckItem, ...]

    def of(self, *remarks: Remark) -> tuple[CheckItem, ...]:
        """Return the items with one of `remarks`."""
        return tuple(item for item in self.items if item.remark in remarks)

    @property
    def blockers(self) -> tuple[CheckItem, ...]:
        """What is unknown, carried but not confirmed, or contradictory unexplained."""
        found = self.of("unknown", "to_confirm", "contradiction")
        return tuple(item for item in found if not item.explained)

    def blockers_json(self) -> list[dict[str, Any]]:
        """Return the blockers as the API shows them."""
        return [item_json(item) for item in self.blockers]


def item_json(item: CheckItem) -> dict[str, Any]:
    """Return one item as the API shows it."""
    return {
        "remark": item.remark,
        "questions": [question.id for question in item.questions],
        "text": dict(item.text) if item.text else None,
        "explained": item.explained,
    }


def check(assessment: Assessment, evaluation: Evaluation) -> Check:
    """Look through the sheet; one query for notes and what is to be confirmed."""
    rows = Answer.objects.filter(assessment=assessment).exclude(
        note="", to_confirm=False
    )
    marks = list(rows.values_list("question", "note", "to_confirm"))
    noted = frozenset(question for question, note, _waits in marks if note)
    waiting = frozenset(question for question, _note, waits in marks if waits)
    return Check(
        (
            *_open_items(evaluation),
            *_carried_items(evaluation, waiting),
            *_check_items(evaluation, noted),
            *_weak_claims(evaluation),
        )
    )


def _open_items(evaluation: Evaluation) -> Iterator[CheckItem]:
    bank = evaluation.bank
    for question_id in evaluation.progress.unknown:
        sources = waiting_for(bank, question_id, evaluation.sheet)
        questions = (question_id, *sources)
        yield CheckItem("unknown", tuple(bank.question(q) for q in questions))
    for question_id in evaluation.progress.open:
        yield CheckItem("open", (bank.question(question_id),))


def _carried_items(
    evaluation: Evaluation, waiting: frozenset[str]
) -> Iterator[CheckItem]:
    """Yield carried answers nobody has looked at, of the questions that are asked."""
    for question_id in evaluation.applicability.applicable:
        if question_id in waiting:
            yield CheckItem("to_confirm", (evaluation.bank.question(question_id),))


def _check_items(evaluation: Evaluation, noted: frozenset[str]) -> Iterator[CheckItem]:
    bank = evaluation.bank
    values = evaluation.applicability.values
    for rule, is_wrong in compiled(bank).checks:
        if is_wrong(values) is True:
            yield CheckItem(
                rule.kind,
                tuple(bank.question(question) for question in rule.questions),
                rule.text,
                explained=bool(noted.intersection(rule.questions)),
            )


def _weak_claims(evaluation: Evaluation) -> Iterator[CheckItem]:
    """High levels that nothing proves yet, and what somebody has to find out."""
    sheet, bank = evaluation.sheet, evaluation.bank
    conforming = bank.scale.conforming_level
    for question_id in evaluation.applicability.applicable:
        question = bank.question(question_id)
        answer = sheet.get(question_id)
        if isinstance(answer, DontKnow):
            yield CheckItem("dont_know", (question,))
        elif (
            question.type == Kind.LEVEL
            and isinstance(answer, Answered)
            and answer.value >= conforming
            and question_id not in sheet.strengths
        ):
            yield CheckItem("unproven", (question,))
