"""A plan with all its indicators, as of a day and as known on a day."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from frontend.components import Link, SummaryRow
from frontend.pages.oversight.as_known import AsKnown, as_known
from frontend.pages.oversight.doors import reading_door
from frontend.pages.oversight.sections import section_tabs
from frontend.pages.oversight.tables import Tag
from frontend.pages.oversight.targets import IndicatorLine, indicator_line
from frontend.templatetags.texts import localized, long_date, short_date
from oversight.counting.plans import (
    Certainty,
    Change,
    Indicator,
    Plan,
    Reading,
    ScopeChange,
)
from oversight.counting.wording import movement_words
from oversight.plan_files import shipped_plans
from oversight.plan_standing import Compared, Standing, find_plan, plan_standing


@dataclass(frozen=True)
class Remark:
    """What to know of an indicator besides its numbers."""

    title: str
    url: str
    clause: str
    tags: tuple[Tag, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class PlanLine:
    """An indicator in the table of its plan."""

    line: IndicatorLine
    compared: str


@reading_door
def show(request: HttpRequest, plan: str) -> HttpResponse:
    """Show a plan."""
    found = plan_or_404(plan)
    asked = as_known(request)
    standings = plan_standing(found, asked.day, known_on=asked.known_on)
    context = {
        "plan": found,
        "asked": asked,
        "form": asked.form,
        "facts": list(plan_facts(found)),
        "lines": [_line(one, asked.query) for one in standings],
        "remarks": list(_remarks(found, asked.query)),
        "plans": _plans(found, asked.query),
        "tabs": section_tabs("oversight-plan", found),
        "as_of": as_of_words(asked),
    }
    return render(request, "oversight/plan.html", context)


def plan_or_404(plan_id: str) -> Plan:
    """Return a plan, or Http404."""
    try:
        return find_plan(plan_id)
    except KeyError as error:
        raise Http404 from error


def as_of_words(asked: AsKnown) -> str:
    """Say what day the numbers are of, and what day they are known on."""
    words = {"day": long_date(asked.day), "known_on": long_date(asked.known_on)}
    if asked.is_today:
        return _("截至 %(day)s") % words
    return _("统计到 %(day)s，按 %(known_on)s 所知") % words


def _plans(shown: Plan, query: str) -> tuple[Link, ...]:
    return tuple(
        Link(
            reverse("oversight-plan", args=[one.id]) + query,
            _("%(first)s–%(last)s 年")
            % {"first": one.first_year, "last": one.last_year},
            current=one.id == shown.id,
        )
        for one in shipped_plans()
    )


def plan_facts(one: Plan) -> Iterator[SummaryRow]:
    """Return where a plan comes from."""
    yield SummaryRow(_("文件"), one.document)
    if one.issued_on:
        yield SummaryRow(_("印发日期"), short_date(one.issued_on))
    yield SummaryRow(_("来源"), one.source)
    if one.note:
        yield SummaryRow(_("备注"), localized(one.note))


def _line(one: Standing, query: str) -> PlanLine:
    line = indicator_line(one.count, query)
    return PlanLine(line, compared_words(one.compared))


def compared_words(compared: Compared | None) -> str:
    """Return 同比 in words, with what is compared when it is not whole years."""
    if compared is None:
        return "–"
    words = localized(movement_words(compared.movement))
    if compared.day is None:
        return _("%(year)s 年%(moved)s") % {"year": compared.year, "moved": words}
    return _("至 %(day)s %(moved)s") % {
        "day": f"{compared.day:%m-%d}",
        "moved": words,
    }


def _remarks(one: Plan, query: str) -> Iterator[Remark]:
    for indicator in one.indicators:
        texts = tuple(remark_texts(indicator))
        if texts:
            yield Remark(
                title=localized(indicator.title),
                url=reverse("oversight-indicator", args=[one.id, indicator.id]) + query,
                clause=localized(indicator.clause),
                tags=tuple(indicator_tags(indicator)),
                texts=texts,
            )


def indicator_tags(indicator: Indicator) -> Iterator[Tag]:
    """Return what is uncertain about an indicator, in tags."""
    if indicator.certainty.to_verify:
        yield Tag(_("待核"), "amber")
    if indicator.undecided:
        yield Tag(_("读法未定"), "amber")
    if indicator.stopped_on():
        yield Tag(_("停止统计"))
    elif indicator.changes:
        yield Tag(_("口径变更"), "amber")


def remark_texts(indicator: Indicator) -> Iterator[str]:
    """Return changes of definition, readings and notes in words."""
    for change in indicator.changes:
        yield _change(change)
    for reading in indicator.readings:
        yield _reading(reading)
    if indicator.note:
        yield localized(indicator.note)
    if indicator.baseline:
        base = indicator.baseline
        mark = _("（待核）") if base.certainty.to_verify else ""
        yield _("基数：%(period)s 年 %(value)s%(mark)s") % {
            "period": base.period,
            "value": f"{float(base.value):g}",
            "mark": mark,
        }


def _change(change: ScopeChange) -> str:
    words = {
        "day": long_date(change.on),
        "note": localized(change.note),
        "mark": _("（待核）") if change.certainty.to_verify else "",
    }
    if change.change is Change.STOPPED:
        return _("%(day)s起停止统计%(mark)s：%(note)s") % words
    return _("%(day)s起口径变更%(mark)s：%(note)s") % words


def _reading(reading: Reading) -> str:
    text = {"text": localized(reading.text)}
    if reading.used:
        return _("按此读法计：%(text)s") % text
    return _("另一种读法：%(text)s") % text


def certainty_words(certainty: Certainty) -> str:
    """Return how certain a statement is."""
    words = {
        Certainty.SOURCED: _("见于文件"),
        Certainty.OWN_HIGH: _("一般知识，把握较大，待核"),
        Certainty.OWN_MEDIUM: _("一般知识，待核"),
        Certainty.OWN_LOW: _("一般知识，把握较小，待核"),
        Certainty.DERIVED: _("由文件的数字推算，待核"),
        Certainty.PROPOSAL: _("本系统的建议，待核"),
    }
    return words[certainty]
