"""What becomes of an assessment under another bank version; nothing is stored."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from assessments.evaluation import bank_of, evaluate, local_date
from assessments.models import Answer, Assessment, Evidence
from question_bank.engine.answers import AnswerSheet
from question_bank.engine.branching import Progress, progress, resolve
from question_bank.engine.definition import Bank
from question_bank.engine.migration import Carried, carry, renewal_map
from question_bank.engine.scorecard import Scorecard
from question_bank.engine.scoring import score
from question_bank.models import BankVersion
from question_bank.selectors import compiled_bank
from question_bank.versions import Route, route


@dataclass(frozen=True)
class Outlook:
    """An assessment seen under another version: what carries, what does not."""

    source: Assessment
    target: BankVersion
    route: Route
    answers: Mapping[str, Answer]
    files: Mapping[str, tuple[Evidence, ...]]
    carried: Carried
    bank_from: Bank
    bank_to: Bank

    @cached_property
    def scorecard(self) -> Scorecard:
        """What the carried answers alone are worth under the target."""
        return score(self.bank_to, self.carried.carried)

    @cached_property
    def progress(self) -> Progress:
        """How much of the target the carried answers cover."""
        sheet = self.carried.carried
        return progress(self.bank_to, sheet, resolve(self.bank_to, sheet))

    @property
    def unanswered(self) -> int:
        """How many questions of the target still have to be answered."""
        return len(self.progress.open) + len(self.progress.unknown)


def outlook(
    source: Assessment, target: BankVersion, *, at: datetime, way: Route | None = None
) -> Outlook:
    """Return what a move would do; three queries, whatever the number of answers.

    `way` is the map that leads to the target, where it is not the usual one. Raises
    NoRoute when none leads there.
    """
    way = way or route(source.bank_version, target)
    answers = {row.question: row for row in Answer.objects.filter(assessment=source)}
    files = _files(source)
    bank_from, bank_to = bank_of(source), compiled_bank(target.sha256)
    sheet = _sheet(source, answers.values(), files, as_of=local_date(at))
    remarked = {q for q, row in answers.items() if row.note or row.document}
    carried = carry(
        sheet,
        bank_from,
        bank_to,
        way.bank_map,
        remarked=frozenset(remarked | files.keys()),
    )
    return Outlook(source, target, way, answers, files, carried, bank_from, bank_to)


def renewal(
    source: Assessment, target: BankVersion, reopened: Collection[str], *, at: datetime
) -> Outlook:
    """Return what asking again would carry; `reopened` questions become hints."""
    bank_map = renewal_map(
        bank_of(source), compiled_bank(target.sha256), frozenset(reopened)
    )
    return outlook(source, target, at=at, way=Route(bank_map, None))


def _files(source: Assessment) -> dict[str, tuple[Evidence, ...]]:
    found: dict[str, list[Evidence]] = {}
    for file in Evidence.objects.filter(assessment=source).in_order():
        found.setdefault(file.question, []).append(file)
    return {question: tuple(rows) for question, rows in found.items()}


def _sheet(
    source: Assessment,
    answers: Iterable[Answer],
    files: Iterable[str],
    *,
    as_of: date,
) -> AnswerSheet:
    """Return the old sheet as of today: waiting periods go on running."""
    sheet = evaluate(source, answers, as_of=as_of, attached=files).sheet
    return AnswerSheet(
        answers=sheet.answers,
        as_of=as_of,
        strengths=sheet.strengths,
        facts=sheet.facts,
    )


def kept_answer(found: Outlook, question_id: str) -> dict[str, Any]:
    """Return all that was said to an old question, as a move keeps it."""
    row = found.answers.get(question_id)
    names = [file.name for file in found.files.get(question_id, ())]
    return {
        "old_question": question_id,
        "state": row.state if row else Answer.State.UNANSWERED,
        "value": row.value if row else None,
        "reason": row.reason if row else "",
        "note": row.note if row else "",
        "document": row.document if row else "",
        "files": names,
    }


def kept_hints(found: Outlook) -> list[dict[str, Any]]:
    """Return the hints with their old answers, as a move keeps them."""
    return [
        {
            "question": hint.question,
            "relation": hint.relation,
            **kept_answer(found, hint.source),
        }
        for hint in found.carried.hints
    ]


def kept_left_behind(found: Outlook) -> list[dict[str, Any]]:
    """Return the answers without a successor, as a move keeps them."""
    return [kept_answer(found, question) for question in found.carried.left_behind]
