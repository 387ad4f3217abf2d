"""One city of two thousand enterprises, drawn once."""

import pytest

from oversight.city.model import build_city

ENTERPRISES = 2_000


@pytest.fixture(scope="session")
def city():
    return build_city(enterprises=ENTERPRISES, seed=29490, assessments_each=4)


@pytest.fixture(scope="session")
def histories(city):
    return tuple(city.histories())


@pytest.fixture(scope="session")
def submitted(city):
    return tuple(city.assessments())
