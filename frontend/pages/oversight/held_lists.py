"""The lists of certificates and titles, searched and filtered."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.pages.oversight.doors import reading_door
from frontend.pages.oversight.forms import division_choices, shown_division
from frontend.pages.oversight.nouns import CERTIFICATE, TITLE, Noun
from frontend.pages.oversight.tables import (
    Choice,
    Line,
    Listing,
    Whole,
    chosen,
    page_of,
    searched,
)
from frontend.pages.oversight.words import verification_tag
from frontend.templatetags.texts import short_date
from oversight.filtering import checked_as, holder_like, in_state
from oversight.models import (
    Certificate,
    CertificateRevision,
    Recognition,
    RecognitionRevision,
)


@reading_door
def certificates(request: HttpRequest) -> HttpResponse:
    """List certificates; the latest issue first."""
    today = timezone.localdate()
    choices = (
        _choice(request, "verification", _("核实情况"), _verifications()),
        _choice(request, "state", _("状态"), _states()),
        _choice(request, "edition", _("标准"), CertificateRevision.Standard.choices),
        _choice(request, "division", _("所在区市"), division_choices()),
        _choice(request, "year", _("发证年份"), _years(today.year)),
    )
    picked = {choice.name: choice.value for choice in choices}
    q = searched(request)
    rows = Certificate.objects.visible_to(person(request))
    rows = checked_as(rows, picked["verification"])
    rows = in_state(rows, picked["state"], today)
    if picked["edition"]:
        rows = rows.filter(in_force__standard=picked["edition"])
    if picked["division"]:
        rows = rows.filter(in_force__holder__division=picked["division"])
    if picked["year"]:
        rows = rows.filter(in_force__issued_on__year=picked["year"])
    if q:
        rows = rows.filter(Q(number__icontains=q) | holder_like(q))
    rows = CERTIFICATE.fetched(rows).order_by("-in_force__issued_on", "pk")
    page = page_of(request, rows)
    listing = Listing(
        title=_("证书登记"),
        lede=_("核实过的证书才计入统计。录入和更正须由另一位工作人员核实。"),
        headers=(
            _("证书编号"), _("持有单位"), _("所在区市"), _("标准"), _("发证日期"),
            _("证书到期日"), _("状态"), _("核实情况"),
        ),
        lines=[_certificate_line(record, today) for record in page],
        page=page,
        choices=choices,
        searched=q,
        search_label=_("编号、单位名称或信用代码"),
        **_frame(CERTIFICATE),
    )  # fmt: skip
    return render(request, "oversight/register_list.html", {"listing": listing})


@reading_door
def titles(request: HttpRequest) -> HttpResponse:
    """List titles; the latest given first."""
    today = timezone.localdate()
    words = RecognitionRevision
    choices = (
        _choice(request, "verification", _("核实情况"), _verifications()),
        _choice(request, "level", _("级别"), words.Level.choices),
        _choice(request, "title", _("类别"), words.Title.choices),
        _choice(request, "stage", _("阶段"), words.Stage.choices),
        _choice(request, "division", _("所在区市"), division_choices()),
        _choice(request, "year", _("认定年份"), _years(today.year)),
    )
    picked = {choice.name: choice.value for choice in choices}
    q = searched(request)
    rows = Recognition.objects.visible_to(person(request))
    rows = checked_as(rows, picked["verification"])
    for name in ("level", "title", "stage"):
        if picked[name]:
            rows = rows.filter(**{f"in_force__{name}": picked[name]})
    if picked["division"]:
        rows = rows.filter(in_force__holder__division=picked["division"])
    if picked["year"]:
        rows = rows.filter(in_force__since__year=picked["year"])
    if q:
        like = Q(name__icontains=q) | Q(document__icontains=q)
        rows = rows.filter(like | holder_like(q))
    rows = TITLE.fetched(rows).order_by("-in_force__since", "pk")
    page = page_of(request, rows)
    listing = Listing(
        title=_("称号登记"),
        lede=_("核实过的称号才计入统计；培育企业和县级称号不计入优势企业数。"),
        headers=(
            _("称号全称"), _("持有单位"), _("所在区市"), _("级别"), _("阶段"),
            _("文号"), _("认定日期"), _("状态"), _("核实情况"),
        ),
        lines=[_title_line(record, today) for record in page],
        page=page,
        choices=choices,
        searched=q,
        search_label=_("称号、文号、单位名称或信用代码"),
        **_frame(TITLE),
    )  # fmt: skip
    return render(request, "oversight/register_list.html", {"listing": listing})


def _frame(noun: Noun) -> dict[str, Any]:
    new = _("录入%(noun)s") % {"noun": noun.title}
    return {
        "actions": (
            Link(reverse(noun.url_name("new")), new),
            Link(reverse("register-import-new"), _("表格导入")),
        ),
        "crumbs": (
            Link(reverse("registers"), _("登记库")),
            Link("", str(noun.list_title)),
        ),
    }


def _certificate_line(record: Certificate, today: Any) -> Line:
    holds = record.in_force
    unit = holds.holder
    return Line(
        title=record.number,
        url=reverse(CERTIFICATE.url_name(), args=[record.pk]),
        caption=holds.body.name,
        cells=(
            f"{unit.name}\n{unit.credit_code}",
            shown_division(unit.division),
            holds.standard,
            Whole(short_date(holds.issued_on)),
            Whole(short_date(holds.expires_on)),
            CERTIFICATE.state(holds, today),
            verification_tag(record),
        ),
    )


def _title_line(record: Recognition, today: Any) -> Line:
    holds = record.in_force
    unit = holds.holder
    return Line(
        title=record.name,
        url=reverse(TITLE.url_name(), args=[record.pk]),
        cells=(
            f"{unit.name}\n{unit.credit_code}",
            shown_division(unit.division),
            str(RecognitionRevision.Level(holds.level).label),
            str(RecognitionRevision.Stage(holds.stage).label),
            holds.document,
            Whole(short_date(holds.since)),
            TITLE.state(holds, today),
            verification_tag(record),
        ),
    )


def _choice(
    request: HttpRequest, name: str, label: str, offered: Iterable[tuple[str, Any]]
) -> Choice:
    options = [(value, str(text)) for value, text in offered]
    return Choice(name, label, options, chosen(request, name, options))


def _verifications() -> list[tuple[str, str]]:
    return [
        ("pending", _("待核（含更正）")),
        ("verified", _("已核实")),
        ("rejected", _("已退回")),
        ("void", _("已撤下")),
    ]


def _states() -> list[tuple[str, Any]]:
    return [
        ("valid", _("有效")),
        ("soon", _("半年内到期")),
        ("very-soon", _("90 天内到期")),
        ("expired", _("过期")),
        *CertificateRevision.State.choices[1:],
    ]


def _years(now: int) -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in range(now, 2012, -1)]
