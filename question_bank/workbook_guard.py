"""What a workbook (XLSX) must not be before anything reads it.

An XLSX file is a ZIP archive of XML. A few kilobytes can unpack to gigabytes, and one
cell in the last corner of a sheet makes a reader that fills the rectangle run out of
memory. So the archive is measured and its XML walked through first, with bounds.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from question_bank.engine.definition import Localized

MAX_ENTRIES: Final = 2_000
MAX_UNPACKED: Final = 50_000_000
MAX_RATIO: Final = 100
MAX_SHEET_ROWS: Final = 10_000
MAX_SHEET_COLUMNS: Final = 100
MAX_DEPTH: Final = 100
MAX_ELEMENTS: Final = 500_000

_OPAQUE = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".bin", ".vml")
_RELATIONS = "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# What a ZIP reader raises for archives that are broken, encrypted or lying.
_BAD_ZIP = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError,
    EOFError, OSError, ValueError, KeyError,
)  # fmt: skip


class UnsafeWorkbook(Exception):
    """A workbook that is not opened; says why in `code` and `message`."""

    def __init__(self, code: str, message: Localized) -> None:
        super().__init__(message["en"])
        self.code = code
        self.message = message


@dataclass(frozen=True)
class SheetScan:
    """A worksheet's name and where its formulas stand, as (row, column) from 1."""

    name: str
    formulas: frozenset[tuple[int, int]]


def check_workbook(data: bytes) -> tuple[SheetScan, ...]:
    """Return the worksheets in order; UnsafeWorkbook when the file must not be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive, len(data))
            scans = {
                info.filename: scan
                for info in archive.infolist()
                if not info.filename.lower().endswith(_OPAQUE)
                and not info.is_dir()
                and (scan := _scan(archive, info)) is not None
            }
            return _named(archive, scans)
    except (DefusedXmlException, ParseError, UnicodeError) as error:
        raise UnsafeWorkbook("workbook_unreadable", _UNREADABLE) from error
    except _BAD_ZIP as error:
        raise UnsafeWorkbook("workbook_unreadable", _UNREADABLE) from error


def cell_name(row: int, column: int) -> str:
    """Return a cell's name, such as B3; both count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _check_sizes(archive: zipfile.ZipFile, packed: int) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    too_big = unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed
    if len(entries) > MAX_ENTRIES or too_big:
        raise UnsafeWorkbook("workbook_bomb", _BOMB)
    names = {entry.filename.lower() for entry in entries}
    # Readers differ in which of two like-named entries they take: there is only one.
    if len(names) < len(entries) or any("\\" in name for name in names):
        raise UnsafeWorkbook("workbook_unreadable", _UNREADABLE)


def _scan(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> frozenset[tuple[int, int]] | None:
    """Walk through one XML entry; return a worksheet's formulas, None for others."""
    formulas: set[tuple[int, int]] = set()
    row = column = 0
    root, open_elements = "", []
    with archive.open(info) as stream:
        events = iterparse(stream, ("start", "end"), forbid_dtd=True)
        for count, (event, element) in enumerate(events):
            if count > 2 * MAX_ELEMENTS:
                raise UnsafeWorkbook("workbook_bomb", _BOMB)
            tag = _local(element.tag)
            root = root or tag
            if event == "start":
                open_elements.append(element)
                row, column = _position(tag, element.get("r"), row, column)
                _check_extent(row, column, len(open_elements))
                continue
            if tag == "f":
                formulas.add((row, column))
            open_elements.pop()
            if open_elements:
                # What was walked through is let go; nothing piles up in memory.
                open_elements[-1].clear()
    return frozenset(formulas) if root == "worksheet" else None


def _position(
    tag: str, reference: str | None, row: int, column: int
) -> tuple[int, int]:
    """Return where a row or cell stands; without a reference it is the next one."""
    if tag == "row":
        digits = reference is not None and reference.isdecimal()
        return (int(str(reference)[:9]) if digits else row + 1), 0
    if tag != "c":
        return row, column
    match = _REFERENCE.fullmatch(reference or "")
    return (int(match[2]), _number(match[1])) if match else (row, column + 1)


def _check_extent(row: int, column: int, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise UnsafeWorkbook("workbook_unreadable", _UNREADABLE)
    if row > MAX_SHEET_ROWS or column > MAX_SHEET_COLUMNS:
        raise UnsafeWorkbook("sheet_too_large", _TOO_LARGE)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _named(
    archive: zipfile.ZipFile, scans: dict[str, frozenset[tuple[int, int]]]
) -> tuple[SheetScan, ...]:
    """Return the scans in the workbook's order, with the names of the sheets."""
    targets = {
        relation.get("Id"): _entry(relation.get("Target") or "")
        for relation in fromstring(archive.read(_RELATIONS), forbid_dtd=True)
    }
    workbook = fromstring(archive.read("xl/workbook.xml"), forbid_dtd=True)
    found = []
    for sheet in workbook.iter():
        if _local(sheet.tag) != "sheet":
            continue
        entry = targets.get(sheet.get(_RELATION_ID)) or ""
        # Only what was walked through may be opened, whatever the relation says.
        if entry not in scans:
            raise UnsafeWorkbook("workbook_unreadable", _UNREADABLE)
        found.append(SheetScan(sheet.get("name") or entry, scans[entry]))
    return tuple(found)


def _entry(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2]


_BOMB = {
    "zh": f"工作簿解压后过大：至多 {MAX_ENTRIES} 个部件、"
    f"{MAX_UNPACKED // 1_000_000} MB，压缩比至多 {MAX_RATIO}。",
    "en": f"The workbook unpacks to too much: at most {MAX_ENTRIES} parts, "
    f"{MAX_UNPACKED // 1_000_000} MB and a ratio of {MAX_RATIO}.",
}
_UNREADABLE = {
    "zh": "不是可读的 XLSX 工作簿（损坏、加密或结构异常）。",
    "en": "Not a readable XLSX workbook (damaged, encrypted or oddly built).",
}
_TOO_LARGE = {
    "zh": f"工作表超过 {MAX_SHEET_ROWS} 行或 {MAX_SHEET_COLUMNS} 列；"
    "请删去表格以外的行、列和格式。",
    "en": f"A sheet exceeds {MAX_SHEET_ROWS} rows or {MAX_SHEET_COLUMNS} columns; "
    "delete rows, columns and formats outside the table.",
}
