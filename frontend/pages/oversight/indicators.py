"""One indicator: its figures, and every unit that was looked at for them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from frontend.components import Link, SummaryRow
from frontend.pages.oversight.as_known import AsKnown, as_known
from frontend.pages.oversight.blocks import Chart, drawn
from frontend.pages.oversight.doors import reading_door
from frontend.pages.oversight.files import file_of
from frontend.pages.oversight.forms import shown_division
from frontend.pages.oversight.plans import (
    as_of_words,
    certainty_words,
    compared_words,
    indicator_tags,
    plan_or_404,
    remark_texts,
)
from frontend.pages.oversight.sections import section_tabs
from frontend.pages.oversight.tables import Choice, page_of
from frontend.pages.oversight.targets import (
    amount,
    percent_words,
    status_of,
    target_words,
)
from frontend.pages.oversight.units_counted import (
    UnitRow,
    category_words,
    line_choice,
    line_choices,
    sheet_of,
    unit_rows,
)
from frontend.templatetags.texts import localized
from oversight.counting.facts import SeriesValue
from oversight.counting.lines import Line, Tally
from oversight.counting.plans import Indicator, Operator, Plan
from oversight.divisions import divisions
from oversight.plan_standing import (
    Standing,
    counted_lines,
    figures_behind,
    indicator_standing,
)
from reports.bar_charts import BarRow, bars_table, horizontal_bars
from reports.chart_tables import ChartTable


@dataclass(frozen=True)
class DivisionRow:
    """How many are counted in a place: by the boundaries then, and by today's."""

    name: str
    then: int
    now: int


@dataclass(frozen=True)
class Years:
    """The figures by year as a chart with its table."""

    finding: str
    chart: Chart
    table: ChartTable


@dataclass(frozen=True)
class FigureRow:
    """A figure of another office: what it is made of and who says so."""

    period: str
    value: str
    made_of: str
    source: str
    note: str


@dataclass(frozen=True)
class Units:
    """The units looked at, chosen and paged, with how many there are in all."""

    rows: list[UnitRow]
    page: Page[Any]
    choices: tuple[Choice, ...]
    total: int
    found: int
    files: tuple[Link, ...]

    @property
    def is_filtered(self) -> bool:
        """Whether a choice leaves lines out."""
        return any(choice.value for choice in self.choices)


@reading_door
def show(request: HttpRequest, plan: str, indicator: str) -> HttpResponse:
    """Show an indicator with everything that was counted for it."""
    of, asked = plan_or_404(plan), as_known(request)
    shown = indicator_or_404(of, indicator)
    standing = indicator_standing(of, shown, asked.day, known_on=asked.known_on)
    lines = counted_lines(of, shown, asked.day, known_on=asked.known_on)
    figures = figures_behind(shown, known_on=asked.known_on)
    context = {
        "plan": of,
        "indicator": shown,
        "asked": asked,
        "form": asked.form,
        "as_of": as_of_words(asked),
        "status": status_of(standing.count.judgement),
        "tags": list(indicator_tags(shown)),
        "facts": list(_facts(standing)),
        "remarks": list(remark_texts(shown)),
        "years": _years(standing),
        "divisions": list(_divisions(lines)),
        "categories": _categories(standing),
        "figures": list(_figures(figures)),
        "units": _units(request, of, shown, lines) if shown.rule.counts else None,
        "tabs": section_tabs("oversight-plan", of),
        "crumbs": _crumbs(of, shown, asked),
    }
    return render(request, "oversight/indicator.html", context)


@reading_door
def units_file(
    request: HttpRequest, plan: str, indicator: str, form: str
) -> HttpResponse:
    """Send the units chosen on the page as a file."""
    of, asked = plan_or_404(plan), as_known(request)
    shown = indicator_or_404(of, indicator)
    if not shown.rule.counts:
        raise Http404
    lines = counted_lines(of, shown, asked.day, known_on=asked.known_on)
    chosen = line_choice(request.GET).of(lines)
    name = f"{of.id}-{shown.id}-{asked.day}-{asked.known_on}"
    return file_of([sheet_of(shown, chosen)], form=form, name=name)


def indicator_or_404(plan: Plan, indicator_id: str) -> Indicator:
    """Return an indicator of a plan, or Http404."""
    try:
        return plan.indicator(indicator_id)
    except KeyError as error:
        raise Http404 from error


def _crumbs(plan: Plan, indicator: Indicator, asked: AsKnown) -> tuple[Link, ...]:
    url = reverse("oversight-plan", args=[plan.id]) + asked.query
    return (
        Link(reverse("oversight"), _("监测")),
        Link(url, localized(plan.title)),
        Link("", localized(indicator.title)),
    )


