"""The agency's workbench: every client that lets it in, and what each needs today.

The mandate is the agency's: each of its people may see every client. An assignment
narrows what is shown first. The number of queries does not grow with the clients.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max, OuterRef, Subquery, UUIDField
from django.db.models.fields.json import KT
from django.utils.dateparse import parse_date

from accounts.mandated_reads import as_lists
from accounts.models import Mandate, User
from assessments.evaluation import bank_of
from assessments.local_day import local_date
from assessments.models import Answer, Assessment, DataSheet
from reviews.models import (
    Absence,
    ClientAssignment,
    ClientVisit,
    CoachingProject,
    ProjectStage,
    Remark,
)
from reviews.models.coaching import Stage
from reviews.needs import ClientDates, Need, needs_of, next_audit

Part = ClientAssignment.Part


@dataclass(frozen=True)
class Worker:
    """One of the agency's people working for a client.

    `deputy` stands in today, None when nobody is away.
    """

    person: UUID
    name: str
    part: str
    deputy: UUID | None = None


@dataclass(frozen=True)
class Client:
    """One client as the workbench shows it."""

    mandate: Mandate
    dates: ClientDates
    needs: tuple[Need, ...]
    stage: Stage | None = None
    team: tuple[Worker, ...] = ()
    latest: Assessment | None = None
    next_audit: date | None = None

    @property
    def name(self) -> str:
        """The enterprise's name."""
        return str(self.mandate.enterprise.name)

    @property
    def need(self) -> Need | None:
        """The most urgent need, None when nothing is to do today."""
        return self.needs[0] if self.needs else None

    @property
    def responsible(self) -> Worker | None:
        """Who is responsible, None when nobody is."""
        return next((w for w in self.team if w.part == Part.RESPONSIBLE), None)

    @property
    def helpers(self) -> tuple[Worker, ...]:
        """Who helps."""
        return tuple(w for w in self.team if w.part == Part.HELPER)

    def is_for(self, person: UUID) -> bool:
        """Tell whether the person works for the client, as a deputy too."""
        return any(person in (worker.person, worker.deputy) for worker in self.team)

    def stands_in(self, person: UUID) -> bool:
        """Tell whether it is the person's today only because somebody is away."""
        own = any(worker.person == person for worker in self.team)
        return not own and self.is_for(person)


@dataclass
class _Shown:
    """What the mandates show of one enterprise."""

    submitted: Assessment | None = None
    changes: list[datetime] = field(default_factory=list)
    issued: date | None = None
    expiry: date | None = None


def clients_of(user: User, *, at: datetime) -> list[Client]:
    """Return the clients that let the person in now, the most urgent first.

    What it shows of each is recorded as a list. Eight queries, two more where a
    mandate shows drafts of some sections only.
    """
    today = local_date(at)
    mandates = list(_mandates(user))
    # A line names the client even where the mandate shows nothing of it yet.
    with as_lists(mandate.pk for mandate in mandates):
        shown = _shown(user)
    projects = _projects(user)
    teams = _teams(user, today)
    found = [
        _client(
            mandate,
            shown[mandate.enterprise_id],
            projects.get(mandate.enterprise_id),
            teams,
            at,
        )
        for mandate in mandates
    ]
    return sorted(found, key=_urgency)


def colleagues(user: User) -> list[tuple[UUID, str]]:
    """Return the people of the person's organisation, by name; one query."""
    rows = User.objects.visible_to(user).distinct().order_by("name", "email")
    return [(row.pk, str(row)) for row in rows]


def project_of(user: User, mandate: Mandate) -> CoachingProject | None:
    """Return the project of a client, None while there is none."""
    rows = CoachingProject.objects.visible_to(user).filter(
        agency=mandate.agency_id, enterprise=mandate.enterprise_id
    )
    found: CoachingProject | None = rows.prefetch_related("stages").first()
    return found


def _mandates(user: User) -> Iterable[Mandate]:
    visits = ClientVisit.objects.filter(
        person=user.pk, enterprise=OuterRef("enterprise")
    )
    rows = Mandate.objects.opening_to(user.pk).select_related("enterprise")
    answers = Remark.objects.awaiting(user).filter(
        review__agency=OuterRef("agency"),
        review__assessment__enterprise=OuterRef("enterprise"),
    )
    latest = answers.order_by("-events__at").values("events__at")
    return rows.annotate(  # type: ignore[no-any-return]
        seen_at=Subquery(visits.values("seen_at")), answered_at=Subquery(latest[:1])
    )


def _shown(user: User) -> dict[UUID, _Shown]:
    found: dict[UUID, _Shown] = defaultdict(_Shown)
    in_parts = []
    changed = Answer.objects.filter(assessment=OuterRef("pk")).order_by()
    latest = changed.values("assessment").annotate(last=Max("updated_at"))
    rows = Assessment.objects.held_by(user).only(
        "enterprise", "bank_version", "status", "created_at", "submitted_at"
    )
    for row in rows.annotate(changed_at=Subquery(latest.values("last"))).order_by("pk"):
        client = found[row.enterprise_id]
        if not row.is_draft:
            if not client.submitted or row.submitted_at > client.submitted.submitted_at:
                client.submitted = row
        elif row.in_parts:
            in_parts.append(row)
        else:
            client.changes.append(row.changed_at or row.created_at)
    if in_parts:
        _add_partial_changes(found, in_parts)
    _add_sheets(found, user)
    return found


