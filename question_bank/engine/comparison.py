"""Two results side by side: question by question, clause by clause, section by section.

Nothing is scored here. Under one bank the stored scores are compared. Under two banks
only the questions that ask the same are, weighted as the later bank weighs them: scores
by different yardsticks say nothing about each other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from question_bank.engine.answers import Answer
from question_bank.engine.definition import Bank, Question
from question_bank.engine.migration import BankMap, MapEntry, Relation
from question_bank.engine.scorecard import ItemScore, Scorecard

Verdict: TypeAlias = Literal[
    "better", "worse", "same", "changed", "open", "not_compared", "new", "gone"
]


@dataclass(frozen=True)
class Judged:
    """A sheet's answers and what they were worth under their bank."""

    bank: Bank
    scorecard: Scorecard
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class QuestionChange:
    """One question then and now; `before` and `after` are lines of the two traces.

    `earlier` is None for a new question, `later` for one that is gone. Only `same`
    questions are judged: of the others it is said that they are not compared.
    """

    earlier: str | None
    later: str | None
    relation: Relation | None
    before: ItemScore | None
    after: ItemScore | None
    verdict: Verdict

    @property
    def difference(self) -> Fraction | None:
        """How many points (shares of 1) were gained; None where none are given."""
        if self.relation != "same" or self.before is None or self.after is None:
            return None
        if self.before.points is None or self.after.points is None:
            return None
        return self.after.points - self.before.points


@dataclass(frozen=True)
class PartChange:
    """A section or clause then and now, in points of 100; None is not scored.

    `compared` counts the questions the two figures rest on.
    """

    key: str
    before: Fraction | None
    after: Fraction | None
    evidenced_before: Fraction | None
    evidenced_after: Fraction | None
    compared: int

    @property
    def difference(self) -> Fraction | None:
        """How many points were gained; None unless there are two scores."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """What changed. `one_bank` says that the sections' scores are the stored ones."""

    one_bank: bool
    questions: tuple[QuestionChange, ...]
    sections: tuple[PartChange, ...]
    clauses: tuple[PartChange, ...]

    def count(self, verdict: Verdict) -> int:
        """Return how many questions have that verdict."""
        return sum(change.verdict == verdict for change in self.questions)


def compare(before: Judged, after: Judged, bank_map: BankMap) -> Comparison:
    """Return what changed from one result to a later one."""
    one_bank = before.bank.id == after.bank.id
    changes = (*_changes(before, after, bank_map), *_gone(before, after, bank_map))
    if one_bank:
        sections = tuple(_stored_sections(before, after))
        clauses = tuple(_stored_clauses(before, after))
    else:
        sections = tuple(_parts(after, changes, lambda q: q.section, _weighted(after)))
        clauses = tuple(_parts(after, changes, lambda q: q.clause, _leaves(after)))
    return Comparison(one_bank, changes, sections, clauses)


def _changes(
    before: Judged, after: Judged, bank_map: BankMap
) -> Iterator[QuestionChange]:
    """Yield a line for each question of the later bank and each that leads to it."""
    entries: dict[str, list[MapEntry]] = {}
    for entry in bank_map.entries:
        if entry.target is not None and entry.relation != "dropped":
            entries.setdefault(entry.target, []).append(entry)
    earlier, later = _trace(before), _trace(after)
    for question in after.bank.questions:
        item = later[question.id]
        known = [e for e in entries.get(question.id, []) if e.source in earlier]
        for entry in known:
            old = earlier[entry.source]
            if not (_is_silent(before, old) and _is_silent(after, item)):
                verdict = _verdict(entry, old, item, before, after)
                yield QuestionChange(
                    entry.source, question.id, entry.relation, old, item, verdict
                )
        if not known and not _is_silent(after, item):
            yield QuestionChange(None, question.id, None, None, item, "new")


def _gone(before: Judged, after: Judged, bank_map: BankMap) -> Iterator[QuestionChange]:
    """Yield what was answered and is asked no more."""
    followed = {
        entry.source
        for entry in bank_map.entries
        if entry.relation != "dropped"
        and entry.target is not None
        and after.bank.has_question(entry.target)
    }
    for item in before.scorecard.items:
        if item.question not in followed and item.question in before.answers:
            yield QuestionChange(item.question, None, None, item, None, "gone")


