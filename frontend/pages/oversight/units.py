"""Pages of registered units: where they are, what they were called, whose they are."""

from dataclasses import replace
from datetime import date
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
from frontend.pages.oversight.forms import (
    UnitChangeForm,
    UnitForm,
    division_choices,
    shown_division,
)
from frontend.pages.oversight.tables import (
    Choice,
    Line,
    Listing,
    Tag,
    chosen,
    page_of,
    searched,
)
from frontend.pages.oversight.words import history, summary
from frontend.templatetags.texts import short_date
from oversight.counting.facts import Presence
from oversight.entries import UnitEntry
from oversight.faults import Fault, InvalidEntry
from oversight.models import Certificate, Recognition, RegisteredUnit, Via
from oversight.services.reference import keep_group
from oversight.services.units import correct_unit, entry_of_unit, register_unit
from oversight.stored import FormerName, GroupMembership
from oversight.unit_checks import is_enterprise_code


@reading_door
def units(request: HttpRequest) -> HttpResponse:
    """List units by credit code."""
    options = division_choices()
    choice = Choice(
        "division", _("所在区市"), options, chosen(request, "division", options)
    )
    q = searched(request)
    rows = RegisteredUnit.objects.visible_to(person(request)).standing()
    if choice.value:
        rows = rows.filter(division=choice.value)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(credit_code__icontains=q))
    page = page_of(request, rows.select_related("latest", "group").by_code())
    listing = Listing(
        title=_("单位登记"),
        lede=_(
            "证书和称号的持有单位。单位不必在本系统注册；所在区市以登记为准，不按信用代码推断。"
        ),
        headers=(_("单位名称"), _("信用代码"), _("所在区市"), _("控制集团"), _("情况")),
        lines=[_line(unit) for unit in page],
        page=page,
        choices=(choice,),
        searched=q,
        search_label=_("单位名称或信用代码"),
        actions=(
            Link(reverse("register-unit-new"), _("登记单位")),
            Link(reverse("register-import-new"), _("表格导入")),
        ),
        crumbs=(Link(reverse("registers"), _("登记库")), Link("", _("单位登记"))),
    )
    return render(request, "oversight/register_list.html", {"listing": listing})


def _line(unit: RegisteredUnit) -> Line:
    return Line(
        title=unit.name,
        url=reverse("register-unit", args=[unit.pk]),
        cells=(
            unit.credit_code,
            shown_division(unit.division),
            str(unit.group) if unit.group else "–",
            _standing(unit),
        ),
    )


def _standing(unit: RegisteredUnit) -> Tag:
    if unit.latest.merged_into:
        return Tag(_("已并入其他单位"))
    if unit.latest.deregistered_on:
        return Tag(_("已注销"))
    kind = is_enterprise_code(unit.credit_code)
    if kind is None:
        return Tag(_("合作社，是否计数待主管部门确定"), "amber")
    return Tag(_("企业"), "green") if kind else Tag(_("不是企业"))


