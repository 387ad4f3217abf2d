"""二、获证情况: first certifications, valid certificates and what expires next."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from django.utils.translation import gettext as _

from oversight.bulletins.document import Part, Section, Table
from oversight.bulletins.material import Material, counted_by, in_order
from oversight.bulletins.words import (
    day_words,
    part_title,
    place_name,
    section_title,
)
from oversight.counting.lines import Line

HORIZONS = (6, 12)
QUARTERS_SHOWN = 6


def certified_section(number: int, material: Material) -> Section:
    """Return first certifications, the valid stock and the expiries."""
    parts = [
        *_firsts(material),
        _stock(3, material),
        _expiring(4, material),
    ]
    return Section(section_title(number, _("获证情况")), tuple(parts))


def months_after(day: date, months: int) -> date:
    """Return the last day of a run of months that begins the day after a month's end.

    A day within a month gives the same day of a later month, or its last.
    """
    month = day.year * 12 + day.month - 1 + months
    year, index = divmod(month, 12)
    following = date(year + (index + 1) // 12, (index + 1) % 12 + 1, 1)
    last = (following - date.resolution).day
    ends_month = (day + date.resolution).month != day.month
    return date(year, index + 1, last if ends_month else min(day.day, last))


def _firsts(material: Material) -> tuple[Part, Part]:
    first = _by_place(material, _("按当时区划"), "first_then", lambda x: x.division)
    second = _by_place(material, _("按现行区划"), "first_now", lambda x: x.division_now)
    text = _(
        "每家企业只在首次发证的年份计一次；复评换证、换版、变更机构和重新获证不计。"
    )
    return (
        Part(part_title(1, _("首次获证企业（按当时区划）")), (text,), first),
        Part(part_title(2, _("首次获证企业（按现行区划）")), (), second),
    )


def _by_place(
    material: Material, view: str, key: str, place: Callable[[Line], str]
) -> Table:
    counts = Counter((place(line), line.year) for line in material.certified)
    years = material.years
    places = in_order({found for found, year in counts if year in years})
    rows = [
        (place_name(code), *_with_sum([counts[code, year] for year in years]))
        for code in places
    ]
    sums = [sum(counts[code, year] for code in places) for year in years]
    rows.append((_("全市"), *_with_sum(sums)))
    return Table(
        key=key,
        title=_("首次获证企业数，%(view)s（家）") % {"view": view},
        headers=(_("区市"), *(str(year) for year in years), _("合计")),
        rows=tuple(rows),
        notes=(_("%(year)s年截至本期末。") % {"year": material.day.year},),
    )


def _with_sum(numbers: list[int]) -> tuple[str, ...]:
    return tuple(str(number) for number in (*numbers, sum(numbers)))


def _stock(number: int, material: Material) -> Part:
    quarters = _quarters(material.day)
    counts: Counter[tuple[str, str]] = Counter()
    for line in material.valid:
        counts[line.category, _quarter_of(material, line, quarters)] += 1
    editions = sorted({edition for edition, _quarter in counts})
    columns = (*quarters, _("以后"))
    rows = [
        (edition, *_with_sum([counts[edition, column] for column in columns]))
        for edition in editions
    ]
    sums = [sum(counts[e, column] for e in editions) for column in columns]
    rows.append((_("合计"), *_with_sum(sums)))
    table = Table(
        key="valid_stock",
        title=_("有效持证企业数，按版本和到期季度（家）"),
        headers=(_("标准版本"), *columns, _("合计")),
        rows=tuple(rows),
        notes=(_("每家企业计一次；两版都有的计入新版。"),),
    )
    text = _("截至%(day)s，持有有效证书的企业 %(count)s 家。") % {
        "day": day_words(material.day),
        "count": len(material.valid),
    }
    return Part(part_title(number, _("有效证书")), (text,), table)


def _quarters(day: date) -> tuple[str, ...]:
    start = day.year * 4 + (day.month - 1) // 3
    return tuple(
        f"{place // 4}Q{place % 4 + 1}"
        for place in range(start, start + QUARTERS_SHOWN)
    )


def _quarter_of(material: Material, line: Line, quarters: tuple[str, ...]) -> str:
    expires_on = material.certificates[line.fact_id].expires_on
    found = f"{expires_on.year}Q{(expires_on.month - 1) // 3 + 1}"
    return found if found in quarters else _("以后")


def _expiring(number: int, material: Material) -> Part:
    ends = [months_after(material.day, months) for months in HORIZONS]
    within = [_until(material, end) for end in ends]
    counts = [counted_by(lines, now=True) for lines in within]
    places = in_order({code for found in counts for code in found})
    rows = [(place_name(c), *(str(found[c]) for found in counts)) for c in places]
    rows.append((_("全市"), *(str(len(lines)) for lines in within)))
    table = Table(
        key="expiring",
        title=_("即将到期的有效证书，按现行区划（家）"),
        headers=(_("区市"), *(_("%s 个月内") % months for months in HORIZONS)),
        rows=tuple(rows),
        notes=(_("12 个月内的含 6 个月内的。"),),
    )
    text = _("6 个月内（至%(soon)s）到期 %(few)s 家，12 个月内到期 %(many)s 家。") % {
        "soon": day_words(ends[0]),
        "few": len(within[0]),
        "many": len(within[1]),
    }
    return Part(part_title(number, _("即将到期")), (text,), table)


def _until(material: Material, end: date) -> tuple[Line, ...]:
    return tuple(
        line
        for line in material.valid
        if material.certificates[line.fact_id].expires_on <= end
    )
