"""Fixtures of the accounts tests."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _limits_start_afresh(settings: object) -> Iterator[None]:
    """Count requests in memory, from nought in every test."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    }
    cache.clear()
    yield
    cache.clear()
