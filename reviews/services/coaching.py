"""What an agency does with a client's project: stages, dates, team, leave, visits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from accounts.models import Mandate, Membership, Notice, User
from accounts.notices import notify
from accounts.rules import MANDATED_ROLES, Role, may
from assessments.local_day import local_date
from backend.errors import Forbidden, Invalid, NotFound
from reviews.models import (
    Absence,
    ClientAssignment,
    ClientVisit,
    CoachingProject,
    ProjectEvent,
    ProjectStage,
)
from reviews.models.coaching import Stage

NOTE_LIMIT = 500
LONGEST_ABSENCE = 366
SAME_VISIT = timedelta(minutes=30)
EventKind = ProjectEvent.Kind
Part = ClientAssignment.Part


@dataclass(frozen=True)
class Team:
    """Who is responsible for a client, and who helps."""

    responsible: UUID | None = None
    helpers: frozenset[UUID] = field(default_factory=frozenset)

    def to_json(self) -> dict[str, Any]:
        """Return the team for the history."""
        return {
            "responsible": str(self.responsible) if self.responsible else None,
            "helpers": sorted(map(str, self.helpers)),
        }

    @property
    def everybody(self) -> frozenset[UUID]:
        """The responsible one and the helpers."""
        return self.helpers | ({self.responsible} if self.responsible else set())


@transaction.atomic
def set_stage(
    *, mandate: Mandate, stage: str, reached_on: date, note: str = "", actor: User,
    at: datetime,
) -> CoachingProject:  # fmt: skip
    """Say which stage the client has reached and on which day.

    Going back is allowed: an audit may send a client back to its documents. Raises
    NotFound without a mandate in force, or Invalid.
    """
    project = _locked_project(mandate, actor, at)
    if stage not in Stage.values:
        problem = _("请选择阶段。")
        raise Invalid(problem, fields={"stage": problem})
    if reached_on > local_date(at):
        problem = _("进入日期不能晚于今天。")
        raise Invalid(problem, fields={"reached_on": problem})
    before = {"stage": project.stage}
    project.stage, project.updated_at = stage, at
    project.save(update_fields=["stage", "updated_at"])
    ProjectStage.objects.update_or_create(
        project=project, stage=stage, defaults={"reached_on": reached_on}
    )
    after = {"stage": stage, "reached_on": reached_on.isoformat()}
    _note(project, EventKind.STAGE, actor, at, note, before, after)
    return project


@transaction.atomic
def plan_dates(
    *, mandate: Mandate, due: Mapping[str, date | None], actor: User, at: datetime
) -> CoachingProject:
    """Set until when each stage is planned; a stage that is not named stays.

    Raises NotFound without a mandate in force, or Invalid.
    """
    project = _locked_project(mandate, actor, at)
    if not set(due) <= set(Stage.values):
        raise Invalid
    known = {row.stage: row.due_on for row in project.stages.all()}
    changed = {stage: day for stage, day in due.items() if known.get(stage) != day}
    for stage, day in changed.items():
        ProjectStage.objects.update_or_create(
            project=project, stage=stage, defaults={"due_on": day}
        )
    if changed:
        project.updated_at = at
        project.save(update_fields=["updated_at"])
        before = {stage: _iso(known.get(stage)) for stage in changed}
        after = {stage: _iso(day) for stage, day in changed.items()}
        _note(project, EventKind.DATES, actor, at, "", before, after)
    return project


@transaction.atomic
def assign_team(
    *, mandate: Mandate, team: Team, note: str = "", actor: User, at: datetime
) -> CoachingProject:
    """Say who works for a client; a new responsible person takes a note to go on.

    For the agency's manager. Raises Forbidden, NotFound without a mandate in force,
    or Invalid.
    """
    if not may(actor, mandate.agency_id, Role.AGENCY_MANAGER):
        raise Forbidden(_("只有机构负责人可以调整分工。"))
    project = _locked_project(mandate, actor, at)
    _require_members(team, project)
    old = team_of(project)
    if old == team:
        return project
    handover = old.responsible not in (None, team.responsible)
    if handover and not note.strip():
        problem = _("更换主办人时请写明交接事项。")
        raise Invalid(problem, fields={"note": problem})
    _store_team(project, team, at)
    kind = EventKind.HANDOVER if handover else EventKind.TEAM
    _note(project, kind, actor, at, note, old.to_json(), team.to_json())
    changed = set(old.everybody ^ team.everybody)
    if team.responsible and team.responsible != old.responsible:
        changed.add(team.responsible)
    notify(kind=Notice.Kind.CLIENT_ASSIGNED, users=changed, url=reverse("home"), at=at)
    return project


@transaction.atomic
def add_absence(
    *, person: User, deputy: User, first_day: date, last_day: date, actor: User,
    at: datetime,
) -> Absence:  # fmt: skip
    """Note when somebody is away and who stands in; one's own or, by the manager, any.

    Raises Forbidden or Invalid.
    """
    agency = _agency_of(actor)
    if actor != person and not may(actor, agency, Role.AGENCY_MANAGER):
        raise Forbidden
    # One leave of a person is noted after the other, or two could overlap.
    Membership.objects.select_for_update(no_key=True).filter(user=person).first()
    for name, somebody in (("person", person), ("deputy", deputy)):
        if not may(somebody, agency, *MANDATED_ROLES):
            problem = _("请选择本机构的成员。")
            raise Invalid(problem, fields={name: problem})
    _check_days(person, deputy, first_day, last_day, at)
    absence = Absence.objects.create(
        agency_id=agency, person=person, deputy=deputy, first_day=first_day,
        last_day=last_day, created_at=at,
    )  # fmt: skip
    record(
        action="absence.added",
        actor=actor,
        organisation=absence.agency,
        subject=absence,
        at=at,
    )
    return absence


@transaction.atomic
def cancel_absence(*, absence: Absence, actor: User, at: datetime) -> None:
    """End an absence at once; what is cancelled stays so. Raises Forbidden."""
    if actor.pk != absence.person_id and not may(
        actor, absence.agency_id, Role.AGENCY_MANAGER
    ):
        raise Forbidden
    rows = Absence.objects.filter(pk=absence.pk, cancelled_at=None)
    if rows.update(cancelled_at=at):
        record(
            action="absence.cancelled",
            actor=actor,
            organisation=absence.agency,
            subject=absence,
            at=at,
        )


def record_visit(*, person: User, enterprise: UUID, at: datetime) -> None:
    """Note that the person has looked at a client now; what comes later is new."""
    ClientVisit.objects.update_or_create(
        person=person, enterprise_id=enterprise, defaults={"seen_at": at}
    )


@transaction.atomic
def record_listing(*, person: User, enterprise: UUID, at: datetime) -> datetime | None:
    """Note that the person is shown what changed at a client; it is a visit too.

    Returns since when to tell of changes: the last listing of the visit before, None
    on the first visit. Looking again within half an hour belongs to the same visit,
    so that a reload does not empty the list.
    """
    visit, _made = ClientVisit.objects.select_for_update().get_or_create(
        person=person, enterprise_id=enterprise, defaults={"seen_at": at}
    )
    if visit.listed_at and at - visit.listed_at > SAME_VISIT:
        visit.listed_before = visit.listed_at
    visit.seen_at = visit.listed_at = at
    visit.save(update_fields=["seen_at", "listed_at", "listed_before"])
    since: datetime | None = visit.listed_before
    return since


def team_of(project: CoachingProject) -> Team:
    """Return who works for the client; nobody who has left the agency. One query."""
    rows = ClientAssignment.objects.filter(
        project=project, person__membership__organisation=project.agency_id
    )
    people = dict(rows.values_list("person_id", "part"))
    return Team(
        next((pk for pk, part in people.items() if part == Part.RESPONSIBLE), None),
        frozenset(pk for pk, part in people.items() if part == Part.HELPER),
    )


def _locked_project(mandate: Mandate, actor: User, at: datetime) -> CoachingProject:
    """Return the project of a client that lets the actor in now; made when missing.

    One waits first and looks afterwards: the mandate may end meanwhile.
    """
    CoachingProject.objects.get_or_create(
        agency_id=mandate.agency_id,
        enterprise_id=mandate.enterprise_id,
        defaults={"created_at": at, "updated_at": at},
    )
    locked: CoachingProject = CoachingProject.objects.select_for_update().get(
        agency=mandate.agency_id, enterprise=mandate.enterprise_id
    )
    opening = Mandate.objects.opening_to(actor.pk).filter(pk=mandate.pk)
    if not opening.exists():
        raise NotFound
    return locked


def _require_members(team: Team, project: CoachingProject) -> None:
    if team.responsible in team.helpers:
        problem = _("主办人不必再列为协办人。")
        raise Invalid(problem, fields={"helpers": problem})
    members = Membership.objects.filter(
        organisation=project.agency_id, user__in=team.everybody, role__in=MANDATED_ROLES
    )
    if members.count() != len(team.everybody):
        problem = _("请选择本机构的成员。")
        raise Invalid(problem, fields={"responsible": problem})


def _store_team(project: CoachingProject, team: Team, at: datetime) -> None:
    rows = ClientAssignment.objects.filter(project=project)
    parts = dict.fromkeys(team.helpers, Part.HELPER)
    if team.responsible:
        parts[team.responsible] = Part.RESPONSIBLE
    known = dict(rows.values_list("person_id", "part"))
    changed = [pk for pk, part in known.items() if parts.get(pk) != part]
    rows.filter(person__in=changed).delete()
    ClientAssignment.objects.bulk_create(
        ClientAssignment(project=project, person_id=pk, part=part, since=at)
        for pk, part in parts.items()
        if known.get(pk) != part
    )
    project.updated_at = at
    project.save(update_fields=["updated_at"])


def _agency_of(actor: User) -> UUID:
    found = Membership.objects.filter(user=actor, role__in=MANDATED_ROLES).first()
    if found is None:
        raise Forbidden
    agency: UUID = found.organisation_id
    return agency


def _check_days(
    person: User, deputy: User, first_day: date, last_day: date, at: datetime
) -> None:
    if person == deputy:
        problem = _("代理人须是另一位同事。")
        raise Invalid(problem, fields={"deputy": problem})
    if last_day < first_day or last_day < local_date(at):
        problem = _("结束日期不能早于开始日期，也不能早于今天。")
        raise Invalid(problem, fields={"last_day": problem})
    if (last_day - first_day).days > LONGEST_ABSENCE:
        problem = _("休假最长一年。")
        raise Invalid(problem, fields={"last_day": problem})
    overlapping = Absence.objects.filter(
        person=person,
        cancelled_at=None,
        first_day__lte=last_day,
        last_day__gte=first_day,
    )
    if overlapping.exists():
        problem = _("这几天已经登记过休假。请先取消原来的登记。")
        raise Invalid(problem, fields={"first_day": problem})


def _note(
    project: CoachingProject, kind: EventKind, actor: User, at: datetime, note: str,
    before: dict[str, Any], after: dict[str, Any],
) -> None:  # fmt: skip
    """Add a line to the project's history and to the agency's audit trail."""
    ProjectEvent.objects.create(
        project=project,
        kind=kind,
        stage=project.stage,
        actor=actor,
        at=at,
        note=" ".join(note.split())[:NOTE_LIMIT],
        before=before,
        after=after,
    )
    record(
        action=f"project.{kind.value}",
        actor=actor,
        organisation=project.agency,
        subject=project,
        at=at,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
