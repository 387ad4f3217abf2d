"""Fixtures around the bureau's registers."""

import pytest

from tests.oversight.registers import Bureau, make_bureau


@pytest.fixture
def bureau(db: None) -> Bureau:
    """A bureau with two officials."""
    return make_bureau()
