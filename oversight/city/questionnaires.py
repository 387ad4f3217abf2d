"""How the model city answers: questions with a difficulty and a discrimination.

The graded response model (Samejima 1969): who has the ability θ answers at least
level k with the probability 1 / (1 + exp(−a (θ − b − s_k))), where a tells how well
the question discriminates, b how hard it is and s_k how much harder level k is. A few
questions have a = 0 on purpose: whoever analyses questions must find them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from oversight.city.chances import logistic, stream
from oversight.counting.facts import Standard

LEVELS = 5
LEVEL_STEPS = (-2.0, -0.9, 0.2, 1.4)
"""What levels 1 to 4 ask beyond the question's difficulty."""

GRID = 16
"""Abilities are told apart in steps of one sixteenth, from −4 to 6."""
LOWEST, HIGHEST = -4.0, 6.0

USELESS_EVERY = 24
"""Every 24th question discriminates nothing."""

CLAUSES = {
    Standard.ENTERPRISE_2013: (
        "SYS-GEN*3 DOC-GEN*2 DOC-MAN DOC-CTRL DOC-EXT*2 MR-COMM MR-POL*2 REV-REQ "
        "MR-LAW*2 MR-OBJ*2 MR-ORG*2 MR-COM*2 MR-REP*2 RES-PEO*2 RES-TRN*2 RES-CON*2 "
        "RES-ENT RES-EXIT RES-INC RES-INFO*2 RES-FIN*2 BAS-ACQ*4 BAS-MNT*3 USE-LIC*2 "
        "USE-FIN USE-ALL PRO-RISK*3 PRO-DIS PRO-EXP*2 BAS-CTR*3 BAS-SEC*3 OP-PRJ*2 "
        "OP-RD*2 OP-PUR*2 OP-PRD*2 OP-SAL*3 AUD-GEN AUD-INT*2 AUD-IMP*2"
    ),
    Standard.ENTERPRISE_2023: (
        "CTX-OBL*2 CTX-SCOPE*2 CTX-SYS LEAD-COM*2 LEAD-CUL LEAD-POL*2 LEAD-ROLE*2 "
        "PLAN-GEN*2 PLAN-OBJ*2 PLAN-CHG SUP-RES*3 SUP-COMP*3 SUP-AWA*2 SUP-COM "
        "SUP-DOC*3 OP-CTL*2 BASE-ACQ-PAT*4 BASE-ACQ-TM BASE-ACQ-CR BASE-ACQ-TS*2 "
        "BASE-MNT-LED*3 BASE-MNT-VAL*2 BASE-USE-EXP BASE-USE-LIC*2 BASE-PRO-INF*3 "
        "BASE-PRO-ENF BASE-PRO-SEC*4 BIZ-HR*3 BIZ-RD*3 BIZ-PUR*2 BIZ-PRD*2 BIZ-SAL*3 "
        "BIZ-CTR*3 COMP-REV COMP-SPK COMP-TP COMP-INV PERF-GEN PERF-ANA*2 PERF-IA*3 "
        "PERF-MR*2 IMP-GEN IMP-NC*3 IMP-CI"
    ),
}
"""Clauses of the banks with their number of model questions."""


@dataclass(frozen=True)
class Question:
    """A question of the model: of a clause, so hard, telling so much."""

    id: str
    clause: str
    difficulty: float
    discrimination: float


@dataclass(frozen=True)
class Questionnaire:
    """The questions of one edition, asked in order."""

    standard: Standard
    questions: tuple[Question, ...]
    _tables: dict[int, tuple[bytes, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def answer(self, chance: Random, ability: float) -> bytes:
        """Return a level from 0 to 4 for each question."""
        held = min(max(ability, LOWEST), HIGHEST)
        tables = self._tables_at(round(held * GRID))
        drawn = chance.randbytes(len(tables))
        return bytes([table[byte] for table, byte in zip(tables, drawn, strict=True)])

    def score(self, levels: bytes) -> float:
        """Return the share of all points, 0 to 100."""
        return 100 * sum(levels) / ((LEVELS - 1) * len(levels))

    def gaps(self, levels: bytes) -> tuple[str, ...]:
        """Return the clauses with an answer below level 2, weakest first."""
        weak = sorted((level, place) for place, level in enumerate(levels) if level < 2)
        found = (self.questions[place].clause for _level, place in weak)
        return tuple(dict.fromkeys(found))

    def _tables_at(self, step: int) -> tuple[bytes, ...]:
        if step not in self._tables:
            ability = step / GRID
            self._tables[step] = tuple(_table(q, ability) for q in self.questions)
        return self._tables[step]


def _table(question: Question, ability: float) -> bytes:
    """Return the level for each of 256 equally likely draws."""
    a, b = question.discrimination, question.difficulty
    cuts = [
        round(256 * (1 - logistic((a or 1) * ((ability if a else 0) - b - step))))
        for step in LEVEL_STEPS
    ]
    runs = zip([0, *cuts], [*cuts, 256], strict=True)
    return b"".join(bytes([k]) * (end - start) for k, (start, end) in enumerate(runs))


def model_questionnaires(seed: int) -> tuple[Questionnaire, ...]:
    """Return the model's questions of both editions."""
    return tuple(
        questionnaire(seed, standard, clauses_of(text))
        for standard, text in CLAUSES.items()
    )


def clauses_of(text: str) -> Iterable[str]:
    """Yield "A" and "B", "B" of "A B*2"."""
    for word in text.split():
        clause, _star, times = word.partition("*")
        yield from [clause] * int(times or 1)


def questionnaire(
    seed: int, standard: Standard, clauses: Iterable[str]
) -> Questionnaire:
    """Return a questionnaire with one question for each clause named."""
    chance = stream(seed, "questions", standard)
    questions: list[Question] = []
    seen: dict[str, int] = {}
    for place, clause in enumerate(clauses, start=1):
        seen[clause] = seen.get(clause, 0) + 1
        useless = place % USELESS_EVERY == 0
        questions.append(
            Question(
                id=f"{clause}-{seen[clause]}",
                clause=clause,
                difficulty=chance.gauss(0, 0.7),
                discrimination=0.0 if useless else 0.8 + 1.2 * chance.random(),
            )
        )
    return Questionnaire(standard, tuple(questions))


def of_standard(
    questionnaires: Sequence[Questionnaire], standard: Standard
) -> Questionnaire:
    """Return the questionnaire of an edition."""
    return next(q for q in questionnaires if q.standard is standard)
