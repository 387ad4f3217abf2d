"""Frozen dataclasses to plain JSON data and back.

Fractions travel as "p/q" (or "p") strings, dates as ISO 8601, tuples as lists,
mappings as objects; fields that came late are left out while they hold their default.
A converter is built once per type, from its annotations.
"""

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import (
    Any,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

_T = TypeVar("_T")

_ALWAYS = object()


class MalformedData(ValueError):
    """The data does not have the shape of the class it should become."""


def canonical_bytes(data: Any) -> bytes:
    """Return the one byte string that stands for JSON data: hashes are made of it."""
    return json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def encode(value: object) -> Any:
    """Return `value` as data that `json.dumps` accepts; dataclasses become objects."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | Fraction | date):
        return str(value)
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    cls: Any = type(value)
    return {
        name: encode(found)
        for name, left_out in _fields(cls)
        if (found := getattr(value, name)) != left_out
    }


def late(default: _T) -> _T:
    """Return a dataclass field that came after the first bank was published.

    It is left out of the JSON while it holds its default, so that a version stored
    before keeps its canonical bytes and its hash.
    """
    found: Any = dataclasses.field(default=default, metadata={"late": True})
    return cast("_T", found)


def decode(cls: type[_T], data: object) -> _T:
    """Build a `cls` from `encode` output; MalformedData names the field at fault.

    Missing fields take their defaults, unknown keys are ignored: results stored by an
    older version stay readable.
    """
    hint: Any = cls
    built: _T = _converter(hint)(data)
    return built


@cache
def _fields(cls: Any) -> tuple[tuple[str, object], ...]:
    """Return each field's name and the value with which it is left out."""
    return tuple(
        (field.name, field.default if field.metadata.get("late") else _ALWAYS)
        for field in dataclasses.fields(cls)
    )


@cache
def _converter(hint: Any) -> Callable[[Any], Any]:
    origin, args = get_origin(hint), get_args(hint)
    if hint in _SCALARS:
        return _SCALARS[hint]
    if origin in (types.UnionType, Union):
        return _union(args)
    if origin is tuple:
        return _tuple(args[0])
    if origin is not None and issubclass_safely(origin, Mapping):
        return _mapping(args[1])
    if origin is Literal:
        return _literal(args)
    if dataclasses.is_dataclass(hint):
        return _dataclass(hint)
    if issubclass_safely(hint, Enum):
        return _enum(hint)
    raise TypeError(f"no converter for {hint!r}")


def issubclass_safely(candidate: object, parent: type) -> bool:
    """Whether `candidate` is a class derived from `parent`."""
    return isinstance(candidate, type) and issubclass(candidate, parent)


def _any(value: Any) -> Any:
    """Lists inside a rule tree become tuples, everything else stays."""
    return tuple(map(_any, value)) if isinstance(value, list | tuple) else value


def _exactly(kind: type) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if type(value) is not kind:
            raise MalformedData(f"expected {kind.__name__}, not {value!r}")
        return value

    return convert


def _fraction(value: Any) -> Fraction:
    if isinstance(value, bool | float) or not isinstance(value, str | int):
        raise MalformedData(f"expected a fraction like '3/5', not {value!r}")
    try:
        return _parsed_fraction(value)
    except (ValueError, ZeroDivisionError) as error:
        raise MalformedData(f"expected a fraction, not {value!r}") from error


@cache
def _parsed_fraction(value: str | int) -> Fraction:
    return Fraction(value)


def _date(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise MalformedData(f"expected an ISO date, not {value!r}") from error


_SCALARS: dict[Any, Callable[[Any], Any]] = {
    Any: _any,
    str: _exactly(str),
    bool: _exactly(bool),
    int: _exactly(int),
    float: lambda value: float(_number(value)),
    Fraction: _fraction,
    date: _date,
}


def _union(args: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Only `X | None` and `int | float` occur."""
    inner = [arg for arg in args if arg is not type(None)]
    if len(inner) > 1:
        return _optional(_number) if type(None) in args else _number
    return _optional(_converter(inner[0]))


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedData(f"expected a number, not {value!r}")
    return value


def _optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _tuple(item: Any) -> Callable[[Any], Any]:
    convert = _converter(item)

    def build(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise MalformedData(f"expected a list, not {value!r}")
        return tuple([convert(part) for part in value])

    return build


def _mapping(item: Any) -> Callable[[Any], Any]:
    convert = _converter(item)

    def build(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise MalformedData(f"expected an object, not {value!r}")
        return {key: convert(part) for key, part in value.items()}

    return build


def _literal(allowed: tuple[Any, ...]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value not in allowed:
            raise MalformedData(f"expected one of {allowed}, not {value!r}")
        return value

    return check


def _enum(cls: Any) -> Callable[[Any], Any]:
    def build(value: Any) -> Any:
        try:
            return cls(value)
        except ValueError as error:
            raise MalformedData(str(error)) from error

    return build


def _dataclass(cls: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(cls)
    fields = [(name, _converter(hints[name])) for name, _ in _fields(cls)]

    def build(value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise MalformedData(f"{cls.__name__}: expected an object, not {value!r}")
        try:
            return cls(**{n: conv(value[n]) for n, conv in fields if n in value})
        except TypeError as error:
            raise MalformedData(f"{cls.__name__}: {error}") from error
        except MalformedData as error:
            raise MalformedData(f"{cls.__name__}: {error}") from error

    return build
