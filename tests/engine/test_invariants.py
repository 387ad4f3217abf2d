"""The laws of scoring, each one test, over random banks and sheets."""

import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings, strategies as st

from question_bank.engine.aggregation import aggregate
from question_bank.engine.answers import (
    Answer,
    Answered,
    AnswerSheet,
    InvalidAnswer,
    NotApplicable,
    NotOccurred,
    answer_to_json,
    validate_answer,
)
from question_bank.engine.branching import progress, resolve
from question_bank.engine.definition import Bank, Mandatory, NaPolicy
from question_bank.engine.migration import carry, identity_map
from question_bank.engine.scorecard import Scorecard, display
from question_bank.engine.scoring import score
from tests.engine import oracle
from tests.engine.builders import AS_OF, bank, question, sheet, text, yesno
from tests.engine.strategies import answers, cases, read_by_rules
from tests.engine.worked_example import example_bank, example_sheet

# The mutant runner wants a quick verdict, not the smallest example.
QUICK = "ENGINE_QUICK" in os.environ
law = settings(
    max_examples=30 if QUICK else 60,
    deadline=None,
    derandomize=QUICK,
    database=None,
    phases=[Phase.explicit, Phase.generate] if QUICK else list(Phase),
    suppress_health_check=list(HealthCheck),
)

RANKS = {"A": 0, "B": 1, "C": 2, "D": 3, None: 4, "X": 5}


def with_answers(of: AnswerSheet, changed: dict[str, Answer]) -> AnswerSheet:
    return replace(of, answers=changed)


def outcome(card: Scorecard) -> dict[str, Any]:
    """Return everything in a scorecard but the hashes."""
    data = card.to_json()
    del data["bank_sha256"], data["answers_sha256"]
    return data


def figures(card: Scorecard) -> list[Fraction | None]:
    return [card.self_score, card.evidenced_score, card.low, card.high]


def section_figures(card: Scorecard) -> dict[str, tuple[Any, ...]]:
    return {
        s.id: (s.self_score, s.evidenced_score, s.maturity, s.low, s.high)
        for s in card.sections
    }


def is_at_least(new: Fraction | None, old: Fraction | None) -> bool:
    return new is None or old is None or new >= old


@law
@given(cases())
def test_01_bounds_or_null(case):
    card = score(*case)

    for value in [*figures(card), card.self_raw, card.evidenced_raw]:
        assert value is None or 0 <= value <= 100
    assert card.maturity is None or 0 <= card.maturity <= 4
    assert 0 <= card.completeness <= 1
    assert 0 <= card.na_share <= 1
    for section in card.sections:
        for value in (section.self_score, section.evidenced_score):
            assert value is None or 0 <= value <= 100


@law
@given(cases(), st.data())
def test_02_monotone_in_every_answer(case, data):
    of, filled = case
    free = [
        (key, a)
        for key, a in filled.answers.items()
        if isinstance(a, Answered | NotOccurred)
        and type(a.value) is int
        and a.value < 4
        and key not in read_by_rules(of)
    ]
    assume(free)
    key, answer = data.draw(st.sampled_from(free))
    raised = type(answer)(data.draw(st.integers(answer.value + 1, 4)))
    before, after = (
        score(of, filled),
        score(of, with_answers(filled, {**filled.answers, key: raised})),
    )

    assert all(map(is_at_least, figures(after), figures(before)))
    assert is_at_least(after.maturity, before.maturity)
    assert RANKS[after.band] <= RANKS[before.band]
    assert after.count("major") <= before.count("major")


@law
@given(cases(), st.data())
def test_03_valid_na_equals_item_removed(case, data):
    of, filled = case
    removable = [
        q for q in of.questions if q.na.allowed and q.id not in read_by_rules(of)
    ]
    assume(removable)
    chosen = data.draw(st.sampled_from(removable))
    left_out = with_answers(
        filled, {**filled.answers, chosen.id: NotApplicable("不涉及")}
    )
    without = replace(of, questions=tuple(q for q in of.questions if q.id != chosen.id))

    with_na, removed = score(of, left_out), score(without, filled)

    if resolve(of, left_out).state(chosen.id) == "applies":
        assert section_figures(with_na) == section_figures(removed)
        assert figures(with_na) == figures(removed)
        assert with_na.minor_share == removed.minor_share
        assert with_na.findings == removed.findings


