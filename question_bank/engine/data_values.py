"""One value of the data sheet: its state, and reading it from text or JSON.

Four states stay apart: a value (0 among them), “无” (there is none), “不适用” (it does
not concern the enterprise) and not filled in, which is the absence of an entry.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from question_bank.engine.data_fields import (
    MAX_COUNT,
    MAX_MONEY,
    MAY_BE_NONE,
    DataField,
    FieldKind,
)
from question_bank.engine.definition import Localized
from question_bank.engine.identifiers import (
    InvalidIdentifier,
    Right,
    parse_certificate,
    parse_high_tech,
)
from question_bank.engine.size_class import parse_industry

Value: TypeAlias = Decimal | int | bool | str | tuple[str, ...]

CENT = Decimal("0.01")
YUAN_IN_WAN = 10_000
NONE_WORDS = frozenset({"无", "没有", "none"})
NA_WORDS = frozenset({"不适用", "不涉及", "n/a", "na", "not applicable"})
YES_WORDS = frozenset({"是", "有", "yes", "true", "y"})
NO_WORDS = frozenset({"否", "无", "没有", "no", "false", "n", "none"})

_NUMBER = re.compile(r"([+-]?[0-9]{1,15}(?:\.[0-9]{1,20})?)(\D{0,12})")
_GROUPED = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SEPARATORS = re.compile(r"[、，,;；\n]+")
_MONEY_UNITS: Mapping[str, Decimal] = {
    "": Decimal(1),
    "万元": Decimal(1),
    "万": Decimal(1),
    "元": 1 / Decimal(YUAN_IN_WAN),
    "yuan": 1 / Decimal(YUAN_IN_WAN),
    "亿元": Decimal(10_000),
    "亿": Decimal(10_000),
}
FIRST_YEAR, LAST_YEAR = 1900, 2199


class EntryState(StrEnum):
    """What is said about a slot; a slot not filled in has no entry."""

    VALUE = "value"
    NONE = "none"
    NA = "na"


class InvalidEntry(ValueError):
    """What was given can't stand in this field; `message` says what is allowed."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.message: Localized = {"zh": zh, "en": en}


@dataclass(frozen=True)
class Entry:
    """What is said about one slot."""

    state: EntryState
    value: Value | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the stored form."""
        if self.state is not EntryState.VALUE:
            return {"state": self.state.value}
        value: Any = self.value
        if isinstance(value, Decimal):
            value = str(value)
        return {
            "state": self.state.value,
            "value": list(value) if isinstance(value, tuple) else value,
        }


NONE = Entry(EntryState.NONE)
NOT_APPLICABLE = Entry(EntryState.NA)


@dataclass(frozen=True)
class Reading:
    """What a text means; `note` says how it was converted, if it was."""

    entry: Entry | None
    note: Localized | None = None


def entry_from_json(field: DataField, data: Any) -> Entry | None:
    """Return the entry of a JSON object, None for null; InvalidEntry if it can't be.

    Money and percentages are decimal strings or numbers.
    """
    if data is None:
        return None
    if not isinstance(data, Mapping) or not set(data) <= {"state", "value"}:
        raise InvalidEntry(
            "wrong_type",
            "应为含 state 和 value 的对象。",
            "Must be an object with state and value.",
        )
    state, value = data.get("state"), data.get("value")
    if state == EntryState.VALUE and value is not None:
        return Entry(EntryState.VALUE, _check(field, value))
    if value is None and state in (EntryState.NONE, EntryState.NA):
        return _stated(field, EntryState(state))
    raise InvalidEntry(
        "unknown_state",
        "state 应为 value（附 value）、none 或 na。",
        "The state is value (with a value), none or na.",
    )


def read_text(field: DataField, text: str) -> Reading:
    """Return what a person typed or pasted; InvalidEntry when it can't be read.

    An empty text means “not filled in”. Money may be given in 元 or 亿元 and is
    converted; the reading's note says so.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return Reading(None)
    word = plain.lower()
    if word in NA_WORDS:
        return Reading(_stated(field, EntryState.NA))
    if word in NONE_WORDS and field.kind in MAY_BE_NONE:
        return Reading(_stated(field, EntryState.NONE))
    return _READERS[field.kind](field, text if field.kind is FieldKind.TEXT else plain)


def entry_text(field: DataField, entry: Entry | None, *, locale: str = "zh") -> str:
    """Return an entry as a person would type it."""
    if entry is None:
        return ""
    if entry.state is EntryState.NONE:
        return "无" if locale == "zh" else "none"
    if entry.state is EntryState.NA:
        return "不适用" if locale == "zh" else "n/a"
    value = entry.value
    if isinstance(value, bool):
        yes, no = ("是", "否") if locale == "zh" else ("yes", "no")
        return yes if value else no
    if field.kind is FieldKind.CHOICE:
        return _text(field.choice_text(str(value)), locale)
    if isinstance(value, tuple):
        separator = "、" if locale == "zh" else "; "
        return separator.join(_text(field.choice_text(item), locale) for item in value)
    return str(value)


