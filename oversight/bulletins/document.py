"""A bulletin as plain values: sections, parts and tables of ready texts.

Page, PDF and workbook are all made of one `Document`; that is why they carry the same
numbers. A table's first column names its rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from question_bank.engine.codec import decode, encode

LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Table:
    """A table; every row is as long as the headers."""

    key: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of a section: some sentences and at most one table."""

    title: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Section:
    """A numbered section."""

    title: str
    parts: tuple[Part, ...]
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """What a bulletin says, in one language."""

    title: str
    period: str
    headline: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables in order."""
        parts = chain.from_iterable(section.parts for section in self.sections)
        return tuple(part.table for part in parts if part.table is not None)


@dataclass(frozen=True)
class Content:
    """The frozen content: the same document in both languages."""

    zh: Document
    en: Document

    def in_language(self, code: str) -> Document:
        """Return the document for a Django language code; Chinese unless English."""
        return self.en if code.startswith("en") else self.zh

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        plain: dict[str, Any] = encode(self)
        return plain


def content_from(plain: Any) -> Content:
    """Read what `to_plain` wrote."""
    return decode(Content, plain)


@dataclass(frozen=True)
class Difference:
    """A cell that differs between two editions; "" where a side has none."""

    table: str
    row: str
    column: str
    before: str
    after: str


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """Return every number that a later document states otherwise."""
    old, new = dict(_cells(before)), dict(_cells(after))
    places = [*new, *(place for place in old if place not in new)]
    return tuple(
        Difference(*place[1:], old.get(place, ""), new.get(place, ""))
        for place in places
        if old.get(place) != new.get(place)
    )


def _cells(document: Document) -> Iterator[tuple[tuple[str, str, str, str], str]]:
    for table in document.tables:
        for row in table.rows:
            for header, cell in zip(table.headers[1:], row[1:], strict=True):
                yield (table.key, table.title, row[0], header), cell
