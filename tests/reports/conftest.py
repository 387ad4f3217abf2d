"""Reports of a submitted assessment, in every state."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage

from reports.models import Report
from reports.services import Rendered, publish_report, request_report, take_report
from tests.fixtures_assessments import AT
from tests.oversight.registers import make_bureau

PDF = b"%PDF-1.7 made for a test %%EOF"


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Any, settings: Any) -> None:
    """Let every test have a folder of its own for stored files."""
    storages = settings.STORAGES
    location = {"OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**storages, "default": {**storages["default"], **location}}


@pytest.fixture
def report(submitted: Any) -> Report:
    """A report that waits for a worker."""
    return request_report(assessment=submitted, locale="zh-hans", actor=None, at=AT)


@pytest.fixture
def ready(report: Report) -> Report:
    """A finished report whose file says so."""
    taken = take_report(report_id=report.pk, at=AT)
    assert taken is not None
    publish_report(report=taken, rendered=Rendered(PDF, 3), at=AT)
    return Report.objects.get(pk=report.pk)


@pytest.fixture
def stored_files() -> Callable[[], list[str]]:
    """Return the names of the stored report files."""

    def names() -> list[str]:
        if not default_storage.exists("reports"):
            return []
        return sorted(default_storage.listdir("reports")[1])

    return names


@pytest.fixture
def bureau(db):
    """A bureau with two officials."""
    return make_bureau()
