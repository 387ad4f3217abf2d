"""What an official gets through a named access in each state; see access_named.csv.

`consent` and `ground` show everything submitted, `narrow` one section and nothing
else; `colleague` is a manager of the same bureau whom nobody named, `operator` was
named and then became one; the others show nothing yet, not any more, or never. A URL of
an enterprise's objects without a row fails. What every cell has to be is written down
once more by hand, so that a table made from running code can't agree with its faults.
"""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.mandate_scope import Scope
from accounts.models import Membership
from accounts.named_access import approve, ask_consent, end
from accounts.rules import Role
from accounts.services import change_role
from tests.factories.accounts import MembershipFactory
from tests.fixtures_named_access import (
    asked_on_ground,
    consented,
    new_official,
    wanted,
)
from tests.project.conftest import World, undone
from tests.project.test_access_matrix import (
    ADDRESSES,
    ask,
    outcome,
    title,
    values_for,
)

TABLE = Path(__file__).with_name("access_named.csv")
STATES = (
    "consent", "ground", "narrow", "colleague", "operator", "asked", "expired",
    "revoked", "unapproved", "none",
)  # fmt: skip
OBJECTS = {"assessment_id", "evidence_id", "report_id", "sheet_id", "access_id"}
NARROW = Scope(sections=frozenset({"TWO"}))


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


ROWS = rows()


def test_every_url_of_an_enterprises_objects_has_a_row():
    of_objects = {name for name, a in ADDRESSES.items() if a.parts & OBJECTS}
    assert of_objects <= {row["name"] for row in ROWS}


ABOUT = {
    "GET access -", "GET access-end -", "POST access-end -", "GET api-access -",
    "POST api-access-revocation -",
}  # fmt: skip
"""What an access says of itself: to its asker, its readers and the bureau's managers
in each of its states."""

PART = {
    "GET access-assessment sealed", "GET access-firm -", "GET client-assessment sealed",
    "GET api-assessment sealed", "GET api-answers sealed",
    "GET api-answer-evidence sealed",
}  # fmt: skip
"""What also shows single sections, and no more than these."""

WHOLE = {
    "GET access-sheet -", "GET api-data-sheet draft", "GET client-data-sheet draft",
    "GET result sealed", "GET report-status sealed", "GET report-file sealed",
    "GET evidence-file sealed", "GET evidence-preview sealed", "GET api-answer sealed",
    "GET api-check sealed", "GET api-result sealed", "GET api-evidence sealed",
    "GET api-evidence-file sealed", "GET api-assessment-reports sealed",
    "GET api-report sealed", "GET api-report-file sealed", "GET api-outlook sealed",
    "GET api-comparison sealed",
}  # fmt: skip
"""What shows the first section, every section, a file, a report or a sheet."""

BY_HAND = {
    "consent": ABOUT | PART | WHOLE,
    "ground": ABOUT | PART | WHOLE,
    "narrow": ABOUT | PART,
    "colleague": ABOUT,
    "asked": ABOUT,
    "expired": ABOUT,
    "revoked": ABOUT,
    "unapproved": ABOUT,
    "operator": set(),
    "none": set(),
}


@pytest.mark.parametrize("state", STATES)
def test_the_table_says_what_the_decision_says(state: str):
    let_in = {title(row) for row in ROWS if row[state] not in ("403", "404")}
    assert let_in == BY_HAND[state]


def _official(owner: Membership, state: str) -> tuple[Membership, Any]:
    """Return an official of a new bureau with an access in the state, if any."""
    reader, now = new_official(), timezone.now()
    bureau = reader.organisation
    other = MembershipFactory(organisation=bureau, role=Role.BUREAU_MANAGER)
    if state == "none":
        return reader, None
    if state == "asked":
        asked = wanted(reader.user, at=now)
        enterprise = owner.organisation
        access = ask_consent(
            enterprise=enterprise, wanted=asked, actor=reader.user, at=now
        )
        return reader, access.pk
    if state in ("ground", "unapproved"):
        access = asked_on_ground(owner, reader)
        if state == "ground":
            approve(access=access, actor=other.user, at=now)
        return reader, access.pk
    at = now - timedelta(days=31) if state == "expired" else now
    narrow = {"scope": NARROW} if state == "narrow" else {}
    access = consented(owner, reader, at=at, **narrow)
    if state == "revoked":
        end(access=access, actor=owner.user, at=now)
    if state == "operator":
        change_role(membership=reader, role=Role.OPERATOR, actor=other.user, at=now)
    return (other if state == "colleague" else reader), access.pk


@pytest.fixture
def officials(world: World) -> dict[str, tuple[Membership, Any]]:
    """An official and an access for each state, to the enterprise of the world."""
    owner = Membership.objects.get(user=world.people["owner"])
    return {state: _official(owner, state) for state in STATES}


@pytest.mark.parametrize("row", ROWS, ids=title)
def test_an_official_gets_what_the_access_allows(
    row: dict[str, str], world: World, officials: Any
):
    assert outcomes(row, world, officials) == {state: row[state] for state in STATES}


def outcomes(row: dict[str, str], world: World, officials: Any) -> dict[str, str]:
    found = {}
    for state in STATES:
        person, access_id = officials[state]
        values = values_for(world, row["object"])
        values |= {"access_id": access_id or values["access_id"]}
        client = Client(enforce_csrf_checks=True)
        client.force_login(person.user)
        path = ADDRESSES[row["name"]].path(values)
        with undone():
            found[state] = outcome(ask(client, row["method"], path, row["name"]))
    return found
