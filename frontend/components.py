"""The data that component templates read: one frozen dataclass a component.

Templates under `templates/components/` say which of these they take. Texts are
ready to show: translated by the caller.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Tone = Literal["plain", "blue", "green", "amber", "red"]


class State(StrEnum):
    """Where something stands; each has its own word, shape and colour."""

    DONE = "done"
    DOING = "doing"
    TODO = "todo"
    BLOCKED = "blocked"
    ATTENTION = "attention"
    PROBLEM = "problem"
    NONE = "none"


@dataclass(frozen=True)
class Status:
    """A state and the word shown for it."""

    state: State
    word: str


@dataclass(frozen=True)
class Link:
    """A link: where to, in which words, and whether it is the page shown now."""

    url: str
    text: str
    current: bool = False
    note: str = ""


@dataclass(frozen=True)
class Option:
    """One answer to choose. `text` explains the label and may be empty."""

    value: str
    label: str
    text: str = ""
    checked: bool = False


@dataclass(frozen=True)
class Choices:
    """A group of radios (`multiple` false) or checkboxes under one legend."""

    name: str
    legend: str
    options: tuple[Option, ...]
    hint: str = ""
    error: str = ""
    multiple: bool = False
    inline: bool = False
    large: bool = False


@dataclass(frozen=True)
class Scale:
    """The level scale: one row an anchor, then what may be said instead.

    An option's `value` is sent with the form, `label` is the level's title and
    `text` the anchor. `others` are answers outside the scale (“本期未发生”).
    """

    name: str
    legend: str
    options: tuple[Option, ...]
    others: tuple[Option, ...] = ()
    hint: str = ""
    error: str = ""
    large: bool = True


@dataclass(frozen=True)
class Field:
    """A line to fill in that isn't part of a Django form.

    `kind` is the input's type, or "textarea". A number with a `unit` shows the unit
    beside it. `id` is also the anchor an error summary links to.
    """

    id: str
    name: str
    label: str
    value: str = ""
    kind: Literal["text", "number", "date", "email", "tel", "textarea"] = "text"
    unit: str = ""
    hint: str = ""
    error: str = ""
    optional: bool = False
    integer: bool = False
    max_length: int | None = None
    min: str = ""
    max: str = ""


@dataclass(frozen=True)
class FileDrop:
    """A place for files; `limits` says kinds and size before one is chosen."""

    id: str
    name: str
    label: str
    limits: str
    accept: str = ""
    hint: str = ""
    error: str = ""
    multiple: bool = False


@dataclass(frozen=True)
class Problem:
    """One line of an error summary; `field_id` is the id to jump to."""

    field_id: str
    message: str


@dataclass(frozen=True)
class Task:
    """One row of a task list. Without `url` it can't be started yet."""

    title: str
    status: Status
    url: str = ""
    caption: str = ""
    note: str = ""


@dataclass(frozen=True)
class SummaryRow:
    """One row of a summary list; an empty value is shown as not provided.

    `action_about` completes the action for screen readers: “更改 企业名称”.
    """

    key: str
    value: str = ""
    action_url: str = ""
    action: str = ""
    action_about: str = ""


@dataclass(frozen=True)
class Step:
    """One of at most six steps; exactly one is current."""

    title: str
    state: Literal["done", "current", "todo"]
    note: str = ""


@dataclass(frozen=True)
class Event:
    """One entry of a timeline. `date` is ISO for machines, `when` for people."""

    title: str
    when: str
    date: str = ""
    text: str = ""
    state: Literal["done", "now", "todo", "problem"] = "todo"


@dataclass(frozen=True)
class Bar:
    """One row of bars or of a funnel; `share` is the bar's length from 0 to 100."""

    label: str
    number: str
    share: int
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a heat table: shade 0–4, or None where the number is withheld.

    `words` are read after the text, such as why a number is withheld (“不公布”).
    """

    text: str
    shade: int | None
    words: str = ""


@dataclass(frozen=True)
class HeatTable:
    """Rows of cells under column titles; the shade repeats what the number says.

    `notes` say which rows or columns were merged, so that small numbers stay unseen.
    """

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    legend: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SortHeader:
    """A column title that sorts: `direction` is how the table is sorted now."""

    text: str
    url: str
    direction: Literal["ascending", "descending", "none"] = "none"
    numeric: bool = False


@dataclass(frozen=True)
class Dialog:
    """A question before something that can't be undone.

    `fallback_url` is a page asking the same; it opens where scripts don't run.
    """

    id: str
    title: str
    text: str
    confirm: str
    action_url: str
    fallback_url: str = ""
    danger: bool = False
    hidden: tuple[tuple[str, str], ...] = field(default=())
