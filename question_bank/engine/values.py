"""Checking the value of an answer against its question, type by type."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from math import isfinite
from typing import Any

from question_bank.engine.definition import Column, Kind, Localized, Question

MAX_REASON = 2000
MAX_TEXT = 4000
MAX_ROWS = 500
MAX_FILES = 50
MAX_EXACT_INTEGER = 2**53
FIRST_YEAR, LAST_YEAR = 1900, 2199

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class InvalidAnswer(ValueError):
    """An answer that does not fit its question.

    `code` is stable and meant for programs, `field` is the key at fault, `message`
    says to the respondent what is allowed.
    """

    def __init__(self, code: str, field: str, message: Localized) -> None:
        super().__init__(f"{field}: {message['en']}")
        self.code = code
        self.field = field
        self.message = message


def validate_value(question: Question, value: object) -> Any:
    """Return the value in its stored form; InvalidAnswer when it does not fit."""
    if value is None:
        raise _wrong("wrong_type", "请给出回答的值。", "Give the value of the answer.")
    return _BY_KIND[question.type](question, value)


def validate_reason(reason: object) -> str:
    """Return the reason for "not applicable", normalised; it must not be empty."""
    if reason is None or (isinstance(reason, str) and not reason.strip()):
        raise _wrong(
            "na_reason_required",
            "选“不适用”须写明理由。",
            "“Not applicable” needs a reason.",
            field="reason",
        )
    return clean_text(reason, MAX_REASON, field="reason")


def clean_text(value: object, max_length: int, *, field: str = "value") -> str:
    """Return NFC text without surrounding blanks; refuse control characters."""
    if not isinstance(value, str):
        raise _wrong("wrong_type", "须为文字。", "Must be text.", field=field)
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if not text:
        raise _wrong("empty", "内容不能为空。", "Must not be empty.", field=field)
    if any(_is_forbidden(char) for char in text):
        raise _wrong(
            "control_character",
            "不能含控制字符。",
            "Must not contain control characters.",
            field=field,
        )
    if len(text) > max_length:
        raise _wrong(
            "too_long",
            f"最多 {max_length} 个字符，现有 {len(text)} 个。",
            f"At most {max_length} characters; these are {len(text)}.",
            field=field,
        )
    return text


def _is_forbidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"


def _wrong(code: str, zh: str, en: str, *, field: str = "value") -> InvalidAnswer:
    return InvalidAnswer(code, field, {"zh": zh, "en": en})


def _level(question: Question, value: object) -> int:
    top = max((anchor.value for anchor in question.levels), default=4)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(
            "wrong_type",
            f"等级须为 0 到 {top} 的整数。",
            f"The level must be a whole number from 0 to {top}.",
        )
    if not 0 <= value <= top:
        raise _wrong(
            "out_of_range",
            f"等级须在 0 到 {top} 之间。",
            f"The level must lie between 0 and {top}.",
        )
    return value


def _yesno(_question: Question, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(
            "wrong_type", "须为 true（是）或 false（否）。", "Must be true or false."
        )
    return value


def _number(question: Question, value: object) -> int | float:
    number = _plain_number(value)
    if question.integer and not isinstance(number, int):
        raise _wrong("not_an_integer", "须为整数。", "Must be a whole number.")
    low, high = question.min, question.max
    if (low is not None and number < low) or (high is not None and number > high):
        raise _wrong("out_of_range", *_range_texts(low, high))
    return number


def _plain_number(value: object) -> int | float:
    """Return an int when the value is whole, so that 3 and 3.0 are stored alike."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong("wrong_type", "须为数字。", "Must be a number.")
    if isinstance(value, float) and not isfinite(value):
        raise _wrong("wrong_type", "须为有限的数字。", "Must be a finite number.")
    if abs(value) > MAX_EXACT_INTEGER:
        raise _wrong("out_of_range", "数字过大。", "The number is too large.")
    return int(value) if value == int(value) else value


