"""Stays in a stage: classes of days, medians from shown numbers alone."""

import random
from dataclasses import replace

import pytest

from oversight.disclosure.durations import durations, stays_of
from oversight.disclosure.publish import Prepared, Refused, prepare
from oversight.disclosure.scheme import stay_class
from tests.oversight.disclosure.city import SCHEME, SECRET, firms


@pytest.mark.parametrize(
    ("days", "low"), [(0, "0"), (30, "0"), (31, "31"), (365, "183"), (5000, "731")]
)
def test_days_fall_into_a_class(days: int, low: str) -> None:
    assert stay_class(days) == low


def test_the_median_lies_in_the_class_most_stays_are_in() -> None:
    city = [
        replace(
            record,
            stays=frozenset({("registered", "92")}),
        )
        for record in firms(random.Random(1), 400)
    ]
    prepared = prepare(
        records=city, previous=None, snapshot=1, scheme=SCHEME, secret=SECRET
    )
    assert isinstance(prepared, Prepared)
    table = prepared.published.table("stay")
    registered = stays_of(table)[0]
    assert (registered.stage, registered.total) == (
        "registered",
        registered.finished[2],
    )
    assert abs(registered.total - 400) <= 26
    assert [d.stage for d in prepared.published.durations] == ["registered"]
    assert 92 <= prepared.published.durations[0].median_days <= 183
    assert durations(table, at_least=1000) == ()


def test_a_stay_nobody_knows_is_refused() -> None:
    record = replace(
        firms(random.Random(2), 1)[0], stays=frozenset({("registered", "7")})
    )
    refused = prepare(
        records=[record], previous=None, snapshot=1, scheme=SCHEME, secret=SECRET
    )
    assert isinstance(refused, Refused)
    assert refused.about == "7"
