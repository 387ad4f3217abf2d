"""Claims: who decides, what is recorded, what a pending claim forbids."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.claims import ClaimDecided, approve_claim, refuse_claim
from accounts.models import EnterpriseClaim, Membership
from accounts.services import Enterprise, register_enterprise
from backend.errors import Forbidden, Invalid
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    credit_code,
)


@pytest.fixture
def claim(db: None) -> EnterpriseClaim:
    """A pending claim, as registering makes it."""
    person = UserFactory()
    membership = register_enterprise(
        enterprise=Enterprise(credit_code(77), "待核企业甲", "370602"),
        owner=person,
        at=timezone.now(),
    )
    return membership.organisation.claim


def test_registering_makes_a_pending_claim(claim: EnterpriseClaim):
    assert (claim.state, claim.is_proven) == ("pending", False)
    assert claim.registrant.membership.organisation == claim.enterprise


def test_a_bureau_manager_approves(claim: Any, bureau_manager: Membership):
    now = timezone.now()
    approve_claim(claim=claim, proof="bureau", actor=bureau_manager.user, at=now)
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by) == ("proven", bureau_manager.user)


def test_a_refusal_needs_a_reason(claim: Any, bureau_manager: Membership):
    act = {"claim": claim, "actor": bureau_manager.user, "at": timezone.now()}
    with pytest.raises(Invalid):
        refuse_claim(reason=" ", **act)
    refuse_claim(reason="登记人与企业无关", **act)
    claim.refresh_from_db()
    assert (claim.state, claim.reason) == ("refused", "登记人与企业无关")


def test_a_proven_claim_is_decided(claim: Any, bureau_manager: Membership):
    act = {"claim": claim, "actor": bureau_manager.user, "at": timezone.now()}
    approve_claim(proof="licence", **act)
    with pytest.raises(ClaimDecided):
        refuse_claim(reason="反悔", **act)


def test_a_proof_of_unknown_kind_is_none(claim: Any, bureau_manager: Membership):
    with pytest.raises(Invalid):
        approve_claim(
            claim=claim,
            proof="rumour",
            actor=bureau_manager.user,
            at=timezone.now(),
        )


@pytest.mark.parametrize("who", ["owner", "agency_manager", "analyst", "registrant"])
def test_nobody_else_decides(who: str, claim: Any, request: Any):
    if who == "registrant":
        person = claim.registrant
    elif who == "analyst":
        bureau = OrganisationFactory(kind="bureau")
        person = MembershipFactory(organisation=bureau, role="analyst").user
    else:
        person = request.getfixturevalue(who).user
    act = {"claim": claim, "actor": person, "at": timezone.now()}
    for attempt in (
        lambda: approve_claim(proof="bureau", **act),
        lambda: refuse_claim(reason="不通过", **act),
    ):
        with pytest.raises(Forbidden):
            attempt()
    claim.refresh_from_db()
    assert claim.state == "pending"


def test_operators_decide_by_command(claim: Any):
    code = claim.enterprise.credit_code
    call_command("prove_enterprise", code, "--refuse", "--reason", "材料不清")
    claim.refresh_from_db()
    assert claim.state == "refused"
    call_command("prove_enterprise", code)
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by) == ("proven", None)


def test_the_command_says_what_is_wrong(claim: Any):
    with pytest.raises(CommandError):
        call_command("prove_enterprise", "91370600MA00000000")
    with pytest.raises(CommandError):
        call_command("prove_enterprise", claim.enterprise.credit_code, "--refuse")


def test_the_bureau_decides_on_its_page(
    claim: Any, bureau_manager: Membership, signed_in: Any
):
    client = signed_in(bureau_manager)
    assert claim.enterprise.name in client.get(reverse("claims")).text
    page = reverse("claim", args=[claim.pk])
    assert client.post(page, {"decision": "refuse"}).status_code == 200
    answer = client.post(page, {"decision": "approve", "proof": "licence"})
    assert answer["Location"] == reverse("claims")
    claim.refresh_from_db()
    assert claim.is_proven
    assert claim.enterprise.name not in client.get(reverse("claims")).text


def test_the_list_of_claims_costs_the_same_for_many(
    claim: Any, bureau_manager: Membership, signed_in: Any,
    django_assert_max_num_queries: Any,
):  # fmt: skip
    for _time in range(5):
        OrganisationFactory(claim="pending")
    client = signed_in(bureau_manager)
    with django_assert_max_num_queries(9):
        client.get(reverse("claims"))


def test_an_unproven_enterprise_sees_why_it_may_not_grant(claim: Any, signed_in: Any):
    answer = signed_in(claim.registrant).get(reverse("mandates"))
    assert "企业认领待审核" in answer.text
    assert reverse("mandate-grant") not in answer.text
