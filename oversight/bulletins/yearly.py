"""同比和五年情况: the public counts of the years, as known on one day."""

from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from oversight.bulletins.document import Part, Section, Table
from oversight.bulletins.material import Material
from oversight.bulletins.words import part_title, percent_text, said, section_title
from oversight.counting.figures import movement
from oversight.counting.wording import movement_words


def yearly_section(number: int, material: Material) -> Section:
    """Return the change over the year before and the five-year view."""
    parts = (
        Part(part_title(1, _("同比")), (), _over_last_year(material)),
        Part(part_title(2, _("五年情况")), (), _five_years(material)),
    )
    text = _("各年数字都以编制本期时所知为准，与当年简报不同之处见更正。")
    return Section(section_title(number, _("同比和五年情况")), parts, (text,))


def change_words(now: int, before: int) -> str:
    """Return how a count moved."""
    return said(movement_words(movement(Fraction(now), Fraction(before))))


def _over_last_year(material: Material) -> Table:
    now, before = (
        _figures(material, day) for day in (material.day, material.day_before)
    )
    rows = tuple(
        (title, str(after), str(earlier), str(after - earlier), _rate(after, earlier))
        for (title, after), (_title, earlier) in zip(now, before, strict=True)
    )
    return Table(
        key="over_last_year",
        title=_("与上年同期相比（家）"),
        headers=(_("项目"), _("本期"), _("上年同期"), _("增减"), _("增幅")),
        rows=rows,
    )


def _rate(now: int, before: int) -> str:
    return percent_text(movement(Fraction(now), Fraction(before)).told)


def _five_years(material: Material) -> Table:
    columns = [_figures(material, date(year, 12, 31)) for year in material.years]
    rows = tuple(
        (line[0][0], *(str(value) for _title, value in line))
        for line in zip(*columns, strict=True)
    )
    return Table(
        key="five_years",
        title=_("五年情况（家）"),
        headers=(_("项目"), *(str(year) for year in material.years)),
        rows=rows,
    )


def _figures(material: Material, day: date) -> list[tuple[str, int]]:
    day = min(day, material.day)
    return [
        (_("当年首次获证企业"), material.certified_in(day.year, until=day)),
        (_("期末有效持证企业"), len(material.valid_on(day))),
        (_("期末市级以上优势企业"), len(material.titled_on(day))),
    ]
