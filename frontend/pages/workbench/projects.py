"""What an agency notes about one client: stage, dates and team."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.forms import show_problem
from accounts.models import Mandate, User
from accounts.rules import Kind
from backend.errors import Forbidden, NotFound, ServiceError
from frontend.components import Event, Link, Step
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.doors import client_or_404, member_of
from frontend.pages.mandates.granting import get_or_post
from frontend.pages.workbench.forms import DatesForm, StageForm, TeamForm
from frontend.templatetags.texts import short_date, short_time
from reviews.models import CoachingProject, ProjectEvent
from reviews.models.coaching import Stage
from reviews.services.coaching import (
    Team,
    assign_team,
    plan_dates,
    set_stage,
    team_of,
)
from reviews.workbench import colleagues, project_of


@dataclass(frozen=True)
class ProjectPart:
    """The project on the client's page."""

    project: CoachingProject | None
    steps: tuple[Step, ...]
    responsible: str
    helpers: str
    events: tuple[Event, ...]


def project_part(user: User, mandate: Mandate) -> ProjectPart:
    """Return a client's project in words."""
    project = project_of(user, mandate)
    if project is None:
        return ProjectPart(None, (), "", "", ())
    team, names = team_of(project), dict(colleagues(user))
    helpers = sorted(names.get(pk, "") for pk in team.helpers)
    events = ProjectEvent.objects.filter(project=project).newest_first()[:20]
    return ProjectPart(
        project,
        _steps(project),
        names.get(team.responsible, "") if team.responsible else "",
        _("、").join(filter(None, helpers)),
        tuple(_event(event, names) for event in events),
    )


def _steps(project: CoachingProject) -> tuple[Step, ...]:
    dates = {row.stage: row for row in project.stages.all()}
    order = list(Stage)
    current = order.index(Stage(project.stage))
    return tuple(
        Step(
            str(stage.label),
            "done" if at < current else "current" if at == current else "todo",
            _day_words(dates.get(stage.value), reached=at <= current),
        )
        for at, stage in enumerate(order)
    )


def _day_words(row: object, *, reached: bool) -> str:
    since: date | None = getattr(row, "reached_on", None) if reached else None
    due: date | None = getattr(row, "due_on", None)
    if since:
        return _("%(day)s 起") % {"day": short_date(since)}
    return _("计划 %(day)s") % {"day": short_date(due)} if due else ""


def _event(event: ProjectEvent, names: dict[UUID, str]) -> Event:
    return Event(
        title=_("%(kind)s（%(who)s）")
        % {"kind": event.get_kind_display(), "who": event.actor},
        when=short_time(event.at),
        date=event.at.isoformat(),
        text=_event_text(event, names),
        state="done",
    )


def _event_text(event: ProjectEvent, names: dict[UUID, str]) -> str:
    parts = [event.note]
    if event.kind == ProjectEvent.Kind.STAGE:
        parts.insert(0, str(Stage(event.stage).label))
    elif event.kind == ProjectEvent.Kind.HANDOVER:
        pair = (event.before["responsible"], event.after["responsible"])
        old, new = (names.get(UUID(pk)) if pk else None for pk in pair)
        words = {"old": old or _("已离开的成员"), "new": new or _("未指定")}
        parts.insert(0, _("%(old)s 交给 %(new)s") % words)
    return _("：").join(filter(None, parts))


@login_required
@never_cache
@get_or_post
@answers_refusals
def stage(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Say which stage the client has reached."""
    mandate = client_or_404(request, mandate_id)
    project = project_of(person(request), mandate)
    initial = {
        "stage": project.stage if project else Stage.DIAGNOSIS,
        "reached_on": timezone.localdate(),
    }
    form = StageForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_stage(
                mandate=mandate,
                stage=form.cleaned_data["stage"],
                reached_on=form.cleaned_data["reached_on"],
                note=form.cleaned_data["note"],
                actor=person(request),
                at=timezone.now(),
            )
        except ServiceError as error:
            _show(form, error)
        else:
            messages.success(request, _("阶段已更新。"))
            return redirect("client", mandate.pk)
    return _form(request, mandate, form, _("更新阶段"))


@login_required
@never_cache
@get_or_post
@answers_refusals
def dates(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Plan until when each stage is to be reached."""
    mandate = client_or_404(request, mandate_id)
    project = project_of(person(request), mandate)
    rows = project.stages.all() if project else ()
    initial = {row.stage: row.due_on for row in rows}
    form = DatesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        plan_dates(
            mandate=mandate, due=form.due(), actor=person(request), at=timezone.now()
        )
        messages.success(request, _("计划日期已保存。"))
        return redirect("client", mandate.pk)
    return _form(request, mandate, form, _("计划日期"))


@login_required
@never_cache
@get_or_post
@answers_refusals
def team(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Say who works for the client; for the agency's manager."""
    mandate = client_or_404(request, mandate_id)
    if not member_of(request, Kind.AGENCY).manages:
        raise PermissionDenied
    project = project_of(person(request), mandate)
    current = team_of(project) if project else Team()
    form = TeamForm(
        request.POST or None,
        initial=current.to_json(),
        people=colleagues(person(request)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            assign_team(
                mandate=mandate,
                team=form.team(),
                note=form.cleaned_data["note"],
                actor=person(request),
                at=timezone.now(),
            )
        except ServiceError as error:
            _show(form, error)
        else:
            messages.success(request, _("分工已保存。"))
            return redirect("client", mandate.pk)
    return _form(request, mandate, form, _("调整分工"))


def _show(form: forms.Form, error: ServiceError) -> None:
    if isinstance(error, (Forbidden, NotFound)):
        raise error
    show_problem(form, error)


def _form(
    request: HttpRequest, mandate: Mandate, form: forms.Form, title: str
) -> HttpResponse:
    client = reverse("client", args=[mandate.pk])
    context = {
        "mandate": mandate,
        "form": form,
        "title": title,
        "crumbs": (
            Link(reverse("home"), _("工作台")),
            Link(client, mandate.enterprise.name),
            Link(request.path, title, current=True),
        ),
    }
    return render(request, "workbench/project_form.html", context)
