"""Reading XLSX files that strangers send: bounded before anything grows.

An XLSX file is a zip of XML. A few kilobytes can unpack to gigabytes, one cell in the
last row can make a reader allocate the whole sheet, and one long shared text can be
named by every cell. So every entry is unpacked under a limit, the sheets are scanned
as a stream, and only what passed is handed to the reader of values.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Final, TypeAlias

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from backend.workbook_scan import (
    MAX_ROWS,
    Budget,
    SheetScan,
    WorkbookError,
    cell_name,
    scan_sheet,
    sheet_parts,
    text_lengths,
)

MAX_BYTES: Final = 5_000_000
MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 50_000_000
MAX_RATIO: Final = 100
MAX_SHEETS: Final = 60

Cell: TypeAlias = str | int | float | bool | date | time | timedelta
"""What a cell holds; an empty one holds ""."""


@dataclass(frozen=True)
class Sheet:
    """One worksheet: rows from the first on, cells from column A on."""

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


@dataclass
class _Unpacked:
    """The entries of the zip, and how much they hold together."""

    entries: dict[str, bytes] = field(default_factory=dict)
    size: int = 0


def open_workbook(data: bytes) -> tuple[Sheet, ...]:
    """Return the worksheets of an XLSX file; WorkbookError when it is refused."""
    entries = _unpack(data)
    if any("vbaproject" in name.lower() for name in entries):
        raise WorkbookError("macros", _MACROS)
    try:
        scans = dict(_scans(entries))
        with CalamineWorkbook.from_filelike(io.BytesIO(_pack(entries))) as book:
            return tuple(_sheets(book, scans))
    except (CalamineError, OSError) as error:
        raise WorkbookError("not_a_workbook", _NOT_XLSX) from error


def _unpack(data: bytes) -> dict[str, bytes]:
    """Return the entries by name, unpacked under the limits."""
    if len(data) > MAX_BYTES:
        raise WorkbookError("workbook_too_large", _TOO_LARGE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_ENTRIES:
                raise WorkbookError("too_many_entries", _TOO_MANY)
            if len({info.filename for info in infos}) < len(infos):
                raise WorkbookError("not_a_workbook", _NOT_XLSX)
            limit = min(MAX_UNPACKED, max(len(data), 1) * MAX_RATIO)
            unpacked = _Unpacked()
            for info in infos:
                _unpack_entry(archive, info, unpacked, limit)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise WorkbookError("not_a_workbook", _NOT_XLSX) from error
    return unpacked.entries


def _unpack_entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, into: _Unpacked, limit: int
) -> None:
    """Add one entry; the size in its header is not believed."""
    with archive.open(info) as stream:
        content = stream.read(limit - into.size + 1)
    into.size += len(content)
    if into.size > limit:
        raise WorkbookError("zip_bomb", _BOMB)
    into.entries[info.filename] = content


def _pack(entries: Mapping[str, bytes]) -> bytes:
    """Return a zip of what was checked, so that nothing else can be read."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def _scans(entries: Mapping[str, bytes]) -> Iterator[tuple[str, SheetScan]]:
    """Yield what a scan of each worksheet finds, by the sheet's name."""
    budget = Budget()
    parts = sheet_parts(entries, budget)
    if len(parts) > MAX_SHEETS:
        raise WorkbookError("too_many_sheets", _TOO_MANY_SHEETS)
    lengths = text_lengths(entries, budget)
    for name, part in parts.items():
        yield name, scan_sheet(name, part, lengths, budget)


def _sheets(book: CalamineWorkbook, scans: Mapping[str, SheetScan]) -> Iterator[Sheet]:
    for meta in book.sheets_metadata:
        scan = scans.get(meta.name)
        if meta.typ is not SheetTypeEnum.WorkSheet or scan is None:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS)
        yield Sheet(
            name=meta.name,
            rows=tuple(tuple(row) for row in rows),
            hidden=meta.visible is not SheetVisibleEnum.Visible,
            formulas=tuple(scan.formulas),
            merged=tuple(scan.merged),
        )


_NOT_XLSX = {
    "zh": "不是可读的 XLSX 文件；请用“另存为 Excel 工作簿（.xlsx）”，不加密码。",
    "en": "Not a readable XLSX file: save it as an Excel workbook, without a password.",
}
_TOO_LARGE = {
    "zh": f"文件超过 {MAX_BYTES // 1_000_000} MB。",
    "en": f"The file exceeds {MAX_BYTES // 1_000_000} MB.",
}
_TOO_MANY = {
    "zh": f"文件内部的部件超过 {MAX_ENTRIES} 个。",
    "en": f"The file has more than {MAX_ENTRIES} parts inside.",
}
_TOO_MANY_SHEETS = {
    "zh": f"工作表超过 {MAX_SHEETS} 张。",
    "en": f"More than {MAX_SHEETS} sheets.",
}
_BOMB = {
    "zh": "文件解压后过大，拒绝读取。",
    "en": "The file unpacks to too much and is refused.",
}
_MACROS = {
    "zh": "文件带宏；请另存为不带宏的工作簿（.xlsx）。",
    "en": "The file carries macros: save it as a workbook without macros (.xlsx).",
}
