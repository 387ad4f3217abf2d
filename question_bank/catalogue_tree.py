"""The tree that a control catalogue's rows make, and what can be wrong with it."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from question_bank.engine.definition import Localized

MAX_DEPTH: Final = 8

# Numbers such as 5.1 or A.5.1 read well as ids; no two of them become the same id.
_PLAIN = re.compile(r"([A-Z]{1,8}\.?)?\d{1,6}(\.\d{1,6}){0,9}", re.ASCII)
_OTHER = re.compile(r"[^a-z0-9]+", re.ASCII)
_MAX_SLUG = 40


@dataclass(frozen=True)
class Control:
    """One row of a catalogue. `weight` is None when the cell is empty."""

    id: str
    parent: str | None
    title: Localized
    text: Localized
    weight: str | None = None


Controls = Mapping[str, Control]
"""Controls by id, in the order of the rows."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a control, in which of its columns."""

    control: str
    column: str
    code: str
    message: Localized
    severity: Literal["error", "warning"] = "error"


def control_id(number: str) -> str:
    """Return the question id of a control; the same number always gives the same id.

    It depends on nothing but the number, so a catalogue may grow and be sorted anew.
    """
    slug = _OTHER.sub("_", number.lower()).strip("_")[:_MAX_SLUG].rstrip("_")
    if _PLAIN.fullmatch(number) and len(number) <= _MAX_SLUG:
        return f"c_{slug}"
    digest = hashlib.sha256(number.encode()).hexdigest()[:8]
    return f"c_{slug}_{digest}" if slug else f"c_{digest}"


def clause_key(number: str) -> str:
    """Return the key of a control's clause and section."""
    return control_id(number).upper().replace("_", "-")


def in_order(controls: Controls) -> Iterator[Control]:
    """Yield every control before those below it, sisters in the order of the rows."""
    below: dict[str | None, list[Control]] = {}
    for control in controls.values():
        below.setdefault(control.parent, []).append(control)
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        control = waiting.pop()
        yield control
        waiting.extend(reversed(below.get(control.id, [])))


def tree_faults(controls: Controls) -> Iterator[Fault]:
    """Yield everything that keeps the controls from being a tree within bounds."""
    yield from _unknown_parents(controls)
    yield from _circles_and_depth(controls)
    yield from _same_ids(controls)


def weight_faults(controls: Controls) -> Iterator[Fault]:
    """Yield weights that have no effect, and a tree in which nothing counts."""
    parents = {control.parent for control in controls.values()}
    for control in controls.values():
        inner = control.parent is not None and control.id in parents
        if inner and control.weight is not None:
            yield Fault(control.id, "weight", "weight_ignored", _IGNORED, "warning")
    if controls and not scored_sections(controls):
        yield Fault(next(iter(controls)), "weight", "nothing_scored", _NOTHING_SCORED)


def section_of(controls: Controls, control: Control) -> Control:
    """Return the control of the top level above (or at) `control`."""
    while control.parent is not None:
        control = controls[control.parent]
    return control


def weight_of(control: Control) -> Fraction:
    """Return a control's weight; an empty cell counts as 1."""
    return Fraction(control.weight or 1)


def scored_sections(controls: Controls) -> frozenset[str]:
    """Return the top-level controls that carry weight over a leaf that carries some.

    The weight of a leaf on the top level is its section's; its question counts alone.
    """
    parents = {control.parent for control in controls.values()}
    found = set()
    for control in controls.values():
        if control.id not in parents and weight_of(control) > 0:
            top = section_of(controls, control)
            if weight_of(top) > 0:
                found.add(top.id)
    return frozenset(found)


def _unknown_parents(controls: Controls) -> Iterator[Fault]:
    for control in controls.values():
        if control.parent is not None and control.parent not in controls:
            message = _unknown(control.parent)
            yield Fault(control.id, "parent", "unknown_parent", message)


def _circles_and_depth(controls: Controls) -> Iterator[Fault]:
    """Go up from each control until a known depth; no way is gone twice."""
    depths: dict[str, int] = {}
    for start in controls:
        way: dict[str, None] = {}
        name: str | None = start
        while name is not None and name in controls and name not in way:
            if name in depths:
                break
            way[name] = None
            name = controls[name].parent
        if name is not None and name in way:
            circle = list(way)[list(way).index(name) :]
            yield Fault(circle[0], "parent", "cycle", _circle(circle))
            depths.update(dict.fromkeys(way, 0))
            continue
        for name in reversed(way):
            depths[name] = 1 + depths.get(controls[name].parent or "", 0)
            if depths[name] == MAX_DEPTH + 1:
                yield Fault(name, "parent", "too_deep", _TOO_DEEP)


def _same_ids(controls: Controls) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name in controls:
        other = seen.setdefault(control_id(name), name)
        if other != name:
            yield Fault(name, "id", "same_id", _same(name, other))


def _unknown(parent: str) -> Localized:
    return {
        "zh": f"没有编号为 {parent} 的上级。",
        "en": f"There is no control {parent} above it.",
    }


def _circle(circle: list[str]) -> Localized:
    way = " → ".join([*circle[:5], *(["…"] if len(circle) > 5 else []), circle[0]])
    return {
        "zh": f"上级关系成环：{way}。",
        "en": f"The controls above each other form a circle: {way}.",
    }


def _same(name: str, other: str) -> Localized:
    return {
        "zh": f"编号 {name} 与 {other} 得到同一个题号，请改其中一个。",
        "en": f"{name} and {other} lead to the same question id; change one.",
    }


_TOO_DEEP = {
    "zh": f"层级超过 {MAX_DEPTH} 层。",
    "en": f"The tree has more than {MAX_DEPTH} levels.",
}
_IGNORED = {
    "zh": "中间层的权重不用：只有最上层（部分）和最下层（题目）的权重起作用。",
    "en": "A weight between is not used: only the top level (sections) and the leaves "
    "(questions) are weighted.",
}
_NOTHING_SCORED = {
    "zh": "没有一项计分：至少一个最上层及其下的一个末级权重须大于 0。",
    "en": "Nothing is scored: a top-level control and a leaf below it need weights "
    "above 0.",
}
