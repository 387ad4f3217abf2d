"""Filters for bank texts, numbers and dates in the reader's language.

Dates in running text are written 2026年11月23日 (English: 23 November 2026) and in
tables 2026-11-23. A missing value is a dash, never an empty cell.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeAlias

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

register = template.Library()

MISSING = "–"
HTML_LANGUAGES = {"zh-hans": "zh-CN", "en": "en"}

Number: TypeAlias = int | float | Decimal | Fraction


def text_locale() -> str:
    """Return the key of bank texts for the active language: "zh" or "en"."""
    return "en" if (get_language() or "").startswith("en") else "zh"


@register.filter
def localized(text: Mapping[str, str] | str | None) -> str:
    """Return a `{"zh": …, "en": …}` text in the active language.

    A missing translation falls back to Chinese; None gives an empty string and a
    plain string is returned as it is.
    """
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return text.get(text_locale()) or text.get("zh", "")


@register.filter
def text_language(text: Mapping[str, str] | str | None) -> str:
    """Return the HTML language of what `localized` shows for `text`."""
    wanted = text_locale()
    if isinstance(text, Mapping) and not text.get(wanted):
        wanted = "zh"
    return "en" if wanted == "en" else "zh-CN"


@register.filter
def html_language(code: str | None) -> str:
    """Return the BCP 47 tag for a Django language code ("zh-hans" → "zh-CN")."""
    return HTML_LANGUAGES.get(code or "", "zh-CN")


def _decimal(number: Number) -> Decimal:
    if isinstance(number, Fraction):
        return Decimal(number.numerator) / Decimal(number.denominator)
    return Decimal(str(number))


def rounded(number: Number, places: int = 0) -> str:
    """Return `number` with `places` decimals, halves rounded away from zero."""
    step = Decimal(1).scaleb(-places)
    return f"{_decimal(number).quantize(step, ROUND_HALF_UP):f}"


@register.filter
def percent(share: Number | None, places: int = 0) -> str:
    """Return a share of 1 as "72%"; None is a dash."""
    if share is None:
        return MISSING
    return f"{rounded(_decimal(share) * 100, places)}%"


@register.filter
def score(points: Number | str | None, places: int = 0) -> str:
    """Return points out of 100, whole or with `places` decimals; None is a dash."""
    if points is None or points == "":
        return MISSING
    value = Fraction(points) if isinstance(points, str) else points
    return rounded(value, places)


@register.filter
def number_or_none(value: Number | None, unit: str = "") -> str:
    """Return a number with its unit, thousands grouped; None is a dash."""
    if value is None:
        return MISSING
    text = f"{_decimal(value):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text} {unit}" if unit else text


def _day(moment: date | datetime) -> date:
    if isinstance(moment, datetime):
        return timezone.localtime(moment).date()
    return moment


@register.filter
def long_date(moment: date | datetime | None) -> str:
    """Return a date for running text: 2026年11月23日 or 23 November 2026."""
    if moment is None:
        return MISSING
    day = _day(moment)
    if text_locale() == "en":
        return date_format(day, "j F Y")
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def short_date(moment: date | datetime | None) -> str:
    """Return a date for tables: 2026-11-23."""
    return MISSING if moment is None else _day(moment).isoformat()


@register.filter
def long_time(moment: datetime | None) -> str:
    """Return date and time for running text: 2026年11月23日 14:05."""
    if moment is None:
        return MISSING
    return f"{long_date(moment)} {timezone.localtime(moment):%H:%M}"


@register.filter
def short_time(moment: datetime | None) -> str:
    """Return date and time for tables: 2026-11-23 14:05."""
    if moment is None:
        return MISSING
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


@register.filter
def file_size(size: int | None) -> str:
    """Return a number of bytes as KB or MB, one decimal from 1 MB on."""
    if size is None:
        return MISSING
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{rounded(Fraction(size, 1024 * 1024), 1)} MB"


@register.filter
def joined(texts: Iterable[Mapping[str, str] | str]) -> str:
    """Return several texts as one list in words: 甲、乙、丙 or a, b, c."""
    return str(_("、")).join(localized(text) for text in texts)


@register.filter
def spaced_code(code: str) -> str:
    """Return a long code in groups of four, so that it can be read aloud."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))
