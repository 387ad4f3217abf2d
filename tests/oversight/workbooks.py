"""Import workbooks for tests."""

import io
from datetime import date

import xlsxwriter

from oversight.importing.sheets import SHEETS
from tests.factories.accounts import credit_code

BODY = "示例认证机构"


def certificate_row(serial: int = 1, **changes) -> dict:
    """Return a sound row of the certificates' sheet."""
    row = {
        "number": f"165IP25{serial:05d}R0M",
        "body": BODY,
        "credit_code": credit_code(910_000 + serial % 80_000),
        "holder_name": f"导入企业{serial}",
        "holder_division": "芝罘区",
        "standard": "GB/T 29490-2023",
        "issue": "初次认证",
        "first_issued_on": date(2025, 5, 6),
        "issued_on": date(2025, 5, 6),
        "expires_on": date(2028, 5, 5),
    }
    return row | changes


def recognition_row(number: int = 1, **changes) -> dict:
    """Return a sound row of the titles' sheet."""
    row = {
        "credit_code": credit_code(910_000 + number),
        "holder_name": f"导入企业{number}",
        "holder_division": "莱州市",
        "level": "市级",
        "title": "优势企业",
        "stage": "认定",
        "name": "烟台市知识产权优势企业",
        "document": "示例〔2024〕1号",
        "since": "2024年7月1日",
    }
    return row | changes


def series_row(**changes) -> dict:
    """Return a sound row of the figures' sheet."""
    row = {"indicator": "P1", "period": "2020", "value": 8563, "source": "新闻发布会"}
    return row | changes


def workbook(
    certificates=(), recognitions=(), units=(), series=(), headers=None
) -> bytes:
    """Return a workbook with these rows under the template's headers."""
    target = io.BytesIO()
    rows = {
        "certificates": certificates,
        "recognitions": recognitions,
        "units": units,
        "series": series,
    }
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in SHEETS:
            page = book.add_worksheet(sheet.title["zh"])
            for place, column in enumerate(sheet.columns):
                page.write(
                    0, place, (headers or {}).get(column.key, column.title["zh"])
                )
            for number, row in enumerate(rows[sheet.key], 1):
                for key, value in row.items():
                    if value is None:
                        continue
                    style = day if isinstance(value, date) else None
                    page.write(number, sheet.column(key), value, style)
    return target.getvalue()
