"""Opening uploaded workbooks for a bank: what is refused becomes problems by cell."""

from collections.abc import Iterator

from backend.workbooks import (
    Bounds,
    Sheet,
    UnreadableWorkbook,
    WorkbookTooLarge,
    read_sheets,
)
from question_bank.engine.problems import Problem
from question_bank.yaml_reading import SourceError


def opened_sheets(
    data: bytes, file: str, bounds: Bounds | None = None
) -> tuple[Sheet, ...]:
    """Return a workbook's worksheets; SourceError when it is refused.

    Without a cell to blame, `file` is the place.
    """
    try:
        return read_sheets(data, bounds)
    except UnreadableWorkbook as error:
        message = _TOO_LARGE if isinstance(error, WorkbookTooLarge) else _UNREADABLE
        place = error.place or file
        problem = Problem("error", error.code, message, place, 0, 1)
        raise SourceError((problem,)) from error


def formula_problems(sheet: Sheet) -> Iterator[Problem]:
    """Yield an error for every formula of a sheet that is noted."""
    for cell in sheet.formulas:
        place = f"{sheet.name}!{cell}"
        yield Problem("error", "formula", _FORMULA, place, 0, 1, _FORMULA_HINT)


_UNREADABLE = {
    "zh": "无法读取这个文件（损坏、加密或结构异常）：请用 Excel 或 WPS 另存为 .xlsx "
    "格式后重试。",
    "en": "This file cannot be read (damaged, encrypted or oddly built): save it as "
    ".xlsx and try again.",
}
_TOO_LARGE = {
    "zh": "内容过多或离表头太远：请删除多余的工作表、行、列（含带格式的空白）。",
    "en": "Too much, or too far from the header: delete needless sheets, rows and "
    "columns, empty formatted ones included.",
}
_FORMULA = {"zh": "单元格是公式。", "en": "The cell is a formula."}
_FORMULA_HINT = {
    "zh": "复制后选择“粘贴为数值”，或把单元格改为文本。",
    "en": "Paste it as a value, or make the cell text.",
}
