"""A small model city in the database, for tests that need many enterprises."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest


@dataclass(frozen=True)
class LoadedCity:
    """The city that was drawn, the moment it was loaded and its last day."""

    city: Any
    at: datetime
    last: date


LOADED_AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def shipped_banks(db: None, real_bank: Any, old_edition: Any) -> None:
    """Both editions of GB/T 29490, published."""
    from question_bank.publishing import publish

    for bank in (old_edition, real_bank):
        publish(bank=bank, at=datetime(2026, 1, 5, tzinfo=UTC))


@pytest.fixture
def model_city(shipped_banks: None) -> LoadedCity:
    """Eighty model enterprises over 2014–2026, loaded on 20 November 2026."""
    return load_model_city(80)


def load_model_city(enterprises: int) -> LoadedCity:
    """Load a model city; the shipped banks must be published."""
    from oversight.city_loading.loading import city_of_banks, load_city

    city = city_of_banks(
        enterprises=enterprises, seed=7, years=(2014, 2026), at=LOADED_AT
    )
    load_city(city, at=LOADED_AT)
    return LoadedCity(city, LOADED_AT, city.people.last)
