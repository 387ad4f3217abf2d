"""Writing the data sheet as a workbook: to fill in, and back with its faults marked."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from backend.workbooks import cell_name
from question_bank.engine.data_fields import (
    COLUMNS,
    DataField,
    FieldGroup,
    FieldKind,
)
from question_bank.engine.data_problems import number_text
from question_bank.engine.data_sheet import (
    APPEAL_STATES,
    RIGHT_KINDS,
    VETO_KINDS,
    RightItem,
    Sheet,
    Veto,
)
from question_bank.engine.data_values import Entry, EntryState, entry_text
from question_bank.engine.definition import Localized

ID_COLUMN = 2
VALUE_COLUMNS = (3, 4, 5)
"""Where the three years stand; what is not yearly stands in the last."""

SHEET_NAMES: Mapping[str, Localized] = {
    "data": {"zh": "企业数据", "en": "Data"},
    "rights": {"zh": "知识产权清单", "en": "IP numbers"},
    "vetoes": {"zh": "一票否决事项", "en": "Disqualifying matters"},
    "guide": {"zh": "填写说明", "en": "Guide"},
    "options": {"zh": "选项", "en": "Options"},
    "problems": {"zh": "问题", "en": "Problems"},
}
DATA_HEADERS: Localized = {
    "zh": "项目|单位|编号|{y2} 年|{y1} 年|{y0} 年或当前|填写说明|证明材料和核验",
    "en": "Item|Unit|Id|{y2}|{y1}|{y0} or now|How to fill in|Evidence and checks",
}
RIGHTS_HEADERS: Localized = {
    "zh": "类型|号码|名称|备注",
    "en": "Kind|Number|Title|Note",
}
VETO_HEADERS: Localized = {
    "zh": "类型|认定机关|文号|认定日期|影响截止日期|申诉情况",
    "en": "Kind|Finding body|Document|Decided on|Effective until|Appeal",
}
PROBLEM_HEADERS: Localized = {"zh": "单元格|内容|问题", "en": "Cell|Content|Problem"}
GUIDE: Localized = {
    "zh": "只填写白色单元格；灰色单元格由系统计算或不用填写。\n"
    "请不要改动“编号”一列和表头中的年份。\n"
    "金额单位为万元，保留两位小数；也可以写“3500000元”，上传时换算。\n"
    "没有发生的填“无”，与本企业无关的填“不适用”；空白单元格不改变已有内容。\n"
    "多选项用顿号隔开；日期写作 2025-12-31。\n"
    "知识产权清单中，商标按“注册号/类别”填写，例如 12345678/9；"
    "类型留空时按号码判断。\n"
    "请勿填写商业秘密的内容。",
    "en": "Fill in white cells only; grey ones are computed or not used.\n"
    "Leave the Id column and the years in the header as they are.\n"
    "Amounts are in 10,000 yuan (万元) with two decimals; “3500000元” is converted.\n"
    "Say “none” where there is none and “n/a” where it does not concern you; an "
    "empty cell changes nothing.\n"
    "Separate several options by semicolons; write dates as 2025-12-31.\n"
    "In the list of IP numbers give marks as number/class, such as 12345678/9; "
    "without a kind the number decides.\n"
    "Never write down a trade secret itself.",
}
_WIDTHS = {
    "data": (34, 10, 26, 16, 16, 16, 48, 48),
    "rights": (20, 28, 40, 30),
    "vetoes": (30, 28, 30, 14, 14, 14),
    "problems": (24, 30, 70),
}
_MANY_ROWS = 2000


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell of an uploaded workbook; rows count from 0."""

    sheet: str
    row: int
    column: int
    text: str
    message: Localized

    @property
    def place(self) -> str:
        """The cell's name, such as 企业数据!D12."""
        return f"{self.sheet}!{cell_name(self.row, self.column)}"


def data_sheet_workbook(sheet: Sheet, *, locale: str) -> bytes:
    """Return the sheet as an XLSX workbook in "zh" or "en", ready to fill in."""
    target = io.BytesIO()
    with _new_workbook(target) as book:
        writer = _Writer(book, sheet, locale)
        writer.write()
    return target.getvalue()


def marked_workbook(
    grid: Mapping[str, list[list[str]]],
    problems: Iterable[CellProblem],
    *,
    locale: str,
) -> bytes:
    """Return an uploaded workbook's cells with the faulty ones marked and explained.

    A further sheet lists all problems.
    """
    target = io.BytesIO()
    problems = list(problems)
    with _new_workbook(target) as book:
        plain, wrong = book.add_format(_CELL), book.add_format(_WRONG)
        head = book.add_format(_HEAD)
        for name, rows in grid.items():
            page = book.add_worksheet(name)
            _set_widths(page, _WIDTHS["data"])
            page.freeze_panes(1, 0)
            for at, row in enumerate(rows):
                for column, text in enumerate(row):
                    _write_text(page, at, column, text, plain if at else head)
            _mark(page, [p for p in problems if p.sheet == name], wrong, locale)
        page = book.add_worksheet(_free_name(SHEET_NAMES["problems"][locale], grid))
        _set_widths(page, _WIDTHS["problems"])
        _write_row(page, 0, PROBLEM_HEADERS[locale].split("|"), head)
        for at, problem in enumerate(problems, 1):
            line = (problem.place, problem.text, problem.message[locale])
            _write_row(page, at, line, plain)
    return target.getvalue()


