"""From any control catalogue to a draft question bank.

A catalogue is a table of controls: number, the number of the control above it, title,
what it asks for, weight. Its tree becomes clauses, its top level sections, and each of
its leaves one level question with general anchors, for an expert to work out.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

from question_bank.catalogue_draft import Draft, draft_source
from question_bank.catalogue_table import Cell, Table, read_table
from question_bank.catalogue_tree import Control, Fault, tree_faults, weight_faults
from question_bank.engine.definition import Localized
from question_bank.engine.problems import Problem
from question_bank.yaml_reading import SourceError

MAX_ROWS: Final = 3_000
MAX_LENGTHS: Final = {
    "id": 64,
    "parent": 64,
    "title": 200,
    "title_en": 300,
    "text": 2_000,
    "text_en": 3_000,
}

_HEADERS = {
    "编号": "id",
    "上级": "parent",
    "标题": "title",
    "要求": "text",
    "权重": "weight",
    "英文标题": "title_en",
    "英文要求": "text_en",
}
_BANK_ID = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_WEIGHT = re.compile(r"\d{1,4}(\.\d{1,3})?", re.ASCII)


def draft_bank(
    data: bytes, *, file: str, draft: Draft
) -> tuple[dict[str, Any] | None, tuple[Problem, ...]]:
    """Return the source data of the bank that a catalogue's file describes.

    The data is what `parse_bank` takes. It is None when any problem is an error:
    nothing is made of half a catalogue. `file` is the name that problems show.
    """
    misnamed = tuple(_identity_problems(draft))
    if misnamed:
        return None, misnamed
    try:
        reading = _Reading(read_table(data, file))
    except SourceError as error:
        return None, error.problems
    reading.read()
    problems = tuple(reading.problems)
    if reading.has_errors:
        return None, problems
    return draft_source(reading.controls, draft), problems


class _Reading:
    """A table on its way to controls; collects what is wrong with it."""

    def __init__(self, table: Table) -> None:
        self.problems: list[Problem] = list(table.notes)
        self.controls: dict[str, Control] = {}
        self._table = table
        self._columns: dict[str, int] = {}
        self._rows: dict[str, int] = {}

    @property
    def has_errors(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)

    def read(self) -> None:
        """Read the header, then the rows, then what they are to each other."""
        filled = self._filled_rows()
        header = next(filled, None)
        if header is None:
            self._problem("error", (1, 1), "empty_file", _EMPTY)
            return
        self._read_header(header)
        rows = list(filled)
        if len(rows) > MAX_ROWS:
            self._error(rows[MAX_ROWS], "id", "too_many_rows", _TOO_MANY_ROWS)
        elif not rows:
            self._error(header + 1, "id", "no_controls", _NO_CONTROLS)
        if self.has_errors:
            return
        for row in rows:
            self._read_row(row)
        self._check_tree()

    def _filled_rows(self) -> Iterator[int]:
        for row, cells in enumerate(self._table.rows, start=1):
            if any(cell.text for cell in cells):
                yield row

    def _read_header(self, header: int) -> None:
        for column, cell in enumerate(self._table.rows[header - 1], start=1):
            place = (header, column)
            name = _column_name(cell.text)
            if name in self._columns:
                self._problem("error", place, "duplicate_column", _twice(cell.text))
            elif name:
                self._columns[name] = column
            elif cell.text:
                self._problem("warning", place, "extra_column", _extra(cell.text))
        for name in ("id", "title"):
            if name not in self._columns:
                self._problem("error", (header, 1), "missing_column", _missing(name))

    def _read_row(self, row: int) -> None:
        for name, limit in MAX_LENGTHS.items():
            self._check_text(row, name, limit)
        number = self._number(row, "id")
        parent = self._number(row, "parent")
        weight = self._weight(row)
        if not self._cell(row, "title").text:
            self._error(row, "title", "missing_title", _MISSING_TITLE)
        if not number:
            self._error(row, "id", "missing_id", _MISSING_ID)
        elif number in self.controls:
            message = _duplicate(number, self._rows[number])
            self._error(row, "id", "duplicate_id", message)
        else:
            self._rows[number] = row
            self.controls[number] = Control(
                id=number,
                parent=parent or None,
                title=self._localized(row, "title"),
                text=self._localized(row, "text"),
                weight=weight,
            )

    def _check_text(self, row: int, name: str, limit: int) -> None:
        text = self._cell(row, name).text
        if len(text) > limit:
            self._error(row, name, "text_too_long", _too_long(len(text), limit))
        if not text.isprintable():
            self._error(row, name, "bad_character", _BAD_CHARACTER)

    def _number(self, row: int, name: str) -> str:
        """Return a number such as 7.10; a spreadsheet's 7.1 may have been that."""
        cell = self._cell(row, name)
        if not cell.exact:
            self._error(row, name, "id_not_text", _not_text(cell.text), _AS_TEXT)
        return cell.text

    def _weight(self, row: int) -> str | None:
        text = self._cell(row, "weight").text
        if text and not _WEIGHT.fullmatch(text):
            self._error(row, "weight", "bad_weight", _bad_weight(text))
            return None
        return text or None

    def _localized(self, row: int, name: str) -> Localized:
        zh, en = self._cell(row, name).text, self._cell(row, f"{name}_en").text
        return {key: text for key, text in (("zh", zh), ("en", en)) if text}

    def _check_tree(self) -> None:
        """Report faults of the tree; of its weights only when it is one."""
        self._report(tree_faults(self.controls))
        if not self.has_errors:
            self._report(weight_faults(self.controls))

    def _report(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            place = (self._rows[fault.control], self._columns.get(fault.column, 1))
            self._problem(fault.severity, place, fault.code, fault.message)

    def _cell(self, row: int, name: str) -> Cell:
        column = self._columns.get(name)
        return self._table.cell(row, column) if column else Cell("")

    def _error(
        self,
        row: int,
        name: str,
        code: str,
        message: Localized,
        hint: Localized | None = None,
    ) -> None:
        place = (row, self._columns.get(name, 1))
        self._problem("error", place, code, message, hint)

    def _problem(
        self,
        severity: Literal["error", "warning"],
        place: tuple[int, int],
        code: str,
        message: Localized,
        hint: Localized | None = None,
    ) -> None:
        problem = self._table.problem(severity, place, code, message, hint)
        self.problems.append(problem)


def _identity_problems(draft: Draft) -> Iterator[Problem]:
    if not _BANK_ID.fullmatch(draft.id):
        yield Problem("error", "bad_bank_id", _BAD_BANK_ID, path=draft.id)
    title, edition = draft.title.get("zh", ""), draft.edition
    if not (title and edition) or len(title) > 200 or len(edition) > 64:
        yield Problem("error", "bad_identity", _BAD_IDENTITY, path=draft.id)


def _column_name(header: str) -> str | None:
    name = header.lower()
    return name if name in _HEADERS.values() else _HEADERS.get(name)


def _twice(header: str) -> Localized:
    return {"zh": f"列 {header} 重复。", "en": f"The column {header} appears twice."}


def _extra(header: str) -> Localized:
    return {
        "zh": f"列 {header} 没有读。可用的列：{'、'.join(_HEADERS)}。",
        "en": f"The column {header} was not read. "
        f"Known: {', '.join(_HEADERS.values())}.",
    }


def _missing(name: str) -> Localized:
    zh = next(header for header, known in _HEADERS.items() if known == name)
    return {"zh": f"缺少“{zh}”列。", "en": f"The column {name} is missing."}


def _duplicate(number: str, row: int) -> Localized:
    return {
        "zh": f"编号 {number} 重复，第 {row} 行已有。",
        "en": f"The number {number} stands in row {row} already.",
    }


def _too_long(length: int, limit: int) -> Localized:
    return {
        "zh": f"共 {length} 个字，至多 {limit} 个。",
        "en": f"{length} characters; at most {limit}.",
    }


def _not_text(text: str) -> Localized:
    return {
        "zh": f"编号单元格是数值或日期（{text}），看不出原来写的是什么。",
        "en": f"The cell is a number or date ({text}); what was written is lost.",
    }


def _bad_weight(text: str) -> Localized:
    return {
        "zh": f"权重 {text} 须为 0 到 9999 的数，至多三位小数。",
        "en": f"The weight {text} must be 0 to 9999 with at most three decimals.",
    }


_BAD_BANK_ID = {
    "zh": "题库编号须以小写字母开头，只含小写字母、数字和下划线，最长 40。",
    "en": "A bank's id is lower-case letters, digits and _, at most 40, letter first.",
}
_BAD_IDENTITY = {
    "zh": "题库须有中文标题（至多 200 字）和版（至多 64 字）。",
    "en": "A bank needs a Chinese title (up to 200 characters) and an edition (64).",
}
_EMPTY = {"zh": "文件是空的。", "en": "The file is empty."}
_NO_CONTROLS = {"zh": "表头下面没有控制项。", "en": "No controls below the header."}
_TOO_MANY_ROWS = {
    "zh": f"控制项超过 {MAX_ROWS} 行。",
    "en": f"More than {MAX_ROWS} rows of controls.",
}
_MISSING_ID = {"zh": "缺少编号。", "en": "The number is missing."}
_MISSING_TITLE = {"zh": "缺少标题。", "en": "The title is missing."}
_BAD_CHARACTER = {
    "zh": "含控制字符或看不见的字符，请删去重写。",
    "en": "Holds control or invisible characters; write the text anew.",
}
_AS_TEXT = {
    "zh": "把该列设为“文本”格式后重新填写，例如 7.10。",
    "en": "Format the column as text and write the number again, such as 7.10.",
}
