"""The bureau's part of the demo: a small model city and its monthly snapshots.

Everything says that it is model data: names begin with 示例, sources name the model.
Figures that were really published come with their sources.
"""

from datetime import date, datetime, timedelta

from assessments.local_day import local_date
from oversight.city_loading.loading import city_of_banks, load_city
from oversight.services.known_figures import enter_known_figures
from oversight.services.snapshots import last_day_of, month_before, take_snapshot

ENTERPRISES = 240
FIRST_YEAR = 2014
SEED = 29490
SNAPSHOTS = 14


def seed_city(
    *, at: datetime, enterprises: int = ENTERPRISES, snapshots: int = SNAPSHOTS
) -> None:
    """Load the model city of the demo and take its snapshots, the oldest first."""
    city = city_of_banks(
        enterprises=enterprises,
        seed=SEED,
        years=(FIRST_YEAR, local_date(at).year),
        at=at,
    )
    enter_known_figures(at=at)
    load_city(city, at=at)
    for month in last_months(local_date(at), snapshots):
        since = local_date(at) - last_day_of(month) - timedelta(days=1)
        take_snapshot(month=month, actor=None, at=at - since)


def last_months(day: date, count: int) -> list[str]:
    """Return the last months that were over before a day."""
    months: list[str] = []
    for _month in range(count):
        months.append(month_before(day))
        day = last_day_of(months[-1])
    return months[::-1]
