"""The way into the registers: what waits to be verified, and where everything is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from frontend.components import Link, State, Status, Task
from frontend.pages.answering.doors import person
from frontend.pages.oversight.doors import reading_door
from frontend.pages.oversight.sections import section_tabs
from oversight.dashboard import current_plan
from oversight.models import Certificate, ImportBatch, Recognition


@reading_door
def registers(request: HttpRequest) -> HttpResponse:
    """Say how many records wait, and lead to every register."""
    who = person(request)
    waiting = (
        Task(
            _("待核证书"),
            _status(Certificate.objects.visible_to(who).awaiting().count()),
            reverse("register-certificates") + "?verification=pending",
        ),
        Task(
            _("待核称号"),
            _status(Recognition.objects.visible_to(who).awaiting().count()),
            reverse("register-titles") + "?verification=pending",
        ),
        Task(
            _("已检查、未导入的表格"),
            _status(
                ImportBatch.objects.visible_to(who).filter(state="checked").count()
            ),
            reverse("register-imports"),
        ),
    )
    plan = current_plan(timezone.localdate())
    context = {
        "waiting": waiting,
        "registers": _registers(),
        "tabs": section_tabs("registers", plan),
    }
    return render(request, "oversight/registers.html", context)


def _registers() -> tuple[tuple[Link, str], ...]:
    """Return every register and list, with what it holds."""
    return (
        (
            Link(reverse("register-certificates"), _("证书登记")),
            _("GB/T 29490 两版证书：编号、持有单位、日期、状态变化、换版。"),
        ),
        (
            Link(reverse("register-titles"), _("称号登记")),
            _("优势、示范等称号：级别、阶段、批次、文号、复核和终止。"),
        ),
        (
            Link(reverse("register-units"), _("单位登记")),
            _("证书和称号的持有单位：名称、所在地、注销合并、控制集团。"),
        ),
        (
            Link(reverse("register-figures"), _("指标数值")),
            _("其他部门统计的数值，连同来源和分母。"),
        ),
        (
            Link(reverse("register-imports"), _("导入批次")),
            _("用表格成批登记：检查、导入、整批核实、整批撤销。"),
        ),
        (
            Link(reverse("register-bodies"), _("认证机构名录")),
            _("证书可以选的认证机构和批准号。"),
        ),
        (
            Link(reverse("register-equivalences"), _("等同称号名单")),
            _("名称相近的称号计为什么。"),
        ),
        (
            Link(reverse("register-divisions"), _("区划和考核单位")),
            _("2016 年以来的区划、功能区、沿革和各年考核单位。"),
        ),
    )


def _status(number: int) -> Status:
    if number:
        return Status(State.ATTENTION, _("%(number)s 条待处理") % {"number": number})
    return Status(State.DONE, _("没有待处理的"))
