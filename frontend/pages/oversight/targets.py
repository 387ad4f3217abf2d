"""Blocks of public facts: the pace of the two targets, growth, the plan in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext as _

from frontend.components import State, Status as Shown
from frontend.pages.oversight.blocks import (
    Block,
    Finding,
    drawn,
    register_source,
    snapshot_source,
)
from frontend.templatetags.texts import localized
from oversight.count_book import Count
from oversight.counting.forecast import BackTest
from oversight.counting.judging import Judgement, Status
from oversight.counting.periods import Period
from oversight.counting.wording import decimal_text, pace_words
from oversight.dashboard import Dashboard
from oversight.growth import Growth
from reports.chart_tables import bullet_table
from reports.fan_charts import FanPoint, FanWords, fan_line, fan_table
from reports.trend_charts import Bullet, LinePoint, bullet

HERO = 720
STATES = {
    Status.MET: State.DONE,
    Status.ON_PACE: State.DONE,
    Status.BEHIND: State.ATTENTION,
    Status.NOT_MET: State.PROBLEM,
    Status.UNDER_WAY: State.DOING,
    Status.NO_DATA: State.NONE,
    Status.STOPPED: State.NONE,
}


def pace(board: Dashboard) -> Block:
    """Say whether the two targets are on pace."""
    findings = (
        Finding(status_of(board.certified.judgement), _certified(board.certified)),
        Finding(status_of(board.advantage.judgement), _advantage(board.advantage)),
    )
    finding = _("；").join(one.text for one in findings)
    bullets = (_certified_bullet(board.certified), _advantage_bullet(board.advantage))
    columns = (_("指标"), _("实际"), _("目标"), _("按进度"), _("完成"))
    return Block(
        id="pace",
        question=_("进度赶得上吗"),
        finding=finding,
        source=register_source(board),
        method="targets",
        chart=drawn(lambda width: bullet(bullets, title=finding, width=width), HERO),
        table=bullet_table(bullets, caption=_("两项目标的进度"), columns=columns),
        findings=findings,
    )


def _certified(count: Count) -> str:
    judged = count.judgement
    value, target, even = _numbers(judged)
    words = {"value": value, "target": target, "lack": decimal_text(even - value, 1)}
    if value >= target:
        return _("今年新增获证 %(value)s 家，已达到全年的 %(target)s 家") % words
    if value >= even:
        return _("今年新增获证 %(value)s 家，赶得上进度") % words
    return _("今年新增获证 %(value)s 家，比按进度应有的少 %(lack)s 家") % words


def _advantage(count: Count) -> str:
    value, target, _even = _numbers(count.judgement)
    words = {"value": value, "target": target, "lack": target - value}
    if value > target:
        return _("优势企业 %(value)s 家，已超过 %(target)s 家的目标") % words
    if value == target:
        return _("优势企业 %(value)s 家，正好达到目标") % words
    return _("优势企业 %(value)s 家，距 %(target)s 家还差 %(lack)s 家") % words


def _numbers(judged: Judgement) -> tuple[int, int, Fraction]:
    target = judged.indicator.target or Fraction(0)
    even = judged.even_pace_today
    return int(judged.value or 0), int(target), target if even is None else even


def _certified_bullet(count: Count) -> Bullet:
    value, target, even = _numbers(count.judgement)
    return Bullet(
        _("今年新增获证企业"),
        value,
        target,
        localized(pace_words(count.judgement)),
        _("目标 %(number)s 家") % {"number": target},
        float(even),
        _("按进度 %(number)s 家") % {"number": decimal_text(even, 1)},
    )


def _advantage_bullet(count: Count) -> Bullet:
    value, target, _even = _numbers(count.judgement)
    done = count.judgement.percent_done or Fraction(0)
    words = {"value": value, "target": target, "percent": decimal_text(done, 0)}
    return Bullet(
        _("市级以上优势企业"),
        value,
        target,
        _("%(value)s/%(target)s，完成 %(percent)s%%") % words,
        _("目标 %(number)s 家") % {"number": target},
    )


# --- Growth -------------------------------------------------------------------


def growing(board: Dashboard) -> Block:
    """Show first certifications by month and what is likely to come."""
    year = board.growth
    finding = _chance(year)
    points = [LinePoint(_month(p.month), p.total) for p in year.points]
    fan = [FanPoint(_month(p.month), p.low, p.middle, p.high) for p in year.fan]
    words = FanWords(
        actual=_("实际"),
        middle=_("预测中位数"),
        span=_("10%–90% 区间"),
        target=_("目标 %(number)s 家") % {"number": year.target},
        silent=_silence(year),
    )
    columns = (_("月份"), _("累计"), "10%", "50%", "90%")
    return Block(
        id="growth",
        question=_("到年底能完成吗"),
        finding=finding,
        source=snapshot_source(board) if year.fan else register_source(board),
        method="forecast",
        chart=drawn(
            lambda width: fan_line(
                points, fan, title=finding, words=words, target=year.target, width=width
            )
        ),
        table=fan_table(
            points, fan, caption=_("今年累计首次获证企业"), columns=columns
        ),
        notes=tuple(_about_forecast(year)),
    )


def _chance(year: Growth) -> str:
    total = year.points[-1].total if year.points else 0
    words = {"total": total, "target": year.target}
    if year.reached:
        return _("今年已有 %(total)s 家首次获证，全年目标已经完成") % words
    if year.outlook is None or year.outlook.forecast.silent:
        return _("今年已有 %(total)s 家首次获证，数据不足，不作预测") % words
    chance = localized(year.outlook.forecast.words)
    return _("年底前达到 %(target)s 家：%(chance)s") % {**words, "chance": chance}


def _silence(year: Growth) -> str:
    if year.outlook is None:
        return _("还没有今年的快照，不作预测。")
    return _("数据不足，仅列在途。")


def _about_forecast(year: Growth) -> Iterator[str]:
    if not year.fan or year.outlook is None:
        return
    yield _(
        "预测只用公布的快照和公开的登记，从快照当月底算起；同样的数据总得到同样的结果。"
    )
    yield _back_test(year.outlook.back_test)


def _back_test(found: BackTest | None) -> str:
    if found is None:
        return _("历史太短，还不能回测。")
    words = {
        "cases": found.cases,
        "months": found.months,
        "share": decimal_text(found.coverage * 100, 0),
    }
    text = _(
        "回测：从过去 %(cases)s 个时点各预测 %(months)s 个月，"
        "实际数有 %(share)s%% 落在区间内（应约 80%%）。"
    )
    return text % words + _than_naive(found)


def _than_naive(found: BackTest) -> str:
    if found.better_than_naive:
        return _("误差小于照搬前一段同样长时间的数。")
    return _("误差不小于照搬前一段同样长时间的数，仅供参考。")


def _month(month: Period) -> str:
    return _("%(month)s月") % {"month": month.first_month % 12 + 1}


# --- The plan in force --------------------------------------------------------


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator of a plan in a row of texts."""

    title: str
    url: str
    target: str
    actual: str
    percent: str
    status: Shown
    to_verify: bool


