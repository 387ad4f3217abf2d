"""What a rule can come to, found by trying the small domains of the names it reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, islice, product
from math import prod
from typing import Any

from question_bank.engine.definition import Bank, Fact, Kind, Question, Tree
from question_bank.engine.language import names, nodes
from question_bank.engine.rule_types import AS_OF
from question_bank.engine.rules import (
    NA,
    UNKNOWN,
    Compiled,
    Outcome,
    compile_tree,
    normalised,
)
from question_bank.engine.values import parse_iso_date

MAX_TRIALS = 5000
MAX_STEPS = 1_000_000
_SOME_DAY = "2026-01-31"


@dataclass
class Trials:
    """How much may still be tried in a bank; a bank of ours needs a thousandth."""

    steps: int = MAX_STEPS

    def spent(self) -> bool:
        """Whether something could not be tried any more."""
        return self.steps < 0

    def allow(self, steps: int) -> bool:
        """Take steps from what is left; False when there are not enough."""
        self.steps -= steps
        return self.steps >= 0


def possible_outcomes(bank: Bank, tree: Tree, trials: Trials) -> set[Outcome] | None:
    """Return what a condition can come to when all it reads is known.

    Names under `answered`, `is_na` and `coalesce` are tried unanswered as well. None
    when there is too much to try.
    """
    read = names(tree)
    lenient = _leniently_read(tree)
    domains = []
    for name in read:
        domain = _domain(bank, name, tree)
        extra = (UNKNOWN, NA) if name in lenient else ()
        domains.append((*domain, *extra))
    count = prod(len(domain) for domain in domains)
    if count > MAX_TRIALS or not trials.allow(count * sum(1 for _ in nodes(tree))):
        return None
    compiled = compile_tree(tree)
    return {compiled(_env(read, values)) for values in product(*domains)}


def can_stay_unknown(bank: Bank, tree: Tree, trials: Trials) -> str | None:
    """Return a name that can leave a condition unknown although all is answered.

    A question is unread for good when it does not apply, is answered "not applicable",
    or may be left open. None when no such case was found.
    """
    involved = _involved(bank, tree)
    doubtful = [n for n in names(tree) if _may_be_unread(bank, n)]
    if not doubtful:
        return None
    domains = [_answers(bank, name, tree) for name in involved]
    conditions = _conditions(bank, involved)
    compiled = compile_tree(tree)
    for values in islice(product(*domains), MAX_TRIALS):
        if not trials.allow(len(values)):
            return None
        env = _settled(conditions, dict(zip(involved, values, strict=True)))
        if env is not None and compiled(env) is UNKNOWN:
            unread = [n for n in doubtful if env.get(n, NA) is NA]
            if unread:
                return unread[0]
    return None


def _conditions(bank: Bank, involved: list[str]) -> dict[str, Compiled]:
    conditions = {}
    for name in involved:
        question = _question_or_none(bank, name)
        if question and question.applies_when:
            conditions[name] = compile_tree(question.applies_when.tree)
    return conditions


def _settled(
    conditions: dict[str, Compiled], values: dict[str, Any]
) -> dict[str, Any] | None:
    """Return what can be read, None when a condition on the way is itself unknown.

    That condition is at fault then, and reported where it stands.
    """
    env: dict[str, Any] = {AS_OF: _SOME_DAY}
    for name, value in values.items():
        applies = conditions[name](env) if name in conditions else True
        if applies is UNKNOWN:
            return None
        if applies is True and value is not UNKNOWN:
            env[name] = value
    return env


def _env(read: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    env = {n: v for n, v in zip(read, values, strict=True) if v is not UNKNOWN}
    return {AS_OF: _SOME_DAY, **env}


def _question_or_none(bank: Bank, name: str) -> Question | None:
    return bank.question(name) if bank.has_question(name) else None


def _may_be_unread(bank: Bank, name: str) -> bool:
    question = _question_or_none(bank, name)
    if question is None:
        return False
    conditional = question.applies_when is not None
    return conditional or question.na.allowed or question.optional


def _involved(bank: Bank, tree: Tree) -> list[str]:
    """Return a rule's names and those of the conditions behind them, in order."""
    found: set[str] = set()
    waiting = list(names(tree))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        question = _question_or_none(bank, name)
        if question and question.applies_when:
            waiting.extend(names(question.applies_when.tree))
    facts = [fact.id for fact in bank.facts if fact.id in found]
    return facts + [q.id for q in bank.questions if q.id in found]


