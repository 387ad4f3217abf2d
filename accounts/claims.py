"""Prove that who registered an enterprise acts for it, or refuse the claim."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import EnterpriseClaim, Membership, Notice, Organisation, User
from accounts.notices import notify
from accounts.rules import MANAGING_ROLES, Role
from backend.errors import Conflict, Forbidden, Invalid

State = EnterpriseClaim.State
Proof = EnterpriseClaim.Proof


class ClaimDecided(Conflict):
    """The claim is proven already."""

    code = "claim_decided"
    message = _("该企业的认领已经通过，不能重复处理。")


@transaction.atomic
def approve_claim(
    *, claim: EnterpriseClaim, proof: str, reason: str = "", actor: User | None,
    at: datetime,
) -> EnterpriseClaim:  # fmt: skip
    """Record how the claim was proved; the enterprise may grant mandates.

    `actor` is None for the operator's command. Raises Forbidden, Invalid or
    ClaimDecided.
    """
    if proof not in Proof.values:
        problem = _("请选择核对方式。")
        raise Invalid(problem, fields={"proof": problem})
    return _decide(claim, State.PROVEN, proof, reason, actor, at)


@transaction.atomic
def refuse_claim(
    *, claim: EnterpriseClaim, reason: str, actor: User | None, at: datetime
) -> EnterpriseClaim:
    """Refuse the claim and say why; it may be proved later all the same.

    Raises Forbidden, Invalid or ClaimDecided.
    """
    if not reason.strip():
        problem = _("请写明未通过的理由，企业会看到。")
        raise Invalid(problem, fields={"reason": problem})
    return _decide(claim, State.REFUSED, "", reason, actor, at)


def claim_of(enterprise: Organisation) -> EnterpriseClaim | None:
    """Return the claim of an enterprise, None where nobody made one."""
    found: EnterpriseClaim | None = EnterpriseClaim.objects.filter(
        enterprise=enterprise
    ).first()
    return found


def _decide(
    claim: EnterpriseClaim,
    state: str,
    proof: str,
    reason: str,
    actor: User | None,
    at: datetime,
) -> EnterpriseClaim:
    _require_bureau(actor)
    rows = EnterpriseClaim.objects.select_for_update(of=("self",))
    found: EnterpriseClaim = rows.select_related("enterprise").get(pk=claim.pk)
    if found.is_proven:
        raise ClaimDecided
    found.state, found.proof, found.decided_at = state, proof, at
    found.reason, found.decided_by = " ".join(reason.split())[:200], actor
    found.save()
    audit.record(
        action=f"claim.{state}",
        actor=actor,
        organisation=found.enterprise,
        subject=found,
        at=at,
        detail={"proof": proof},
    )
    notify(
        kind=Notice.Kind.CLAIM_DECIDED,
        text=f"claim_{state}",
        organisation=found.enterprise,
        roles=MANAGING_ROLES,
        url=reverse("mandates"),
        at=at,
    )
    return found


def _require_bureau(actor: User | None) -> None:
    if actor is None:
        return
    decides = Membership.objects.filter(
        user=actor, user__is_active=True, role=Role.BUREAU_MANAGER
    )
    if not decides.exists():
        raise Forbidden