def _mark(
    page: Worksheet, problems: list[CellProblem], wrong: Format, locale: str
) -> None:
    for problem in problems:
        _write_text(page, problem.row, problem.column, problem.text, wrong)
        page.write_comment(
            problem.row,
            problem.column,
            problem.message[locale],
            {"x_scale": 2, "author": ""},
        )


def _free_name(name: str, taken: Mapping[str, Any]) -> str:
    return f"{name} 2" if name in taken else name


_LINE = {"border": 1, "border_color": "#D5DCE3", "valign": "top", "text_wrap": True}
_CELL = {**_LINE, "num_format": "@"}
_HEAD = {**_LINE, "bold": True, "bg_color": "#EAF2FA"}
_WRONG = {**_LINE, "bg_color": "#FCF0EF", "font_color": "#981B1B", "bold": True}
_GREY = {**_LINE, "bg_color": "#E6EBF0", "font_color": "#3B4753"}
_FORMATS: Mapping[FieldKind, str] = {
    FieldKind.MONEY: "0.00",
    FieldKind.PERCENT: "0.00",
    FieldKind.COUNT: "0",
    FieldKind.DATE: "yyyy-mm-dd",
}


def _new_workbook(target: io.BytesIO) -> Workbook:
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    return xlsxwriter.Workbook(target, options)


def _write_text(
    page: Worksheet, row: int, column: int, text: str, style: Format
) -> None:
    if text:
        page.write_string(row, column, text, style)
    else:
        page.write_blank(row, column, None, style)


def _write_row(page: Worksheet, row: int, texts: Iterable[str], style: Format) -> None:
    for column, text in enumerate(texts):
        _write_text(page, row, column, text, style)


def _set_widths(page: Worksheet, widths: Iterable[int]) -> None:
    for column, width in enumerate(widths):
        page.set_column(column, column, width)


