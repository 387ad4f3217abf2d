"""The workbook to fill in: sheets with their columns, lists to choose from, a guide."""

import io
from collections.abc import Iterable

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from backend.workbooks import cell_name
from oversight.certificate_checks import PUBLIC_LOOKUP
from oversight.divisions import all_places
from oversight.importing.reading import MOST_ROWS
from oversight.importing.sheets import OUTSIDE, SHEETS, Column, Kind, Sheet, Words

GUIDE: Words = {
    "zh": "每行一条记录；标 * 的列必填。不用的工作表可以删除或留空。\n"
    "日期写作 2025-12-31。统一社会信用代码按营业执照填写，系统校验校验码。\n"
    "同一认证机构的同一证书编号、同一单位依同一文件取得的同一称号，视为同一条记录："
    "登记库中已有的记为更正，空白单元格不改变已有内容。\n"
    "所在区市按单位实际所在地填写，不要按信用代码第 3 至 8 位推断。\n"
    "证书请先到全国认证认可信息公共服务平台 {lookup} 核对。\n"
    "上传后先检查、不入库；有问题的单元格会逐一列出，全部无误才能导入。"
    "导入的证书和称号为“待核”，由另一位工作人员核实后才计数。",
    "en": "One record a row; columns marked * are needed. Delete or leave sheets you "
    "do not need.\n"
    "Write dates as 2025-12-31. Credit codes as on the licence; their check "
    "characters are verified.\n"
    "The same number of the same body, and the same title of the same unit by the "
    "same document, are one record: a known one is corrected, and an empty cell "
    "changes nothing.\n"
    "Give the division where the unit really is; never read it from the credit "
    "code.\n"
    "Look certificates up at {lookup} first.\n"
    "The upload is checked first and stores nothing; faulty cells are listed one by "
    "one, and only a workbook without faults can be imported. Imported certificates "
    "and titles wait to be verified by another official before they count.",
}
_GUIDE_NAME: Words = {"zh": "填写说明", "en": "Guide"}
_LISTS_NAME: Words = {"zh": "选项", "en": "Options"}
_GUIDE_HEAD: Words = {"zh": "工作表|列|说明", "en": "Sheet|Column|Note"}
_LINE = {"border": 1, "border_color": "#D5DCE3", "valign": "top", "text_wrap": True}
_NEEDED = " *"
_DATE_FORMAT = "yyyy-mm-dd"


def register_template(bodies: Iterable[str], *, locale: str) -> bytes:
    """Return an empty import workbook in "zh" or "en"."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        _Template(book, list(bodies), locale).write()
    return target.getvalue()


class _Template:
    """Writes the empty sheets."""

    def __init__(self, book: Workbook, bodies: list[str], locale: str) -> None:
        self._book = book
        self._bodies = bodies
        self._locale = locale
        self._head = book.add_format({**_LINE, "bold": True, "bg_color": "#EAF2FA"})
        self._text = book.add_format({**_LINE, "num_format": "@"})
        self._date = book.add_format({**_LINE, "num_format": _DATE_FORMAT})
        self._options = 0

    def write(self) -> None:
        pages = [self._book.add_worksheet(self._say(s.title)) for s in SHEETS]
        guide = self._book.add_worksheet(self._say(_GUIDE_NAME))
        lists = self._book.add_worksheet(self._say(_LISTS_NAME))
        for sheet, page in zip(SHEETS, pages, strict=True):
            self._sheet(sheet, page, lists)
        self._guide(guide)

    def _say(self, words: Words) -> str:
        return words[self._locale]

    def _sheet(self, sheet: Sheet, page: Worksheet, lists: Worksheet) -> None:
        page.freeze_panes(1, 1)
        for place, column in enumerate(sheet.columns):
            style = self._date if column.kind is Kind.DATE else self._text
            page.set_column(place, place, column.width, style)
            page.write_string(0, place, self._title(column), self._head)
            if column.note:
                note = {"x_scale": 2, "author": ""}
                page.write_comment(0, place, self._say(column.note), note)
            if texts := self._texts(column):
                self._offer(page, place, self._title(column), texts, lists)

    def _title(self, column: Column) -> str:
        return self._say(column.title) + (_NEEDED if column.required else "")

    def _texts(self, column: Column) -> list[str]:
        if column.kind is Kind.CHOICE:
            return [self._say(words) for words in column.choices.values()]
        if column.kind is Kind.BODY:
            return self._bodies
        if column.kind is Kind.DIVISION:
            return [*(self._say(p.names) for p in all_places()), self._say(OUTSIDE)]
        return []

    def _offer(
        self, page: Worksheet, place: int, title: str, texts: list[str],
        lists: Worksheet,
    ) -> None:  # fmt: skip
        """Offer texts as a drop-down list; they stand in a column of the options."""
        at = self._options
        self._options += 1
        lists.set_column(at, at, 28)
        lists.write_string(0, at, title.removesuffix(_NEEDED), self._head)
        for row, text in enumerate(texts, 1):
            lists.write_string(row, at, text, self._text)
        letters = cell_name(0, at)[:-1]
        name = self._say(_LISTS_NAME)
        source = f"='{name}'!${letters}$2:${letters}${len(texts) + 1}"
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        page.data_validation(1, place, MOST_ROWS, place, rule)

    def _guide(self, page: Worksheet) -> None:
        page.set_column(0, 1, 24)
        page.set_column(2, 2, 90)
        lines = self._say(GUIDE).format(lookup=PUBLIC_LOOKUP).split("\n")
        for row, line in enumerate(lines):
            page.merge_range(row, 0, row, 2, line, self._text)
            page.set_row(row, 34)
        row = len(lines) + 1
        for place, text in enumerate(self._say(_GUIDE_HEAD).split("|")):
            page.write_string(row, place, text, self._head)
        for sheet in SHEETS:
            for column in sheet.columns:
                row += 1
                note = self._say(column.note) if column.note else ""
                texts = (self._say(sheet.title), self._title(column), note)
                for place, text in enumerate(texts):
                    page.write_string(row, place, text, self._text)
