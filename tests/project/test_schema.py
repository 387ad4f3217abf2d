"""The committed OpenAPI document is the API that is served."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from tests.project.conftest import MISSING
from tests.project.url_map import addresses

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
SAFE = {"get", "head", "options"}
PROBLEM = "application/problem+json"


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


OPERATIONS = operations(yaml.safe_load(DOCUMENT.read_text("utf-8")))


def test_the_committed_document_is_the_generated_one(tmp_path: Path):
    """`make openapi` writes it anew; the difference belongs into the same change."""
    made = tmp_path / "openapi.yaml"
    with translation.override("zh-hans"):
        call_command("spectacular", validate=True, fail_on_warn=True, file=str(made))
    assert made.read_text("utf-8") == DOCUMENT.read_text("utf-8")


def test_the_served_document_has_the_same_operations(client, db):
    served = client.get(reverse("schema"), headers={"Accept": "application/json"})
    assert operations(served.json()) == OPERATIONS


def test_every_api_address_is_described():
    described = {re.sub(r"{\w+}", "_", path) for path, _method, _ in OPERATIONS}
    sample = dict.fromkeys(("bank", "version", "question_id", "code"), "_")
    sample |= {"year": "2024", "number": "987654"}
    made_up = f"{MISSING}|987654"
    served = {
        re.sub(made_up, "_", address.path(defaultdict(lambda: MISSING, sample)))
        for address in addresses().values()
    }
    assert {path for path in served if path.startswith("/api/v1/")} == described | {
        reverse("schema")
    }


def test_operations_have_names_of_their_own():
    names = [operation["operationId"] for _path, _method, operation in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("path", "method", "operation"),
    OPERATIONS,
    ids=[f"{method} {path}" for path, method, _ in OPERATIONS],
)
def test_every_error_is_a_problem_document(
    path: str, method: str, operation: dict[str, Any]
):
    errors = {
        status: answer
        for status, answer in operation["responses"].items()
        if status >= "400"
    }
    assert {"400", "401", "403", "404", "429"} <= set(errors)
    assert all(set(answer["content"]) == {PROBLEM} for answer in errors.values())


@pytest.mark.parametrize(
    ("path", "method", "operation"),
    [row for row in OPERATIONS if row[1] not in SAFE],
    ids=[f"{method} {path}" for path, method, _ in OPERATIONS if method not in SAFE],
)
def test_every_unsafe_operation_needs_the_session(
    path: str, method: str, operation: dict[str, Any]
):
    if path == "/api/v1/quick-scan/":
        assert {} in operation["security"]
    else:
        assert operation["security"] == [{"session": []}]
