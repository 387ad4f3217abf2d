"""Numbers and standings in words, as reports and charts print them."""

from decimal import Decimal
from fractions import Fraction

from oversight.counting.figures import Measure, Movement
from oversight.counting.judging import Judgement
from oversight.counting.plans import Operator
from question_bank.engine.basic_types import Localized


def decimal_text(value: Fraction, places: int = 2) -> str:
    """Return a number with at most so many decimals, rounded half away from zero."""
    scale = 10**places
    scaled = abs(value) * scale
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    text = format(Decimal(whole) / scale, f".{places}f")
    if places:
        text = text.rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and whole else text


def pace_words(judged: Judgement) -> Localized:
    """Return the raw numbers and the even pace: "7/10，按进度应为 8.9".

    A yearly mean speaks of the running year; anything else of the whole window.
    """
    if judged.value is None:
        return judged.status.words
    value, target, pace = judged.value, judged.target, judged.even_pace_today
    yearly = judged.indicator.operator is Operator.MEAN
    if yearly and judged.this_year is not None:
        value, target = judged.this_year, judged.indicator.target
        pace = judged.this_year_pace
    numbers = decimal_text(value)
    if target is not None:
        numbers = f"{numbers}/{decimal_text(target)}"
    if pace is None:
        return {"zh": numbers, "en": numbers}
    even = decimal_text(pace, 1)
    return {
        "zh": f"{numbers}，按进度应为 {even}",
        "en": f"{numbers}; even pace would be {even}",
    }


def movement_words(moved: Movement | None) -> Localized:
    """Return a change in words; per cent and percentage points are kept apart."""
    if moved is None:
        return {"zh": "无可比数据", "en": "nothing to compare with"}
    if moved.told is None:
        return {"zh": "上期为 0，不计算增幅", "en": "was 0: no relative change"}
    if moved.told == 0:
        return {"zh": "持平", "en": "unchanged"}
    up, size = moved.told > 0, decimal_text(abs(moved.told), 1)
    zh, en = ("上升", "up") if up else ("下降", "down")
    if moved.measure is Measure.POINTS:
        return {"zh": f"{zh} {size} 个百分点", "en": f"{en} {size} percentage points"}
    zh = "增长" if up else "下降"
    return {"zh": f"{zh} {size}%", "en": f"{en} {size} %"}
