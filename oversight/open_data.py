"""Open data: public register facts as tables for everybody.

Numbers of verified certificates and titles only. Nothing of assessments, drafts or
what waits to be verified has a way in here.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.core.cache import cache

from oversight.bulletins.material import (
    certified_by,
    in_order,
    titled_by,
)
from oversight.count_book import KEPT_SECONDS, book_for, state_of_registers
from oversight.counting.advantage import Tier
from oversight.counting.valid_stock import count_valid_stock
from oversight.counting.wording import decimal_text
from oversight.divisions import divisions, successors
from oversight.known import facts_known_on
from question_bank.engine.basic_types import Localized

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, and what it means."""

    name: str
    meaning: Localized


@dataclass(frozen=True)
class DataSet:
    """A table of public figures; its key is part of its address for ever."""

    key: str
    title: Localized
    columns: tuple[Column, ...]
    rows: Callable[[date], Rows]


def rows_of(data_set: DataSet, day: date) -> Rows:
    """Return the rows for a day as known on it; likewise kept as the count book."""
    key = f"open-data:{data_set.key}:{day}:{state_of_registers()}"
    rows: Rows | None = cache.get(key)
    if rows is None:
        rows = data_set.rows(day)
        cache.set(key, rows, KEPT_SECONDS)
    return rows


def dictionary() -> Rows:
    """Return one row for each column of each data set."""
    return tuple(
        (
            one.key,
            one.title["zh"],
            one.title["en"],
            column.name,
            column.meaning["zh"],
            column.meaning["en"],
        )
        for one in DATA_SETS.values()
        for column in one.columns
    )


def _first_certifications(day: date) -> Rows:
    lines = certified_by(facts_known_on(day), day)
    counts = Counter((line.year, line.division, line.division_now) for line in lines)
    return tuple(
        (str(year), *_place(then), *_place(now), str(counts[year, then, now]))
        for year, then, now in sorted(counts)
    )


def _valid_certificates(day: date) -> Rows:
    lines = count_valid_stock(facts_known_on(day), day, successors()).counted
    counts = Counter((line.category, line.division_now) for line in lines)
    return tuple(
        (day.isoformat(), edition, *_place(place), str(counts[edition, place]))
        for edition, place in sorted(counts)
    )


def _titles(day: date) -> Rows:
    lines = titled_by(day, known_on=day)
    counts = Counter((line.category, line.division_now) for line in lines)
    places = in_order({place for _tier, place in counts})
    return tuple(
        (day.isoformat(), tier.value, *_place(place), str(counts[tier, place]))
        for tier in Tier
        for place in places
    )


def _indicators(day: date) -> Rows:
    return tuple(
        (
            count.plan,
            count.indicator.id,
            count.indicator.title["zh"],
            count.indicator.operator.name.lower(),
            _number(count.indicator.target),
            count.indicator.unit["zh"],
            _number(count.judgement.value),
            _number(count.judgement.percent_done),
            count.judgement.status.value,
            min(day, date(count.indicator.last_year, 12, 31)).isoformat(),
        )
        for count in book_for(day, known_on=day).counts
    )


def _place(code: str) -> tuple[str, str]:
    found = divisions().get(code)
    return code, found.names["zh"] if found else ""


def _number(value: Fraction | None) -> str:
    return "" if value is None else decimal_text(value)


def _columns(*columns: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, {"zh": zh, "en": en}) for name, zh, en in columns)


_ON = ("on", "数据日期", "day the numbers speak of")
_PLACE = (
    ("division", "现行区划代码", "code of the division in current boundaries"),
    ("division_name", "现行区划名称", "its name"),
)
_COUNT = ("enterprises", "企业数（家）", "number of enterprises")

DATA_SETS: Final[Mapping[str, DataSet]] = {
    one.key: one
    for one in (
        DataSet(
            "first-certifications",
            {
                "zh": "首次获证企业，按年份和区市",
                "en": "First certifications by year and division",
            },
            _columns(
                ("year", "首次发证的年份", "year of the first issue"),
                ("division_then", "发证时的区划代码", "code of the division then"),
                ("division_then_name", "发证时的区划名称", "its name"),
                *_PLACE,
                _COUNT,
            ),
            _first_certifications,
        ),
        DataSet(
            "valid-certificates",
            {
                "zh": "有效持证企业，按标准版本和区市",
                "en": "Enterprises with a valid certificate by edition and division",
            },
            _columns(
                _ON,
                ("edition", "标准版本", "edition of the standard"),
                *_PLACE,
                _COUNT,
            ),
            _valid_certificates,
        ),
        DataSet(
            "advantage-enterprises",
            {
                "zh": "优势企业，按最高级别和区市",
                "en": "Advantage enterprises by highest tier and division",
            },
            _columns(
                _ON,
                ("tier", "最高级别", "highest tier"),
                *_PLACE,
                _COUNT,
            ),
            _titles,
        ),
        DataSet(
            "indicators",
            {"zh": "规划指标的目标和实绩", "en": "Targets and actuals of the plans"},
            _columns(
                ("plan", "规划", "plan"),
                ("indicator", "指标编号", "indicator"),
                ("title", "指标名称", "its title"),
                ("operator", "比较方式", "how the target compares"),
                ("target", "目标值", "target"),
                ("unit", "单位", "unit"),
                ("value", "实绩", "actual"),
                ("percent_done", "完成比例（%，不封顶）", "per cent done, uncapped"),
                ("status", "状态", "status"),
                ("as_of", "数据截至", "as of"),
            ),
            _indicators,
        ),
    )
}
"""The data sets by key, in the order they are listed."""
