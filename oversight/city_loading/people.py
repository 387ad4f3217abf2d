"""Who uses the service in the model city: enterprises, their owners and agencies.

Nobody can sign in: the accounts are named after roles, closed and without a password.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Model

from accounts.districts import DISTRICT_CODES
from accounts.models import (
    EnterpriseClaim,
    Mandate,
    MandateEvent,
    Membership,
    Organisation,
    User,
)
from accounts.rules import Kind, Role
from assessments.models import DataSheet
from oversight.city.journey import Journey
from oversight.city.profile import ModelEnterprise, ModelOrganisation
from oversight.city_loading.identity import Loading
from oversight.counting.facts import Presence
from oversight.divisions import current_division

MAIL_DOMAIN = "model.example"
NO_PASSWORD = "!model-city"  # noqa: S105 - marks an account without one
MANDATED_AFTER = timedelta(days=10)
MANDATED_FOR = timedelta(days=365)
SHEET_AFTER = timedelta(days=6)
ELSEWHERE = "370602"
"""The district of an enterprise that was never in the city."""


def agency_row(agency: ModelOrganisation, since: date, loading: Loading) -> Model:
    """Return the organisation of a coaching agency."""
    return Organisation(
        id=loading.key("agency", agency.credit_code),
        kind=Kind.AGENCY,
        name=agency.name,
        credit_code=agency.credit_code,
        created_at=loading.moment(since),
    )


def member_rows(
    enterprise: ModelEnterprise, since: date, loading: Loading
) -> Iterator[Model]:
    """Yield an enterprise that registered on a day: owner, proven claim, data sheet."""
    code, at = enterprise.credit_code, loading.moment(since)
    person = loading.key("owner", code)
    organisation = loading.key("enterprise", code)
    yield Organisation(
        id=organisation,
        kind=Kind.ENTERPRISE,
        name=enterprise.unit.name,
        credit_code=code,
        district=district_of(enterprise.unit.presences),
        created_at=at,
    )
    yield EnterpriseClaim(
        id=loading.key("claim", code),
        enterprise_id=organisation,
        state=EnterpriseClaim.State.PROVEN,
        proof=EnterpriseClaim.Proof.DEMO,
        created_at=at,
        decided_at=at,
    )
    yield User(
        id=person,
        email=f"enterprise-{enterprise.number:06d}@{MAIL_DOMAIN}",
        name=f"示例企业 {enterprise.number:05d} 负责人",
        password=NO_PASSWORD,
        is_active=False,
        created_at=at,
    )
    yield Membership(
        id=loading.key("membership", code),
        user_id=person,
        organisation_id=organisation,
        role=Role.OWNER,
        joined_at=at,
    )
    yield _sheet(enterprise, since, loading)


def mandate_rows(
    enterprise: ModelEnterprise, journey: Journey, loading: Loading
) -> Iterator[Model]:
    """Yield the mandate of a coached enterprise: a year, or until the work ended."""
    granted = journey.entries[0].on + MANDATED_AFTER
    ends = max(journey.entries[-1].on, granted) + MANDATED_FOR
    starts_at = loading.moment(granted)
    if not enterprise.agency or starts_at == loading.at:
        return
    code = enterprise.credit_code
    person = loading.key("owner", code)
    mandate = Mandate(
        id=loading.key("mandate", code),
        enterprise_id=loading.key("enterprise", code),
        agency_id=loading.key("agency", enterprise.agency),
        purpose=Mandate.Purpose.COACHING,
        all_assessments=True,
        all_sections=True,
        starts_at=starts_at,
        ends_at=starts_at + (ends - granted),
        granted_by_id=person,
        granted_at=starts_at,
    )
    yield mandate
    yield MandateEvent(
        mandate_id=mandate.pk,
        kind=MandateEvent.Kind.GRANTED,
        actor_id=person,
        at=starts_at,
    )


def district_of(presences: tuple[Presence, ...]) -> str:
    """Return the district an enterprise names: where it was last within the city."""
    codes = [current_division(p.division) for p in presences if p.division]
    within = [code for code in codes if code in DISTRICT_CODES]
    return within[-1] if within else ELSEWHERE


def _sheet(enterprise: ModelEnterprise, since: date, loading: Loading) -> Model:
    """Return a data sheet of the year before with what makes industry and size."""
    code = enterprise.credit_code
    at = loading.moment(since + SHEET_AFTER)
    values = {
        "industry": enterprise.industry,
        "staff": enterprise.staff,
        "revenue_y0": f"{enterprise.revenue}.00",
        "assets": f"{enterprise.revenue}.00",
    }
    return DataSheet(
        id=loading.key("sheet", code),
        enterprise_id=loading.key("enterprise", code),
        year=since.year - 1,
        revision=1,
        values={
            slot: {"state": "value", "value": value} for slot, value in values.items()
        },
        created_at=at,
        updated_by_id=loading.key("owner", code),
        updated_at=at,
    )
