"""The worked example of docs/disclosure.md is computed."""

import re
from pathlib import Path

from oversight.disclosure.change_rule import Figure, K
from oversight.disclosure.keys import draw
from oversight.disclosure.rounding import blurred, window
from oversight.disclosure.tables import entry
from tests.oversight.disclosure.test_drawing import likelihood

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "disclosure.md").read_text()
SECRET = re.search(r"the key `([^`]+)`", TEXT).group(1).encode()
ROW = re.compile(
    r"^\| ([A-DX]) \| (\d+) \| (-?\d+) \| (\d+|–) \| (\d+) \| (\d+) \|$", re.M
)


def test_the_table_of_the_worked_example():
    rows = ROW.findall(TEXT)
    assert [row[0] for row in rows] == ["A", "B", "C", "D", "X"]
    for band, count, drawn, shown, low, high in rows:
        value = blurred(int(count), draw(SECRET, "noise", ("band", band), 1))
        one = entry((band,), (), Figure(value, 1), snapshot=1)
        assert value == int(drawn)
        assert one.value == (int(shown) if value >= K else None)
        assert window(value) == (int(low), int(high))


def test_the_odds_of_the_worked_example():
    said = re.search(r"a count of 4 \((\d+) %\) as for one of 5 \((\d+) %\)", TEXT)
    odds = [round(float(likelihood(5, count)) * 100) for count in (4, 5)]
    assert [int(n) for n in said.groups()] == odds
