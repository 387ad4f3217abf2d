"""What an agency gets under a mandate in each of its states; see access_mandated.csv.

`active` shows everything, `narrow` one section of submitted assessments and nothing
else; the others show nothing any more, or not yet. A URL of an enterprise's objects
without a row fails.
"""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.mandates import Terms, grant_mandate, revoke_mandate
from accounts.models import Mandate, Membership, Organisation
from accounts.rules import Kind
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.fixtures_mandates import EVERYTHING
from tests.project.conftest import World, undone
from tests.project.test_access_matrix import (
    ADDRESSES,
    ask,
    outcome,
    title,
    values_for,
)

TABLE = Path(__file__).with_name("access_mandated.csv")
STATES = ("active", "narrow", "expired", "revoked", "planned")
OBJECTS = {"assessment_id", "evidence_id", "report_id", "sheet_id"}
NARROW = Scope(sections=frozenset({"TWO"}))


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


ROWS = rows()


def test_every_url_of_an_enterprises_objects_has_a_row():
    of_objects = {name for name, a in ADDRESSES.items() if a.parts & OBJECTS}
    assert of_objects <= {row["name"] for row in ROWS}


def _mandate(owner: Membership, state: str) -> tuple[Membership, Mandate]:
    """Let a new agency in and bring its mandate into the state."""
    reviewer = MembershipFactory(
        organisation=OrganisationFactory(kind=Kind.AGENCY), role="reviewer"
    )
    now = timezone.now()
    at = now - timedelta(days=20) if state == "expired" else now
    starts_at = now + timedelta(days=1) if state == "planned" else None
    mandate = grant_mandate(
        enterprise=owner.organisation,
        agency=reviewer.organisation,
        terms=Terms(
            scope=NARROW if state == "narrow" else EVERYTHING,
            purpose="coaching",
            starts_at=starts_at,
            ends_at=at + timedelta(days=10),
        ),
        actor=owner.user,
        at=at,
    )
    if state == "revoked":
        revoke_mandate(mandate=mandate, actor=owner.user, at=now)
    return reviewer, mandate


@pytest.fixture
def mandated(world: World) -> dict[str, tuple[Membership, Mandate]]:
    """A reviewer and a mandate for each state, from the owner of the world."""
    person = world.people["owner"]
    assert person is not None
    owner = Membership.objects.get(user=person)
    assert owner.organisation.kind == Organisation.Kind.ENTERPRISE
    return {state: _mandate(owner, state) for state in STATES}


@pytest.mark.parametrize("row", ROWS, ids=title)
def test_an_agency_gets_what_its_mandate_allows(
    row: dict[str, str], world: World, mandated: Any
):
    found = {}
    for state in STATES:
        reviewer, mandate = mandated[state]
        values = values_for(world, row["object"]) | {"mandate_id": mandate.pk}
        client = Client(enforce_csrf_checks=True)
        client.force_login(reviewer.user)
        path = ADDRESSES[row["name"]].path(values)
        with undone():
            found[state] = outcome(ask(client, row["method"], path, row["name"]))
    assert found == {state: row[state] for state in STATES}
