"""Every test here begins in Chinese, whatever language an earlier request set."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield
