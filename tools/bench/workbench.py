"""The agency's home with 300 clients, as one request of a reviewer."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.credit_code import complete
from accounts.mandate_scope import Scope
from accounts.mandates import Terms, grant_mandate
from accounts.models import EnterpriseClaim, Mandate, Membership, Organisation, User
from accounts.rules import Kind, Role
from assessments.models import Answer, Assessment, DataSheet
from question_bank.models import BankVersion
from question_bank.selectors import offered_version
from reviews.services.coaching import Team, assign_team, plan_dates, set_stage
from tools.bench.table import Figure, best_of

CLIENTS = 300
ANSWERS = 40
SCOPE = Scope(evidence=True, report=True, data_sheet=True, drafts=True)


def workbench_figures() -> Iterator[Figure]:
    """Yield queries and time of the list, mine and all, by need and exported."""
    at = timezone.now()
    agency = Organisation.objects.create(
        kind=Kind.AGENCY, name="测试服务机构（工作台）"
    )
    manager = _person("bench-manager", agency, Role.AGENCY_MANAGER)
    reviewer = _person("bench-reviewer", agency, Role.REVIEWER)
    version = offered_version()
    for number in range(CLIENTS):
        mandate = _client(number, agency, version, at)
        _project(mandate, number, manager, reviewer, at)
    client = Client()
    client.force_login(reviewer)

    def ask(address: str) -> None:
        if client.get(address).status_code != 200:
            raise RuntimeError(f"{address} failed")

    ask("/home/?view=all")
    with CaptureQueriesContext(connection) as queries:
        ask("/home/?view=all")
    asked = len(queries)
    whole, mine, export = best_of(
        5,
        lambda: ask("/home/?view=all"),
        lambda: ask("/home/"),
        lambda: ask("/workbench/export/?view=all"),
    )
    yield Figure(f"SQL queries: workbench, {CLIENTS} clients", asked, "", 12)
    yield Figure(f"workbench, {CLIENTS} clients", whole, "ms", 150)
    yield Figure(f"workbench, one's own of {CLIENTS} clients", mine, "ms", 150)
    yield Figure(f"export of {CLIENTS} clients", export, "ms", 500)


def _person(slug: str, organisation: Organisation, role: Role) -> User:
    person = User.objects.create_user(f"{slug}@example.com", name=slug)
    Membership.objects.create(user=person, organisation=organisation, role=role)
    return person


def _client(
    number: int, agency: Organisation, version: BankVersion, at: datetime
) -> Mandate:
    """Let the agency in at an enterprise with a draft and a data sheet."""
    enterprise = Organisation.objects.create(
        kind=Kind.ENTERPRISE,
        name=f"测试企业（工作台 {number}）",
        credit_code=complete("91370600", f"MAW{number:05d}"),
        district="370602",
    )
    EnterpriseClaim.objects.create(
        enterprise=enterprise,
        state=EnterpriseClaim.State.PROVEN,
        proof=EnterpriseClaim.Proof.DEMO,
        created_at=at,
        decided_at=at,
    )
    owner = _person(f"bench-client-{number}", enterprise, Role.OWNER)
    draft = Assessment.objects.create(
        enterprise=enterprise, bank_version=version, created_by=owner, created_at=at
    )
    Answer.objects.bulk_create(
        Answer(
            assessment=draft,
            question=f"question_{index}",
            state=Answer.State.ANSWERED,
            value=index % 5,
            revision=1,
            updated_by=owner,
            updated_at=at,
        )
        for index in range(ANSWERS)
    )
    expiry = (at + timedelta(days=number)).date().isoformat()
    values = {
        "cert_expiry": {"state": "value", "value": expiry},
        "cert_state": {"state": "value", "value": "valid"},
    }
    DataSheet.objects.create(
        enterprise=enterprise, year=at.year - 1, revision=1, created_at=at,
        updated_by=owner, updated_at=at, values=values,
    )  # fmt: skip
    terms = Terms(
        scope=SCOPE,
        purpose=Mandate.Purpose.COACHING,
        ends_at=at + timedelta(days=10 + number),
    )
    return grant_mandate(
        enterprise=enterprise, agency=agency, terms=terms, actor=owner, at=at
    )


def _project(
    mandate: Mandate, number: int, manager: User, reviewer: User, at: datetime
) -> None:
    today = timezone.localdate(at)
    set_stage(mandate=mandate, stage="run", reached_on=today, actor=manager, at=at)
    due = {"run": today + timedelta(days=number)}
    plan_dates(mandate=mandate, due=due, actor=manager, at=at)
    team = Team(reviewer.pk if number % 3 else manager.pk)
    assign_team(mandate=mandate, team=team, actor=manager, at=at)
