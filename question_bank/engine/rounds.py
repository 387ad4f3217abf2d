"""What a round decides over all its applicants together: line, rank and quota.

Nobody knows it before the round: the engine never guesses a grade for one enterprise
alone. Ties are never split: who has the same score has the same grade, and a quota that
would cut through a tie nominates none of those tied.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from question_bank.engine.definition import Round

Grade: TypeAlias = Literal["excellent", "passed", "failed"]


@dataclass(frozen=True)
class Entry:
    """An applicant of the round; `barred` by a gate or a veto."""

    id: str
    district: str
    score: Fraction
    barred: bool = False


@dataclass(frozen=True)
class Decision:
    """An applicant's grade, shared rank (1, 1, 3) and whether it is nominated."""

    id: str
    grade: Grade
    rank: int
    nominated: bool


def decide(
    rules: Round, line: Fraction, entries: Iterable[Entry]
) -> tuple[Decision, ...]:
    """Return the decision on every entry, best first.

    The excellent are the best `excellent_share` of all graded, ties included only if
    they fit whole; the barred are graded failed and take no place.
    """
    ordered = sorted(entries, key=lambda e: (e.barred, -e.score, e.id))
    open_entries = [entry for entry in ordered if not entry.barred]
    passed = [entry for entry in open_entries if entry.score >= line]
    share = rules.excellent_share
    places = int(share * len(open_entries)) if share is not None else 0
    excellent = {entry.id for entry in _best(passed, places)}
    nominated = _nominated(rules, passed, len(open_entries))
    return tuple(
        Decision(
            id=entry.id,
            grade=_grade(entry, line, excellent),
            rank=1 + sum(other.score > entry.score for other in open_entries)
            if not entry.barred
            else len(open_entries) + 1,
            nominated=entry.id in nominated,
        )
        for entry in ordered
    )


def _grade(entry: Entry, line: Fraction, excellent: set[str]) -> Grade:
    if entry.barred or entry.score < line:
        return "failed"
    return "excellent" if entry.id in excellent else "passed"


def _best(ordered: Sequence[Entry], places: int) -> Sequence[Entry]:
    """Return at most `places` entries from the top without splitting a tie."""
    if places >= len(ordered):
        return ordered
    taken = list(ordered[:places])
    while taken and taken[-1].score == ordered[places].score:
        taken = [entry for entry in taken if entry.score != ordered[places].score]
    return taken


def _nominated(rules: Round, passed: list[Entry], graded: int) -> set[str]:
    chosen: Sequence[Entry] = passed
    if rules.district_quota is not None:
        districts = Counter(entry.district for entry in passed)
        kept: set[str] = set()
        for district in districts:
            mine = [entry for entry in passed if entry.district == district]
            kept |= {entry.id for entry in _best(mine, rules.district_quota)}
        chosen = [entry for entry in passed if entry.id in kept]
    limits = [rules.quota] if rules.quota is not None else []
    if rules.quota_share is not None:
        limits.append(int(rules.quota_share * graded))
    return {entry.id for entry in _best(chosen, min(limits, default=len(chosen)))}
