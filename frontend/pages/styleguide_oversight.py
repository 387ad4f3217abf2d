"""The bureau's charts of the style guide, with figures of a model city."""

from collections.abc import Callable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from frontend.pages.chart_samples import WIDTHS, Sample
from reports.bar_charts import (
    BarRow,
    StackGroup,
    StackPart,
    StackRow,
    bars_table,
    horizontal_bars,
    stack_table,
    stacked_bars,
)
from reports.chart_tables import ChartTable, bullet_table
from reports.fan_charts import FanPoint, FanWords, fan_line, fan_table
from reports.pipeline_charts import PipelineStep, pipeline, pipeline_table
from reports.reliability_charts import (
    ReliabilityPoint,
    ReliabilityWords,
    reliability_diagram,
    reliability_table,
)
from reports.trend_charts import Bullet, LinePoint, bullet


def oversight_charts() -> tuple[Sample, ...]:
    """Return the charts of the bureau's dashboard for both widths."""
    return (
        _targets(),
        _fan(),
        _silent_fan(),
        _districts(),
        _bands(),
        _steps(),
        _reliability(),
    )


def _sample(
    finding: str, draw: Callable[[float], SafeString], table: ChartTable
) -> Sample:
    return Sample(finding, *(draw(width) for width in WIDTHS.values()), table=table)


def _firms(count: int) -> str:
    return _("%(count)s 家") % {"count": count}


def _median(days: int) -> str:
    return _("中位 %(days)s 天") % {"days": days}


def _snapshot(number: int) -> str:
    return _("第 %(number)s 期") % {"number": number}


def _targets() -> Sample:
    title = _("新增获证落后于进度，优势企业已超过目标")
    items = (
        Bullet(
            _("新增获证企业"),
            7,
            10,
            _firms(7),
            _("目标 10 家"),
            8.9,
            _("按进度 8.9 家"),
        ),
        Bullet(
            _("优势企业"),
            78,
            50,
            _("78 家（156%）"),
            _("目标 50 家"),
            44.5,
            _("按进度 44.5 家"),
        ),
    )
    columns = (_("指标"), _("实际"), _("目标"), _("按进度"), _("完成"))
    return _sample(
        title,
        lambda width: bullet(items, title=title, width=width),
        bullet_table(items, caption=title, columns=columns),
    )


def _months(first: int, last: int) -> list[str]:
    return [_("%(month)s月") % {"month": month} for month in range(first, last + 1)]


def _fan_words() -> FanWords:
    return FanWords(
        actual=_("实际"),
        middle=_("预测中位数"),
        span=_("10%–90% 区间"),
        target=_("目标 10 家"),
        silent=_("可比的历史转化不足 12 次，数据不足，仅列在途。"),
    )


def _fan_columns() -> tuple[str, ...]:
    return (_("月份"), _("累计"), "10%", "50%", "90%")


def _fan() -> Sample:
    title = _("年底达到目标的可能约七成")
    values = (0, 1, 1, 2, 3, 3, 4, 5)
    points = [
        LinePoint(label, value)
        for label, value in zip(_months(1, 8), values, strict=True)
    ]
    fan = [
        FanPoint(label, *ends)
        for label, ends in zip(
            _months(9, 12),
            ((5, 6, 8), (6, 8, 10), (7, 9, 12), (8, 11, 14)),
            strict=True,
        )
    ]
    return _sample(
        title,
        lambda width: fan_line(
            points, fan, title=title, words=_fan_words(), target=10, width=width
        ),
        fan_table(points, fan, caption=title, columns=_fan_columns()),
    )


def _silent_fan() -> Sample:
    title = _("已有 2 家获证，数据太少，不作预测")
    points = [
        LinePoint(label, value)
        for label, value in zip(_months(1, 4), (0, 1, 1, 2), strict=True)
    ]
    return _sample(
        title,
        lambda width: fan_line(
            points, [], title=title, words=_fan_words(), target=10, width=width
        ),
        fan_table(points, [], caption=title, columns=_fan_columns()),
    )


