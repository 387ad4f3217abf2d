"""Is a paper genuine? Answered by code, without naming enterprise or score."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle

from assessments.models import Assessment
from question_bank.models import BankVersion
from reports.models import Report

Standing = Literal["valid", "superseded"]

VERIFY_PATH = "verify/"
"""Where the form is: the one address that a paper names."""

_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
# What people read for what is printed: the alphabet has no O, I or L.
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def verify_url(code: str = "") -> str:
    """Return the address of the verification form, or of what it says of a code."""
    # `reverse` would load every page of the service, 30 MiB, into the printer.
    return f"{settings.SITE_URL}/{VERIFY_PATH}{f'{code}/' if code else ''}"


@dataclass(frozen=True)
class Verified:
    """What may be said of a report to anybody who holds its code."""

    code: str
    standing: Standing
    issued_at: datetime
    edition: str
    bank_version: str
    locale: str
    pages: int
    sha256: str


class VerifyThrottle(SimpleRateThrottle):
    """Thirty codes a minute from one address: guessing 2¹²⁸ is hopeless anyway."""

    scope = "verify"
    rate = "30/min"

    def get_cache_key(self, request: object, view: object) -> str:
        """Return the counter of the client's address, signed in or not."""
        ident = self.get_ident(request)  # type: ignore[arg-type]
        return self.cache_format % {"scope": self.scope, "ident": ident}


def cleaned_code(text: str) -> str | None:
    """Return the code that was typed or scanned, None when it can't be one.

    Blanks, hyphens, lower case and full-width signs are forgiven.
    """
    plain = unicodedata.normalize("NFKC", text[:128]).upper()
    code = re.sub(r"[\s\-–—]", "", plain).translate(_MISREAD)
    return code if _CODE.fullmatch(code) else None


def verify(text: str) -> Verified | None:
    """Return what is known of a finished report by its code; None for any other code.

    Two queries. A report is superseded once its enterprise has submitted a later
    assessment by the same bank.
    """
    code = cleaned_code(text)
    if code is None:
        return None
    ready = Report.objects.filter(code=code, state=Report.State.READY)
    report: Report | None = ready.select_related("assessment").first()
    if report is None or report.ready_at is None:
        return None
    version = BankVersion.objects.defer("document").get(
        pk=report.assessment.bank_version_id
    )
    return Verified(
        code=code,
        standing="superseded" if _has_successor(report, version) else "valid",
        issued_at=report.ready_at,
        edition=version.edition,
        bank_version=version.version,
        locale=report.locale,
        pages=report.pages,
        sha256=report.sha256,
    )


def _has_successor(report: Report, version: BankVersion) -> bool:
    return (
        Assessment.objects.submitted()
        .filter(
            enterprise=report.assessment.enterprise_id,
            bank_version__bank=version.bank,
            submitted_at__gt=report.assessment.submitted_at,
        )
        .exists()
    )
