"""Looking through the XML of an XLSX file as a stream, before values are read.

Finds what a reader of values does not tell (formulas, merged cells) and stops at the
first sign of a sheet that would grow beyond bounds. Every part is looked through, named
as a sheet or not: whatever a reader may be led to has been seen.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax import SAXException, handler

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString
from django.utils.translation import gettext_lazy as _

from backend.errors import Invalid

MAX_AREA: Final = 1_000_000
MAX_ELEMENTS: Final = 500_000
MAX_CHARACTERS: Final = 20_000_000
MAX_DEPTH: Final = 100
MAX_NAMED: Final = 20

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_TEXTS: Final = "xl/sharedStrings.xml"
# Pictures and the like, which hold no XML; every other part does.
_OPAQUE: Final = (
    ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".wdp", ".emf", ".wmf",
    ".bin", ".vml", "/",
)  # fmt: skip


class UnreadableWorkbook(Invalid):
    """The file is no harmless XLSX workbook; `place` is sheet!cell if it is known."""

    code = "unreadable_workbook"
    message = _("无法读取这个文件：请用 Excel 或 WPS 另存为 .xlsx 格式后重试。")

    def __init__(self, place: str = "") -> None:
        super().__init__()
        self.place = place


class WorkbookTooLarge(UnreadableWorkbook):
    """The workbook is larger than is read."""

    code = "workbook_too_large"
    message = _("文件过大，请只保留需要的工作表和行列后重试。")


@dataclass(frozen=True)
class Bounds:
    """How far a sheet may reach. `last_row` also binds rows that hold no cell."""

    rows: int = 20_000
    columns: int = 200
    last_row: int = 1_048_576


@dataclass
class Budget:
    """What is left for all sheets together."""

    elements: int = MAX_ELEMENTS
    characters: int = MAX_CHARACTERS
    area: int = MAX_AREA


@dataclass
class SheetScan:
    """Cells with formulas and merged ranges of a sheet, the first few of each."""

    formulas: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell from its row and column, both from 0."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def scan_workbook(
    parts: Mapping[str, bytes], bounds: Bounds | None = None
) -> dict[str, SheetScan]:
    """Return what each sheet holds beside values, by the sheet's name.

    WorkbookTooLarge when the sheets together would grow beyond bounds.
    """
    bounds = bounds or Bounds()
    budget = Budget()
    lengths = _TextLengths(budget)
    if _TEXTS in parts:
        _parse(parts[_TEXTS], lengths)
    scans, seen = {}, {_TEXTS}
    for name, part in _sheet_parts(parts, budget):
        cells = _Cells(name, lengths.lengths, budget, bounds)
        _parse(parts[part], cells)
        scans[name] = cells.scan
        seen.add(part)
    others = Budget()
    for part in parts.keys() - seen:
        if not part.lower().endswith(_OPAQUE):
            _parse(parts[part], _Cells("", lengths.lengths, others, bounds))
    return scans


def _sheet_parts(
    parts: Mapping[str, bytes], budget: Budget
) -> Iterator[tuple[str, str]]:
    """Yield the name of every sheet and the part that holds it."""
    targets = _Relations(budget)
    _parse(parts.get(_RELATIONS, b""), targets)
    names = _SheetNames(budget)
    _parse(parts.get(_WORKBOOK, b""), names)
    for name, relation in names.found:
        target = targets.found.get(relation, "")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        # The reader takes "xl/a.xml" for a path from the top and resolves no dots.
        if part != _as_read(target) or part not in parts or not part.endswith(".xml"):
            raise UnreadableWorkbook
        yield name, part


def _as_read(target: str) -> str:
    target = target.removeprefix("/")
    return target if target.startswith("xl/") else f"xl/{target}"


def _parse(content: bytes, reader: handler.ContentHandler) -> None:
    try:
        parseString(content, reader, forbid_dtd=True)
    except (SAXException, DefusedXmlException, UnicodeError, LookupError) as error:
        raise UnreadableWorkbook from error


class _Reader(handler.ContentHandler):
    """Counts every element against what is left, and looks at it."""

    def __init__(self, budget: Budget, sheet: str = "") -> None:
        super().__init__()
        self.budget = budget
        self.sheet = sheet
        self._depth = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 – SAX
        self.budget.elements -= 1
        self._depth += 1
        if self.budget.elements < 0:
            raise WorkbookTooLarge(self.sheet)
        if self._depth > MAX_DEPTH:
            raise UnreadableWorkbook(self.sheet)
        self.look(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:  # noqa: N802 – SAX
        self._depth -= 1

    def look(self, tag: str, attrs: Any) -> None:
        """Take what matters of an element."""
        raise NotImplementedError


class _Relations(_Reader):
    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.found: dict[str, str] = {}

    def look(self, tag: str, attrs: Any) -> None:
        if tag != "Relationship" or attrs.get("TargetMode") == "External":
            return
        if attrs.get("Id", "") in self.found:
            raise UnreadableWorkbook
        self.found[attrs.get("Id", "")] = attrs.get("Target", "")


class _SheetNames(_Reader):
    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.found: list[tuple[str, str]] = []

    def look(self, tag: str, attrs: Any) -> None:
        if tag == "sheet":
            by_name = {key.rpartition(":")[2]: value for key, value in attrs.items()}
            # Of two ids with different prefixes, readers differ in which they take.
            if len(by_name) < len(attrs):
                raise UnreadableWorkbook
            self.found.append((by_name.get("name", ""), by_name.get("id", "")))


class _TextLengths(_Reader):
    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.lengths: list[int] = []

    def look(self, tag: str, attrs: Any) -> None:
        if tag == "si":
            self.lengths.append(0)

    def characters(self, content: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(content)


class _Cells(_Reader):
    """Follows the cells of a sheet and notes formulas and merged ranges."""

    def __init__(
        self, name: str, lengths: list[int], budget: Budget, bounds: Bounds
    ) -> None:
        super().__init__(budget, name)
        self.scan = SheetScan()
        self._bounds = bounds
        self._lengths = lengths
        self._row = self._column = -1
        self._last_row = self._last_column = -1
        self._shared = self._in_value = False
        self._index = ""

    def look(self, tag: str, attrs: Any) -> None:
        if tag == "row":
            number = attrs.get("r", "")
            self._row = int(number[:20]) - 1 if number.isdecimal() else self._row + 1
            self._column = -1
            if self._row >= self._bounds.last_row:
                raise WorkbookTooLarge(self._place(0))
        elif tag == "c":
            self._enter_cell(attrs)
        elif tag in ("v", "f"):
            self._in_value = tag == "v"
            if tag == "f":
                self._note(self.scan.formulas, cell_name(self._row, self._column))
        elif tag == "mergeCell":
            self._note(self.scan.merged, str(attrs.get("ref", "")))

    def characters(self, content: str) -> None:
        self._spend(len(content))
        if self._in_value and self._shared:
            self._index += content[:10]

    def endElement(self, name: str) -> None:  # noqa: N802 – SAX
        super().endElement(name)
        if not (self._in_value and name.rpartition(":")[2] == "v"):
            return
        self._in_value = False
        if self._shared:
            index = self._index.strip()
            if not index.isdecimal() or int(index) >= len(self._lengths):
                raise UnreadableWorkbook(self.sheet)
            self._spend(self._lengths[int(index)])

    def _enter_cell(self, attrs: Any) -> None:
        """Move to a cell; one without a reference is the next one."""
        self._column += 1
        self._shared, self._index = attrs.get("t") == "s", ""
        reference = attrs.get("r", "")
        match = _REFERENCE.fullmatch(reference)
        if match:
            self._row, self._column = int(match[2]) - 1, _column(match[1])
        elif reference:
            raise UnreadableWorkbook(self.sheet)
        self._check_place()

    def _check_place(self) -> None:
        """A reader of values makes room for the whole rectangle up to a cell."""
        bounds = self._bounds
        if self._row >= bounds.rows or self._column >= bounds.columns:
            raise WorkbookTooLarge(self._place(self._column))
        before = (self._last_row + 1) * (self._last_column + 1)
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        area = (self._last_row + 1) * (self._last_column + 1)
        self.budget.area -= area - before
        if self.budget.area < 0:
            raise WorkbookTooLarge(self._place(self._column))

    def _place(self, column: int) -> str:
        """Return sheet!cell in this row; a part that is no sheet has no place."""
        return f"{self.sheet}!{cell_name(self._row, column)}" if self.sheet else ""

    def _spend(self, characters: int) -> None:
        self.budget.characters -= characters
        if self.budget.characters < 0:
            raise WorkbookTooLarge(self.sheet)

    def _note(self, into: list[str], what: str) -> None:
        if len(into) < MAX_NAMED:
            into.append(what)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
