"""What is wrong with a plan although every value can be read."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from oversight.counting.facts import SeriesValue
from oversight.counting.figures import ratio_of
from oversight.counting.plans import (
    Change,
    Indicator,
    Kind,
    KnownFigure,
    Operator,
    Plan,
    Rule,
)
from oversight.counting.wording import decimal_text
from question_bank.engine.basic_types import Localized
from question_bank.engine.problems import Report

_Fault = tuple[str, str, str, str]
"""The key of the indicator where it stands, a code, and the words zh and en."""


def lint_plan(plan: Plan, report: Report) -> None:
    """Note what contradicts itself within a plan."""
    seen: set[str] = set()
    for index, indicator in enumerate(plan.indicators):
        path = f"indicators/{index}"
        for key, code, zh, en in (
            *_faults_of_target(indicator),
            *_faults_of_rule(indicator),
            *_faults_of_years(indicator, plan),
        ):
            report.error(f"{path}/{key}", code, {"zh": zh, "en": en}, _HINTS.get(code))
        if indicator.id in seen:
            report.error(f"{path}/id", "duplicate_id", _duplicate(indicator.id))
        seen.add(indicator.id)


def lint_figures(
    figures: tuple[KnownFigure, ...], plans: tuple[Plan, ...], report: Report
) -> None:
    """Note known figures that no plan has, doubles, and ratios that don't come out."""
    series = {i.series_name for plan in plans for i in plan.indicators}
    seen: set[str] = set()
    for index, figure in enumerate(figures):
        path = f"figures/{index}"
        if figure.indicator and figure.indicator not in series:
            report.error(f"{path}/indicator", "unknown_indicator", _UNKNOWN_INDICATOR)
        if not ratio_agrees(figure):
            report.error(f"{path}/value", "ratio_differs", _RATIO, _HINT_RATIO)
        if figure.id in seen:
            report.error(f"{path}/id", "duplicate_id", _duplicate(figure.id))
        seen.add(figure.id)


def ratio_agrees(figure: KnownFigure) -> bool:
    """Whether a ratio is its numerator over its denominator, as it is rounded."""
    ratio = ratio_of(series_value(figure))
    if ratio is None:
        return figure.numerator is None and figure.denominator is None
    places = _decimals(figure.value)
    return decimal_text(ratio, places) == decimal_text(figure.value, places)


def series_value(figure: KnownFigure) -> SeriesValue:
    """Return a known figure as a value of its indicator's series."""
    return SeriesValue(
        indicator=figure.indicator or figure.id,
        period=figure.period,
        value=figure.value,
        source=figure.source,
        numerator=figure.numerator,
        denominator=figure.denominator,
        denominator_of=figure.denominator_of,
    )


def _faults_of_target(indicator: Indicator) -> Iterator[_Fault]:
    operator, target = indicator.operator, indicator.target
    if operator is Operator.TREND and target is not None:
        yield "target", "target_of_trend", "趋势没有目标值。", "A trend has no target."
    if operator is not Operator.TREND and target is None:
        yield "operator", "missing_target", "缺少目标值。", "The target is missing."
    if target is not None and target < 0:
        yield "target", "negative_target", "目标值为负。", "The target is negative."
    if operator is Operator.MEAN and indicator.kind is not Kind.FLOW:
        yield "kind", "mean_of_level", "只有流量有年均。", "Only a flow has a mean."
    if indicator.kind is Kind.FLOW and operator is not Operator.MEAN:
        yield "kind", "flow_not_mean", "累加的流量写 flow-sum。", "Write flow-sum."
    if indicator.each_year and indicator.kind not in (Kind.RATIO, Kind.SERIES):
        yield (
            "each_year",
            "each_year_of_total",
            "逐年判断只用于比率和序列。",
            "Only ratios and series are judged year by year.",
        )
    if indicator.baseline is not None and indicator.kind.adds_up:
        yield (
            "baseline",
            "baseline_of_flow",
            "流量没有基数。",
            "A flow has no baseline.",
        )


def _faults_of_rule(indicator: Indicator) -> Iterator[_Fault]:
    if indicator.rule.counts and indicator.kind not in _KINDS[indicator.rule]:
        yield (
            "rule",
            "rule_and_kind",
            "计数规则与指标类型不符。",
            "The counting rule does not fit the kind.",
        )
    if indicator.rule.counts and indicator.series:
        yield (
            "series",
            "series_of_count",
            "自行计数的指标没有序列名。",
            "What is counted here has no series.",
        )
    readings = [r.rule for r in indicator.readings if r.rule is not None]
    if any(indicator.kind not in _KINDS[rule] for rule in readings):
        yield (
            "readings",
            "rule_and_kind",
            "读法的计数规则与指标类型不符。",
            "A reading's rule does not fit the kind.",
        )
    if len([r for r in indicator.readings if r.used]) > 1:
        yield (
            "readings",
            "several_readings",
            "只能采用一种读法。",
            "Only one reading can be used.",
        )


def _faults_of_years(indicator: Indicator, plan: Plan) -> Iterator[_Fault]:
    inside = plan.first_year <= indicator.first_year <= indicator.last_year
    if not inside or indicator.last_year > plan.last_year:
        yield (
            "years",
            "years_outside",
            "指标的年份超出规划期。",
            "The indicator's years leave the plan's.",
        )
    stops = [c for c in indicator.changes if c.change is Change.STOPPED]
    if len(stops) > 1 or any(c.on.year > indicator.last_year for c in stops):
        yield (
            "changes",
            "stopped_outside",
            "停止统计只能有一次，且须在规划期结束之前。",
            "Counting stops once, before the window ends.",
        )
    baseline = indicator.baseline
    if baseline and int(baseline.period[:4]) >= indicator.first_year:
        yield (
            "baseline",
            "baseline_inside",
            "基数须早于规划期。",
            "The baseline lies before the window.",
        )


def _decimals(value: Fraction) -> int:
    exponent = Decimal(value.numerator) / Decimal(value.denominator)
    found = exponent.normalize().as_tuple().exponent
    return max(0, -found) if isinstance(found, int) else 0


def _duplicate(name: str) -> Localized:
    return {"zh": f"编号 {name} 重复。", "en": f"The id {name} appears twice."}


_FLOWS: Final = (Kind.FLOW, Kind.FLOW_SUM)
_KINDS: Final = {
    Rule.FIRST_CERTIFICATIONS: _FLOWS,
    Rule.CERTIFIED_SUBJECTS: _FLOWS,
    Rule.MUNICIPAL_RECOGNISED: _FLOWS,
    Rule.MUNICIPAL_CULTIVATED: _FLOWS,
    Rule.ADVANTAGE_STOCK: (Kind.STOCK,),
    Rule.EVER_RECOGNISED: (Kind.STOCK,),
}
_HINTS: Final = {
    "rule_and_kind": {
        "zh": "advantage_stock 用 stock，其余计数规则用 flow 或 flow-sum。",
        "en": "advantage_stock takes stock, other counting rules flow or flow-sum.",
    },
    "missing_target": {
        "zh": "没有目标值的指标用 trend。",
        "en": "Use trend for an indicator without a number.",
    },
}
_UNKNOWN_INDICATOR: Final = {
    "zh": "没有规划含有这个指标。",
    "en": "No plan has this indicator.",
}
_RATIO: Final = {
    "zh": "比率不等于分子除以分母。",
    "en": "The ratio is not its numerator over its denominator.",
}
_HINT_RATIO: Final = {
    "zh": "分母取公布时所用的数，并写明是哪一年的。",
    "en": "Take the denominator that was used, and say of which year it is.",
}
