"""Requests made up from the API's own description: it keeps its word, never fails.

The same requests in every run (derandomised); what each of them did is undone. Ids
that are well-formed are replaced by those of the owner's objects: a made-up id would
never get past "not found".
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance

from question_bank.selectors import MAIN_BANK
from tests.project.conftest import World, undone

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
CSRF = "c" * 32
SCHEMA = schemathesis.openapi.from_dict(yaml.safe_load(DOCUMENT.read_text("utf-8")))
SCHEMA.app = get_wsgi_application()
PUBLIC = ("/api/v1/banks/", "/api/v1/quick-scan/", "/api/v1/verify/")
KNOWN = {"question_id": "level_one", "bank": MAIN_BANK, "version": "1.0.0"}
CALM = settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def headers_of(world: World, part: str) -> dict[str, str]:
    """Return the headers a browser sends in which that person is signed in."""
    cookies = {
        name: morsel.value for name, morsel in world.client(part).cookies.items()
    }
    cookies["csrf"] = CSRF
    pairs = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": pairs, "X-CSRFToken": CSRF}


def point_at_real_objects(case: Case, objects: dict[str, Any]) -> None:
    """Replace the well-formed ids of a request by those of `objects`."""
    for name, value in (case.path_parameters or {}).items():
        if name in KNOWN and isinstance(value, str) and len(value) % 2:
            case.path_parameters[name] = KNOWN[name]
        if name in objects and is_uuid(value):
            case.path_parameters[name] = str(objects[name])


def is_uuid(value: object) -> bool:
    try:
        return str(UUID(str(value))) == value
    except ValueError:
        return False


def send(case: Case, headers: dict[str, str]) -> Response:
    with undone():
        return case.call(headers=headers)


@pytest.fixture(autouse=True)
def _requests_leave_the_connection_open() -> Iterator[None]:
    """Keep the test's transaction: a finished request would close its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(world: World) -> dict[str, str]:
    """What the owner's browser sends."""
    return headers_of(world, "owner")


@SCHEMA.parametrize()
@CALM
def test_an_owner_gets_what_the_description_says(
    case: Case, world: World, headers: dict[str, str]
):
    point_at_real_objects(case, world.draft)
    answer = send(case, headers)
    # The description can't say which questions a bank has or who may submit.
    case.validate_response(answer, excluded_checks=[positive_data_acceptance])


@SCHEMA.parametrize()
@CALM
def test_nobody_gets_past_a_sealed_assessment(
    case: Case, world: World, headers: dict[str, str]
):
    point_at_real_objects(case, world.sealed)
    answer = send(case, headers)
    case.validate_response(answer, excluded_checks=[positive_data_acceptance])


@SCHEMA.parametrize()
@CALM
def test_a_stranger_to_the_service_gets_no_further_than_the_door(
    case: Case, world: World
):
    point_at_real_objects(case, world.draft)
    answer = send(case, {})
    case.validate_response(answer, checks=[not_a_server_error])
    if not case.path.startswith(PUBLIC):
        assert answer.status_code in (401, 404, 405)
        if answer.status_code == 401:
            assert json.loads(answer.content)["code"] == "not_authenticated"
