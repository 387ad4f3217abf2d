"""What calibration counts: groups by score, band, answers and outcome; nothing finer.

As in `disclosure.cells`, the cells come from the question banks, never from the firms,
and every number shown is made of these cells after they were drawn. Two populations:

*pairs*, the first submission of a group in an edition with what became of it, and
*sheets*, its newest submission in an edition with the level of every answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from oversight.calibration.answer_patterns import Sheet, signs_of
from oversight.calibration.questions import TOP
from oversight.disclosure.cells import WORD, Cell, Tally
from oversight.disclosure.scheme import SCORES, UnknownCategory, score_class

ROOM = "calibration"
"""The first part of every cell's name, so that no draw is one of a snapshot's."""
YES, NO = "yes", "no"
OUTCOMES = (YES, NO)
LEVELS = tuple(str(level) for level in range(TOP + 1))
RESTS = ("0", "60", "80")
"""Lower ends, in per cent, of the classes of what the rest of a sheet earned."""
SHEETS = "sheets"
SIGNS = ("all_top_at_once", "straight_line", "too_quick")


@dataclass(frozen=True)
class Form:
    """What one edition asks: its bands from the best, its questions in order."""

    bank: str
    bands: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A group's first submission and whether a certificate came within twelve months.

    `group` names the controlling group, `key` is its secret number.
    """

    bank: str
    group: str
    key: int
    band: str
    score: Fraction | None
    certified: bool


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """The levels of a group's newest submission by question, and its seconds."""

    bank: str
    group: str
    key: int
    levels: Mapping[str, int]
    seconds: int | None


class Repeated(Exception):
    """A group speaks twice in one edition."""


def cells_of(form: Form) -> Iterator[Cell]:
    """Yield every cell of an edition, filled or not."""
    bank = form.bank
    for outcome in OUTCOMES:
        yield from ((ROOM, bank, "score", low, outcome) for low in SCORES)
        yield from ((ROOM, bank, "band", band, outcome) for band in form.bands)
    yield ROOM, bank, SHEETS
    yield from ((ROOM, bank, "sign", sign) for sign in SIGNS)
    for question in form.questions:
        yield from question_cells(bank, question)


def question_cells(bank: str, question: str) -> Iterator[Cell]:
    """Yield the cells of a question: by its level and what the rest earned."""
    for level in LEVELS:
        for rest in RESTS:
            yield ROOM, bank, "question", question, level, rest


def tally(
    forms: Sequence[Form], pairs: Iterable[Pair], sheets: Iterable[AnswerSheet]
) -> dict[Cell, Tally]:
    """Count groups in the cells of all editions.

    Raises UnknownCategory for a bank or band the forms do not know, and Repeated for
    a group that speaks twice.
    """
    counters = {form.bank: _Counter(form) for form in forms}
    for pair in pairs:
        _of(counters, pair.bank).add_pair(pair)
    for sheet in sheets:
        _of(counters, sheet.bank).add_sheet(sheet)
    found: dict[Cell, Tally] = {}
    for counter in counters.values():
        found |= counter.tallies()
    return found


def _of(counters: Mapping[str, "_Counter"], bank: str) -> "_Counter":
    if bank not in counters:
        raise UnknownCategory(bank)
    return counters[bank]


class _Counter:
    """Counts and key sums of one edition, kept flat: an answer costs one addition."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._cells = tuple(cells_of(form))
        self._places = {cell: place for place, cell in enumerate(self._cells)}
        self._questions = {
            question: self._places[next(question_cells(form.bank, question))]
            for question in form.questions
        }
        self._counts = [0] * len(self._cells)
        self._keys = [0] * len(self._cells)
        self._seen: tuple[set[str], set[str]] = (set(), set())

    def add_pair(self, pair: Pair) -> None:
        self._once(0, pair.group)
        outcome = YES if pair.certified else NO
        if pair.band:
            self._add(("band", pair.band, outcome), pair.key)
        if pair.score is not None:
            self._add(("score", score_class(pair.score), outcome), pair.key)

    def add_sheet(self, sheet: AnswerSheet) -> None:
        self._once(1, sheet.group)
        known = {q: n for q, n in sheet.levels.items() if q in self._questions}
        signs = signs_of(Sheet(tuple(known.values()), sheet.seconds))
        if signs is not None:
            self._add((SHEETS,), sheet.key)
            for sign, shown in zip(SIGNS, signs, strict=True):
                if shown:
                    self._add(("sign", sign), sheet.key)
        if len(known) > 1:
            self._add_answers(known, sheet.key)

    def _add_answers(self, levels: Mapping[str, int], key: int) -> None:
        others, total = len(levels) - 1, sum(levels.values())
        steps = [
            level * len(RESTS) + _rest(total - level, others)
            for level in range(TOP + 1)
        ]
        for question, level in levels.items():
            place = self._questions[question] + steps[level]
            self._counts[place] += 1
            self._keys[place] += key

    def _add(self, name: tuple[str, ...], key: int) -> None:
        place = self._places.get((ROOM, self._form.bank, *name))
        if place is None:
            raise UnknownCategory("/".join(name))
        self._counts[place] += 1
        self._keys[place] += key

    def _once(self, population: int, group: str) -> None:
        if group in self._seen[population]:
            raise Repeated
        self._seen[population].add(group)

    def tallies(self) -> dict[Cell, Tally]:
        return {
            cell: Tally(count, key % WORD)
            for cell, count, key in zip(
                self._cells, self._counts, self._keys, strict=True
            )
        }


def _rest(points: int, others: int) -> int:
    """Return the class of what the other answers earned together."""
    return sum(100 * points >= int(low) * TOP * others for low in RESTS[1:])
