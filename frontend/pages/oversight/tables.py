"""Register lists: what a list page shows, and the choice of rows."""

from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from frontend.components import Link, Tone

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Tag:
    """A short word with a tone."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Whole:
    """A text that stays on one line: a day, a code."""

    whole: str


@dataclass(frozen=True)
class Line:
    """One row: its title leads somewhere; cells are texts or tags."""

    title: str
    url: str = ""
    caption: str = ""
    cells: tuple[str | Tag | Whole, ...] = ()


@dataclass(frozen=True)
class Choice:
    """A select of a filter form."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str


@dataclass(frozen=True)
class Listing:
    """A page of a register."""

    title: str
    headers: tuple[str, ...]
    lines: list[Line]
    page: Page[Any] | None = None
    lede: str = ""
    choices: tuple[Choice, ...] = ()
    searched: str | None = None
    search_label: str = ""
    actions: tuple[Link, ...] = ()
    tabs: tuple[Link, ...] = ()
    crumbs: tuple[Link, ...] = ()
    empty: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def is_filtered(self) -> bool:
        """Whether a search or a filter leaves rows out."""
        return bool(self.searched) or any(choice.value for choice in self.choices)


def chosen(request: HttpRequest, name: str, options: list[tuple[str, str]]) -> str:
    """Return the chosen value of a filter; what is not offered counts as all."""
    value = request.GET.get(name, "")
    return value if value in {key for key, _text in options} else ""


def searched(request: HttpRequest) -> str:
    """Return what is searched for, on one line."""
    return " ".join(request.GET.get("q", "").split())[:60]


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """Return the page of rows that is asked for."""
    return Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
