"""The demo's bureau has a city to look at."""

from datetime import UTC, datetime

import pytest

from frontend.demo_city import last_months, seed_city
from oversight.models import RegisteredUnit, SeriesFigure, Snapshot
from oversight.shown import shown

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.mark.django_db
def test_the_demo_has_registers_figures_and_snapshots(shipped_banks):
    seed_city(at=AT, enterprises=80, snapshots=2)
    published = Snapshot.objects.published()
    assert published.count() == 2 == Snapshot.objects.count()
    newest = shown(published[0])
    assert newest.month == "2026-10"
    assert sum(value or 0 for value in newest.values("stage").values()) > 40
    assert all(unit.name.startswith("示例") for unit in RegisteredUnit.objects.all())
    figures = SeriesFigure.objects.select_related("latest")
    known = figures.get(indicator="P1", period="2020").latest
    model = figures.get(indicator="P1", period="2019").latest
    assert (known.value, known.source[:3]) == (8563, "水母网")
    assert model.source == "模型城市，非统计数据"


def test_snapshots_are_of_the_months_before():
    months = last_months(AT.date(), 14)
    assert (months[0], months[-1], len(months)) == ("2025-09", "2026-10", 14)
