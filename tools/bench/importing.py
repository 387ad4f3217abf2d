"""Importing 10,000 certificates of a workbook: checked and stored."""

import io
import time
from collections.abc import Iterator
from datetime import date

import xlsxwriter
from django.utils import timezone

from accounts.credit_code import complete
from accounts.models import Membership, Organisation, User
from accounts.rules import Kind, Role
from oversight.importing.sheets import CERTIFICATES
from oversight.services.importing import apply_import, check_import
from oversight.services.reference import keep_body
from tools.bench.table import Figure

ROWS = 10_000
BODY = "测速认证机构"


def importing_figures() -> Iterator[Figure]:
    """Yield the seconds an import takes, from the file to the stored records."""
    at = timezone.now()
    actor = _keeper()
    keep_body(name=BODY, approval_number="", is_active=True, actor=actor, at=at)
    data = _workbook()
    begun = time.perf_counter()
    _plan, batch = check_import(
        data=data, name="bench.xlsx", source="bench", actor=actor, at=at
    )
    if batch is None:
        raise RuntimeError("the workbook has faults")
    apply_import(batch_id=batch.pk, actor=actor, at=at)
    taken = time.perf_counter() - begun
    yield Figure(f"import {ROWS:,} certificates, dry run and storing", taken, "s", 30)


def _keeper() -> User:
    bureau = Organisation.objects.create(kind=Kind.BUREAU, name="测速主管部门")
    user = User.objects.create_user("bench-importing@example.com")
    Membership.objects.create(user=user, organisation=bureau, role=Role.ANALYST)
    return user


def _workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(CERTIFICATES.title["zh"])
        for place, column in enumerate(CERTIFICATES.columns):
            page.write_string(0, place, column.title["zh"])
        for row in range(1, ROWS + 1):
            for key, text in _cells(row).items():
                page.write_string(row, CERTIFICATES.column(key), text)
    return target.getvalue()


def _cells(row: int) -> dict[str, str]:
    issued = date(2025, 5, 6).isoformat()
    return {
        "number": f"165IP25{row:05d}R0M",
        "body": BODY,
        "credit_code": complete("91370600", f"MC{row:06d}"),
        "holder_name": f"测速企业{row}",
        "holder_division": "370602",
        "standard": "GB/T 29490-2023",
        "issue": "initial",
        "first_issued_on": issued,
        "issued_on": issued,
        "expires_on": date(2028, 5, 5).isoformat(),
    }
