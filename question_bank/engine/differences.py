"""What is different between two banks, and what that asks of the version number.

Stored answers belong to the version they were given in. A difference is *identical*
when nothing about them changes, *compatible* when they keep their meaning, and
*incompatible* when they may not be carried over.
"""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from question_bank.engine import definition
from question_bank.engine.characters import visible
from question_bank.engine.codec import encode
from question_bank.engine.definition import Bank, Localized
from question_bank.engine.difference_rules import RULES, Part, Parts, Value
from question_bank.engine.difference_verdicts import UNJUDGED, Effect, Level, Verdict
from question_bank.engine.source_writer import number_text

ChangeKind: TypeAlias = Literal["added", "removed", "changed"]
MAX_SHOWN: Final = 60
LEVELS: Final[tuple[Level, ...]] = ("none", "patch", "minor", "major")

_VERSION = re.compile(r"(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?", re.ASCII)


@dataclass(frozen=True)
class Change:
    """One difference: `subject` is bank, question, gate, …; `field` "" is all of it.

    A field of a field is written with dots: `levels.2.text`.
    """

    subject: str
    subject_id: str
    kind: ChangeKind
    field: str
    effect: Effect
    reason: Localized
    level: Level
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """Return one line for a terminal."""
        words = [self.level, self.effect, self.kind, self.subject, self.subject_id]
        sides = f"{_cut(self.before)} → {_cut(self.after)}"
        place = " ".join([*words, self.field]).rstrip()
        return visible(f"{place}: {sides}（{self.reason['zh']}）")


@dataclass(frozen=True)
class Differences:
    """Every difference of two banks, and the step of version they ask for together."""

    changes: tuple[Change, ...]

    @property
    def level(self) -> Level:
        """The strongest step that any difference asks for."""
        steps = [LEVELS.index(change.level) for change in self.changes]
        return LEVELS[max(steps, default=0)]

    @property
    def incompatible(self) -> tuple[Change, ...]:
        """The differences over which answers may not be carried."""
        return tuple(c for c in self.changes if c.effect == "incompatible")


def compare_banks(old: Bank, new: Bank) -> Differences:
    """Return what turns `old` into `new`, in the order of the model."""
    return Differences(tuple(_fields(old, new, _Place("bank", new.id, ""))))


def required_version(old_version: str, level: Level) -> str:
    """Return the lowest version number that a change of `level` may carry."""
    major, minor, patch = _numbers(old_version)
    return {
        "none": old_version,
        "patch": f"{major}.{minor}.{patch + 1}",
        "minor": f"{major}.{minor + 1}.0",
        "major": f"{major + 1}.0.0",
    }[level]


def version_suffices(old: str, new: str, level: Level) -> bool:
    """Whether going from version `old` to `new` is a step of at least `level`."""
    return _numbers(new) >= _numbers(required_version(old, level))


def _numbers(version: str) -> tuple[int, int, int]:
    match = _VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"{version!r} is no version like 1.2.0")
    major, minor, patch = (int(number or 0) for number in match.groups())
    return major, minor, patch


class _Place(NamedTuple):
    subject: str
    subject_id: str
    field: str

    def inside(self, name: str) -> "_Place":
        return self._replace(field=f"{self.field}.{name}" if self.field else name)

    def change(
        self, kind: ChangeKind, verdict: Verdict, before: Any, after: Any
    ) -> Change:
        return Change(
            *self[:2],
            kind,
            self.field,
            verdict.effect,
            verdict.reason,
            verdict.level,
            _shown(before),
            _shown(after),
        )


def _fields(old: Any, new: Any, place: _Place) -> Iterator[Change]:
    """Yield the differences of two things of one class, field by field."""
    rules = RULES.get(type(new), {})
    for field in dataclasses.fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after and type(before) is type(after):
            continue
        here = place.inside(field.name)
        rule = rules.get(field.name)
        if isinstance(rule, Parts):
            yield from _parts(before, after, here, rule)
        elif isinstance(rule, Part):
            yield from _part(before, after, here, rule)
        else:
            judge = rule.judge if isinstance(rule, Value) else _unjudged
            yield here.change("changed", judge(before, after), before, after)


def _unjudged(_before: Any, _after: Any) -> Verdict:
    return UNJUDGED


def _part(before: Any, after: Any, place: _Place, rule: Part) -> Iterator[Change]:
    if before is None:
        yield place.change("added", rule.come_or_go, None, after)
    elif after is None:
        yield place.change("removed", rule.come_or_go, before, None)
    else:
        yield from _fields(before, after, place)


def _parts(
    before: tuple[Any, ...], after: tuple[Any, ...], place: _Place, rule: Parts
) -> Iterator[Change]:
    """Yield what was removed, added, changed and moved in a list."""
    old, new = _by_key(before, rule), _by_key(after, rule)
    for key, thing in old.items():
        if key not in new:
            here = _entry(place, rule, key)
            yield here.change("removed", rule.removed, thing, None)
    for key, thing in new.items():
        here = _entry(place, rule, key)
        if key not in old:
            yield here.change("added", rule.added(None, thing), None, thing)
        else:
            yield from _fields(old[key], thing, here)
    kept = [key for key in old if key in new]
    moved = [key for key in new if key in old]
    if kept != moved:
        yield place.change("changed", rule.order, tuple(kept), tuple(moved))


def _entry(place: _Place, rule: Parts, key: str) -> _Place:
    return _Place(rule.subject, key, "") if rule.subject else place.inside(key)


def _by_key(things: tuple[Any, ...], rule: Parts) -> dict[str, Any]:
    """Return things by key; a key used twice (lint refuses that) is counted on."""
    found: dict[str, Any] = {}
    for thing in things:
        key = rule.key(thing)
        name, count = key, 1
        while name in found:
            count += 1
            name = f"{key}#{count}"
        found[name] = thing
    return found


def _shown(value: Any) -> str:
    """Return a value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Fraction | int | float):
        return number_text(value)
    if isinstance(value, definition.Rule):
        return value.text
    if isinstance(value, Mapping):
        return " / ".join(_shown(inner) for inner in value.values())
    if isinstance(value, tuple):
        return ", ".join(_shown(inner) for inner in value)
    if dataclasses.is_dataclass(value):
        name = getattr(value, "id", None) or getattr(value, "text", None)
        return _shown(name) if name else _shown(_plain(value))
    return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _plain(value: Any) -> tuple[str, ...]:
    return tuple(str(inner) for inner in encode(value).values() if inner is not None)