def _answers(bank: Bank, name: str, tree: Tree) -> tuple[Any, ...]:
    """Return what may be read for a name once it has been dealt with."""
    question = _question_or_none(bank, name)
    domain = _domain(bank, name, tree)
    if question is None:
        return domain
    na = (NA,) if question.na.allowed else ()
    left_open = (UNKNOWN,) if question.optional else ()
    # The unusual first: the trial ends at the first case found.
    return (*na, *left_open, *domain)


def _leniently_read(tree: Tree) -> set[str]:
    lenient = ("answered", "is_na", "coalesce")
    return {
        name for node in nodes(tree) if node[0] in lenient for name in names(node[1])
    }


def _domain(bank: Bank, name: str, tree: Tree) -> tuple[Any, ...]:
    question = _question_or_none(bank, name)
    source = question or _fact(bank, name)
    kind = source.type
    constants = _constants(tree)
    if kind is Kind.LEVEL:
        return tuple(float(level) for level in range(len(bank.scale.points)))
    if kind is Kind.YESNO:
        return (True, False)
    if kind in (Kind.NUMBER, Kind.CALCULATED):
        return _numbers(question, constants)
    if kind is Kind.DATE:
        return _dates(constants)
    codes = [choice.id for choice in source.choices]
    if kind is Kind.CHOICE:
        return tuple(codes)
    if kind is Kind.CHOICES:
        named = [code for code in codes if code in constants] or codes
        return _subsets(named)
    texts = [value for value in constants if isinstance(value, str)]
    return (*texts, "…")


def _fact(bank: Bank, name: str) -> Fact:
    return next(fact for fact in bank.facts if fact.id == name)


def _constants(tree: Tree) -> list[Any]:
    found: list[Any] = []
    for node in nodes(tree):
        if node[0] == "k":
            found.extend(node[1] if isinstance(node[1], tuple) else [node[1]])
    return found


def _numbers(question: Question | None, constants: list[Any]) -> tuple[float, ...]:
    """Return the numbers around which a comparison can turn."""
    marks = [0.0, 1.0, 2.0]
    for constant in constants:
        if isinstance(constant, int | float) and not isinstance(constant, bool):
            marks += [constant - 1.0, float(constant), constant + 1.0]
    low = question.min if question else None
    high = question.max if question else None
    marks += [float(end) for end in (low, high) if end is not None]
    return tuple(
        sorted(
            {
                mark
                for mark in marks
                if (low is None or mark >= low) and (high is None or mark <= high)
            }
        )
    )


def _dates(constants: list[Any]) -> tuple[str, ...]:
    days = {date.fromisoformat(_SOME_DAY) - timedelta(days=d) for d in (0, 1, 1000)}
    days |= {date.fromisoformat(_SOME_DAY) + timedelta(days=1)}
    for constant in constants:
        found = parse_iso_date(constant) if isinstance(constant, str) else None
        if found:
            days |= {found, found - timedelta(days=1), found + timedelta(days=1)}
        if isinstance(constant, int) and not isinstance(constant, bool):
            days |= {
                date.fromisoformat(_SOME_DAY) - timedelta(days=constant + shift)
                for shift in (-1, 0, 1)
                if abs(constant) < 100_000
            }
    return tuple(sorted(day.isoformat() for day in days))


def _subsets(codes: list[str]) -> tuple[Any, ...]:
    """Return all subsets of a few codes; of many only the small ones and the whole."""
    sizes = range(len(codes) + 1) if len(codes) <= 6 else (0, 1, 2, len(codes))
    return tuple(
        normalised(part) for size in sizes for part in combinations(codes, size)
    )
