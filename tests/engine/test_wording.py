"""Which differences between two versions are words alone."""

from dataclasses import replace
from fractions import Fraction

import pytest

from question_bank.engine.definition import (
    Bank,
    Change,
    Guidance,
    Kind,
    Mandatory,
    NaPolicy,
    Rule,
    Source,
)
from question_bank.engine.language import parse
from question_bank.engine.wording import differs_in_words_alone
from tests.engine.builders import AS_OF, bank, gate, question, text, yesno

OLD = bank(
    {"S": 1, "T": 2},
    [
        yesno("has_rd", "S"),
        question("one", "S", applies_when="has_rd = yes", finding=text("none")),
        question("two", "T"),
    ],
    gates=(gate("run", "answered(has_rd)"),),
)


def with_question(**fields) -> Bank:
    """Return the old bank with the second question changed."""
    first, second, third = OLD.questions
    return replace(OLD, questions=(first, replace(second, **fields), third))


WORDS = {
    "text": with_question(text=text("said better")),
    "help": with_question(help={"zh": "只有中文"}),
    "an anchor": with_question(
        levels=tuple(
            replace(anchor, text=text("clearer")) for anchor in OLD.questions[1].levels
        )
    ),
    "a finding": with_question(finding=text("clearer")),
    "verified": with_question(source=Source("verified")),
    "a rule written otherwise": with_question(
        applies_when=Rule("has_rd = 是", parse("has_rd = 是"))
    ),
    "guidance": with_question(
        guidance=(Guidance(0, 2, text("do it well"), "S", 2, "ip", 1),)
    ),
    "title and changelog": replace(
        OLD,
        version="1.0.1",
        title=text("title"),
        changelog=(Change("1.0.1", AS_OF, text("words")),),
    ),
}
SUBSTANCE = {
    "weight": with_question(weight=Fraction(2)),
    "type": with_question(type=Kind.TEXT),
    "rule": with_question(applies_when=Rule("has_rd = no", parse("has_rd = no"))),
    "no rule": with_question(applies_when=None),
    "mandatory": with_question(mandatory=Mandatory(2)),
    "na": with_question(na=NaPolicy(allowed=True)),
    "days": with_question(guidance=(Guidance(0, 2, text("do it"), "S", 9, "ip", 1),)),
    "order": replace(OLD, questions=(*OLD.questions[:1], *OLD.questions[:0:-1])),
    "a question more": replace(OLD, questions=(*OLD.questions, question("x", "T"))),
    "points": replace(
        OLD, scale=replace(OLD.scale, points=(Fraction(0),) * 4 + (Fraction(1),))
    ),
    "gate": replace(OLD, gates=()),
    "band": replace(OLD, bands=OLD.bands[1:]),
    "policy": replace(OLD, policy=replace(OLD.policy, weak_items_per_clause=9)),
}


@pytest.mark.parametrize("new", WORDS.values(), ids=WORDS)
def test_words_alone(new):
    assert differs_in_words_alone(OLD, new)


@pytest.mark.parametrize("new", SUBSTANCE.values(), ids=SUBSTANCE)
def test_more_than_words(new):
    assert not differs_in_words_alone(OLD, new)
