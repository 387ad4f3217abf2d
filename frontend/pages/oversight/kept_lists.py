"""Lists the bureau keeps: certification bodies, equivalent titles; and divisions."""

from typing import Any
from uuid import UUID

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
from frontend.pages.oversight.forms import BodyForm, EquivalenceForm
from frontend.pages.oversight.tables import Line, Listing, Tag, Whole, page_of
from frontend.templatetags.texts import localized, short_date
from oversight.divisions import Division, Kind, divisions, reporting_years
from oversight.models import CertificationBody, TitleEquivalence
from oversight.services.reference import keep_body, keep_equivalence


@reading_door
def bodies(request: HttpRequest) -> HttpResponse:
    """List certification bodies by name."""
    rows = CertificationBody.objects.visible_to(person(request)).order_by("name")
    page = page_of(request, rows)
    listing = Listing(
        title=_("认证机构名录"),
        lede=_("证书只能选名录中的机构。批准号请到 cx.cnca.cn 核对。"),
        headers=(_("认证机构名称"), _("批准号"), _("情况")),
        lines=[
            Line(
                title=body.name,
                url=reverse("register-body", args=[body.pk]),
                cells=(
                    body.approval_number or "–",
                    Tag(_("仍在发证"), "green")
                    if body.is_active
                    else Tag(_("不再发证")),
                ),
            )
            for body in page
        ],
        page=page,
        actions=(Link(reverse("register-body-new"), _("添加认证机构")),),
        crumbs=_crumbs("register-bodies", _("认证机构名录")),
    )
    return render(request, "oversight/register_list.html", {"listing": listing})


@keeper_door
def body(request: HttpRequest, record_id: UUID | None = None) -> HttpResponse:
    """Add a certification body, or change one."""
    initial: dict[str, Any] = {}
    if record_id is not None:
        rows = CertificationBody.objects.visible_to(person(request))
        found = found_or_404(rows, record_id)
        names = ("name", "approval_number", "is_active")
        initial = {name: getattr(found, name) for name in names}
    form = BodyForm(posted(request), initial=initial or None)
    if request.method == "POST" and form.is_valid():
        made = done_by(
            form,
            lambda: keep_body(
                body_id=record_id,
                **form.cleaned_data,
                actor=person(request),
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect("register-bodies")
    title = _("修改认证机构") if record_id else _("添加认证机构")
    return _form(request, form, title, "register-bodies", _("认证机构名录"))


@reading_door
def equivalences(request: HttpRequest) -> HttpResponse:
    """List what titles of other names count as; the latest word first."""
    rows = TitleEquivalence.objects.visible_to(person(request))
    page = page_of(request, rows.select_related("recorded_by").order_by("-pk"))
    listing = Listing(
        title=_("等同称号名单"),
        lede=_(
            "名称相近的其他称号（如“贯标示范”）是否计入，以本名单为准。同一名称以最新一行为准，旧行保留。"
        ),
        headers=(_("称号全称"), _("计为"), _("依据"), _("登记日期"), _("登记人")),
        lines=[
            Line(
                title=row.name,
                cells=(
                    str(TitleEquivalence.CountsAs(row.counts_as).label),
                    row.source,
                    Whole(short_date(row.created_at)),
                    str(row.recorded_by or "–"),
                ),
            )
            for row in page
        ],
        page=page,
        actions=(Link(reverse("register-equivalence-new"), _("登记等同称号")),),
        crumbs=_crumbs("register-equivalences", _("等同称号名单")),
    )
    return render(request, "oversight/register_list.html", {"listing": listing})


@keeper_door
def equivalence(request: HttpRequest) -> HttpResponse:
    """Say what a title of another name counts as."""
    form = EquivalenceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = done_by(
            form,
            lambda: keep_equivalence(
                **form.cleaned_data, actor=person(request), at=timezone.now()
            ),
        )
        if made is not None:
            return redirect("register-equivalences")
    title = _("登记等同称号")
    return _form(request, form, title, "register-equivalences", _("等同称号名单"))


@reading_door
def places(request: HttpRequest) -> HttpResponse:
    """Show divisions with their dates and successors, and who reports in which year."""
    listing = Listing(
        title=_("区划和考核单位"),
        lede=_(
            "计数按当时区划，也可按现行区划汇总。标为待核的内容请以主管部门文件为准。"
        ),
        headers=(
            _("名称"),
            _("代码"),
            _("类别"),
            _("起止"),
            _("并入"),
            _("依据"),
            _("可靠程度"),
        ),
        lines=[_place(item) for item in divisions().values()],
        crumbs=_crumbs("register-divisions", _("区划和考核单位")),
        notes=tuple(_years()),
    )
    return render(request, "oversight/register_list.html", {"listing": listing})


def _place(item: Division) -> Line:
    kinds = {
        Kind.CITY: _("设区的市"),
        Kind.DISTRICT: _("市辖区"),
        Kind.COUNTY: _("县"),
        Kind.COUNTY_CITY: _("县级市"),
        Kind.ZONE: _("功能区"),
        Kind.OVERLAY: _("叠加区域（不单独统计）"),
    }
    known = divisions()
    return Line(
        title=item.name,
        caption=item.note,
        cells=(
            item.code,
            kinds[item.kind],
            _span(item),
            known[item.successor].name if item.successor else "–",
            item.source,
            _certainty(item.certainty),
        ),
    )


def _span(item: Division) -> str:
    if item.since is None and item.until is None:
        return _("一直")
    if item.until is None:
        return _("%(day)s 起") % {"day": short_date(item.since)}
    return _("至 %(day)s 前") % {"day": short_date(item.until)}


def _certainty(word: str) -> Tag:
    if word == "verified":
        return Tag(_("已核实"), "green")
    return Tag(_("待核"), "amber")


def _years() -> list[str]:
    known = divisions()
    lines = []
    for years in reporting_years():
        span = str(years.first)
        if years.last != years.first:
            span += f"–{years.last or _('今')}"
        names = _("、").join(known[code].name for code in years.units)
        lines.append(
            _("%(years)s 年考核单位：%(names)s。（待核：%(note)s）")
            % {"years": span, "names": names, "note": localized(years.notes)}
        )
    return lines


def _crumbs(_name: str, title: str) -> tuple[Link, ...]:
    return (Link(reverse("registers"), _("登记库")), Link("", title))


def _form(
    request: HttpRequest, form: Any, title: str, name: str, list_title: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "back": reverse(name),
        "crumbs": (
            Link(reverse("registers"), _("登记库")),
            Link(reverse(name), list_title),
            Link("", title),
        ),
    }
    return render(request, "oversight/form.html", context)
