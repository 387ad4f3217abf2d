"""The rules in a real browser say what they say on the server."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.engine import fuzz

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "rules.json").read_text("utf-8")
)["cases"]
EVALUATE = """
async (cases) => {
  const rules = await import("/static/frontend/js/rules.js");
  const before = (a, b) => a < b ? -1 : Number(a > b);
  const plain = (value) => value === rules.UNKNOWN ? {unknown: true}
    : value instanceof Set ? {set: [...value].sort(before)} : value;
  return JSON.stringify(cases.map((c) => plain(rules.compute(c.tree, c.env))));
}
"""


def in_browser(page: Page, cases: list[dict[str, Any]]) -> list[Any]:
    asked = [{"tree": case["tree"], "env": case["env"]} for case in cases]
    # JavaScript writes whole numbers without a point, however large they are.
    return json.loads(page.evaluate(EVALUATE, asked), parse_int=float)


def differing(page: Page, cases: list[dict[str, Any]]) -> list[Any]:
    found = in_browser(page, cases)
    return [
        (case["tree"], case["env"], case["expected"], result)
        for case, result in zip(cases, found, strict=True)
        if case["expected"] != result
        or isinstance(case["expected"], bool) != isinstance(result, bool)
    ]


def test_every_shared_vector_agrees(site: Site):
    page = site.visitor()
    page.goto("/")
    assert len(VECTORS) > 50
    assert differing(page, VECTORS) == []


def test_random_rules_agree(site: Site):
    page = site.visitor()
    page.goto("/")
    assert differing(page, list(fuzz.cases(seed=20261124, count=4000))) == []
