"""What applies, what can be read, what is open, and what it waits for."""

from question_bank.engine.answers import DontKnow, NotApplicable, NotOccurred
from question_bank.engine.branching import (
    browser_values,
    failed_checks,
    progress,
    resolve,
    waiting_for,
)
from question_bank.engine.definition import (
    Check,
    Choice,
    Clause,
    Fact,
    Kind,
    NaPolicy,
)
from question_bank.engine.rules import NA
from tests.engine.builders import bank, question, rule, sheet, text, yesno

CHOICES = (Choice("a", text("a")), Choice("b", text("b")))
OF = bank(
    {"P": 0, "S": 1},
    [
        yesno("has_rd", "P"),
        question("item", "S", applies_when="has_rd = yes", departments=("rd", "ip")),
        question("detail", "S", applies_when="item >= 2", weight=1),
        question("deep", "S", applies_when="coalesce(detail, 0) >= 1", optional=True),
    ],
)


def states(of, filled):
    return dict(resolve(of, filled).states)


def test_nothing_answered_leaves_what_follows_unknown():
    assert states(OF, sheet()) == {
        "has_rd": "applies",
        "item": "unknown",
        "detail": "unknown",
        "deep": "hidden",
    }


def test_a_false_condition_hides_and_hides_what_builds_on_it():
    found = states(OF, sheet({"has_rd": False, "item": 4, "detail": 4}))

    assert found["item"] == "hidden"
    assert found["detail"] == "unknown"
    assert found["deep"] == "hidden"


def test_hidden_answers_cannot_be_read():
    applicability = resolve(OF, sheet({"has_rd": False, "item": 4}))

    assert "item" not in applicability.values


def test_a_true_condition_applies():
    applicability = resolve(OF, sheet({"has_rd": True, "item": 3, "detail": 1}))

    assert applicability.applicable == ("has_rd", "item", "detail", "deep")
    assert applicability.unknown == ()
    assert applicability.state("deep") == "applies"
    assert applicability.values["item"] == 3.0


def test_how_the_other_answers_read():
    of = bank(
        {"S": 1},
        [
            question("na", "S", na=NaPolicy(allowed=True)),
            question("event", "S", event_based=True),
            question("open_event", "S", event_based=True),
            question("unsure", "S"),
            yesno("unsure_yes", "S"),
            question("forbidden", "S"),
        ],
    )
    filled = sheet(
        {
            "na": NotApplicable("不涉及"),
            "event": NotOccurred(3),
            "open_event": NotOccurred(),
            "unsure": DontKnow(),
            "unsure_yes": DontKnow(),
            "forbidden": NotApplicable("不涉及"),
        }
    )

    assert resolve(of, filled).values == {
        "as_of": "2026-11-24",
        "na": NA,
        "event": 3.0,
        "unsure": 0.0,
    }


def test_facts_and_calculated_values_can_be_read():
    of = bank(
        {"S": 1},
        [
            question("a", "S"),
            question("total", "S", type=Kind.CALCULATED, rule="a + staff", weight=0),
            question("large", "S", applies_when="total > 10 and region = 'x'"),
        ],
        facts=(
            Fact("staff", Kind.NUMBER, text("staff")),
            Fact("region", Kind.TEXT, {}),
        ),
    )
    known = resolve(of, sheet({"a": 4}, facts={"staff": 9, "region": "x"}))
    unknown = resolve(of, sheet({"a": 4}, facts={"region": None, "other": 1}))

    assert known.values["total"] == 13.0
    assert known.state("large") == "applies"
    assert unknown.state("large") == "unknown"
    assert waiting_for(of, "large", sheet({})) == ("region", "a", "staff")


def test_waiting_for_names_what_can_be_answered():
    assert waiting_for(OF, "detail", sheet({})) == ("has_rd",)
    assert waiting_for(OF, "detail", sheet({"has_rd": True})) == ("item",)
    assert waiting_for(OF, "item", sheet({"has_rd": True})) == ()


def test_waiting_for_names_each_question_once():
    of = bank(
        {"S": 1},
        [
            question("a", "S"),
            question("b", "S", applies_when="a >= 2", departments=()),
            question("c", "S", applies_when="a >= 1 and b >= 2"),
        ],
    )
    filled = sheet({"a": 2})

    assert waiting_for(of, "c", sheet({})) == ("a",)
    assert progress(of, filled, resolve(of, filled)).by_department == {"ip": (1, 1)}


def test_progress_counts_what_must_be_answered():
    filled = sheet({"has_rd": True, "item": 3})
    found = progress(OF, filled, resolve(OF, filled))

    assert (found.total, found.done) == (3, 2)
    assert found.open == ("detail",)
    assert found.by_section == {"P": (1, 1), "S": (1, 2)}
    assert found.by_department == {"ip": (1, 2), "rd": (1, 1)}
    assert found.by_clause == {"P-1": (1, 1), "S-1": (1, 2)}
    assert not found.complete


def test_optional_questions_do_not_count():
    filled = sheet({"has_rd": True, "item": 3, "detail": 1})

    assert progress(OF, filled, resolve(OF, filled)).complete


def test_an_event_that_did_not_occur_is_open_until_the_mechanism_is_said():
    of = bank({"S": 1}, [question("event", "S", event_based=True)])
    half, whole = sheet({"event": NotOccurred()}), sheet({"event": NotOccurred(0)})

    assert progress(of, half, resolve(of, half)).open == ("event",)
    assert progress(of, whole, resolve(of, whole)).open == ()


def test_clause_progress_rolls_up():
    def clause(key, parent, leaf):
        return Clause(key, None, text(key), "C", "to_verify", parent, leaf, True)

    of = bank(
        {"S": 1},
        [
            question("a", "S", clauses=("C-1", "C-2")),
            question("b", "S", clauses=("C-2",)),
        ],
        clauses=(
            clause("C", None, False),
            clause("C-1", "C", True),
            clause("C-2", "C", True),
        ),
    )
    filled = sheet({"a": 3})
    found = progress(of, filled, resolve(of, filled)).by_clause

    assert found == {"C": (1, 2), "C-1": (1, 1), "C-2": (1, 2)}


def test_checks_fire_when_true_alone():
    of = bank(
        {"S": 1},
        [question("a", "S"), question("b", "S")],
        checks=(
            Check("odd", rule("a >= 3 and b <= 1"), "contradiction", ("a", "b"), {}),
            Check("other", rule("a < b"), "weak", ("a",), {}),
        ),
    )

    def fired(filled):
        return [check.id for check in failed_checks(of, resolve(of, filled))]

    assert fired(sheet({"a": 3, "b": 1})) == ["odd"]
    assert fired(sheet({"a": 3})) == []
    assert fired(sheet({"a": 1, "b": 2})) == ["other"]


def test_browser_values_are_json():
    of = bank(
        {"S": 1},
        [
            question("many", "S", type=Kind.CHOICES, choices=CHOICES, weight=0),
            question("na", "S", na=NaPolicy(allowed=True)),
        ],
    )
    filled = sheet({"many": ["b", "a"], "na": NotApplicable("不涉及")})

    assert browser_values(resolve(of, filled)) == {
        "as_of": "2026-11-24",
        "many": ["a", "b"],
        "na": {"na": True},
    }
