"""The charts of the style guide, with invented numbers."""

from django.utils.translation import gettext as _

from frontend.pages.chart_samples import WIDTHS, Sample
from frontend.pages.styleguide_oversight import oversight_charts
from reports.charts import LevelRow, ProfileRow, ProfileWords, levels_bar, profile_bars
from reports.trend_charts import (
    Bullet,
    ChangeRow,
    ChangeWords,
    LinePoint,
    bullet,
    change_rows,
    cumulative_line,
    progress_bar,
)


def charts() -> tuple[Sample, ...]:
    """Return every chart for a wide and a narrow screen."""
    return (
        _profile(_("保密管理与合同是最大短板，证据普遍不足")),
        _levels(_("支持一章近半数题目低于 3 级")),
        _bullets(_("今年新增获证落后于进度")),
        _line(_("第四季度起获证明显加快")),
        _change(_("保密管理提高最多")),
        _progress(_("已答 63 题，共 96 题")),
        *oversight_charts(),
    )


def _profile(title: str) -> Sample:
    words = ProfileWords(
        _("自评"), _("有证据支持"), _("未答部分的可能范围"), _("申请线"), _("不适用")
    )
    rows = (
        ProfileRow(_("企业环境"), 88, 72, 84, 92),
        ProfileRow(_("领导作用"), 100, 96),
        ProfileRow(_("运行：获取与维护"), 74.5, 40),
        ProfileRow(_("运行：运用与保护（含保密管理）"), 41, 22, 30, 66),
        ProfileRow(_("运行：合规管理"), None, None),
        ProfileRow(_("改进"), 0, 0, 0, 100),
    )
    return Sample(
        title,
        *(
            profile_bars(rows, title=title, words=words, line=85, width=width)
            for width in WIDTHS.values()
        ),
    )


def _levels(title: str) -> Sample:
    titles = (
        _("没有"),
        _("口头或零散"),
        _("有规定但不全"),
        _("有规定、全覆盖"),
        _("监测并改进"),
    )
    rows = (
        LevelRow(_("领导作用"), (0, 1, 2, 8, 1)),
        LevelRow(_("支持"), (3, 5, 6, 9, 1)),
        LevelRow(_("运行：经营管理"), (40, 0, 0, 1, 0)),
        LevelRow(_("改进"), (0, 0, 0, 0, 0)),
    )
    return Sample(
        title,
        *(
            levels_bar(rows, title=title, level_titles=titles, width=width)
            for width in WIDTHS.values()
        ),
    )


def _bullets(title: str) -> Sample:
    items = (
        Bullet(
            _("新增获证企业"),
            7,
            10,
            _("7 家"),
            _("目标 10 家"),
            8.9,
            _("按进度 8.9 家"),
        ),
        Bullet(
            _("优势企业"), 53, 50, _("53 家"), _("目标 50 家"), 12, _("按进度 12 家")
        ),
        Bullet(_("可证得分"), 0, 85, _("0 分"), _("申请线 85 分")),
    )
    return Sample(
        title, *(bullet(items, title=title, width=width) for width in WIDTHS.values())
    )


def _line(title: str) -> Sample:
    values = (0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 7)
    points = tuple(
        LinePoint(_("%(month)s月") % {"month": month}, value)
        for month, value in enumerate(values, start=1)
    )
    return Sample(
        title,
        *(
            cumulative_line(
                points,
                title=title,
                target=10,
                target_words=_("目标 10 家"),
                width=width,
            )
            for width in WIDTHS.values()
        ),
    )


def _progress(title: str) -> Sample:
    return Sample(
        title, *(progress_bar(63, 96, title=title, width=w) for w in WIDTHS.values())
    )


def _change(title: str) -> Sample:
    words = ChangeWords(_("上次"), _("这次"), _("不适用"))
    rows = (
        ChangeRow(_("企业环境"), 88, 88),
        ChangeRow(_("运行：运用与保护（含保密管理）"), 41, 76),
        ChangeRow(_("支持"), 60, 52.5),
        ChangeRow(_("运行：合规管理"), None, 40),
        ChangeRow(_("改进"), None, None),
    )
    return Sample(
        title,
        *(
            change_rows(rows, title=title, words=words, width=width)
            for width in WIDTHS.values()
        ),
    )
