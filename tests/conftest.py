"""Fixtures every test may use."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

BANKS = Path(__file__).parent / "banks"

pytest_plugins = [
    "tests.fixtures_accounts",
    "tests.fixtures_assessments",
    "tests.fixtures_authoring",
    "tests.fixtures_browser",
    "tests.fixtures_city",
    "tests.fixtures_mandates",
    "tests.fixtures_moving",
    "tests.fixtures_named_access",
    "tests.fixtures_plans",
]


@cache
def load_bank_once(folder: Path):
    """Return a bank of a folder without problems; read once per process."""
    from question_bank.source import load_bank

    bank, problems = load_bank(folder)
    assert bank is not None, "\n".join(str(problem) for problem in problems)
    return bank


@pytest.fixture(scope="session")
def small_bank():
    """A bank with one question of each type; see tests/banks/small."""
    return load_bank_once(BANKS / "small")


@pytest.fixture(scope="session")
def real_bank():
    """The GB/T 29490-2023 bank as it ships."""
    from question_bank.publishing import BANKS_DIR

    return load_bank_once(BANKS_DIR / "gbt29490_2023")


@pytest.fixture(scope="session")
def old_edition():
    """The bank of GB/T 29490-2013, which was replaced, as it ships."""
    from question_bank.publishing import BANKS_DIR

    return load_bank_once(BANKS_DIR / "gbt29490_2013")


@pytest.fixture(scope="session", params=["gbt29490_2013", "gbt29490_2023"])
def management_bank(request):
    """Each edition of GB/T 29490 as it ships."""
    from question_bank.publishing import BANKS_DIR

    return load_bank_once(BANKS_DIR / request.param)


@pytest.fixture(autouse=True)
def _primary_keys_start_anew() -> None:
    """Forget which bank a key means: each test's database gives the keys out again."""
    from question_bank.selectors import pinned_sha256

    pinned_sha256.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_guarded_tables() -> Iterator[None]:
    """Lift the database guards while a transactional test's tables are emptied."""
    from django.db import connection
    from django.test import TransactionTestCase

    from backend.triggers import all_guards, install, remove

    flush = TransactionTestCase._fixture_teardown

    def lift_and_flush(self: TransactionTestCase) -> None:
        remove(connection, all_guards())
        flush(self)
        install(connection, all_guards())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_and_flush)
        yield


@pytest.fixture(autouse=True)
def _forget_rows_of_the_last_test() -> None:
    """Keys of rolled-back rows are given out again; the caches must not know them."""
    from assessments import selectors as assessment_selectors
    from question_bank import selectors

    selectors.pinned_sha256.cache_clear()
    assessment_selectors._plan.cache_clear()
