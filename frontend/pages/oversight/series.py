"""Pages of figures that other offices counted."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.pages.mandates.doors import posted
from frontend.pages.oversight.doors import (
    done_by,
    found_or_404,
    keeper_door,
    reading_door,
)
from frontend.pages.oversight.forms import SeriesForm
from frontend.pages.oversight.tables import Line, Listing, page_of, searched
from frontend.pages.oversight.words import history
from oversight.models import SeriesFigure, Via
from oversight.series_checks import series_warnings
from oversight.services.series import correct_figure, enter_figure, entry_of_figure


@reading_door
def figures(request: HttpRequest) -> HttpResponse:
    """List figures by indicator, the latest period first."""
    q = searched(request)
    rows = SeriesFigure.objects.visible_to(person(request)).filter(is_standing=True)
    if q:
        rows = rows.filter(Q(indicator__iexact=q) | Q(period__startswith=q))
    rows = rows.select_related("latest").order_by("indicator", "-period")
    page = page_of(request, rows)
    listing = Listing(
        title=_("指标数值"),
        lede=_(
            "由其他部门统计、手工登记的指标。每个数值都写明来源，比率同时登记分子和分母。"
        ),
        headers=(_("指标和时期"), _("数值"), _("分子"), _("分母"), _("来源")),
        lines=[_line(figure) for figure in page],
        page=page,
        searched=q,
        search_label=_("指标编号或年份"),
        actions=(
            Link(reverse("register-figure-new"), _("登记数值")),
            Link(reverse("register-import-new"), _("表格导入")),
        ),
        crumbs=_crumbs(),
    )
    return render(request, "oversight/register_list.html", {"listing": listing})


def _line(figure: SeriesFigure) -> Line:
    latest = figure.latest
    of = f"\n{latest.denominator_of}" if latest.denominator_of else ""
    return Line(
        title=str(figure),
        url=reverse("register-figure", args=[figure.pk]),
        cells=(
            _number(latest.value),
            _number(latest.numerator),
            f"{_number(latest.denominator)}{of}",
            latest.source,
        ),
    )


def _number(value: Any) -> str:
    return "–" if value is None else f"{value.normalize():f}"


@keeper_door
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a figure."""
    form = SeriesForm(posted(request))
    form.add_source()
    if request.method == "POST" and form.is_valid():
        made = done_by(
            form,
            lambda: enter_figure(
                entry=form.entry(),
                source=form.cleaned_data["source"],
                via=Via.FORM,
                actor=person(request),
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect("register-figures")
    context = {
        "form": form,
        "title": _("登记数值"),
        "back": reverse("register-figures"),
        "crumbs": _crumbs(_("登记数值")),
    }
    return render(request, "oversight/form.html", context)


@keeper_door
def correct(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Show a figure with its history, and correct it."""
    rows = SeriesFigure.objects.visible_to(person(request)).select_related("latest")
    figure = found_or_404(rows, record_id)
    entry = entry_of_figure(figure, figure.latest)
    initial = vars(entry) | {"seq": figure.latest.seq, "source": figure.latest.source}
    form = SeriesForm(posted(request), initial=initial)
    form.fields["indicator"].disabled = form.fields["period"].disabled = True
    form.add_source()
    form.add_reason()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = done_by(
            form,
            lambda: correct_figure(
                figure_id=figure.pk,
                seq=data["seq"],
                entry=form.entry(),
                source=data["source"],
                reason=data["reason"],
                via=Via.FORM,
                actor=person(request),
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect("register-figures")
    context = {
        "form": form,
        "title": _("更正数值"),
        "about": str(figure),
        "back": reverse("register-figures"),
        "warnings": list(series_warnings(entry)),
        "events": history(figure.revisions.in_order()),
        "crumbs": _crumbs(str(figure)),
    }
    return render(request, "oversight/form.html", context)


def _crumbs(*titles: str) -> tuple[Link, ...]:
    found = [
        Link(reverse("registers"), _("登记库")),
        Link(reverse("register-figures"), _("指标数值")),
    ]
    return (*found, *(Link("", title) for title in titles))