def text_problem(text: str, limit: int) -> InvalidEntry | None:
    """Return what is wrong with a free text, None when nothing is."""
    if _CONTROL.search(text):
        return InvalidEntry(
            "control_characters",
            "含有不可见的控制字符，请删除后重试。",
            "Contains invisible control characters; remove them.",
        )
    if len(text) > limit:
        return InvalidEntry(
            "too_long",
            f"最多 {limit} 个字，现有 {len(text)} 个字。",
            f"At most {limit} characters; this has {len(text)}.",
        )
    return None


def _text(localized: Localized, locale: str) -> str:
    return localized.get(locale) or localized["zh"]


def _stated(field: DataField, state: EntryState) -> Entry:
    if state is EntryState.NONE and field.kind not in MAY_BE_NONE:
        raise InvalidEntry(
            "none_not_possible",
            "这一项不能填“无”，请从选项中选择。",
            "“None” can't be said here; choose one of the options.",
        )
    return Entry(state)


def _check(field: DataField, value: Any) -> Value:
    return _CHECKS[field.kind](field, value)


def _check_money(field: DataField, value: Any) -> Decimal:
    return _in_range(field, _decimal(value).quantize(CENT, ROUND_HALF_UP), MAX_MONEY)


def _check_percent(field: DataField, value: Any) -> Decimal:
    return _in_range(field, _decimal(value).quantize(CENT, ROUND_HALF_UP), 100)


def _check_count(field: DataField, value: Any) -> int:
    number = _decimal(value)
    if number != number.to_integral_value():
        raise InvalidEntry(
            "not_whole", "应为整数，不带小数。", "Must be a whole number."
        )
    return int(_in_range(field, number, field.max or MAX_COUNT))