def _add_partial_changes(found: Mapping[UUID, _Shown], rows: list[Assessment]) -> None:
    """Count only answers of the sections that the mandate names."""
    opened = {row.pk: row for row in rows}
    mandates = Mandate.objects.filter(pk__in={row.mandate_id for row in rows})
    sections = dict(mandates.values_list("pk", "sections"))
    answers = Answer.objects.filter(assessment__in=opened)
    banks = {row.bank_version_id: bank_of(row) for row in rows}
    for pk, question, when in answers.values_list(
        "assessment_id", "question", "updated_at"
    ):
        row = opened[pk]
        asked = {q.id: q.section for q in banks[row.bank_version_id].questions}
        if asked.get(question) in sections.get(row.mandate_id, ()):
            found[row.enterprise_id].changes.append(when)


def _add_sheets(found: dict[UUID, _Shown], user: User) -> None:
    rows = DataSheet.objects.held_by(user).annotate(
        issued=KT("values__cert_first_issue__value"),
        expiry=KT("values__cert_expiry__value"),
        cert_state=KT("values__cert_state__value"),
    )
    for row in rows.only("enterprise", "updated_at").order_by("year"):
        client = found[row.enterprise_id]
        client.changes.append(row.updated_at)
        client.issued, client.expiry = _certificate(row)


def _certificate(row: Any) -> tuple[date | None, date | None]:
    if row.cert_state not in (None, "valid"):
        return None, None
    return _day(row.issued), _day(row.expiry)


def _day(text: str | None) -> date | None:
    return parse_date(text) if text else None


def _projects(user: User) -> dict[UUID, CoachingProject]:
    due = ProjectStage.objects.filter(project=OuterRef("pk"), stage=OuterRef("stage"))
    rows = CoachingProject.objects.visible_to(user).filter(
        agency__memberships__user=user
    )
    rows = rows.annotate(stage_due=Subquery(due.values("due_on")))
    return {row.enterprise_id: row for row in rows}


def _teams(user: User, today: date) -> dict[UUID, tuple[Worker, ...]]:
    """Return who works for each project; nobody who has left the agency."""
    away = Absence.objects.on(today).filter(
        person=OuterRef("person"), agency=OuterRef("project__agency")
    )
    rows = ClientAssignment.objects.filter(
        project__agency__memberships__user=user,
        person__membership__organisation=F("project__agency"),
    )
    rows = rows.select_related("person").only(
        "project", "part", "person__name", "person__email"
    )
    rows = rows.annotate(
        deputy=Subquery(away.values("deputy")[:1], output_field=UUIDField())
    )
    found: dict[UUID, list[Worker]] = defaultdict(list)
    for row in rows.order_by("-part", "person__name", "pk"):
        worker = Worker(row.person_id, str(row.person), row.part, row.deputy)
        found[row.project_id].append(worker)
    return {key: tuple(team) for key, team in found.items()}


def _client(
    mandate: Mandate,
    shown: _Shown,
    project: CoachingProject | None,
    teams: Mapping[UUID, tuple[Worker, ...]],
    at: datetime,
) -> Client:
    today = local_date(at)
    submitted = shown.submitted.submitted_at if shown.submitted else None
    dates = ClientDates(
        granted_at=mandate.granted_at,
        ends_at=mandate.ends_at,
        submitted_at=submitted,
        answered_at=mandate.answered_at,  # type: ignore[attr-defined]
        changed_at=max(shown.changes, default=None),
        seen_at=mandate.seen_at,  # type: ignore[attr-defined]
        active_at=_latest(
            mandate.granted_at,
            submitted,
            mandate.answered_at,  # type: ignore[attr-defined]
            *shown.changes,
            mandate.seen_at,  # type: ignore[attr-defined]
            project.updated_at if project else None,
        ),
        stage_due=project.stage_due if project else None,  # type: ignore[attr-defined]
        cert_issued=shown.issued,
        cert_expiry=shown.expiry,
    )
    return Client(
        mandate=mandate,
        dates=dates,
        needs=needs_of(dates, at=at, today=today),
        stage=Stage(project.stage) if project else None,
        team=teams.get(project.pk, ()) if project else (),
        latest=shown.submitted,
        next_audit=next_audit(shown.issued, shown.expiry, today),
    )


def _latest(*moments: datetime | None) -> datetime:
    return max(moment for moment in moments if moment is not None)


def _urgency(client: Client) -> tuple[int, datetime, str, str]:
    """Order by the most urgent need, then by how soon the mandate ends."""
    order = list(Need)
    place = order.index(client.need) if client.need else len(order)
    return place, client.dates.ends_at, client.name, str(client.mandate.pk)