def _districts() -> Sample:
    title = _("有效持证企业集中在开发区和芝罘区")
    rows = (
        BarRow(_("开发区"), 48, _firms(48)),
        BarRow(_("芝罘区"), 37, _firms(37)),
        BarRow(_("莱山区"), 21, _firms(21)),
        BarRow(_("高新区"), 16, _firms(16)),
        BarRow(_("栖霞市、海阳市（合并）"), 6, _firms(6)),
        BarRow(_("长岛综合试验区"), None, _("‹5，不公布")),
    )
    words = _("各区市平均 19 家")
    return _sample(
        title,
        lambda width: horizontal_bars(
            rows, title=title, line=19, line_words=words, width=width
        ),
        bars_table(rows, caption=title, columns=(_("区市"), _("有效持证企业"))),
    )


def _bands() -> Sample:
    title = _("“可申请”的企业比上一期快照多 14 家")
    before, now = _snapshot(10), _snapshot(11)
    parts = (
        StackPart("A", _("可申请")),
        StackPart("B", _("基本就绪")),
        StackPart("C", _("需重点整改")),
        StackPart("D", _("未就绪")),
        StackPart("X", _("暂不可申请")),
    )
    groups = (
        StackGroup(
            _("全市"),
            (
                StackRow(before, (46, 58, 71, 110, 22), 307, _firms(307)),
                StackRow(now, (60, 63, 69, 104, 19), 315, _firms(315)),
            ),
        ),
        StackGroup(
            _("莱山区"),
            (
                StackRow(before, (9, None, 12, 15, None), 47, _firms(47)),
                StackRow(now, (None,) * 5, None, _("不公布")),
            ),
        ),
    )
    hidden = _("不公布")
    columns = (_("快照"), *(part.title for part in parts), _("合计"))
    return _sample(
        title,
        lambda width: stacked_bars(
            groups, title=title, parts=parts, hidden_words=hidden, width=width
        ),
        stack_table(groups, caption=title, columns=columns, hidden_words=hidden),
    )


def _steps() -> Sample:
    title = _("整改到体系运行等得最久，中位 74 天")
    steps = (
        PipelineStep(_("注册"), 412, _firms(412), _median(12)),
        PipelineStep(_("填报"), 356, _firms(356), _median(19)),
        PipelineStep(_("提交"), 315, _firms(315), _median(26)),
        PipelineStep(_("整改"), 188, _firms(188), _median(74)),
        PipelineStep(_("体系运行"), 97, _firms(97), _median(66)),
        PipelineStep(_("内审管评"), 61, _firms(61), _median(33)),
        PipelineStep(_("申请"), None, _("‹5，不公布")),
        PipelineStep(_("获证"), 48, _firms(48)),
    )
    columns = (_("阶段"), _("企业"), _("到下一阶段"))
    return _sample(
        title,
        lambda width: pipeline(steps, title=title, width=width),
        pipeline_table(steps, caption=title, columns=columns),
    )


def _reliability() -> Sample:
    title = _("高分企业获证的比例低于得分所说")
    points = (
        ReliabilityPoint(0.26, 0.06, 0.02, 0.17, 49),
        ReliabilityPoint(0.45, 0.12, 0.07, 0.20, 102),
        ReliabilityPoint(0.55, 0.21, 0.15, 0.28, 181),
        ReliabilityPoint(0.65, 0.33, 0.27, 0.40, 214),
        ReliabilityPoint(0.75, 0.49, 0.42, 0.56, 196),
        ReliabilityPoint(0.85, 0.62, 0.54, 0.70, 140),
        ReliabilityPoint(0.95, 0.71, 0.60, 0.80, 77),
    )
    words = ReliabilityWords(
        forecast=_("自评得分（占满分）"),
        observed=_("12 个月内获证的比例"),
        point=_("实际比例"),
        interval=_("95% 区间"),
        perfect=_("得分与实际一致"),
        number=_("份数"),
    )
    columns = (words.forecast, words.observed, words.interval, words.number)
    return _sample(
        title,
        lambda width: reliability_diagram(
            points, title=title, words=words, width=width
        ),
        reliability_table(points, caption=title, columns=columns),
    )