def indicator_lines(counts: tuple[Count, ...]) -> tuple[IndicatorLine, ...]:
    """Return the rows of a plan's indicators."""
    return tuple(indicator_line(count) for count in counts)


def plan_finding(board: Dashboard) -> str:
    """Say how many indicators of the plan in force are on pace."""
    states = [count.judgement.status for count in board.indicators]
    words = {
        "plan": localized(board.plan.title),
        "all": len(states),
        "good": sum(state in (Status.MET, Status.ON_PACE) for state in states),
        "late": sum(state in (Status.BEHIND, Status.NOT_MET) for state in states),
        "open": sum(state is Status.NO_DATA for state in states),
    }
    return (
        _(
            "%(plan)s：%(all)s 项指标中 %(good)s 项达到或赶得上进度，"
            "%(late)s 项滞后，%(open)s 项缺数据"
        )
        % words
    )


def indicator_line(count: Count, query: str = "") -> IndicatorLine:
    """Return the row of one indicator; `query` goes into its link."""
    judged, indicator = count.judgement, count.indicator
    unit = localized(indicator.unit)
    return IndicatorLine(
        title=localized(indicator.title),
        url=reverse("oversight-indicator", args=[count.plan, indicator.id]) + query,
        target=target_words(judged),
        actual="–" if judged.value is None else f"{amount(judged.value)} {unit}",
        percent=percent_words(judged),
        status=status_of(judged),
        to_verify=indicator.certainty.to_verify or indicator.undecided,
    )


def status_of(judged: Judgement) -> Shown:
    """Return the status of an indicator with its shape."""
    return Shown(STATES[judged.status], localized(judged.status.words))


def percent_words(judged: Judgement) -> str:
    """Return how much is done; nothing caps it."""
    done = judged.percent_done
    return "–" if done is None else f"{decimal_text(done, 0)}%"


def target_words(judged: Judgement) -> str:
    """Return the target with its operator: "≥ 20 家", "每年 ≥ 95 %"."""
    indicator = judged.indicator
    if indicator.target is None:
        return _("逐年增长")
    words = {
        "operator": "≥"
        if indicator.operator.value.endswith("≥")
        else indicator.operator.value,
        "number": amount(indicator.target),
        "unit": localized(indicator.unit),
    }
    if indicator.operator.value.startswith("mean"):
        return _("年均 %(operator)s %(number)s %(unit)s") % words
    if indicator.each_year:
        return _("每年 %(operator)s %(number)s %(unit)s") % words
    return " ".join(words.values())


def amount(value: Fraction | None, places: int = 2) -> str:
    """Return a number with its thousands apart."""
    if value is None:
        return "–"
    sign = "-" if value < 0 else ""
    whole, dot, rest = decimal_text(abs(value), places).partition(".")
    return f"{sign}{int(whole):,}{dot}{rest}"
