"""Random banks and sheets for the invariants."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from question_bank.engine.answers import (
    Answer,
    Answered,
    AnswerSheet,
    DontKnow,
    NotApplicable,
    NotOccurred,
)
from question_bank.engine.definition import (
    STRENGTHS,
    Bank,
    Kind,
    Mandatory,
    NaPolicy,
    Question,
)
from tests.engine.builders import AS_OF, bank, question, yesno

_WEIGHTS = st.sampled_from(
    [Fraction(1), Fraction(2), Fraction(3), Fraction(1, 2), Fraction(7, 3)]
)
_SECTION_WEIGHTS = st.sampled_from([Fraction(8), Fraction(12), Fraction(5, 2)])


@st.composite
def rules(draw: Any, names: list[tuple[str, Kind]], *, lenient: bool) -> str:
    """Return the text of a rule over earlier questions."""
    parts = []
    for _ in range(draw(st.integers(1, 2))):
        name, kind = draw(st.sampled_from(names))
        if kind is Kind.YESNO:
            part = f"{name} = {draw(st.sampled_from(['yes', 'no']))}"
        else:
            part = f"{name} >= {draw(st.integers(1, 4))}"
        if lenient and draw(st.booleans()):
            fallback = "no" if kind is Kind.YESNO else "2"
            part = part.replace(name, f"coalesce({name}, {fallback})")
        parts.append(draw(st.sampled_from([part, f"not {part}"])))
    return draw(st.sampled_from([" and ", " or "])).join(parts)


@st.composite
def level_questions(draw: Any, name: str, section: str, rule: str | None) -> Question:
    optional = draw(st.integers(0, 5)) == 0
    critical = not optional and draw(st.integers(0, 3)) == 0
    return question(
        name,
        section,
        clauses=(f"{section}-{draw(st.integers(1, 2))}",),
        weight=0 if optional else draw(_WEIGHTS),
        modality="optional" if optional else "required",
        mandatory=Mandatory(
            draw(st.integers(1, 3)),
            cap=draw(st.sampled_from([None, Fraction(59), Fraction(74)])),
        )
        if critical
        else None,
        event_based=draw(st.booleans()),
        na=NaPolicy(allowed=draw(st.booleans()), reviewer_confirms=True),
        applies_when=rule,
    )


@st.composite
def banks(draw: Any, *, with_rules: bool = True, lenient: bool = True) -> Bank:
    """Return a bank of two profile questions and one to three scored sections."""
    questions = [yesno("has_rd", "P"), yesno("has_export", "P")]
    names = [(q.id, q.type) for q in questions]
    sections: dict[str, Fraction] = {"P": Fraction(0)}
    for number in range(draw(st.integers(1, 3))):
        section = f"S{number}"
        sections[section] = draw(_SECTION_WEIGHTS)
        for item in range(draw(st.integers(1, 4))):
            ruled = with_rules and draw(st.integers(0, 2)) == 0
            rule = draw(rules(names, lenient=lenient)) if ruled else None
            name = f"q{number}_{item}"
            questions.append(draw(level_questions(name, section, rule)))
            names.append((name, Kind.LEVEL))
    return bank(sections, questions)


def answers(asked: Question) -> st.SearchStrategy[Answer]:
    """Return any answer, forbidden ones included."""
    if asked.type is Kind.YESNO:
        return st.booleans().map(Answered)
    level = st.integers(0, 4)
    return st.one_of(
        level.map(Answered),
        level.map(Answered),
        level.map(NotOccurred),
        st.just(NotOccurred(None)),
        st.just(NotApplicable("不涉及")),
        st.just(DontKnow()),
    )


@st.composite
def sheets(draw: Any, of: Bank, *, complete: bool = False) -> AnswerSheet:
    """Return a sheet; a complete one answers every question."""
    given: dict[str, Answer] = {}
    strengths = {}
    for asked in of.questions:
        if complete or draw(st.integers(0, 4)) > 0:
            given[asked.id] = draw(answers(asked))
        strength = draw(st.sampled_from([None, *STRENGTHS]))
        if strength is not None:
            strengths[asked.id] = strength
    return AnswerSheet(answers=given, as_of=AS_OF, strengths=strengths)


@st.composite
def cases(
    draw: Any, *, with_rules: bool = True, lenient: bool = True, complete: bool = False
) -> tuple[Bank, AnswerSheet]:
    """Return a bank and a sheet for it."""
    made = draw(banks(with_rules=with_rules, lenient=lenient))
    return made, draw(sheets(made, complete=complete))


def read_by_rules(of: Bank) -> set[str]:
    """Return the questions that some applicability depends on."""
    return {
        other.id
        for other in of.questions
        for asked in of.questions
        if asked.applies_when and other.id in asked.applies_when.text
    }
