"""The same seed gives the same city, whoever asks, in whatever process."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from oversight.city.model import build_city

ROOT = Path(__file__).resolve().parents[3]
ASK = (
    "import sys; sys.modules['django'] = None; sys.modules['yaml'] = None\n"
    "from oversight.city.model import build_city\n"
    "print(build_city(enterprises=90, seed=5, assessments_each=2).fingerprint())"
)


def fingerprint(**changes):
    asked = {"enterprises": 90, "seed": 5, "assessments_each": 2} | changes
    return build_city(**asked).fingerprint()


@pytest.mark.parametrize("hash_seed", ["0", "1", "4711"])
def test_another_process_draws_the_same_city_without_django(hash_seed):
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )  # fmt: skip
    assert done.stdout.strip() == fingerprint()


def test_the_city_of_seed_five_has_not_changed():
    """Whoever changes the model changes this value, knowingly."""
    assert fingerprint()[:16] == "ebc0e310759631c2"


def test_another_seed_is_another_city():
    assert fingerprint(seed=6) != fingerprint()


def test_an_enterprise_is_the_same_in_a_larger_city():
    small = build_city(enterprises=90, seed=5)
    large = build_city(enterprises=200, seed=5)
    histories = zip(small.histories(), large.histories(), strict=False)
    assert all(a == b for a, b in list(histories)[:80])


def test_asking_twice_draws_the_same():
    city = build_city(enterprises=90, seed=5)
    assert list(city.assessments()) == list(city.assessments())


def test_nothing_of_an_earlier_end_lies_after_it():
    end = date(2020, 3, 31)
    city = build_city(enterprises=800, seed=5, until=end)
    days = [a.submitted_on for a in city.assessments()]
    for history in city.histories():
        days += [entry.on for entry in history.journey.entries]
        days += [state.on for c in history.certificates for state in c.states]
        days += [certificate.issued_on for certificate in history.certificates]
        days += [given.since for given in history.recognitions]
        days += [r.on for given in history.recognitions for r in given.reviews]
        days += [
            p.since for p in history.enterprise.unit.presences if p.since is not None
        ]
    assert max(days) <= end


@pytest.mark.parametrize("enterprises", [0, -1, 1_000_001])
def test_a_city_nobody_can_draw_is_refused(enterprises):
    with pytest.raises(ValueError, match="enterprises"):
        build_city(enterprises=enterprises, seed=1)


def test_a_city_must_not_end_before_it_begins():
    with pytest.raises(ValueError, match="end before it begins"):
        build_city(enterprises=1, seed=1, until=date(2013, 12, 31))