def _trace(judged: Judged) -> dict[str, ItemScore]:
    return {item.question: item for item in judged.scorecard.items}


def _is_silent(judged: Judged, item: ItemScore) -> bool:
    """Whether there is nothing to tell: not asked, or open and without points."""
    if item.state in ("hidden", "unknown"):
        return True
    return item.points is None and item.question not in judged.answers


def _verdict(
    entry: MapEntry, old: ItemScore, new: ItemScore, before: Judged, after: Judged
) -> Verdict:
    if entry.relation != "same":
        return "not_compared"
    if new.state == "unanswered":
        return "open"
    if old.points is None or new.points is None:
        said = before.answers.get(old.question) == after.answers.get(new.question)
        return "same" if said and old.state == new.state else "changed"
    then, now = _worth(old), _worth(new)
    if then == now:
        return "same"
    return "better" if now > then else "worse"


def _worth(item: ItemScore) -> tuple[Fraction, int, Fraction]:
    """Points first; level 4 is better than 3, and shown is better than said."""
    none = Fraction(0)
    return (item.points or none, item.level or 0, item.evidenced_points or none)


def _stored_sections(before: Judged, after: Judged) -> Iterator[PartChange]:
    then = {section.id: section for section in before.scorecard.sections}
    weighted = _weighted(after)
    for now in after.scorecard.sections:
        old = then.get(now.id)
        if now.id in weighted:
            yield PartChange(
                now.id,
                old.self_score if old else None,
                now.self_score,
                old.evidenced_score if old else None,
                now.evidenced_score,
                now.items,
            )


def _stored_clauses(before: Judged, after: Judged) -> Iterator[PartChange]:
    then = {clause.key: clause for clause in before.scorecard.clauses}
    leaves = frozenset(_leaves(after))
    for now in after.scorecard.clauses:
        old = then.get(now.key)
        if now.key in leaves and (now.items or (old and old.items)):
            yield PartChange(
                now.key,
                old.self_score if old else None,
                now.self_score,
                old.evidenced_score if old else None,
                now.evidenced_score,
                now.items,
            )


def _weighted(judged: Judged) -> tuple[str, ...]:
    return tuple(s.id for s in judged.bank.sections if s.weight > 0)


def _leaves(judged: Judged) -> tuple[str, ...]:
    return tuple(clause.key for clause in judged.bank.clauses if clause.leaf)


def _parts(
    after: Judged,
    changes: Iterable[QuestionChange],
    part_of: Callable[[Question], str | None],
    keys: tuple[str, ...],
) -> Iterator[PartChange]:
    """Yield the parts of the later bank by the questions that both banks ask."""
    groups: dict[str | None, list[QuestionChange]] = {}
    for change in changes:
        if change.difference is not None and change.later is not None:
            part = part_of(after.bank.question(change.later))
            groups.setdefault(part, []).append(change)
    for key in keys:
        yield _part(after.bank, key, groups.get(key, []))


def _part(bank: Bank, key: str, group: list[QuestionChange]) -> PartChange:
    then = [(_weight(bank, c), c.before) for c in group if c.before]
    now = [(_weight(bank, c), c.after) for c in group if c.after]
    return PartChange(
        key,
        _mean([(weight, item.points) for weight, item in then]),
        _mean([(weight, item.points) for weight, item in now]),
        _mean([(weight, item.evidenced_points) for weight, item in then]),
        _mean([(weight, item.evidenced_points) for weight, item in now]),
        len(group),
    )


def _weight(bank: Bank, change: QuestionChange) -> Fraction:
    return bank.question(str(change.later)).weight


def _mean(pairs: list[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    whole = sum((weight for weight, _points in pairs), Fraction(0))
    if not whole:
        return None
    worth = (weight * (points or 0) for weight, points in pairs)
    return 100 * sum(worth, Fraction(0)) / whole
