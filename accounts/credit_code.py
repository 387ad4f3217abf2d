"""The unified social credit code (GB 32100-2015): form and both check digits.

Eighteen characters of an alphabet of 31: authority (1), kind (2), division of
the registering authority (3-8, digits), organisation code of GB 11714 with its
own check character (9-17) and the check character of the whole (18).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backend.errors import Invalid

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
AUTHORITIES = frozenset("123456789ANY")
MARKET_KINDS = frozenset("123")
"""Registered with market regulation (9): enterprise, sole trader, co-operative."""

DIVISION = slice(2, 8)
ORGANISATION = slice(8, 16)
ORGANISATION_CHECK = 16
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Full-width ASCII and its space become half-width; lower case becomes upper;
# blanks, hyphens and invisible characters of copied text fall away.
_CLEANING: dict[int, int | None] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(letter): ord(letter) - 32 for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{code: code - 0xFEE0 - 32 for code in range(0xFF41, 0xFF5B)},
    **dict.fromkeys(map(ord, " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u202f\u3000")),
    **dict.fromkeys(
        map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u00ad")
    ),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")),
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a code; `position` counts from 1, None is the whole."""

    code: str
    message: Promise
    position: int | None = None


class InvalidCreditCode(Invalid):
    """The text is no credit code; `problem` says why."""

    code = "invalid_credit_code"

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message, fields={"credit_code": problem.message})


def normalise(text: str) -> str:
    """Return `text` in upper case, half-width, without blanks and hyphens."""
    return text.translate(_CLEANING)


def parse(text: str) -> str:
    """Return the one form of the code that is stored.

    Raises `InvalidCreditCode` when the text is not a credit code.
    """
    code = normalise(text)
    if problem := find_problem(code):
        raise InvalidCreditCode(problem)
    return code


def find_problem(code: str) -> Problem | None:
    """Return the first thing wrong with a normalised code, or None."""
    return (
        _length_problem(code)
        or _letter_problem(code)
        or _prefix_problem(code)
        or _division_problem(code)
        or _check_problem(code)
    )


def check_character(body: str) -> str:
    """Return character 18 for the first 17."""
    total = sum(
        ALPHABET.index(letter) * weight
        for letter, weight in zip(body, WEIGHTS, strict=True)
    )
    # The outer remainder turns 31 into 0; without it some codes have no digit.
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(body: str) -> str:
    """Return character 17 for characters 9-16."""
    total = sum(
        ORGANISATION_ALPHABET.index(letter) * weight
        for letter, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def complete(prefix: str, organisation: str) -> str:
    """Return the code for characters 1-8 and 9-16, both checks added."""
    body = prefix + organisation + organisation_check_character(organisation)
    return body + check_character(body)


def _length_problem(code: str) -> Problem | None:
    if not code:
        return Problem("empty", _("请填写统一社会信用代码。"))
    if len(code) == 15 and code.isascii() and code.isdigit():
        message = _("这是 15 位的旧营业执照注册号，请填写现行营业执照上的 18 位代码。")
        return Problem("old_licence_number", message)
    if len(code) == LENGTH:
        return None
    message = _("统一社会信用代码应为 18 位，现在是 {count} 位。")
    return Problem("length", format_lazy(message, count=len(code)))


def _letter_problem(code: str) -> Problem | None:
    for position, letter in enumerate(code, 1):
        if letter in ALPHABET:
            continue
        if letter in "IOSVZ":
            message = _(
                "第 {position} 位是字母 {letter}。代码中不使用 I、O、S、V、Z，"
                "请核对是否应为数字 1、0、5 或 2。"
            )
        else:
            message = _(
                "第 {position} 位的“{letter}”不能用在代码中，只能是数字或大写字母。"
            )
        text = format_lazy(message, position=position, letter=letter)
        return Problem("letter", text, position)
    return None


def _prefix_problem(code: str) -> Problem | None:
    known = code[0] in AUTHORITIES
    if known and (code[0] != "9" or code[1] in MARKET_KINDS):
        return None
    message = _(
        "前两位“{prefix}”不是已知的登记机关和机构类别。企业的代码通常以 91 开头。"
    )
    text = format_lazy(message, prefix=code[:2])
    return Problem("prefix", text, 2 if known else 1)


def _division_problem(code: str) -> Problem | None:
    for position, letter in enumerate(code[DIVISION], DIVISION.start + 1):
        if not letter.isdigit():
            message = _("第 {position} 位应为数字：第 3 至 8 位是登记机关行政区划码。")
            text = format_lazy(message, position=position)
            return Problem("division", text, position)
    return None


def _check_problem(code: str) -> Problem | None:
    if organisation_check_character(code[ORGANISATION]) != code[ORGANISATION_CHECK]:
        message = _(
            "第 9 至 17 位（主体标识码）与其校验码不符，请对照营业执照逐位核对这一段。"
        )
        return Problem("organisation_check", message, ORGANISATION_CHECK + 1)
    if check_character(code[:-1]) != code[-1]:
        message = _(
            "最后一位校验码不符，说明代码中有输错的字符，请对照营业执照逐位核对。"
        )
        return Problem("check", message, LENGTH)
    return None
