"""What a form for a part of a bank asks, as data: lines, rows of lines, groups.

A line's path is the path of its value in the part's source, so that a problem that
lint finds at a path is shown at the control of that name.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from frontend.components import Option

LineKind = Literal["line", "text", "rule", "number", "select", "checks", "flag", "list"]


@dataclass(frozen=True)
class Line:
    """One control. `list` is several words in one line, separated by commas.

    `default` is what the bank reads where nothing is written; choosing it writes
    nothing.
    """

    path: str
    label: str
    kind: LineKind = "line"
    options: tuple[Option, ...] = ()
    hint: str = ""
    required: bool = False
    language: str = ""
    height: int = 2
    default: str = ""


@dataclass(frozen=True)
class Rows:
    """A list of which rows can be added and removed; paths are a row's own.

    `key` names what identifies a row, so that what the form does not show of it stays.
    """

    path: str
    title: str
    add: str
    lines: tuple[tuple[Line, ...], ...]
    key: str = "id"
    hint: str = ""
    fixed: bool = False


@dataclass(frozen=True)
class Group:
    """Lines under one title; each inner tuple stands side by side."""

    title: str
    lines: tuple[tuple[Line, ...], ...] = ()
    rows: Rows | None = None
    hint: str = ""
    open: bool = True


def pair(
    path: str,
    label: str,
    kind: LineKind = "text",
    *,
    hint: str = "",
    required: bool = False,
    height: int = 2,
) -> tuple[Line, Line]:
    """Return a text in Chinese and English, side by side."""
    start = f"{path}/" if path else ""
    chinese = _("%(label)s（中文）") % {"label": label}
    english = _("%(label)s（英文）") % {"label": label}
    return (
        Line(
            f"{start}zh", chinese, kind, hint=hint, required=required,
            language="zh-CN", height=height,
        ),
        Line(f"{start}en", english, kind, language="en", height=height),
    )  # fmt: skip