def _range_texts(low: float | None, high: float | None) -> tuple[str, str]:
    if low is None:
        return f"须不大于 {high}。", f"Must be at most {high}."
    if high is None:
        return f"须不小于 {low}。", f"Must be at least {low}."
    return f"须在 {low} 到 {high} 之间。", f"Must lie between {low} and {high}."


def _choice(question: Question, value: object) -> str:
    return _one_of([choice.id for choice in question.choices], value)


def _one_of(allowed: list[str], value: object) -> str:
    names = ", ".join(allowed)
    if not isinstance(value, str):
        raise _wrong("wrong_type", f"须为选项代码：{names}。", f"One of: {names}.")
    if value not in allowed:
        raise _wrong(
            "unknown_choice", f"没有这个选项；可选：{names}。", f"One of: {names}."
        )
    return value


def _choices(question: Question, value: object) -> list[str]:
    if not isinstance(value, list):
        raise _wrong("wrong_type", "须为选项代码的列表。", "Must be a list of choices.")
    allowed = [choice.id for choice in question.choices]
    return sorted({_one_of(allowed, item) for item in value})


def _date(_question: Question, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(
            "wrong_type", "须为 YYYY-MM-DD 的日期。", "Must be a date, YYYY-MM-DD."
        )
    day = parse_iso_date(value)
    if day is None:
        raise _wrong(
            "not_a_date",
            "须为真实存在的日期，写作 YYYY-MM-DD。",
            "Must be a real date, written YYYY-MM-DD.",
        )
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _wrong(
            "out_of_range",
            f"年份须在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。",
            f"The year must lie between {FIRST_YEAR} and {LAST_YEAR}.",
        )
    return value


def parse_iso_date(value: str) -> date | None:
    """Return the date that YYYY-MM-DD names, None when there is no such day."""
    # fromisoformat alone would also take 20260105 and 2026-W01-1.
    if not _ISO_DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _text(question: Question, value: object) -> str:
    return clean_text(value, question.max_length or MAX_TEXT)


def _files(_question: Question, value: object) -> list[str]:
    if not isinstance(value, list):
        raise _wrong(
            "wrong_type", "须为文件编号的列表。", "Must be a list of file ids."
        )
    if len(value) > MAX_FILES:
        raise _wrong(
            "too_many", f"最多 {MAX_FILES} 个文件。", f"At most {MAX_FILES} files."
        )
    return list(dict.fromkeys(clean_text(item, 200) for item in value))


def _table(question: Question, value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise _wrong("wrong_type", "须为行的列表。", "Must be a list of rows.")
    if len(value) > MAX_ROWS:
        raise _wrong("too_many", f"最多 {MAX_ROWS} 行。", f"At most {MAX_ROWS} rows.")
    return [_row(question.columns, row) for row in value]


def _row(columns: tuple[Column, ...], row: object) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise _wrong("wrong_type", "每行须为对象。", "Each row must be an object.")
    known = [column.id for column in columns]
    for key in row:
        if key not in known:
            names = ", ".join(known)
            raise _wrong(
                "unknown_column", f"只有这些列：{names}。", f"Columns: {names}."
            )
    return {c.id: _cell(c, row[c.id]) for c in columns if _is_given(c, row)}


def _is_given(column: Column, row: Mapping[str, Any]) -> bool:
    given = row.get(column.id) is not None
    if not given and not column.optional:
        raise _wrong(
            "missing_column",
            f"请填写列 {column.id}。",
            f"Fill in column {column.id}.",
        )
    return given


def _cell(column: Column, value: object) -> Any:
    plain = Question(
        id=column.id,
        section="",
        clauses=(),
        type=column.type,
        text=column.text,
        help={},
        weight=Fraction(0),
        choices=column.choices,
    )
    return _BY_KIND[column.type](plain, value)


_BY_KIND: dict[Kind, Callable[[Question, object], Any]] = {
    Kind.LEVEL: _level,
    Kind.YESNO: _yesno,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TEXT: _text,
    Kind.TABLE: _table,
    Kind.FILE: _files,
}
