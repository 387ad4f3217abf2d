"""The worked example of docs/scoring.md: 33 items in seven chapters, one N/A."""

from fractions import Fraction

from question_bank.engine.answers import (
    Answer,
    Answered,
    AnswerSheet,
    NotApplicable,
    NotOccurred,
)
from question_bank.engine.definition import (
    Bank,
    Mandatory,
    NaPolicy,
    Question,
    Strength,
)
from tests.engine.builders import AS_OF, bank, gate, question, sheet, yesno

SECTIONS = {"C4": 8, "C5": 12, "C6": 10, "C7": 18, "C8": 36, "C9": 10, "C10": 6}

# (question, section, weight, critical, level or other answer, strength of evidence)
ITEMS: tuple[tuple[str, str, int, bool, int | Answer, Strength], ...] = (
    ("context", "C4", 2, False, 3, "attached"),
    ("parties", "C4", 2, False, 3, "named"),
    ("scope", "C4", 3, True, 3, "attached"),
    ("system", "C4", 2, False, 2, "named"),
    ("obligations", "C4", 3, True, 2, "named"),
    ("commitment", "C5", 3, True, 3, "attached"),
    ("culture", "C5", 2, False, 2, "said"),
    ("policy", "C5", 2, False, 3, "attached"),
    ("roles", "C5", 3, True, 3, "attached"),
    ("risks", "C6", 3, True, 2, "named"),
    ("objectives", "C6", 3, False, 2, "attached"),
    ("changes", "C6", 1, False, 1, "said"),
    ("resources", "C7", 2, False, 3, "attached"),
    ("ownership", "C7", 3, True, 2, "attached"),
    ("training", "C7", 2, False, 3, "attached"),
    ("awareness", "C7", 2, False, 2, "said"),
    ("communication", "C7", 1, False, 3, "named"),
    ("documents", "C7", 3, True, 3, "attached"),
    ("acquisition", "C8", 3, True, 3, "attached"),
    ("maintenance", "C8", 3, True, 3, "attached"),
    ("licensing", "C8", 2, False, NotOccurred(3), "attached"),
    ("monitoring", "C8", 2, False, 1, "said"),
    ("secrets", "C8", 3, True, 2, "named"),
    ("projects", "C8", 3, True, 3, "attached"),
    ("purchasing", "C8", 2, False, 2, "named"),
    ("outsourcing", "C8", 2, False, NotApplicable("没有委外生产"), "said"),
    ("sales", "C8", 2, False, 3, "named"),
    ("review_and_reports", "C8", 3, True, 1, "said"),
    ("measurement", "C9", 2, False, 2, "named"),
    ("audit", "C9", 3, True, 2, "attached"),
    ("management_review", "C9", 3, True, 0, "said"),
    ("correction", "C10", 3, True, 2, "named"),
    ("improvement", "C10", 1, False, 3, "named"),
)

FIRST_REPAIR = (
    "management_review",
    "audit",
    "review_and_reports",
    "obligations",
    "monitoring",
    "risks",
)
SECOND_REPAIR = (*FIRST_REPAIR, "objectives")


def example_bank() -> Bank:
    """Return the bank of the example: each item is the only one of its clause."""
    questions = [_item(*item[:4]) for item in ITEMS]
    questions.append(yesno("review_done", "GATES"))
    return bank(
        {**SECTIONS, "GATES": 0},
        questions,
        gates=(gate("gate_review", "review_done = 是"),),
    )


def _item(name: str, section: str, weight: int, critical: bool) -> Question:
    return question(
        name,
        section,
        clauses=(f"{section}-{name}",),
        weight=weight,
        mandatory=Mandatory(2) if critical else None,
        event_based=name == "licensing",
        na=NaPolicy(allowed=name == "outsourcing"),
    )


def example_sheet(repaired: tuple[str, ...] = ()) -> AnswerSheet:
    """Return the sheet of the example; repaired items conform, with evidence."""
    answers = {
        name: Answered(3) if name in repaired else answer
        for name, _, _, _, answer, _ in ITEMS
    }
    strengths = {
        name: "attached" if name in repaired else strength
        for name, _, _, _, _, strength in ITEMS
    }
    answers["review_done"] = Answered("management_review" in repaired)
    return sheet(answers, AS_OF, strengths=strengths)


EXPECTED_SECTIONS = {
    "C4": (Fraction(10, 12), Fraction(48, 60)),
    "C5": (Fraction(92, 100), Fraction(92, 100)),
    "C6": (Fraction(38, 70), Fraction(38, 70)),
    "C7": (Fraction(110, 130), Fraction(108, 130)),
    "C8": (Fraction(160, 220), Fraction(156, 220)),
    "C9": (Fraction(3, 8), Fraction(3, 8)),
    "C10": (Fraction(28, 40), Fraction(26, 40)),
}
