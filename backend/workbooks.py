"""Opening uploaded XLSX workbooks: looked at before anything reads them.

The reader builds a full table from the first to the last used cell and unpacks
whatever the archive holds, so sizes are established here: every part is unpacked with
a bound and must be as long as it says, and every cell's place is looked at.
"""

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineWorkbook

from backend.errors import Invalid

MAX_BYTES = 5 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_SHEETS = 50
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 300_000
MAX_AREA = 1_000_000
"""Of one sheet, from its first to its last cell, and of all sheets together."""

_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = 30
_MAIN_PARTS = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
_RELATIONS = "xl/_rels/workbook.xml.rels"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_T = TypeVar("_T")


class UnreadableWorkbook(Invalid):
    """The file is no harmless XLSX workbook."""

    code = "unreadable_workbook"
    message = _("无法读取这个文件：请用 Excel 或 WPS 另存为 .xlsx 格式后重试。")


class WorkbookTooLarge(UnreadableWorkbook):
    """The workbook is larger than is read."""

    code = "workbook_too_large"
    message = _("文件过大，请只保留需要的工作表和行列后重试。")


def open_workbook(data: bytes) -> CalamineWorkbook:
    """Return a workbook that is safe to read; UnreadableWorkbook otherwise."""
    if len(data) > MAX_BYTES or data.count(_ENTRY) > 2 * MAX_ENTRIES:
        raise WorkbookTooLarge
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _inspect(data, archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableWorkbook from error
    workbook = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    if len(workbook.sheet_names) > MAX_SHEETS:
        raise WorkbookTooLarge
    return workbook


def sheet_texts(workbook: CalamineWorkbook, name: str) -> list[list[str]]:
    """Return a sheet's cells as texts, row by row from A1; an empty cell is ""."""
    rows = _guarded(
        lambda: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    )
    return [[cell_text(cell) for cell in row] for row in rows]


def cell_text(value: Any) -> str:
    """Return a cell's value as a person would type it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        number = Decimal(repr(value))
        whole = number == number.to_integral_value()
        return f"{int(number)}" if whole else f"{number:f}"
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell as spreadsheets show it; (0, 0) is A1."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _guarded(read: Callable[[], _T]) -> _T:
    """Return what `read` returns; whatever the reader trips over is one error."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # The reader is compiled code: a panic in it derives from BaseException.
        raise UnreadableWorkbook from error


def _inspect(data: bytes, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) != len(set(names)) or not set(names) >= _MAIN_PARTS:
        raise UnreadableWorkbook
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MAX_ENTRIES
        or unpacked > MAX_UNPACKED_BYTES
        or unpacked > MAX_RATIO * max(packed, 1024)
    ):
        raise WorkbookTooLarge
    extent = _Extent()
    for entry in entries:
        content = _unpack(data, entry)
        if entry.filename == _RELATIONS:
            _require_xml_sheets(content)
        if entry.filename.endswith(".xml"):
            extent.add(content)


def _unpack(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Return a part's content, which must be exactly as long as it says."""
    head = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
    if len(head) < _LOCAL_HEADER or entry.flag_bits & 1:
        raise UnreadableWorkbook
    start = entry.header_offset + _LOCAL_HEADER
    start += int.from_bytes(head[26:28], "little") + int.from_bytes(
        head[28:30], "little"
    )
    raw = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content = raw
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        content = _inflate(raw, entry.file_size)
    else:
        raise UnreadableWorkbook
    if len(content) != entry.file_size:
        raise UnreadableWorkbook
    return content


def _inflate(raw: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, size + 1)
    except zlib.error as error:
        raise UnreadableWorkbook from error


def _require_xml_sheets(relations: bytes) -> None:
    """Refuse sheets that hide in parts whose cells nobody would look at."""

    def element(_name: str, attributes: dict[str, str]) -> None:
        is_sheet = attributes.get("Type", "").endswith("sheet")
        if is_sheet and not attributes.get("Target", "").endswith(".xml"):
            raise UnreadableWorkbook

    _parse(relations, element)


@dataclass
class _Extent:
    """How many cells have been seen, and how far they reach, over all sheets."""

    cells: int = 0
    area: int = 0
    last_row: int = 0
    last_column: int = 0
    row: int = field(default=0)
    column: int = field(default=0)

    def add(self, content: bytes) -> None:
        """Look at one XML part; WorkbookTooLarge when it reaches too far."""
        self.last_row = self.last_column = self.row = self.column = 0
        _parse(content, self._element)
        self.area += self.last_row * self.last_column
        if self.area > MAX_AREA:
            raise WorkbookTooLarge

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number.isdigit() else self.row + 1
            self.column = 0
        elif kind == "c":
            self._cell(attributes.get("r", ""))

    def _cell(self, place: str) -> None:
        match = _CELL.fullmatch(place)
        if match:
            letters, digits = match.groups()
            self.column, self.row = _column_number(letters), int(digits)
        else:
            self.column += 1
        self.cells += 1
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        if (
            self.cells > MAX_CELLS
            or self.last_row > MAX_ROWS
            or self.last_column > MAX_COLUMNS
        ):
            raise WorkbookTooLarge


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _parse(content: bytes, element: Callable[[str, dict[str, str]], None]) -> None:
    """Call `element` with every start tag; UnreadableWorkbook for what is no XML.

    A document type is refused: only it could define entities that multiply.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for start in itertools.count(0, 1 << 20):
            chunk = content[start : start + (1 << 20)]
            parser.Parse(chunk, not chunk)
            if not chunk:
                return
    except (expat.ExpatError, LookupError) as error:
        raise UnreadableWorkbook from error


def _refuse_doctype(*_parts: Any) -> None:
    raise UnreadableWorkbook
