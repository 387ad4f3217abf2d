"""Opening uploaded XLSX workbooks: looked at before anything reads them.

The reader builds a full table from the first to the last used cell and unpacks
whatever the archive holds, so sizes are established here: every part is unpacked with
a bound and must be as long as it says, and every cell's place is looked at.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from backend.workbook_scan import (
    Bounds as Bounds,
    SheetScan,
    UnreadableWorkbook as UnreadableWorkbook,
    WorkbookTooLarge as WorkbookTooLarge,
    cell_name as cell_name,
    scan_workbook,
)

MAX_BYTES = 5 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 50_000_000
MAX_RATIO = 100
MAX_SHEETS = 50

_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = 30
# What a ZIP reader raises for archives that are broken, encrypted or lying.
_BAD_ZIP = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError,
    EOFError, OSError, ValueError, KeyError,
)  # fmt: skip
_MAIN_PARTS = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
_T = TypeVar("_T")


Cell: TypeAlias = str | int | float | bool | date | time | timedelta
"""What a cell holds; an empty one holds ""."""


@dataclass(frozen=True)
class Sheet:
    """A worksheet from A1 on, with what a reader of values does not see."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False
    formulas: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()

    def cells(self) -> Iterator[tuple[str, Cell]]:
        """Yield the name and value of every cell that is not empty."""
        for row, values in enumerate(self.rows):
            for column, value in enumerate(values):
                if value != "":
                    yield cell_name(row, column), value


def open_workbook(data: bytes) -> CalamineWorkbook:
    """Return a workbook that is safe to read; UnreadableWorkbook otherwise."""
    return _opened(data)[0]


def read_sheets(data: bytes, bounds: Bounds | None = None) -> tuple[Sheet, ...]:
    """Return all worksheets with their values; UnreadableWorkbook otherwise."""
    workbook, scans = _opened(data, bounds)
    return _guarded(lambda: tuple(_sheets(workbook, scans)))


def _opened(
    data: bytes, bounds: Bounds | None = None
) -> tuple[CalamineWorkbook, Mapping[str, SheetScan]]:
    if len(data) > MAX_BYTES or data.count(_ENTRY) > 2 * MAX_ENTRIES:
        raise WorkbookTooLarge
    try:
        scans = scan_workbook(_parts(data), bounds)
    except _BAD_ZIP as error:
        raise UnreadableWorkbook from error
    if len(scans) > MAX_SHEETS:
        raise WorkbookTooLarge
    return _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data))), scans


def _sheets(
    workbook: CalamineWorkbook, scans: Mapping[str, SheetScan]
) -> Iterator[Sheet]:
    for meta in workbook.sheets_metadata:
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        rows = sheet.to_python(skip_empty_area=False)
        yield Sheet(
            name=meta.name,
            rows=tuple(tuple(row) for row in rows),
            hidden=meta.visible is not SheetVisibleEnum.Visible,
            formulas=tuple(scans[meta.name].formulas),
            merged=tuple(scans[meta.name].merged),
        )


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


def _guarded(read: Callable[[], _T]) -> _T:
    """Return what `read` returns; whatever the reader trips over is one error."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # The reader is compiled code: a panic in it derives from BaseException.
        raise UnreadableWorkbook from error


def _parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of the archive, each as long as it says."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        _check_sizes(entries, len(data))
        names = [entry.filename for entry in entries]
        # Readers differ in which of two like-named parts they take: there is only one.
        alike = {name.lower() for name in names}
        odd = len(alike) < len(names) or any("\\" in name for name in names)
        if odd or not set(names) >= _MAIN_PARTS:
            raise UnreadableWorkbook
        return {entry.filename: _unpack(archive, data, entry) for entry in entries}


def _check_sizes(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    # Parts that overlap are larger together than the file.
    packed = min(size, sum(entry.compress_size for entry in entries))
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MAX_ENTRIES
        or unpacked > MAX_UNPACKED_BYTES
        or unpacked > MAX_RATIO * max(packed, 1024)
    ):
        raise WorkbookTooLarge


def _unpack(archive: zipfile.ZipFile, data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Return a part's content, which must be exactly as long as it says.

    The archive's own reader would stop at the length said; it only checks the header.
    """
    archive.open(entry).close()
    head = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
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
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise UnreadableWorkbook
    return content


def _inflate(raw: bytes, size: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(raw, size + 1)
    except zlib.error as error:
        raise UnreadableWorkbook from error
