"""一、目标进度: every indicator of the plans, with its raw numbers."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from oversight.bulletins.document import Part, Section, Table
from oversight.bulletins.material import CERTIFIED, OUTLINE, Kind, Material
from oversight.bulletins.words import (
    MISSING,
    day_words,
    number_text,
    part_title,
    percent_text,
    said,
    section_title,
)
from oversight.count_book import Count
from oversight.counting.advantage import Tier
from oversight.counting.figures import figures_of
from oversight.counting.judging import Judgement
from oversight.counting.periods import elapsed_of_year, last_complete_year
from oversight.counting.plans import Certainty, Indicator, Operator, Plan
from oversight.plan_files import shipped_plans

_TIERS = {
    Tier.NATIONAL_DEMONSTRATION: {"zh": "国家示范企业", "en": "national demonstration"},
    Tier.NATIONAL_ADVANTAGE: {"zh": "国家优势企业", "en": "national advantage"},
    Tier.PROVINCIAL: {"zh": "省级", "en": "provincial"},
    Tier.MUNICIPAL: {"zh": "市级", "en": "municipal"},
}


def tier_name(tier: str) -> str:
    """Return the name of a tier."""
    return said(_TIERS[Tier(tier)])


def progress_section(number: int, material: Material) -> Section:
    """Return the tables of all plans that have begun."""
    plans = [p for p in shipped_plans() if p.first_year <= material.day.year]
    plans.sort(key=lambda plan: -plan.first_year)
    parts = [
        _plan_part(place, plan, material) for place, plan in enumerate(plans, start=1)
    ]
    return Section(section_title(number, _("目标进度")), tuple(parts))


def is_running(plan: Plan, day: date) -> bool:
    """Whether a plan is in force on a day."""
    return plan.first_year <= day.year <= plan.last_year


def elapsed_share(indicator: Indicator, day: date) -> Fraction:
    """Return how much of an indicator's years is over, in per cent."""
    if day.year > indicator.last_year:
        return Fraction(100)
    years = last_complete_year(day) - indicator.first_year + 1
    running = Fraction(0) if last_complete_year(day) == day.year else None
    part = elapsed_of_year(day) if running is None else running
    return (years + part) / indicator.years * 100


def titled_words(counts: dict[str, int]) -> str:
    """Return the exclusive split of advantage enterprises; it adds up."""
    split = _("、").join(
        _("%(tier)s %(count)s 家")
        % {"tier": said(name), "count": counts.get(tier.value, 0)}
        for tier, name in _TIERS.items()
    )
    return _("市级以上优势企业 %(total)s 家，按最高级别划分：%(split)s，合计相符。") % {
        "total": sum(counts.values()),
        "split": split,
    }


def _plan_part(number: int, plan: Plan, material: Material) -> Part:
    counts = material.book.of_plan(plan.id)
    whole = is_running(plan, material.day) or material.kind is Kind.ANNUAL
    shown = [one for one in counts if whole or one.indicator.rule.counts]
    paragraphs = [_plan_words(plan, material.day, whole=whole)]
    if plan.id == OUTLINE:
        paragraphs += [_certified_words(material), _titled_words(material)]
    table = Table(
        key=f"progress:{plan.id}",
        title=_("%(plan)s指标进度") % {"plan": said(plan.title)},
        headers=(
            _("指标"), _("基数"), _("目标"), _("实绩"), _("完成比例"), _("时间进度"),
            _("状态"), _("来源"), _("数据截至"),
        ),
        rows=tuple(_row(one, material) for one in shown),
        notes=tuple(_notes(shown)),
    )  # fmt: skip
    return Part(part_title(number, said(plan.title)), tuple(paragraphs), table)


def _plan_words(plan: Plan, day: date, *, whole: bool) -> str:
    text = _("依据：%s。") % (plan.document or said(plan.title))
    if is_running(plan, day):
        return text + _("正在执行，%(first)s—%(last)s年。") % {
            "first": plan.first_year,
            "last": plan.last_year,
        }
    text += _("已期满，按期末当日判断。")
    return text if whole else text + _("本期只列由登记库计数的指标。")


def _certified_words(material: Material) -> str:
    judged = material.book.count(OUTLINE, CERTIFIED).judgement
    so_far = material.certified_in(material.day.year, until=material.day)
    return _(
        "首次获证企业：%(year)s年以来 %(count)s 家；规划期内完整年度 %(years)s 年，"
        "共 %(total)s 家，年均 %(mean)s 家（目标为年均不少于 10 家，不是每年）。"
    ) % {
        "year": material.day.year,
        "count": so_far,
        "years": judged.complete_years,
        "total": number_text(judged.total_complete),
        "mean": number_text(judged.mean),
    }


def _titled_words(material: Material) -> str:
    counts: dict[str, int] = {}
    for line in material.titled:
        counts[line.category] = counts.get(line.category, 0) + 1
    day = day_words(material.day)
    return _("截至%(day)s，%(words)s") % {"day": day, "words": titled_words(counts)}


def _row(count: Count, material: Material) -> tuple[str, ...]:
    indicator, judged = count.indicator, count.judgement
    source, as_of = _source(indicator, material)
    return (
        _title(indicator),
        _baseline(indicator),
        _target(indicator),
        _actual(judged),
        percent_text(judged.percent_done),
        percent_text(elapsed_share(indicator, material.day)),
        said(judged.status.words),
        source,
        as_of,
    )


def _title(indicator: Indicator) -> str:
    mark = _("（待核）") if indicator.certainty.to_verify else ""
    unit = _("（%s）") % said(indicator.unit)
    return f"{said(indicator.title)}{unit}{mark}"


def _baseline(indicator: Indicator) -> str:
    if indicator.baseline is None:
        return MISSING
    value = number_text(indicator.baseline.value)
    if indicator.baseline.certainty is Certainty.SOURCED:
        return value
    return value + _("（待核）")


def _target(indicator: Indicator) -> str:
    if indicator.target is None:
        return _("逐年上升")
    value = number_text(indicator.target)
    if indicator.operator is Operator.MEAN:
        return _("年均≥%(each)s") % {"each": value}
    each = _("每年") if indicator.each_year else ""
    return f"{each}{indicator.operator.value}{value}"


def _actual(judged: Judgement) -> str:
    if judged.indicator.operator is Operator.MEAN and judged.mean is not None:
        return _("年均%(mean)s") % {"mean": number_text(judged.mean)}
    return number_text(judged.value)


def _source(indicator: Indicator, material: Material) -> tuple[str, str]:
    last = min(material.day, date(indicator.last_year, 12, 31))
    if indicator.rule.counts:
        return _("登记库计数"), last.isoformat()
    figures = figures_of(material.facts.series, indicator.series_name, last)
    if not figures:
        return MISSING, MISSING
    return figures[-1].source or MISSING, figures[-1].as_of.isoformat()


def _notes(counts: Iterable[Count]) -> Iterable[str]:
    yield _("完成比例不封顶。“–”表示没有数据，不是零。")
    for one in counts:
        if one.indicator.undecided:
            yield _("“%(title)s”的读法未定，表中为暂用口径。") % {
                "title": said(one.indicator.title)
            }
