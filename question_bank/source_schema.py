"""JSON Schemas of a bank's YAML files, so that editors complete and underline.

Made from the model and from the table of keys; explanations are those of the workbook.
Plain YAML takes 7.10 for a number and `no` for false, so scalars may be what an editor
makes of them.
"""

import dataclasses
import types
from collections.abc import Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from question_bank.engine.definition import (
    Bank,
    Check,
    Clause,
    Fact,
    Guidance,
    Law,
    Question,
    Rule,
    Scale,
    Section,
    Source,
)
from question_bank.engine.source_writer import ALWAYS, KEYS, Key
from question_bank.workbook_layout import BANK_KEYS, SHEETS

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Final = {"$ref": "#/$defs/text"}
_SCALARS: Final[Mapping[Any, Schema]] = {
    str: {"type": ["string", "number"]},
    int: {"type": ["integer", "string"]},
    Fraction: {"type": ["number", "string"]},
    date: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    bool: {"enum": [True, False, "yes", "no", "true", "false", "是", "否"]},
    Rule: {"type": ["string", "boolean"]},
    Mapping[str, str]: _TEXT,
}
_NUMBER: Final = {"type": ["number", "string"]}
_BY_LEVEL: Final = "^[0-9]$"
# Keys that are written when they say something, though their absence is no default.
_OPTIONAL: Final = {(Clause, "number_status")}
_ELSEWHERE: Final[Mapping[type, tuple[str, ...]]] = {
    Bank: ("questions", "checks"),
    Question: ("section",),
}
_SHEET_OF: Final = {Question: "questions", Section: "sections", Clause: "clauses"}


def bank_schema() -> Schema:
    """Return the schema of bank.yaml."""
    return _document(_object(Bank), "bank.yaml", Bank)


def section_schema() -> Schema:
    """Return the schema of sections/*.yaml."""
    lists = {"questions": _list(_ref(Question)), "checks": _list(_ref(Check))}
    properties = {"section": _SCALARS[str], **lists}
    body = {**_closed(properties), "required": ["section"]}
    return _document(body, "sections/*.yaml", Question, Check)


def _document(body: Schema, title: str, *roots: type) -> Schema:
    found: dict[str, Schema] = {}
    for root in roots:
        _define(root, found)
    for root in {Bank} & set(roots):
        del found[root.__name__]
    return {
        "$schema": DIALECT,
        "title": title,
        **body,
        "$defs": {"text": _localized(), **dict(sorted(found.items()))},
    }


def _localized() -> Schema:
    texts = {locale: {"type": ["string", "number"]} for locale in ("zh", "en")}
    return {**_closed(texts), "required": ["zh"]}


def _closed(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "additionalProperties": False,
    }


def _define(cls: type, found: dict[str, Schema]) -> None:
    """Add a class and every class that its fields hold."""
    if cls.__name__ in found or (cls not in KEYS and cls is not Source):
        return
    without = _ELSEWHERE.get(cls, ())
    found[cls.__name__] = _source() if cls is Source else _object(cls)
    for name, hint in get_type_hints(cls).items():
        if name not in without:
            for inner in _classes(hint):
                _define(inner, found)


def _classes(hint: Any) -> list[type]:
    if dataclasses.is_dataclass(hint):
        return [hint]  # type: ignore[list-item]
    return [cls for inner in get_args(hint) for cls in _classes(inner)]


def _source() -> Schema:
    hints = get_type_hints(Source)
    return {**_closed({"status": _schema(hints["status"])}), "required": ["status"]}


def _object(cls: type) -> Schema:
    hints = get_type_hints(cls)
    keys = [key for key in KEYS[cls] if key.name not in _ELSEWHERE.get(cls, ())]
    properties: dict[str, Schema] = {}
    for key in keys:
        if key.name:
            found = _SPECIAL.get((cls, key.attribute)) or _schema(hints[key.attribute])
            properties[key.name] = found | _about(cls, key.name)
        else:
            properties |= _localized()["properties"]
    if cls is Clause:
        properties["children"] = _list(_ref(Clause))
    return {**_closed(properties), "required": _required(cls, keys)}


def _required(cls: type, keys: list[Key]) -> list[str]:
    always = [key for key in keys if key.missing is ALWAYS]
    return [key.name or "zh" for key in always if (cls, key.name) not in _OPTIONAL]


def _schema(hint: Any) -> Schema:
    origin, args = get_origin(hint), get_args(hint)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if origin in (types.UnionType, Union):
        inner = [arg for arg in args if arg is not type(None)]
        return _NUMBER if len(inner) > 1 else _schema(inner[0])
    if origin is tuple:
        return _list(_schema(args[0]))
    if origin is Literal:
        return {"enum": list(args)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [word.value for word in hint]}
    return _ref(hint)


def _ref(cls: type) -> Schema:
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _by_level(pattern: str, inner: Schema) -> Schema:
    return {
        "type": "object",
        "patternProperties": {pattern: inner},
        "additionalProperties": False,
    }


_SPECIAL: Final[Mapping[tuple[type, str], Schema]] = {
    (Scale, "levels"): _by_level("^[0-9]+$", _TEXT),
    (Scale, "evidence_caps"): {"type": "object", "additionalProperties": _NUMBER},
    (Question, "levels"): _by_level(_BY_LEVEL, _TEXT),
    (Question, "guidance"): _by_level("^[0-9](-[0-9])?$", _ref(Guidance)),
    (Question, "laws"): _list(_ref(Law)),
    (Question, "points"): {
        "anyOf": [
            _by_level("^(yes|no|是|否|true|false|True|False)$", _NUMBER),
            _list({"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}),
        ]
    },
    (Bank, "facts"): _list({"anyOf": [{"type": "string"}, _ref(Fact)]}),
}
"""What is written in another form than the model holds it."""


def _about(cls: type, name: str) -> Schema:
    """Return what a workbook says about the key, if anything."""
    columns = list(BANK_KEYS) if cls is Bank else []
    for layout in SHEETS:
        if layout.name == _SHEET_OF.get(cls):
            columns += layout.columns
    for column in columns:
        if column.key == name:
            return {"description": f"{column.zh} / {column.en}"}
    return {}
