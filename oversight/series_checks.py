"""What can be wrong with a figure entered by hand."""

import re
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from oversight.entries import SeriesEntry
from oversight.faults import Fault

PERIOD = re.compile(r"[0-9]{4}(Q[1-4]|-(0[1-9]|1[0-2]))?", re.ASCII)
INDICATOR = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}", re.ASCII)
_MOST = Decimal(10) ** 18
_ROUNDING = Decimal("0.01")


def series_faults(entry: SeriesEntry) -> Iterator[Fault]:
    """Yield what forbids recording the figure."""
    if not INDICATOR.fullmatch(entry.indicator):
        yield Fault("indicator", _("请填写指标编号，如 P1、T4。"))
    if not PERIOD.fullmatch(entry.period):
        yield Fault("period", _("时期写作 2017、2017Q3 或 2017-12。"))
    for field in ("value", "numerator", "denominator"):
        number = getattr(entry, field)
        if number is not None and not (number.is_finite() and abs(number) < _MOST):
            yield Fault(field, _("请填写数字。"))
    if entry.denominator is not None and entry.denominator <= 0:
        yield Fault("denominator", _("分母应大于 0。"))
    if (entry.numerator is None) != (entry.denominator is None):
        yield Fault("denominator", _("分子和分母要么都填，要么都不填。"))
    if entry.denominator is not None and not entry.denominator_of:
        yield Fault("denominator_of", _("请写明分母是哪一天或哪一年的数。"))


def series_warnings(entry: SeriesEntry) -> Iterator[Fault]:
    """Yield what is odd: a ratio that is not its numerator by its denominator."""
    if entry.numerator is None or not entry.denominator:
        return
    ratio = entry.numerator / entry.denominator
    likely = (ratio, ratio * 100, ratio * 10_000)
    if all(abs(entry.value - number) > _ROUNDING for number in likely):
        yield Fault("value", _("数值与分子、分母不符，请核对。"))