@law
@given(cases(), st.data())
def test_04_answer_to_what_does_not_apply_changes_nothing(case, data):
    of, filled = case
    hidden = [q for q in of.questions if resolve(of, filled).state(q.id) == "hidden"]
    assume(hidden)
    chosen = data.draw(st.sampled_from(hidden))
    other = {**filled.answers, chosen.id: data.draw(answers(chosen))}
    without = {k: a for k, a in filled.answers.items() if k != chosen.id}

    first = outcome(score(of, with_answers(filled, other)))

    assert first == outcome(score(of, with_answers(filled, without)))


@law
@given(cases(), st.randoms(use_true_random=False))
def test_05_order_of_answers_is_irrelevant(case, rng):
    of, filled = case
    pairs, strengths = list(filled.answers.items()), list(filled.strengths.items())
    rng.shuffle(pairs)
    rng.shuffle(strengths)
    shuffled = replace(filled, answers=dict(pairs), strengths=dict(strengths))

    assert score(of, shuffled) == score(of, filled)


@law
@given(cases(), st.fractions(Fraction(1, 7), 9), st.fractions(Fraction(1, 7), 9))
def test_06_scaling_weights_changes_nothing(case, by, sections_by):
    of, filled = case
    scaled = replace(
        of,
        questions=tuple(replace(q, weight=q.weight * by) for q in of.questions),
        sections=tuple(replace(s, weight=s.weight * sections_by) for s in of.sections),
    )

    first, second = score(of, filled), score(scaled, filled)

    assert figures(first) == figures(second)
    assert first.maturity == second.maturity
    assert first.findings == second.findings
    assert first.band == second.band


@law
@given(cases(), st.data())
def test_07_deleting_an_answer_never_helps(case, data):
    of, filled = case
    free = [key for key in filled.answers if key not in read_by_rules(of)]
    assume(free)
    chosen = data.draw(st.sampled_from(free))
    less = {k: a for k, a in filled.answers.items() if k != chosen}
    before, after = score(of, filled), score(of, with_answers(filled, less))

    assert is_at_least(before.self_score, after.self_score)
    assert is_at_least(before.evidenced_score, after.evidenced_score)
    assert is_at_least(before.low, after.low)
    assert after.completeness <= before.completeness
    if before.self_score is not None:
        assert RANKS[after.band] >= RANKS[before.band]


@law
@given(cases(with_rules=False))
def test_08_all_top_is_100_and_the_top_band(case):
    of, _ = case
    assume(any(q.scored for q in of.questions))
    top: dict[str, Answer] = {
        q.id: Answered(4 if q.type == "level" else True) for q in of.questions
    }
    best = sheet(top, AS_OF, strengths=dict.fromkeys(top, "sampled"))

    card = score(of, best)

    assert figures(card) == [100, 100, 100, 100]
    assert card.maturity == 4
    assert card.band == "A"
    assert all(gate.state == "passed" for gate in card.gates)
    assert card.findings == ()


@law
@given(cases(with_rules=False))
def test_09_all_zero_is_0(case):
    of, _ = case
    assume(any(q.scored for q in of.questions))
    nothing = sheet({q.id: 0 if q.type == "level" else False for q in of.questions})

    card = score(of, nothing)

    assert figures(card) == [0, 0, 0, 0]
    assert card.maturity == 0


@law
@given(cases(with_rules=False))
def test_10_all_na_is_null_everywhere(case):
    of, _ = case
    open_to_na = replace(
        of, questions=tuple(replace(q, na=NaPolicy(allowed=True)) for q in of.questions)
    )
    card = score(
        open_to_na, sheet({q.id: NotApplicable("不涉及") for q in of.questions})
    )

    assert figures(card) == [None] * 4
    assert card.maturity is None
    assert card.band is None
    assert all(section.self_score is None for section in card.sections)


