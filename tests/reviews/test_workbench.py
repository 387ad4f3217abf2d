"""The workbench: whom it shows, what it says, what it costs, and what it refuses."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.mandate_scope import Scope
from accounts.mandates import revoke_mandate
from accounts.models import AccessRecord, Mandate, Membership, Notice
from assessments.models import Answer
from backend.errors import Forbidden, Invalid, NotFound
from reviews.models import (
    Absence,
    ClientAssignment,
    ClientVisit,
    CoachingProject,
    ProjectEvent,
)
from reviews.models.coaching import Stage
from reviews.needs import Need
from reviews.services.coaching import (
    Team,
    add_absence,
    assign_team,
    cancel_absence,
    plan_dates,
    set_stage,
)
from reviews.workbench import clients_of
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
HOME = "/home/"


def clients(person: Membership) -> list[Any]:
    return clients_of(person.user, at=timezone.now())


def assign(mandate: Mandate, team: Team, actor: Membership, note: str = "") -> Any:
    return assign_team(
        mandate=mandate, team=team, note=note, actor=actor.user, at=timezone.now()
    )


def advance(mandate: Mandate, actor: Membership, stage: str = Stage.RUN) -> Any:
    return set_stage(
        mandate=mandate,
        stage=stage,
        reached_on=TODAY(),
        actor=actor.user,
        at=timezone.now(),
    )


def away(person: Membership, deputy: Membership, actor: Membership, **days: Any) -> Any:
    first, last = days.get("first", TODAY()), days.get("last", TODAY())
    return add_absence(
        person=person.user,
        deputy=deputy.user,
        first_day=first,
        last_day=last,
        actor=actor.user,
        at=timezone.now(),
    )


# --- Whom it shows ----------------------------------------------------------------


def test_it_shows_the_clients_of_the_agency_to_each_of_its_people(
    new_client: Any, agency_manager: Membership, reviewer: Membership
):
    mandate = new_client()
    assert [c.mandate for c in clients(agency_manager)] == [mandate]
    assert [c.mandate for c in clients(reviewer)] == [mandate]


def test_it_shows_nothing_to_another_agency_or_to_an_enterprise(
    new_client: Any, other_agency: Membership, stranger: Membership
):
    new_client()
    assert clients(other_agency) == clients(stranger) == []


def test_a_revoked_mandate_drops_out_at_once(
    submitted: Any,
    grant: Any,
    owner: Membership,
    reviewer: Membership,
    agency_manager: Membership,
    signed_in: Any,
):
    mandate = grant()
    advance(mandate, reviewer)
    client = signed_in(reviewer)
    name = owner.organisation.name
    assert name in client.get(f"{HOME}?view=all").content.decode()
    revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())
    assert name not in client.get(f"{HOME}?view=all").content.decode()
    assert not CoachingProject.objects.visible_to(reviewer.user).exists()
    for door in ("client", "client-stage", "client-dates"):
        assert client.get(reverse(door, args=[mandate.pk])).status_code == 404
    manager = signed_in(agency_manager)
    assert manager.get(reverse("client-team", args=[mandate.pk])).status_code == 404
    rows = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(f"{reverse('workbench-export')}?view=all").content)
    )
    assert name not in str(rows.get_sheet_by_index(0).to_python())
    with pytest.raises(NotFound):
        advance(mandate, reviewer)


def test_a_new_mandate_finds_the_old_project_again(
    grant: Any, owner: Membership, reviewer: Membership
):
    mandate = grant()
    advance(mandate, reviewer, Stage.DOCUMENTS)
    revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())
    grant()
    assert [c.stage for c in clients(reviewer)] == [Stage.DOCUMENTS]


def test_reviewers_start_with_their_own_clients_and_may_see_all(
    new_client: Any, agency_manager: Membership, reviewer: Membership, signed_in: Any
):
    mine, other = new_client(), new_client()
    assign(mine, Team(reviewer.user_id), agency_manager)
    client = signed_in(reviewer)
    page = client.get(HOME).content.decode()
    assert mine.enterprise.name in page
    assert other.enterprise.name not in page
    assert other.enterprise.name in client.get(f"{HOME}?view=all").content.decode()
    assert other.enterprise.name in signed_in(agency_manager).get(HOME).content.decode()
    assert client.get(reverse("client", args=[other.pk])).status_code == 200


def test_who_has_no_clients_of_their_own_starts_with_all(
    new_client: Any, reviewer: Membership, signed_in: Any
):
    mandate = new_client()
    client = signed_in(reviewer)
    assert mandate.enterprise.name in client.get(HOME).content.decode()
    page = client.get(f"{HOME}?view=mine").content.decode()
    assert mandate.enterprise.name not in page


# --- What it says -----------------------------------------------------------------


def test_a_submission_is_new_until_one_has_looked(
    submitted: Any, grant: Any, reviewer: Membership, signed_in: Any
):
    mandate = grant()
    [client] = clients(reviewer)
    assert client.need == Need.SUBMISSION
    assert (
        signed_in(reviewer).get(reverse("client", args=[mandate.pk])).status_code == 200
    )
    [client] = clients(reviewer)
    assert client.needs == ()


def test_another_person_has_still_to_look(
    submitted: Any, grant: Any, reviewer: Membership, agency_manager: Membership,
    signed_in: Any,
):  # fmt: skip
    mandate = grant()
    signed_in(reviewer).get(reverse("client", args=[mandate.pk]))
    [client] = clients(agency_manager)
    assert client.need == Need.SUBMISSION


def test_changed_answers_of_a_draft_show_only_where_drafts_are_seen(
    draft: Any, fill: Any, grant: Any, reviewer: Membership
):
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    grant(Scope())
    assert [c.needs for c in clients(reviewer)] == [()]
    grant(Scope(drafts=True))
    assert [c.needs for c in clients(reviewer)] == [(Need.CHANGED,)]


def test_changes_outside_the_named_sections_are_not_told(
    draft: Any, fill: Any, grant: Any, reviewer: Membership
):
    grant(Scope(drafts=True, sections=frozenset({"TWO"})))
    fill(draft, {"level_one": {"state": "answered", "value": 3}})
    assert [c.needs for c in clients(reviewer)] == [()]
    fill(draft, {"level_two": {"state": "answered", "value": 3}})
    assert Answer.objects.count() == 2
    assert [c.needs for c in clients(reviewer)] == [(Need.CHANGED,)]


@pytest.mark.parametrize("shown", [True, False])
def test_a_surveillance_audit_shows_only_where_the_data_sheet_is_seen(
    owner: Membership, grant: Any, reviewer: Membership, *, shown: bool
):
    from tests.assessments.data_sheets import save, typed

    expiry = TODAY() + timedelta(days=20)
    save(
        owner,
        typed(cert_edition="e2023", cert_state="valid", cert_expiry=expiry.isoformat()),
    )
    grant(Scope(data_sheet=shown))
    [client] = clients(reviewer)
    assert (Need.SURVEILLANCE in client.needs) is shown
    assert client.next_audit == (expiry if shown else None)


def test_clients_come_by_urgency_then_by_the_end_of_the_mandate(
    new_client: Any, reviewer: Membership
):
    later, soon, idle, sooner = (
        new_client(), new_client(days=10), new_client(ago=31), new_client(days=5),
    )  # fmt: skip
    assert [c.mandate for c in clients(reviewer)] == [sooner, soon, idle, later]


def test_filters_find_by_name_stage_person_and_need(
    new_client: Any, agency_manager: Membership, reviewer: Membership, signed_in: Any
):
    one, two = new_client(name="海天机械"), new_client(name="蓝海软件", days=10)
    assign(one, Team(reviewer.user_id), agency_manager)
    advance(one, reviewer)
    client = signed_in(agency_manager)
    for query, expected in (
        ("q=海天", {one}),
        ("q=海", {one, two}),
        ("stage=run", {one}),
        ("stage=nothing", {two}),
        (f"responsible={reviewer.user_id}", {one}),
        ("responsible=nobody", {two}),
        ("need=ending", {two}),
        ("need=nothing", {one}),
        ("need=unknown&stage=unknown", {one, two}),
        ("page=99", {one, two}),
    ):
        page = client.get(f"{HOME}?{query}").content.decode()
        shown = {row for row in (one, two) if row.enterprise.name in page}
        assert shown == expected, query


# --- What it costs ----------------------------------------------------------------


def test_queries_do_not_grow_with_the_clients(
    submitted: Any, grant: Any, new_client: Any, agency_manager: Membership,
    reviewer: Membership, signed_in: Any,
):  # fmt: skip
    assign(grant(), Team(reviewer.user_id), agency_manager)
    client = signed_in(reviewer)
    counted = {}
    for number in (1, 3, 60):
        for _more in range(number - Mandate.objects.count()):
            assign(new_client(), Team(reviewer.user_id), agency_manager)
        client.get(HOME)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(HOME).status_code == 200
        counted[number] = len(captured)
    assert counted[1] == counted[3] == counted[60] <= 12


# --- Stages and dates -------------------------------------------------------------


def test_a_stage_is_noted_with_its_day_and_history(
    new_client: Any, reviewer: Membership, signed_in: Any
):
    mandate = new_client()
    answer = signed_in(reviewer).post(
        reverse("client-stage", args=[mandate.pk]),
        {"stage": "internal_audit", "reached_on": TODAY().isoformat(), "note": "首次"},
    )
    assert answer.status_code == 302
    project = CoachingProject.objects.get()
    assert project.stage == Stage.INTERNAL_AUDIT
    assert project.stages.get().reached_on == TODAY()
    event = ProjectEvent.objects.get()
    assert (event.kind, event.note, event.actor) == ("stage", "首次", reviewer.user)
    page = signed_in(reviewer).get(reverse("client", args=[mandate.pk]))
    assert "首次" in page.content.decode()


def test_a_stage_reached_tomorrow_or_an_unknown_one_is_refused(
    new_client: Any, reviewer: Membership
):
    mandate = new_client()
    for stage, day in (("run", TODAY() + timedelta(days=1)), ("nonsense", TODAY())):
        with pytest.raises(Invalid):
            set_stage(
                mandate=mandate,
                stage=stage,
                reached_on=day,
                actor=reviewer.user,
                at=timezone.now(),
            )
    assert not CoachingProject.objects.exists()


def test_a_planned_date_of_the_current_stage_becomes_a_need(
    new_client: Any, reviewer: Membership, signed_in: Any
):
    mandate = new_client()
    day = TODAY() + timedelta(days=3)
    signed_in(reviewer).post(
        reverse("client-dates", args=[mandate.pk]), {"diagnosis": day.isoformat()}
    )
    [client] = clients(reviewer)
    assert client.needs == (Need.DEADLINE,)
    advance(mandate, reviewer, Stage.PLANNING)
    assert [c.needs for c in clients(reviewer)] == [()]


def test_dates_that_stay_the_same_leave_no_event(new_client: Any, reviewer: Membership):
    mandate = new_client()
    for _time in range(2):
        plan_dates(
            mandate=mandate,
            due={"run": date(2027, 1, 5)},
            actor=reviewer.user,
            at=timezone.now(),
        )
    assert ProjectEvent.objects.count() == 1


def test_the_history_never_changes(new_client: Any, reviewer: Membership):
    advance(new_client(), reviewer)
    rows = ProjectEvent.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(note="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db)


@pytest.mark.parametrize("part", ["owner", "stranger", "other_agency"])
def test_nobody_else_touches_a_project(
    part: str, grant: Any, signed_in: Any, request: pytest.FixtureRequest
):
    mandate = grant()
    person = request.getfixturevalue(part)
    client = signed_in(person)
    refused = 404 if part == "other_agency" else 403
    for door in ("client-stage", "client-dates", "client-team"):
        url = reverse(door, args=[mandate.pk])
        assert client.get(url).status_code == refused
        assert client.post(url, {"stage": "run"}).status_code == refused
    with pytest.raises((NotFound, Forbidden)):
        advance(mandate, person)
    assert not CoachingProject.objects.exists()


# --- The team ---------------------------------------------------------------------


def test_a_reviewer_assigns_nobody(
    new_client: Any, reviewer: Membership, signed_in: Any
):
    mandate = new_client()
    url = reverse("client-team", args=[mandate.pk])
    client = signed_in(reviewer)
    assert client.get(url).status_code == 403
    assert client.post(url, {"responsible": str(reviewer.user_id)}).status_code == 403
    with pytest.raises(Forbidden):
        assign(mandate, Team(reviewer.user_id), reviewer)
    assert not ClientAssignment.objects.exists()


def test_a_manager_assigns_and_those_concerned_are_told(
    new_client: Any, agency_manager: Membership, reviewer: Membership, signed_in: Any
):
    mandate = new_client()
    Notice.objects.all().delete()
    answer = signed_in(agency_manager).post(
        reverse("client-team", args=[mandate.pk]),
        {
            "responsible": str(reviewer.user_id),
            "helpers": [str(agency_manager.user_id)],
        },
    )
    assert answer.status_code == 302
    [client] = clients(reviewer)
    assert client.responsible.person == reviewer.user_id
    assert [worker.person for worker in client.helpers] == [agency_manager.user_id]
    told = Notice.objects.filter(kind="client_assigned")
    assert {n.recipient_id for n in told} == {reviewer.user_id, agency_manager.user_id}


def test_another_responsible_person_takes_a_note(
    new_client: Any, agency_manager: Membership, reviewer: Membership
):
    mandate = new_client()
    assign(mandate, Team(reviewer.user_id), agency_manager)
    with pytest.raises(Invalid):
        assign(mandate, Team(agency_manager.user_id), agency_manager)
    assign(mandate, Team(agency_manager.user_id), agency_manager, "文件已过半")
    event = ProjectEvent.objects.newest_first().first()
    assert (event.kind, event.note) == ("handover", "文件已过半")
    assert event.before["responsible"] == str(reviewer.user_id)


def test_people_of_other_organisations_can_not_be_assigned(
    new_client: Any,
    agency_manager: Membership,
    other_agency: Membership,
    stranger: Membership,
):
    mandate = new_client()
    for person in (other_agency, stranger):
        with pytest.raises(Invalid):
            assign(mandate, Team(person.user_id), agency_manager)
        project = CoachingProject.objects.first() or advance(mandate, agency_manager)
        with pytest.raises(DatabaseError), transaction.atomic():
            ClientAssignment.objects.create(
                project=project,
                person=person.user,
                part="helper",
                since=timezone.now(),
            )


def test_who_has_left_works_for_nobody_any_more(
    new_client: Any, agency_manager: Membership, reviewer: Membership
):
    from accounts.services import remove_member

    mandate = new_client()
    assign(mandate, Team(reviewer.user_id), agency_manager)
    remove_member(membership=reviewer, actor=agency_manager.user, at=timezone.now())
    [client] = clients(agency_manager)
    assert client.team == ()
    assign(mandate, Team(agency_manager.user_id), agency_manager)
    assert [c.responsible.person for c in clients(agency_manager)] == [
        agency_manager.user_id
    ]


# --- Leave ------------------------------------------------------------------------


def test_a_deputy_sees_the_clients_meanwhile(
    new_client: Any, agency_manager: Membership, reviewer: Membership
):
    deputy = MembershipFactory(organisation=reviewer.organisation, role="reviewer")
    assign(new_client(), Team(reviewer.user_id), agency_manager)
    assert not clients(deputy)[0].is_for(deputy.user_id)
    absence = away(reviewer, deputy, reviewer)
    assert clients(deputy)[0].stands_in(deputy.user_id)
    tomorrow = timezone.now() + timedelta(days=1)
    assert not clients_of(deputy.user, at=tomorrow)[0].is_for(deputy.user_id)
    cancel_absence(absence=absence, actor=reviewer.user, at=timezone.now())
    assert not clients(deputy)[0].is_for(deputy.user_id)


def test_leave_is_noted_by_oneself_or_by_the_manager(
    agency_manager: Membership, reviewer: Membership, other_agency: Membership
):
    with pytest.raises(Forbidden):
        away(agency_manager, reviewer, reviewer)
    with pytest.raises(Invalid):
        away(reviewer, other_agency, reviewer)
    with pytest.raises(Invalid):
        away(reviewer, reviewer, reviewer)
    with pytest.raises(Invalid):
        away(reviewer, agency_manager, reviewer, last=TODAY() - timedelta(days=1))
    absence = away(reviewer, agency_manager, agency_manager)
    with pytest.raises(Invalid):
        away(reviewer, agency_manager, reviewer)
    assert list(Absence.objects.visible_to(other_agency.user)) == []
    assert list(Absence.objects.visible_to(reviewer.user)) == [absence]


def test_the_page_of_leave_adds_and_cancels(
    agency_manager: Membership, reviewer: Membership, other_agency: Membership,
    owner: Membership, signed_in: Any,
):  # fmt: skip
    data = {
        "person": str(reviewer.user_id),
        "deputy": str(agency_manager.user_id),
        "first_day": TODAY().isoformat(),
        "last_day": (TODAY() + timedelta(days=3)).isoformat(),
    }
    client = signed_in(reviewer)
    assert client.post(reverse("absences"), data).status_code == 302
    absence = Absence.objects.get()
    cancel = reverse("absence-cancel", args=[absence.pk])
    assert signed_in(other_agency).post(cancel).status_code == 404
    assert signed_in(owner).get(reverse("absences")).status_code == 403
    assert client.post(cancel).status_code == 302
    absence.refresh_from_db()
    assert absence.cancelled_at is not None


def test_a_reviewer_cancels_no_leave_of_others(
    agency_manager: Membership, reviewer: Membership, signed_in: Any
):
    absence = away(agency_manager, reviewer, agency_manager)
    url = reverse("absence-cancel", args=[absence.pk])
    assert signed_in(reviewer).post(url).status_code == 403


# --- Records and the export -------------------------------------------------------


def test_the_list_is_recorded_once_a_client_and_counts_up(
    submitted: Any, grant: Any, reviewer: Membership, signed_in: Any
):
    mandate = grant()
    client = signed_in(reviewer)
    for _time in range(2):
        client.get(f"{HOME}?view=all")
    record = AccessRecord.objects.get()
    assert (record.mandate, record.what, record.object_id) == (mandate, "list", "")
    assert (record.door, record.count, record.is_download) == ("home", 2, False)


def test_a_client_that_shows_nothing_yet_is_recorded_too(
    grant: Any, reviewer: Membership, signed_in: Any
):
    """Its name and its dates are on the list, so the list was a read of it."""
    nothing = grant(Scope(frozenset({uuid4()}), frozenset({"TWO"}), data_sheet=False))
    signed_in(reviewer).get(f"{HOME}?view=all")
    record = AccessRecord.objects.get()
    assert (record.mandate, record.what, record.count) == (nothing, "list", 1)


def test_an_export_holds_what_mandates_allow_and_is_recorded_for_each(
    submitted: Any, grant: Any, new_client: Any, reviewer: Membership, signed_in: Any
):
    seen, empty = grant(), new_client(name="=HYPERLINK(1)")
    answer = signed_in(reviewer).get(f"{reverse('workbench-export')}?view=all")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert {row[0] for row in rows[1:]} == {seen.enterprise.name, "=HYPERLINK(1)"}
    records = AccessRecord.objects.filter(door="workbench-export", is_download=True)
    assert {row.mandate_id for row in records} == {seen.pk, empty.pk}


def test_an_export_is_for_agencies(owner: Membership, signed_in: Any):
    assert signed_in(owner).get(reverse("workbench-export")).status_code == 403


def test_a_visit_is_kept_once_a_person_and_client(
    submitted: Any, grant: Any, reviewer: Membership, signed_in: Any
):
    mandate = grant()
    client = signed_in(reviewer)
    client.get(reverse("client", args=[mandate.pk]))
    client.get(reverse("client-assessment", args=[submitted.pk]))
    assert ClientVisit.objects.count() == 1
    with pytest.raises(ObjectDoesNotExist):
        ClientVisit.objects.get(person=mandate.granted_by)
