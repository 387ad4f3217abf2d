"""Invariant 26: the browser's evaluator says what the server's says (here in node)."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from question_bank.engine.branching import browser_values, resolve
from question_bank.engine.language import parse
from question_bank.engine.rules import NA, compute
from tests.engine import fuzz
from tests.engine.strategies import cases

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "frontend/static/frontend/js/rules.js"
VECTORS = json.loads((ROOT / "tests/vectors/rules.json").read_text("utf-8"))["cases"]

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")


def in_node(requests: list[dict[str, Any]]) -> list[Any]:
    """Evaluate requests with the browser's module; numbers come back as JSON gives."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    result = subprocess.run(
        ["node", str(Path(__file__).with_name("run_rules.mjs")), str(MODULE)],
        input=lines,
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    return [json.loads(line) for line in result.stdout.splitlines()]


def env_of(data: dict[str, Any]) -> dict[str, Any]:
    return {k: NA if isinstance(v, dict) else v for k, v in data.items()}


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["rule"])
def test_vector_in_python(case):
    tree = parse(case["rule"])

    assert json.loads(json.dumps(tree)) == case["tree"]
    assert fuzz.plain(compute(tree, env_of(case["env"]))) == case["expected"]


@needs_node
def test_vectors_in_node():
    found = in_node([{"tree": c["tree"], "env": c["env"]} for c in VECTORS])

    for case, result in zip(VECTORS, found, strict=True):
        assert fuzz.agrees(case["expected"], result), case["rule"]


@needs_node
def test_thirty_thousand_random_expressions_agree():
    tried = list(fuzz.cases(seed=29490, count=30_000))
    found = in_node([{"tree": c["tree"], "env": c["env"]} for c in tried])

    differing = [
        (case, result)
        for case, result in zip(tried, found, strict=True)
        if not fuzz.agrees(case["expected"], result)
    ]

    assert differing == []


def test_the_fuzz_reaches_known_and_unknown_results():
    results = [case["expected"] for case in fuzz.cases(seed=1, count=3000)]
    unknown = sum(result == {"unknown": True} for result in results)

    assert 300 < unknown < 2700
    assert sum(result is True for result in results) > 200
    assert sum(result is False for result in results) > 200


@needs_node
def test_applicability_of_a_page_agrees():
    requests, expected = [], []

    @settings(max_examples=60, deadline=None, database=None)
    @given(cases())
    def collect(case: Any) -> None:
        of, filled = case
        applicability = resolve(of, filled)
        values = browser_values(applicability)
        questions = [
            {
                "id": q.id,
                "applies_when": q.applies_when.tree if q.applies_when else None,
                "rule": None,
            }
            for q in of.questions
        ]
        requests.append(
            {
                "questions": questions,
                "before": {"as_of": values["as_of"]},
                "answers": {k: v for k, v in values.items() if k != "as_of"},
            }
        )
        expected.append(dict(applicability.states))

    collect()

    assert in_node(requests) == expected
