"""The demo's named access: one asked for, one consented to, one on a ground."""

from datetime import datetime, timedelta

from accounts.mandate_scope import Scope
from accounts.models import Organisation, User
from accounts.named_access import (
    Ground,
    Wanted,
    ask_consent,
    ask_on_ground,
    consent,
)
from accounts.named_access_rules import DEFAULT_DAYS


def begin_accesses(
    owners: dict[str, User], manager: User, analyst: User, at: datetime
) -> None:
    """Let the analyst read of the first enterprise, and ask the second and third."""
    asked = ask_consent(
        enterprise=_enterprise(owners["a"]),
        wanted=_wanted(Scope(evidence=True, data_sheet=True), analyst, at),
        actor=manager,
        at=at - timedelta(days=2),
    )
    consent(access=asked, actor=owners["a"], at=at - timedelta(days=1))
    ask_consent(
        enterprise=_enterprise(owners["b"]),
        wanted=_wanted(Scope(), analyst, at),
        actor=analyst,
        at=at,
    )
    day = at.date() - timedelta(days=3)
    ask_on_ground(
        enterprise=_enterprise(owners["c"]),
        wanted=_wanted(Scope(data_sheet=True), analyst, at),
        ground=Ground("funds", "演示〔0000〕1号", day),
        actor=manager,
        at=at,
    )


def _wanted(scope: Scope, reader: User, at: datetime) -> Wanted:
    return Wanted(
        scope=scope,
        purpose="演示：核对优势企业申报材料",
        ends_at=at + timedelta(days=DEFAULT_DAYS),
        readers=(reader,),
    )


def _enterprise(owner: User) -> Organisation:
    enterprise: Organisation = owner.membership.organisation
    return enterprise
