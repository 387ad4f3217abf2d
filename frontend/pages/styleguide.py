"""/styleguide/: every component in every state, with invented but plausible data.

The page is tested by axe, so a component that isn't on it isn't tested.
"""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from frontend.components import (
    Bar,
    Cell,
    Choices,
    Dialog,
    Event,
    Field,
    FileDrop,
    HeatTable,
    Link,
    Option,
    Problem,
    Scale,
    SortHeader,
    State,
    Status,
    Step,
    SummaryRow,
    Task,
)
from frontend.pages.styleguide_charts import charts


class SampleForm(forms.Form):
    """A Django form with each kind of field."""

    name = forms.CharField(label=gettext_lazy("企业名称"), max_length=120)
    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        help_text=gettext_lazy("18 位，见营业执照。"),
    )
    district = forms.ChoiceField(
        label=gettext_lazy("所属区市"),
        choices=[("", gettext_lazy("请选择")), ("1", gettext_lazy("高新区"))],
    )
    size = forms.ChoiceField(
        label=gettext_lazy("企业规模"),
        choices=[("s", gettext_lazy("小型")), ("m", gettext_lazy("中型"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("备注"), required=False, widget=forms.Textarea
    )
    agree = forms.BooleanField(label=gettext_lazy("我已阅读填报说明"))


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    page = Paginator(range(1, 241), 20).get_page(request.GET.get("page", 4))
    return render(
        request,
        "public/styleguide.html",
        {
            **_navigation(),
            **_inputs(),
            **_lists(),
            **_tables(),
            "charts": charts(),
            "page_obj": page,
            "sample_form": SampleForm({"credit_code": "9137"}, prefix="sample"),
            "plain_form": SampleForm(prefix="plain"),
        },
    )


def _navigation() -> dict[str, object]:
    return {
        "crumbs": (Link("/", _("首页")), Link("", _("组件"))),
        "tabs": (
            Link("#tabs", _("概览"), current=True),
            Link("#tabs", _("整改计划"), note="12"),
            Link("#tabs", _("评分明细")),
        ),
        "steps": (
            Step(_("注册"), "done"),
            Step(_("填报"), "done"),
            Step(_("提交"), "current", _("还差 3 题")),
            Step(_("报告"), "todo"),
            Step(_("整改"), "todo"),
            Step(_("申请认证"), "todo"),
        ),
        "sections": (
            Link("#navigation", _("企业情况"), note="17/17"),
            Link("#navigation", _("领导作用"), current=True, note="3/12"),
            Link("#navigation", _("支持"), note="0/24"),
        ),
        "dialog": Dialog(
            id="sample-dialog",
            title=_("删除这份证据？"),
            text=_("“保密协议模板.pdf”将从本题移除，已提交的版本不受影响。"),
            confirm=_("删除"),
            action_url="#dialog",
            danger=True,
        ),
    }


def _inputs() -> dict[str, object]:
    return {
        "scale": _scale("scale", chosen="2"),
        "scale_error": _scale("scale-error", error=_("请选择最符合实际的一项。")),
        "yes_no": _yes_no("yes-no", ""),
        "yes_no_error": _yes_no("yes-no-error", _("请选择是或否。")),
        "checks": Choices(
            name="rights",
            legend=_("企业目前有哪些知识产权？"),
            hint=_("可多选。只计处于有效状态的。"),
            options=(
                Option("patent", _("专利"), checked=True),
                Option("trademark", _("商标")),
                Option("secret", _("商业秘密"), _("已经认定密点并采取保密措施的")),
            ),
            multiple=True,
        ),
        "fields": _fields(),
        "drop": FileDrop(
            id="evidence",
            name="evidence",
            label=_("拖入文件，或点击选择"),
            limits=_("支持 PDF、Word、Excel、图片，单个文件不超过 20 MB。"),
            accept=".pdf,.docx,.xlsx,.png,.jpg",
            multiple=True,
        ),
        "drop_error": FileDrop(
            id="evidence-error",
            name="evidence",
            label=_("拖入文件，或点击选择"),
            limits=_("支持 PDF、Word、Excel、图片，单个文件不超过 20 MB。"),
            error=_("“台账.zip”不是支持的类型，请解压后逐个上传。"),
        ),
        "problems": (
            Problem("installed", _("装机数应为 0 至 100000 之间的整数。")),
            Problem("scale-error-0", _("请选择最符合实际的一项。")),
        ),
    }


def _scale(name: str, chosen: str = "", error: str = "") -> Scale:
    anchors = (
        (_("没有"), _("没有登记过装了哪些软件，也没有人管授权。")),
        (_("口头或零散"), _("信息部门口头要求用正版，少数电脑上留有购买记录。")),
        (_("有规定但不全"), _("有软件管理办法和清单，但抽查的电脑中有未登记的软件。")),
        (_("有规定、全覆盖"), _("清单与许可逐台对应，运行期内每季度核对并有记录。")),
        (_("监测并改进"), _("以未授权装机数为指标按季统计，并据此调整采购和权限。")),
    )
    return Scale(
        name=name,
        legend=_("公司电脑上安装的软件是否都有授权，并能拿出许可凭证？"),
        hint=_("审核员会拿软件清单与现场电脑比对。选最符合现状的一项。"),
        options=tuple(
            Option(str(level), label, text, checked=str(level) == chosen)
            for level, (label, text) in enumerate(anchors)
        ),
        others=(
            Option("not_occurred", _("本期未发生")),
            Option("not_applicable", _("不适用")),
            Option("dont_know", _("暂不清楚")),
        ),
        error=error,
    )


def _yes_no(name: str, error: str) -> Choices:
    options = (Option("yes", _("是")), Option("no", _("否")))
    return Choices(
        name=name,
        legend=_("是否已完成一次覆盖全部条款的内部审核？"),
        options=options,
        error=error,
        inline=True,
    )


def _fields() -> tuple[Field, ...]:
    wrong = _("装机数应为 0 至 100000 之间的整数。")
    return (
        Field("title", "title", _("文件名称"), value="知识产权手册", max_length=120),
        Field(
            "installed", "installed", _("软件装机数"), value="一百", kind="number",
            unit=_("套"), hint=_("以信息部门清单为准。"), error=wrong, integer=True,
        ),
        Field(
            "since", "since", _("体系文件发布实施日期"), value="2026-08-03",
            kind="date", hint=_("见手册批准页。"),
        ),
        Field("remark", "remark", _("说明"), kind="textarea", optional=True),
    )  # fmt: skip


def _lists() -> dict[str, object]:
    return {
        "statuses": _statuses(),
        "tasks": (
            Task(_("企业情况"), _statuses()[0], "#lists", _("知识产权部"), "17/17"),
            Task(_("领导作用"), _statuses()[1], "#lists", _("最高管理者"), "3/12"),
            Task(_("支持"), _statuses()[2], "#lists", _("人力资源"), "0/24"),
            Task(_("检查并提交"), _statuses()[3], "", _("全部题目答完后可以开始")),
        ),
        "rows": (
            SummaryRow(
                _("企业名称"), _("示例机械有限公司"), "#lists", _("更改"), _("企业名称")
            ),
            SummaryRow(_("员工人数"), _("320 人"), "#lists", _("更改")),
            SummaryRow(_("内部审核日期"), "", "#lists", _("填写")),
        ),
        "events": (
            Event(_("体系文件发布实施"), _("2026年8月3日"), "2026-08-03", state="done"),
            Event(
                _("完成内部审核"), _("2026年10月16日"), "2026-10-16",
                _("发现 6 项一般不符合，已关闭 4 项。"), "now",
            ),
            Event(_("管理评审"), _("2026年11月10日以前"), "", _("已逾期。"), "problem"),
            Event(_("最早可申请"), _("2026年11月3日"), "2026-11-03"),
        ),
        "figures": (
            (_("自评得分"), "78", _("分"), _("满分 100 分")),
            (_("可证得分"), "61", _("分"), _("只计有证据支持的部分")),
            (_("严重不符合"), "2", _("项"), ""),
            (_("预计用时"), "9", _("周"), ""),
        ),
    }  # fmt: skip


def _statuses() -> tuple[Status, ...]:
    return (
        Status(State.DONE, _("已完成")),
        Status(State.DOING, _("进行中")),
        Status(State.TODO, _("未开始")),
        Status(State.BLOCKED, _("暂不能开始")),
        Status(State.ATTENTION, _("需要留意")),
        Status(State.PROBLEM, _("有问题")),
        Status(State.NONE, _("无需填写")),
    )


def _tables() -> dict[str, object]:
    few = Cell("‹5", None, _("企业少于 5 家，不公布"))
    other = Cell("×", None, _("为保护其他格，不公布"))
    return {
        "headers": (
            SortHeader(_("提交日期"), "?order=date", "descending"),
            SortHeader(_("得分"), "?order=score", numeric=True),
        ),
        "bars": (
            Bar(_("保密管理"), "42%", 42, _("共 12 题")),
            Bar(_("合同"), "35%", 35, _("共 9 题")),
            Bar(_("内部审核"), "8%", 8, _("共 6 题")),
        ),
        "funnel": (
            Bar(_("注册"), "120", 100),
            Bar(_("填报"), "86", 72),
            Bar(_("提交"), "41", 34),
            Bar(_("申请认证"), "12", 10),
        ),
        "heat": HeatTable(
            caption=_("各区市各行业的平均得分"),
            corner=_("区市"),
            columns=(_("装备制造"), _("电子信息"), _("化工新材料")),
            rows=(
                (_("高新区"), (Cell("78", 3), Cell("84", 4), Cell("61", 2))),
                (_("开发区"), (Cell("66", 2), other, few)),
                (_("福山区、牟平区"), (Cell("38", 0), few, other)),
            ),
            legend=_(
                "“‹5”表示企业少于 5 家，不公布；“×”表示为保护“‹5”的格，一并不公布。"
            ),
            notes=(_("福山区与牟平区企业较少，合并为一行。"),),
        ),
    }


urlpatterns = [path("styleguide/", styleguide, name="styleguide")]