def _facts(standing: Standing) -> Iterator[SummaryRow]:
    """Yield target, actual and pace with their raw numbers."""
    judged, indicator = standing.count.judgement, standing.count.indicator
    unit = localized(indicator.unit)
    yield SummaryRow(_("目标"), target_words(judged))
    yield SummaryRow(_("实际"), _with_unit(judged.value, unit))
    yield SummaryRow(_("完成"), percent_words(judged))
    if indicator.operator is Operator.MEAN and judged.mean is not None:
        yield SummaryRow(_("已满年份的年均"), _with_unit(judged.mean, unit))
    if judged.even_pace_today is not None:
        yield SummaryRow(_("按进度应为"), _with_unit(judged.even_pace_today, unit, 1))
    if judged.still_needed:
        yield SummaryRow(_("还差"), _with_unit(judged.still_needed, unit))
    if judged.still_needed_per_year:
        needed = _with_unit(judged.still_needed_per_year, unit, 1)
        yield SummaryRow(_("剩余各年平均还需"), needed)
    yield SummaryRow(_("同比"), compared_words(standing.compared))
    if judged.missing_years:
        yield SummaryRow(
            _("缺数据的年份"), _("、").join(map(str, judged.missing_years))
        )
    if standing.count.to_verify:
        words = _("%(number)s 项") % {"number": standing.count.to_verify}
        yield SummaryRow(_("待核的单位"), words)
    yield SummaryRow(_("条款"), localized(indicator.clause))
    yield SummaryRow(_("目标的可靠程度"), certainty_words(indicator.certainty))


def _with_unit(value: Fraction | None, unit: str, places: int = 2) -> str:
    if value is None:
        return "–"
    return f"{amount(value, places)} {unit}"


def _years(standing: Standing) -> Years | None:
    """Return the figures by year with the year's target where there is one."""
    judged, indicator = standing.count.judgement, standing.count.indicator
    if not judged.by_year:
        return None
    unit = localized(indicator.unit)
    rows = [
        BarRow(str(year), float(value), _with_unit(value, unit))
        for year, value in judged.by_year
    ]
    yearly = indicator.operator is Operator.MEAN or indicator.each_year
    line = float(indicator.target) if yearly and indicator.target is not None else None
    finding = _("%(actual)s，%(status)s") % {
        "actual": rows[-1].label + " " + rows[-1].words,
        "status": localized(judged.status.words),
    }
    if indicator.kind.adds_up:
        finding = _("合计 %(actual)s，%(status)s") % {
            "actual": _with_unit(judged.value, unit),
            "status": localized(judged.status.words),
        }
    return Years(
        finding,
        drawn(
            lambda width: horizontal_bars(
                rows,
                title=finding,
                line=line,
                line_words=target_words(judged),
                width=width,
            ),
        ),
        bars_table(rows, caption=_("各年数值"), columns=(_("年份"), _("数值"))),
    )


def _divisions(lines: Sequence[Line]) -> Iterator[DivisionRow]:
    counted = Tally(tuple(lines)).counted
    then = Counter(line.division for line in counted)
    now = Counter(line.division_now for line in counted)
    for code in divisions():
        if then[code] or now[code]:
            yield DivisionRow(shown_division(code), then[code], now[code])


def _categories(standing: Standing) -> list[tuple[str, int]]:
    found = standing.count.by_category
    return [(category_words(key), number) for key, number in found.items() if key]


def _figures(figures: Sequence[SeriesValue]) -> Iterator[FigureRow]:
    for one in figures:
        parts = ""
        if one.numerator is not None and one.denominator:
            parts = f"{amount(one.numerator)} ÷ {amount(one.denominator)}"
            parts += f" {one.denominator_of}" if one.denominator_of else ""
        yield FigureRow(one.period, amount(one.value), parts, one.source, one.note)


def _units(
    request: HttpRequest, plan: Plan, indicator: Indicator, lines: Sequence[Line]
) -> Units:
    choice = line_choice(request.GET)
    chosen = choice.of(lines)
    page = page_of(request, chosen)
    asked = request.GET.copy()
    asked.pop("page", None)
    query = f"?{asked.urlencode()}" if asked else ""
    files = tuple(
        Link(
            reverse("oversight-units-file", args=[plan.id, indicator.id, form]) + query,
            form.upper(),
        )
        for form in ("csv", "xlsx")
    )
    return Units(
        rows=list(unit_rows(indicator, list(page))),
        page=page,
        choices=line_choices(lines, choice),
        total=len(lines),
        found=len(chosen),
        files=files,
    )
