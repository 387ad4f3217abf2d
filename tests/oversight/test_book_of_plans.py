"""The count book holds every plan, and an earlier day's book stays as it was."""

from datetime import UTC, date, datetime

import pytest

from oversight.count_book import book_for, lines_of
from oversight.counting.judging import Status
from oversight.plan_files import shipped_plans
from tests.oversight.registers import NOON, Bureau, holder

pytestmark = pytest.mark.django_db

OUTLINE = "2016-2020"
LATER = datetime(2026, 5, 4, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_cache(settings, tmp_path):
    """Let every test have a cache of its own."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path / "cache",
        }
    }


def certified(bureau: Bureau, number: int, day: date, at=NOON):
    return bureau.verified_certificate(
        at,
        number=f"165IP25{number:04d}R0M",
        holder=holder(number),
        first_issued_on=day,
        issued_on=day,
        expires_on=day.replace(year=day.year + 3),
    )


def test_every_indicator_of_every_plan_is_in_the_book(db):
    book = book_for(date(2026, 3, 2), known_on=date(2026, 3, 2))
    assert [(count.plan, count.indicator.id) for count in book.counts] == [
        (plan.id, indicator.id)
        for plan in shipped_plans()
        for indicator in plan.indicators
    ]
    assert book.count(OUTLINE, "P5").judgement.value == 0
    assert book.count(OUTLINE, "P5").judgement.status is Status.NOT_MET
    with pytest.raises(KeyError):
        book.count(OUTLINE, "P99")


def test_a_recording_makes_a_new_book(bureau: Bureau):
    day = date(2026, 6, 1)
    plan = next(p for p in shipped_plans() if p.id == "2022-2024")
    rule = next(i for i in plan.indicators if i.rule.value == "certified_subjects")
    before = book_for(day, known_on=day).count(plan.id, rule.id).by_year
    certified(bureau, 1, date(2024, 5, 6))
    after = book_for(day, known_on=day).count(plan.id, rule.id).by_year
    assert (dict(before), dict(after)) == ({}, {2024: 1})


def test_an_earlier_days_book_is_the_same_after_later_recordings(bureau: Bureau):
    day, known = date(2025, 12, 31), date(2026, 3, 31)
    plan = next(p for p in shipped_plans() if p.id == "2022-2024")
    rule = next(i for i in plan.indicators if i.rule.value == "certified_subjects")
    certified(bureau, 1, date(2024, 5, 6))
    earlier = book_for(day, known_on=known).count(plan.id, rule.id)
    certified(bureau, 2, date(2024, 6, 7), at=LATER)
    assert book_for(day, known_on=known).count(plan.id, rule.id) == earlier
    now = book_for(day, known_on=LATER.date()).count(plan.id, rule.id)
    assert (earlier.by_year[2024], now.by_year[2024]) == (1, 2)
    lines = lines_of(plan, rule, day, known_on=known)
    assert [line.holder for line in lines if line.counted] == [holder(1).credit_code]