def _decimal(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    text = repr(value) if number else value
    if isinstance(text, str) and re.fullmatch(
        r"-?[0-9]{1,15}(\.[0-9]{1,20})?", text, re.ASCII
    ):
        return Decimal(text)
    raise InvalidEntry(
        "not_a_number",
        "应为数字，例如 12 或 1800.00；没有就填“无”。",
        "Must be a number such as 12 or 1800.00; say “none” if there is none.",
    )


def _in_range(field: DataField, number: Decimal, maximum: Decimal | int) -> Decimal:
    if number < 0 and not field.signed:
        raise InvalidEntry("negative", "不能是负数。", "Must not be negative.")
    if abs(number) > maximum:
        raise InvalidEntry(
            "too_large",
            f"不能超过 {maximum:,}，请核对单位。",
            f"At most {maximum:,}; check the unit.",
        )
    return number


def _check_choice(field: DataField, value: Any) -> str:
    if isinstance(value, str) and value in {c.id for c in field.choices}:
        return value
    raise InvalidEntry("unknown_choice", "没有这个选项。", "There is no such option.")


def _check_choices(field: DataField, value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise InvalidEntry(
            "wrong_type",
            "请选择至少一项；都没有就填“无”。",
            "Choose at least one; say “none” if there is none.",
        )
    chosen = {_check_choice(field, item) for item in value}
    if len(chosen) != len(value):
        raise InvalidEntry(
            "unknown_choice", "没有这个选项，或重复。", "No such option, or twice."
        )
    return tuple(choice.id for choice in field.choices if choice.id in chosen)


def _check_yesno(_field: DataField, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise InvalidEntry("not_yes_or_no", "请填“是”或“否”。", "Say yes or no.")


def _check_date(_field: DataField, value: Any) -> str:
    try:
        day = date.fromisoformat(value) if len(value) == 10 else None
    except (TypeError, ValueError):
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidEntry(
            "not_a_date",
            "应为日期，例如 2025-12-31。",
            "Must be a date such as 2025-12-31.",
        )
    return day.isoformat()


def _check_text(field: DataField, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidEntry("wrong_type", "必须是文字。", "Must be a text.")
    text = unicodedata.normalize("NFC", value).strip()
    if unicodedata.normalize("NFKC", text).lower() in NONE_WORDS | NA_WORDS:
        raise InvalidEntry(
            "state_as_text",
            "请用状态 none 或 na 表示“无”和“不适用”。",
            "Say “none” and “not applicable” with the states none and na.",
        )
    if problem := text_problem(text, field.max_length):
        raise problem
    return _FORMS[field.form](text) if field.form in _FORMS else text


def _industry(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    code = parse_industry(plain)
    if code is None:
        raise InvalidEntry(
            "industry",
            "不是 GB/T 4754-2017 行业代码：应为门类字母加 2 至 4 位数字，"
            "例如 C3484，且字母与数字相符。",
            "Not a GB/T 4754-2017 code: a section letter and 2 to 4 digits that "
            "belong together, such as C3484.",
        )
    return code


def _identifier(reader: Callable[[str], Right]) -> Callable[[str], str]:
    def read(text: str) -> str:
        try:
            return reader(text).number
        except InvalidIdentifier as error:
            raise InvalidEntry(
                error.code, error.message["zh"], error.message["en"]
            ) from error

    return read


_FORMS: Mapping[str, Callable[[str], str]] = {
    "industry": _industry,
    "certificate": _identifier(parse_certificate),
    "high_tech": _identifier(parse_high_tech),
}

_CHECKS: Mapping[FieldKind, Callable[[DataField, Any], Value]] = {
    FieldKind.MONEY: _check_money,
    FieldKind.PERCENT: _check_percent,
    FieldKind.COUNT: _check_count,
    FieldKind.CHOICE: _check_choice,
    FieldKind.CHOICES: _check_choices,
    FieldKind.YESNO: _check_yesno,
    FieldKind.DATE: _check_date,
    FieldKind.TEXT: _check_text,
}


def _value(field: DataField, value: Any, note: Localized | None = None) -> Reading:
    return Reading(Entry(EntryState.VALUE, _check(field, value)), note)


def _split_number(plain: str) -> tuple[Decimal, str]:
    match = _NUMBER.fullmatch(_GROUPED.sub("", plain).replace(" ", ""))
    if match is None:
        return _decimal(plain), ""
    return Decimal(match[1]), match[2].lower()


def _read_money(field: DataField, plain: str) -> Reading:
    number, unit = _split_number(plain)
    factor = _MONEY_UNITS.get(unit)
    if factor is None:
        raise InvalidEntry(
            "unknown_unit",
            "单位只能是万元、元或亿元。",
            "The unit must be 万元, 元 (yuan) or 亿元.",
        )
    amount = number * factor
    kept = amount.quantize(CENT, ROUND_HALF_UP)
    if factor == 1 and kept == amount:
        return _value(field, kept)
    return _value(
        field,
        kept,
        {
            "zh": f"{plain} 已换算为 {kept} 万元",
            "en": f"{plain} converted to {kept} (10,000 yuan)",
        },
    )


def _read_number(field: DataField, plain: str) -> Reading:
    number, unit = _split_number(plain)
    allowed = {"", *(field.unit or {}).values()}
    if unit not in allowed:
        raise InvalidEntry(
            "unknown_unit",
            f"只填数字，单位是{(field.unit or {}).get('zh', '')}。",
            f"Give the number only, in {(field.unit or {}).get('en', '')}.",
        )
    return _value(field, number)


def _read_choice(field: DataField, plain: str) -> Reading:
    return _value(field, _choice_id(field, plain))


def _read_choices(field: DataField, plain: str) -> Reading:
    items = [item.strip() for item in _SEPARATORS.split(plain) if item.strip()]
    return _value(field, list(dict.fromkeys(_choice_id(field, i) for i in items)))


def _choice_id(field: DataField, text: str) -> str:
    word = text.lower()
    for choice in field.choices:
        names = {choice.id, *choice.text.values()}
        known = {unicodedata.normalize("NFKC", name).lower() for name in names}
        if word in known or (choice.id == "none" and word in NONE_WORDS):
            return choice.id
    titles = "、".join(choice.text["zh"] for choice in field.choices)
    english = ", ".join(choice.text["en"] for choice in field.choices)
    raise InvalidEntry(
        "unknown_choice",
        f"没有“{text[:20]}”这个选项，可选：{titles}。",
        f"There is no option “{text[:20]}”; choose from: {english}.",
    )


def _read_yesno(field: DataField, plain: str) -> Reading:
    word = plain.lower()
    if word in YES_WORDS:
        return _value(field, value=True)
    return _value(field, value=False if word in NO_WORDS else word)


def _read_date(field: DataField, plain: str) -> Reading:
    match = _DATE.fullmatch(plain.replace(" ", ""))
    if match is None:
        return _value(field, plain)
    year, month, day = match.groups()
    return _value(field, f"{year}-{int(month):02}-{int(day):02}")


def _read_as_is(field: DataField, text: str) -> Reading:
    return _value(field, text)


_READERS: Mapping[FieldKind, Callable[[DataField, str], Reading]] = {
    FieldKind.MONEY: _read_money,
    FieldKind.PERCENT: _read_number,
    FieldKind.COUNT: _read_number,
    FieldKind.CHOICE: _read_choice,
    FieldKind.CHOICES: _read_choices,
    FieldKind.YESNO: _read_yesno,
    FieldKind.DATE: _read_date,
    FieldKind.TEXT: _read_as_is,
}
