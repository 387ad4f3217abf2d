"""Texts, figures and dates in the active language, ready to print.

Scores are shown as the engine rounds them; a missing value is a dash.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from question_bank.engine.definition import (
    Effort,
    Kind,
    Localized,
    Question,
    Superseded,
)
from question_bank.engine.scorecard import display

MISSING = "–"


def text_locale() -> str:
    """Return the key of bank texts for the active language: "zh" or "en"."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def localized(text: Localized | None) -> str:
    """Return a bank text in the active language, in Chinese where it has none."""
    if text is None:
        return ""
    return text.get(text_locale()) or text.get("zh", "")


def score_words(score: Fraction | None) -> str:
    """Return points of 100 with two digits."""
    return display(score) or MISSING


def gain_words(gain: Fraction) -> str:
    """Return a gain in points with its sign; nothing gained is a dash."""
    return f"+{display(gain)}" if gain else MISSING


def percent_words(share: Fraction) -> str:
    """Return a share of 1 in whole per cent, never rounded up to all of it."""
    return f"{int(share * 100)}%"


def number_words(value: Fraction | float) -> str:
    """Return a number without needless digits: 2, 0.6, 1,200."""
    return f"{float(value):,.10g}"


def figure_words(question: Question, value: float | None) -> str:
    """Return the figure of an indicator: 12 件, 15.2%, 是; a missing one is a dash."""
    if value is None:
        return MISSING
    if question.unit is not None:
        return f"{number_words(round(float(value), 2))} {localized(question.unit)}"
    is_condition = question.rule is not None and question.rule.tree[0] == "if"
    if is_condition or question.type is Kind.YESNO:
        return _("是") if value else _("否")
    return f"{number_words(round(100 * float(value), 1))}%"


def day_words(day: date | None) -> str:
    """Return a day for running text: 2026年11月23日 or 23 November 2026."""
    if day is None:
        return MISSING
    if text_locale() == "en":
        return date_format(day, "j F Y")
    return f"{day.year}年{day.month}月{day.day}日"


def month_words(day: date) -> str:
    """Return the month of a day: 2026年11月 or November 2026."""
    if text_locale() == "en":
        return date_format(day, "F Y")
    return f"{day.year}年{day.month}月"


def joined(texts: Iterable[str]) -> str:
    """Return several texts as one list in words."""
    return str(_("、")).join(texts)


def effort_words(effort: Effort) -> str:
    """Return the class of effort in a word."""
    return {"S": _("小"), "M": _("中"), "L": _("大")}[effort]


def hash_words(digest: str) -> str:
    """Return the first sixteen digits of a hash in groups of four."""
    return " ".join(digest[at : at + 4] for at in range(0, min(len(digest), 16), 4))


def code_words(code: str) -> str:
    """Return a verification code in groups that can be read aloud."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def replaced_words(superseded: Superseded | None) -> str:
    """Return that another edition replaced this one; nothing when none did."""
    if superseded is None:
        return ""
    return _("这一版标准自 %(day)s起已被取代。%(note)s") % {
        "day": day_words(superseded.on),
        "note": localized(superseded.note),
    }
