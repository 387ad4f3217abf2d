"""The worked example of docs/counting.md is read and counted."""

from datetime import date
from pathlib import Path

import pytest

from oversight.counting.facts import Issue, Standard, Verification
from oversight.counting.first_certifications import count_first_certifications
from oversight.counting.judging import judge
from oversight.counting.wording import decimal_text
from oversight.plan_files import shipped_plans
from tests.counting.builders import SUCCESSORS, certificate, day, enterprise, facts
from tests.counting.test_judging import figures, years

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "counting.md").read_text("utf-8")
END = date(2020, 12, 31)


def table(name):
    """Return the cells of a table's rows, without its head."""
    lines = TEXT.split(f"<!-- {name} -->\n")[1].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def counted():
    things = {}
    for name, place, number, standard, issue, first, issued, verified, *_ in table(
        "certificates"
    ):
        things[name] = enterprise(name, place)
        things[number] = certificate(
            name,
            first,
            number,
            issued=issued,
            standard=Standard(standard),
            issue=Issue(issue),
            verification=Verification(verified),
        )
    return count_first_certifications(
        facts(*things.values()), END, successors=SUCCESSORS
    )


def test_every_certificate_of_the_example_comes_out_as_printed():
    found = {
        line.rests_on: (line.reason.words["zh"], str(line.year))
        for line in counted().lines
    }

    assert found == {row[2]: (row[8], row[9]) for row in table("certificates")}


def test_the_plans_years_hold_two_and_places_are_shown_twice():
    within = counted().between(2016, 2020)

    assert within.by_year() == {2016: 1, 2017: 1}
    assert within.by_division(current=False) == {"370602": 1, "370684": 1}
    assert within.by_division(current=True) == {"370602": 1, "370614": 1}


def shown(value):
    return "–" if value is None else decimal_text(value)


@pytest.mark.parametrize("row", table("pace"), ids=lambda row: row[0])
def test_pace_of_the_example(row):
    on = day(row[0])
    flow = dict(years(8, 14, 12, 9, 11)) | ({"2018": 5} if on.month == 7 else {})
    known = figures({y: n for y, n in flow.items() if int(y) <= on.year}, on)

    found = judge(shipped_plans()[0].indicator("P4"), known, on)

    assert row[1:] == [
        shown(found.value),
        shown(found.mean),
        shown(found.even_pace_today),
        shown(found.still_needed_per_year),
        shown(found.percent_done),
        found.status.words["zh"],
    ]