@law
@given(cases())
def test_11_capped_is_the_smaller_of_raw_and_caps(case):
    of, filled = case
    card = score(of, filled)
    caps = []
    for item in card.items:
        mandatory = of.question(item.question).mandatory
        too_low = mandatory and item.level is not None and item.weight > 0
        if too_low and item.level < mandatory.min_level and mandatory.cap is not None:
            caps.append(mandatory.cap)

    if card.self_raw is not None:
        assert card.self_score == min([card.self_raw, *caps])
        assert card.evidenced_score == min([card.evidenced_raw, *caps])


@law
@given(cases())
def test_12_unanswered_mandatory_item_is_a_gate(case):
    of, filled = case
    card = score(of, filled)
    states = {gate.id: gate.state for gate in card.gates}
    for item in card.items:
        asked = of.question(item.question)
        if asked.mandatory and item.state == "unanswered":
            assert states.get(f"mandatory:{asked.id}") == "open"
            if asked.mandatory.cap is not None:
                assert card.self_score <= asked.mandatory.cap
    assert card.band != "X"


@law
@given(cases(lenient=False), st.data())
def test_13_interval_holds_the_score_and_only_narrows(case, data):
    of, filled = case
    card = score(of, filled)
    if card.self_score is not None:
        assert card.low <= card.self_score <= card.high
    missing = [q for q in of.questions if q.id not in filled.answers]
    assume(missing)
    chosen = data.draw(st.sampled_from(missing))
    more = {**filled.answers, chosen.id: data.draw(answers(chosen))}

    later = score(of, with_answers(filled, more))

    assert is_at_least(later.low, card.low)
    assert is_at_least(card.high, later.high)


@law
@given(cases(with_rules=False), st.data())
def test_14_an_answer_moves_its_own_section_only(case, data):
    of, filled = case
    chosen = data.draw(st.sampled_from(of.questions))
    changed = with_answers(
        filled, {**filled.answers, chosen.id: data.draw(answers(chosen))}
    )
    before, after = (
        section_figures(score(of, filled)),
        section_figures(score(of, changed)),
    )

    for section, found in after.items():
        assert found == before[section] or section == chosen.section


@pytest.mark.parametrize(
    ("full", "expected"), [(84996, "B"), (84999, "B"), (85000, "A"), (85001, "A")]
)
def test_15_band_comes_from_the_exact_total(full, expected):
    of = bank(
        {"S": 1},
        [
            question("strong", "S", weight=full),
            question("weak", "S", weight=100_000 - full, clauses=("S-2",)),
        ],
        policy=replace(example_bank().policy, systemic_share=Fraction(1)),
        bands=tuple(
            replace(b, max_minor_share=None, min_evidenced=None)
            for b in example_bank().bands
        ),
    )
    card = score(of, sheet({"strong": 3, "weak": 0}))

    assert display(card.self_score) == "85.00"
    assert card.band == expected


@law
@given(cases(), st.integers(0, 4))
def test_16_unknown_answer_keys_are_ignored(case, level):
    of, filled = case
    more = {**filled.answers, "no_such_question": Answered(level)}
    strengths = {**filled.strengths, "no_such_question": "sampled"}

    changed = replace(filled, answers=more, strengths=strengths)

    assert outcome(score(of, changed)) == outcome(score(of, filled))


@law
@given(cases(), st.data())
def test_17_forbidden_na_equals_unanswered(case, data):
    of, filled = case
    strict = [q for q in of.questions if not q.na.allowed]
    assume(strict)
    chosen = data.draw(st.sampled_from(strict)).id
    claimed = {**filled.answers, chosen: NotApplicable("不涉及")}
    without = {k: a for k, a in filled.answers.items() if k != chosen}

    first = outcome(score(of, with_answers(filled, claimed)))

    assert first == outcome(score(of, with_answers(filled, without)))


@law
@given(cases())
def test_18_total_lies_between_the_sections(case):
    card = score(*case)
    scores = [s.self_score for s in card.sections if s.self_score is not None]

    if scores:
        assert min(scores) <= card.self_raw <= max(scores)
    else:
        assert card.self_raw is None


