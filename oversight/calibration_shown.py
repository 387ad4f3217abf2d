"""Calibration read back: the numbers that pages, exports and the API carry."""

import json

from oversight.calibration.findings import EditionFindings
from oversight.calibration.publish import RULES
from oversight.models import CalibrationReport
from question_bank.engine.codec import decode


def editions_of(report: CalibrationReport) -> tuple[EditionFindings, ...]:
    """Read a published report; raise ValueError for one of another method."""
    data = json.loads(report.document)
    if data["rules"]["version"] != RULES:
        raise ValueError("This report belongs to another method.")
    return tuple(decode(EditionFindings, edition) for edition in data["editions"])
