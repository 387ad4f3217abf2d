"""六、区市排名: reporting units of the year, shared ranks, rates where known."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from oversight.bulletins.document import Part, Section, Table
from oversight.bulletins.material import Material
from oversight.bulletins.words import (
    MISSING,
    number_text,
    part_title,
    said,
    section_title,
)
from oversight.counting.facts import Facts, SeriesValue
from oversight.counting.lines import Line
from oversight.counting.periods import parse_period
from oversight.counting.places import current_division
from oversight.counting.ranking import (
    Denominator,
    Entry,
    Rate,
    ReportingUnit,
    Row,
    counts_by_unit,
    league_table,
)
from oversight.divisions import divisions, reporting_units, successors

DENOMINATORS = {
    Rate.PER_100_FIRMS: "firms-above-size",
    Rate.PER_10000_PEOPLE: "people",
}
"""Figures "firms-above-size.370602" (家) and "people.370602" (人) make the rates."""


def leagues_section(number: int, material: Material) -> Section:
    """Return the rankings by what the registers count."""
    units = units_for(material.day.year)
    this_year = [line for line in material.certified if line.year == material.day.year]
    measures: tuple[tuple[str, str, Sequence[Line], Sequence[Line]], ...] = (
        ("valid", _("有效持证企业"), material.valid, material.valid),
        ("first", _("本年首次获证企业"), this_year, material.certified),
        ("titled", _("市级以上优势企业"), material.titled, material.titled),
    )
    parts = tuple(
        _part(place, key, title, (counted, base), units, material)
        for place, (key, title, counted, base) in enumerate(measures, start=1)
    )
    text = _(
        "并列的名次相同，其后顺延（1、1、3）；不足 5 家的不排名，"
        "首次获证以历年累计满 5 家为限。"
        "考核单位按当年名单，功能区是否单列待核。"
    )
    return Section(section_title(number, _("区市排名")), parts, (text,))


def units_for(year: int) -> tuple[ReportingUnit, ...]:
    """Return who reports in a year, with the divisions each answers for.

    An abolished division belongs to its successor unless it reports itself.
    """
    found = reporting_units(year)
    own = {unit.code for unit in found}
    heirs = successors()
    return tuple(
        ReportingUnit(
            unit.code,
            {"zh": unit.names["zh"], "en": unit.names.get("en", unit.names["zh"])},
            year,
            frozenset(
                code
                for code in divisions()
                if code == unit.code
                or (code not in own and current_division(code, heirs) == unit.code)
            ),
        )
        for unit in found
    )


def denominator_of(
    facts: Facts, rate: Rate, unit: str, year: int
) -> Denominator | None:
    """Return the newest figure a rate of a unit divides by, up to a year."""
    name = f"{DENOMINATORS[rate]}.{unit}"
    known = [
        value
        for value in facts.series
        if value.indicator == name and parse_period(value.period).year <= year
    ]
    if not known:
        return None
    newest: SeriesValue = max(known, key=lambda v: parse_period(v.period).last_day)
    return Denominator(newest.value, newest.period, newest.source)


def _part(
    number: int,
    key: str,
    title: str,
    lines: tuple[Sequence[Line], Sequence[Line]],
    units: tuple[ReportingUnit, ...],
    material: Material,
) -> Part:
    if not units:
        return Part(part_title(number, title), (_("当年没有考核单位名单。"),))
    counted = counts_by_unit(lines[0], units, current=False)
    base = counts_by_unit(lines[1], units, current=False)
    rate = _rate(material, units)
    year = material.day.year
    entries = [
        Entry(
            unit,
            counted[unit.code],
            base[unit.code],
            denominator_of(material.facts, rate, unit.code, year)
            if rate is not Rate.NONE
            else None,
        )
        for unit in units
    ]
    table = _table(key, title, league_table(entries, rate), rate)
    return Part(part_title(number, title), _left_out(counted), table)


def _rate(material: Material, units: Iterable[ReportingUnit]) -> Rate:
    """Return the rate every unit has a denominator for; without one, plain numbers."""
    for rate in DENOMINATORS:
        found = [
            denominator_of(material.facts, rate, unit.code, material.day.year)
            for unit in units
        ]
        if all(found):
            return rate
    return Rate.NONE


def _table(key: str, title: str, rows: tuple[Row, ...], rate: Rate) -> Table:
    named = rate is not Rate.NONE
    headers = [_("考核单位"), _("名次"), _("家数")]
    if named:
        headers += [said(rate.words), _("分母")]
    headers.append(_("说明"))
    lines = []
    for row in rows:
        cells = [said(row.unit.name), str(row.rank or MISSING), str(row.count)]
        if named:
            cells += [number_text(row.measure), _denominator_text(row.denominator)]
        lines.append((*cells, said(row.note)))
    measure = said(rate.words)
    return Table(
        key=f"league:{key}",
        title=_("%(title)s排名，按%(measure)s") % {"title": title, "measure": measure},
        headers=tuple(headers),
        rows=tuple(lines),
        notes=() if named else (_("没有齐全的分母数据，暂按家数排名，不列比率。"),),
    )


def _denominator_text(denominator: Denominator | None) -> str:
    if denominator is None:
        return MISSING
    return f"{number_text(denominator.value)}（{denominator.of}）"


def _left_out(counted: dict[str, int]) -> tuple[str, ...]:
    left = counted.get("", 0)
    if not left:
        return ()
    return (_("另有 %s 家所在地不属于当年任何考核单位，不参加排名。") % left,)