@law
@given(cases(), st.data(), st.fractions(Fraction(1, 9), Fraction(8, 9)))
def test_19_splitting_an_items_weight_changes_nothing(case, data, part):
    of, filled = case
    chosen = data.draw(st.sampled_from([q for q in of.questions if q.type == "level"]))
    twin = replace(chosen, id="twin", weight=chosen.weight * (1 - part))
    split = []
    for q in of.questions:
        if q.id == chosen.id:
            split += [replace(q, weight=q.weight * part), twin]
        else:
            split.append(q)
    both, strengths = dict(filled.answers), dict(filled.strengths)
    for kept in (both, strengths):
        if chosen.id in kept:
            kept["twin"] = kept[chosen.id]
    doubled = replace(filled, answers=both, strengths=strengths)

    first, second = (
        score(of, filled),
        score(replace(of, questions=tuple(split)), doubled),
    )

    assert figures(first) == figures(second)
    assert section_figures(first) == section_figures(second)


@law
@given(st.fractions(0, 100))
def test_20_displayed_within_half_a_hundredth(value):
    assert abs(Fraction(display(value)) - value) <= Fraction(5, 1000)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(72455, 1000), "72.46"),
        (Fraction(72454, 1000), "72.45"),
        (Fraction(2675, 1000), "2.68"),
        (Fraction(5, 1000), "0.01"),
        (Fraction(199999, 2000), "100.00"),
        (Fraction(0), "0.00"),
    ],
)
def test_20_halves_are_rounded_up(value, shown):
    assert display(value) == shown


@law
@given(cases(with_rules=False), st.data())
def test_21_duplicating_a_section_does_not_change_its_share(case, data):
    of, filled = case
    chosen = data.draw(st.sampled_from([s.id for s in of.sections if s.weight > 0]))
    doubled, both, strengths = [], dict(filled.answers), dict(filled.strengths)
    for q in of.questions:
        doubled.append(q)
        if q.section == chosen:
            doubled.append(replace(q, id=f"{q.id}_twin"))
            for kept in (both, strengths):
                if q.id in kept:
                    kept[f"{q.id}_twin"] = kept[q.id]
    order = {s.id: i for i, s in enumerate(of.sections)}
    doubled.sort(key=lambda q: order[q.section])
    larger = replace(of, questions=tuple(doubled))

    first = score(of, filled)
    second = score(larger, replace(filled, answers=both, strengths=strengths))

    assert figures(first) == figures(second)
    assert section_figures(first) == section_figures(second)


@law
@given(cases())
def test_22_equals_an_independent_rational_formula(case):
    of, filled = case
    card = score(of, filled)

    found = {s.id: (s.self_score, s.evidenced_score) for s in card.sections}

    assert found == oracle.section_scores(of, filled)
    assert (card.self_raw, card.evidenced_raw) == oracle.raw_totals(of, filled)


@law
@given(cases())
def test_23_stored_bank_and_answers_reproduce_the_result_bit_for_bit(case):
    of, filled = case
    first = json.dumps(score(of, filled).to_json(), sort_keys=True)
    kept_bank = json.loads(json.dumps(of.to_json()))
    kept_answers = json.loads(json.dumps(filled.to_json()))

    again = score(Bank.from_json(kept_bank), AnswerSheet.from_json(kept_answers))

    assert json.dumps(again.to_json(), sort_keys=True) == first
    assert Scorecard.from_json(json.loads(first)) == again


def test_24_same_result_in_every_process_and_locale():
    program = (
        "import json; from question_bank.engine.scoring import score; "
        "from tests.engine.worked_example import example_bank, example_sheet; "
        "print(json.dumps(score(example_bank(), example_sheet()).to_json()))"
    )
    root = Path(__file__).resolve().parents[2]
    found = set()
    for seed, language, zone in (
        ("1", "C", "UTC"),
        ("77", "zh_CN.UTF-8", "Asia/Tokyo"),
    ):
        env = {
            "PYTHONHASHSEED": seed,
            "LC_ALL": language,
            "TZ": zone,
            "PYTHONPATH": str(root),
        }
        result = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, check=True
        )
        found.add(result.stdout)

    here = json.dumps(score(example_bank(), example_sheet()).to_json())
    assert found == {(here + "\n").encode()}


