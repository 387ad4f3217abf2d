"""Fixtures around the bureau's registers."""

import pytest
from django.core.cache import cache

from tests.oversight.registers import Bureau, make_bureau


@pytest.fixture(autouse=True)
def _forget_what_was_counted() -> None:
    """Forget counts of the last test: its registers may have been as old as these.

    Counts are kept under the times and numbers of revisions, which only grow in one
    database; tests begin anew.
    """
    cache.clear()


@pytest.fixture
def bureau(db: None) -> Bureau:
    """A bureau with two officials."""
    return make_bureau()