@keeper_door
def enter(request: HttpRequest) -> HttpResponse:
    """Register a unit."""
    form = UnitForm(posted(request))
    form.add_source()
    if request.method == "POST" and form.is_valid():
        made = done_by(
            form,
            lambda: register_unit(
                entry=form.entry(),
                source=form.cleaned_data["source"],
                via=Via.FORM,
                actor=person(request),
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect("register-unit", made.pk)
    return _form_page(request, form, _("登记单位"))


@reading_door
def show(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Show a unit with its past, and what it holds."""
    rows = RegisteredUnit.objects.visible_to(person(request))
    unit = found_or_404(rows.select_related("latest", "group"), record_id)
    who = person(request)
    certificates = Certificate.objects.visible_to(who).standing()
    titles = Recognition.objects.visible_to(who).standing()
    holds = [
        *(
            Link(reverse("register-certificate", args=[row.pk]), row.number)
            for row in certificates.filter(in_force__holder=unit).newest_first()
        ),
        *(
            Link(reverse("register-title", args=[row.pk]), row.name)
            for row in titles.filter(in_force__holder=unit).newest_first()
        ),
    ]
    context = {
        "unit": unit,
        "standing": _standing(unit),
        "rows": summary(_rows(unit)),
        "holds": holds,
        "events": history(unit.revisions.in_order()),
        "crumbs": _crumbs(unit.name),
    }
    return render(request, "oversight/unit.html", context)


def _rows(unit: RegisteredUnit) -> list[tuple[str, str]]:
    entry = entry_of_unit(unit.credit_code, unit.latest)
    places = [
        f"{shown_division(p.division)}（{_span(p.since, p.until)}）"
        for p in entry.presences
    ]
    names = [
        f"{former.name}（{_span(None, former.until)}）" for former in entry.former_names
    ]
    groups = [
        f"{g.name}（{_span(g.since, g.until)}，{g.source}）" for g in entry.groups
    ]
    none = _("无")
    return [
        (_("统一社会信用代码"), unit.credit_code),
        (_("所在地"), "\n".join(places)),
        (_("曾用名"), "\n".join(names) or none),
        (_("控制集团"), "\n".join(groups) or none),
        (
            _("注销日期"),
            short_date(entry.deregistered_on) if entry.deregistered_on else none,
        ),
        (_("并入单位的信用代码"), entry.merged_into or none),
    ]


def _span(since: date | None, until: date | None) -> str:
    start = short_date(since) if since else _("起始日期未登记")
    if until is None:
        return _("%(day)s 起") % {"day": start} if since else start
    return _("%(first)s 至 %(last)s 前") % {"first": start, "last": short_date(until)}


@keeper_door
def change(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Record what became of a unit; what it was before stays in its past."""
    rows = RegisteredUnit.objects.visible_to(person(request))
    unit = found_or_404(rows.select_related("latest", "group"), record_id)
    form = UnitChangeForm(posted(request), initial=_initial(unit))
    form.add_source()
    form.add_reason()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = done_by(
            form,
            lambda: correct_unit(
                unit_id=unit.pk,
                seq=data["seq"],
                entry=_changed(request, unit, data),
                source=data["source"],
                reason=data["reason"],
                via=Via.FORM,
                actor=person(request),
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect("register-unit", unit.pk)
    return _form_page(request, form, _("登记单位变化"), unit)


def _initial(unit: RegisteredUnit) -> dict[str, Any]:
    latest = unit.latest
    return {
        "name": unit.name,
        "division": unit.division,
        "group": unit.group.name if unit.group else "",
        "deregistered_on": latest.deregistered_on,
        "merged_into": latest.merged_into,
        "seq": latest.seq,
        "source": latest.source,
    }


def _changed(
    request: HttpRequest, unit: RegisteredUnit, data: dict[str, Any]
) -> UnitEntry:
    """Return the entry with what the form changed, each from its day on."""
    entry = entry_of_unit(unit.credit_code, unit.latest)
    since: date | None = data["since"]
    group = unit.group.name if unit.group else ""
    moved = data["division"] != unit.division
    regrouped = " ".join(data["group"].split()) != group
    if since is None and (moved or regrouped or data["name"] != entry.name):
        raise InvalidEntry([Fault("since", _("单位变更时，请填写变更日期。"))])
    if data["name"] != entry.name and since:
        former = FormerName(entry.name, since)
        entry = replace(entry, former_names=(*entry.former_names, former))
    if moved:
        entry = replace(entry, presences=_moved(entry, data["division"], since))
    if regrouped:
        entry = replace(entry, groups=_regrouped(request, entry, data))
    return replace(
        entry,
        name=data["name"],
        deregistered_on=data["deregistered_on"],
        merged_into=data["merged_into"],
    )


def _moved(entry: UnitEntry, division: str, since: date | None) -> tuple[Any, ...]:
    before = [
        replace(p, until=since) if p.until is None else p for p in entry.presences
    ]
    return (*before, Presence(division, since))


def _regrouped(
    request: HttpRequest, entry: UnitEntry, data: dict[str, Any]
) -> tuple[GroupMembership, ...]:
    since = data["since"]
    before = [replace(g, until=since) if g.until is None else g for g in entry.groups]
    if not data["group"].strip():
        return tuple(before)
    group = keep_group(name=data["group"], actor=person(request), at=timezone.now())
    new = GroupMembership(str(group.pk), group.name, since, data["source"])
    return (*before, new)


def _crumbs(*titles: str) -> tuple[Link, ...]:
    return (
        Link(reverse("registers"), _("登记库")),
        Link(reverse("register-units"), _("单位登记")),
        *(Link("", title) for title in titles),
    )


def _form_page(
    request: HttpRequest, form: Any, title: str, unit: RegisteredUnit | None = None
) -> HttpResponse:
    titles = [unit.name, title] if unit else [title]
    back = reverse("register-units")
    if unit:
        back = reverse("register-unit", args=[unit.pk])
    context = {
        "form": form,
        "title": title,
        "about": unit.name if unit else "",
        "back": back,
        "crumbs": _crumbs(*titles),
    }
    return render(request, "oversight/form.html", context)