@law
@given(cases())
def test_25_identity_map_keeps_the_score(case):
    of, filled = case
    allowed = {k: a for k, a in filled.answers.items() if _may_be_said(of, k, a)}
    strengths = {k: v for k, v in filled.strengths.items() if k in allowed}
    honest = replace(filled, answers=allowed, strengths=strengths)

    carried = carry(honest, of, of, identity_map(of))

    assert score(of, carried.carried) == score(of, honest)
    assert set(carried.to_confirm) == set(allowed)
    assert (carried.hints, carried.left_behind, carried.new) == ((), (), ())


def _may_be_said(of: Bank, question_id: str, answer: Answer) -> bool:
    try:
        validate_answer(of.question(question_id), answer_to_json(answer))
    except InvalidAnswer:
        return False
    return True


@law
@given(st.lists(st.one_of(st.none(), st.fractions(0, 100)), max_size=30))
def test_27_aggregate_is_the_mean_of_stored_totals(totals):
    known = [t for t in totals if t is not None]
    found = aggregate(totals)

    assert found.counted == len(known)
    assert found.without == len(totals) - len(known)
    assert found.mean == (sum(known) / Fraction(len(known)) if known else None)


@law
@given(cases())
def test_28_translations_never_change_a_score(case):
    of, filled = case
    translated = replace(
        of,
        title=text("other"),
        questions=tuple(
            replace(q, text=text("x"), help={"zh": "另"}) for q in of.questions
        ),
        sections=tuple(replace(s, title=text("y")) for s in of.sections),
    )
    first, second = score(of, filled), score(translated, filled)

    assert figures(first) == figures(second)
    assert first.band == second.band
    assert [f.id for f in first.findings] == [f.id for f in second.findings]


@law
@given(cases(), st.data())
def test_29_checking_evidence_does_not_alter_the_self_score(case, data):
    of, filled = case
    checked = {
        q.id: data.draw(st.sampled_from(["said", "named", "attached", "sampled"]))
        for q in of.questions
    }
    first, second = score(of, filled), score(of, replace(filled, strengths=checked))

    assert first.self_score == second.self_score
    assert first.maturity == second.maturity
    assert [f for f in first.findings if f.severity != "observation"] == [
        f for f in second.findings if f.severity != "observation"
    ]


@law
@given(cases())
def test_30_unknown_applicability_blocks_submission(case):
    of, filled = case
    applicability = resolve(of, filled)
    found = progress(of, filled, applicability)

    assert found.unknown == applicability.unknown
    if applicability.unknown:
        assert not found.complete
        assert any(n.code == "applicability_unknown" for n in score(of, filled).notes)


def test_30_unknown_becomes_submittable_once_answered():
    of = bank(
        {"P": 0, "S": 1},
        [yesno("has_rd", "P"), question("item", "S", applies_when="has_rd = yes")],
    )
    waiting = sheet({"item": 3})
    settled = sheet({"has_rd": True, "item": 3})

    assert not progress(of, waiting, resolve(of, waiting)).complete
    assert progress(of, settled, resolve(of, settled)).complete


def test_mandatory_item_is_a_gate_by_example():
    of = bank(
        {"S": 1},
        [
            question("open", "S", mandatory=Mandatory(2, cap=Fraction(59))),
            question("low", "S", mandatory=Mandatory(2)),
            *[question(f"fine{i}", "S", clauses=("S-2",)) for i in range(20)],
        ],
    )
    filled = {f"fine{i}": 4 for i in range(20)}
    card = score(of, sheet({**filled, "low": 1}))

    assert {g.id: g.state for g in card.gates} == {
        "mandatory:open": "open",
        "mandatory:low": "failed",
    }
    assert card.self_score == 59
    assert card.capped_by == ("open",)
    assert card.band != "X"


def test_a_random_seed_is_not_read():
    random.seed(1)
    first = score(example_bank(), example_sheet())
    random.seed(2)

    assert score(example_bank(), example_sheet()) == first