class _Writer:
    """Writes one data sheet into a workbook."""

    def __init__(self, book: Workbook, sheet: Sheet, locale: str) -> None:
        self._book = book
        self._sheet = sheet
        self._locale = locale
        self._head = book.add_format(_HEAD)
        self._text = book.add_format(_CELL)
        self._grey = book.add_format(_GREY)
        self._kinds = {
            kind: book.add_format({**_LINE, "num_format": form})
            for kind, form in _FORMATS.items()
        }
        self._rows: dict[str, int] = {}
        self._options = 0

    def write(self) -> None:
        pages = {
            key: self._book.add_worksheet(self._say(SHEET_NAMES[key]))
            for key in ("data", "rights", "vetoes", "guide", "options")
        }
        pages["options"].hide()
        self._data(pages["data"], pages["options"])
        self._rights(pages["rights"], pages["options"])
        self._vetoes(pages["vetoes"], pages["options"])
        pages["guide"].set_column(0, 0, 100)
        for row, line in enumerate(self._say(GUIDE).split("\n")):
            pages["guide"].write_string(row, 0, line, self._text)

    def _say(self, text: Localized) -> str:
        return text.get(self._locale) or text["zh"]

    def _start(self, page: Worksheet, key: str, headers: list[str]) -> None:
        _set_widths(page, _WIDTHS[key])
        _write_row(page, 0, headers, self._head)
        page.freeze_panes(1, ID_COLUMN + 1 if key == "data" else 0)
        page.repeat_rows(0)
        page.set_landscape()
        page.fit_to_pages(1, 0)

    def _data(self, page: Worksheet, options: Worksheet) -> None:
        year = self._sheet.year
        years = {column: year - int(column[1]) for column in COLUMNS}
        self._start(page, "data", self._say(DATA_HEADERS).format(**years).split("|"))
        row = 1
        for group in self._sheet.definition.groups:
            self._group_line(page, row, group)
            row += 1
            for item in group.fields:
                self._rows[item.id] = row
                self._field(page, row, item, options)
                row += 1

    def _group_line(self, page: Worksheet, row: int, group: FieldGroup) -> None:
        _write_row(page, row, [self._say(group.title), *[""] * 7], self._head)

    def _field(
        self, page: Worksheet, row: int, item: DataField, options: Worksheet
    ) -> None:
        unit = self._say(item.unit) if item.unit else ""
        style = self._text if item.is_typed else self._grey
        _write_row(page, row, (self._say(item.title), unit, item.id), style)
        notes = (item.help, item.evidence)
        for column, text in enumerate(notes, VALUE_COLUMNS[-1] + 1):
            _write_text(page, row, column, self._say(text) if text else "", style)
        for place, year in zip(VALUE_COLUMNS, COLUMNS, strict=True):
            if item.yearly or year == "y0":
                self._value(page, row, place, item, item.slot(year))
            else:
                page.write_blank(row, place, None, self._grey)
        self._offer_options(page, row, item, options)

    def _value(
        self, page: Worksheet, row: int, column: int, item: DataField, slot: str
    ) -> None:
        if not item.is_typed:
            self._computed(page, row, column, item, slot)
            return
        entry = self._sheet.entries.get(slot)
        style = self._kinds.get(item.kind, self._text)
        number = _plain_number(entry)
        if number is not None:
            page.write_number(row, column, number, style)
        elif item.kind is FieldKind.DATE and entry and entry.value:
            day = date.fromisoformat(str(entry.value))
            page.write_datetime(row, column, day, style)
        else:
            text = entry_text(item, entry, locale=self._locale)
            _write_text(page, row, column, text, style)

    def _computed(
        self, page: Worksheet, row: int, column: int, item: DataField, slot: str
    ) -> None:
        """Write a computed cell; a total as a formula, so that it follows its parts."""
        known = self._sheet.computed.get(slot)
        if item.computed and item.computed.rule == "sum":
            places = [cell_name(self._rows[part], column) for part in item.computed.of]
            value = float(known) if isinstance(known, Fraction) else ""
            formula = f"=SUM({','.join(places)})"
            page.write_formula(row, column, formula, self._grey, value)
        elif isinstance(known, Fraction):
            page.write_string(row, column, number_text(known, item), self._grey)
        else:
            text = self._say(item.choice_text(known)) if known else ""
            _write_text(page, row, column, text, self._grey)

    def _offer_options(
        self, page: Worksheet, row: int, item: DataField, options: Worksheet
    ) -> None:
        if item.kind is FieldKind.CHOICE and item.is_typed:
            texts = [self._say(choice.text) for choice in item.choices]
        elif item.kind is FieldKind.YESNO:
            texts = ["是", "否"] if self._locale == "zh" else ["yes", "no"]
        else:
            return
        texts.append("不适用" if self._locale == "zh" else "n/a")
        self._list(page, row, row, VALUE_COLUMNS[-1], texts, options)

    def _list(
        self,
        page: Worksheet,
        first: int,
        last: int,
        column: int,
        texts: list[str],
        options: Worksheet,
    ) -> None:
        """Offer texts as a drop-down list; they stand in a column of their own."""
        for at, text in enumerate(texts):
            options.write_string(at, self._options, text)
        name = self._say(SHEET_NAMES["options"])
        letters = cell_name(0, self._options)[:-1]
        source = f"='{name}'!${letters}$1:${letters}${len(texts)}"
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        page.data_validation(first, column, last, column, rule)
        self._options += 1

    def _rights(self, page: Worksheet, options: Worksheet) -> None:
        self._start(page, "rights", self._say(RIGHTS_HEADERS).split("|"))
        for row, item in enumerate(self._sheet.rights, 1):
            _write_row(page, row, self._right_line(item), self._text)
        kinds = [self._say(text) for text in RIGHT_KINDS.values()]
        self._list(page, 1, _MANY_ROWS, 0, kinds, options)
        page.set_column(1, 1, _WIDTHS["rights"][1], self._text)

    def _right_line(self, item: RightItem) -> tuple[str, ...]:
        kind = self._say(RIGHT_KINDS[item.kind])
        return (kind, item.number, item.title, item.note)

    def _vetoes(self, page: Worksheet, options: Worksheet) -> None:
        self._start(page, "vetoes", self._say(VETO_HEADERS).split("|"))
        for row, veto in enumerate(self._sheet.vetoes, 1):
            _write_row(page, row, self._veto_line(veto), self._text)
        kinds = [self._say(text) for text in VETO_KINDS.values()]
        appeals = [self._say(text) for text in APPEAL_STATES.values()]
        self._list(page, 1, 50, 0, kinds, options)
        self._list(page, 1, 50, 5, appeals, options)

    def _veto_line(self, veto: Veto) -> tuple[str, ...]:
        return (
            self._say(VETO_KINDS[veto.kind]),
            veto.finding_body,
            veto.document,
            veto.decided_on,
            veto.effective_until,
            self._say(APPEAL_STATES[veto.appeal]),
        )


def _plain_number(entry: Entry | None) -> float | None:
    """Return the number a cell can hold as such, None for anything said in words."""
    if entry is None or entry.state is not EntryState.VALUE:
        return None
    value = entry.value
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]
