"""What an agency sees of an enterprise: exactly the scope of a mandate in force."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.mandate_scope import OWN, Scope
from accounts.mandates import (
    mark_certification_body,
    narrow_mandate,
    revoke_mandate,
)
from accounts.models import EndedMembership, Mandate, Membership
from assessments.models import Assessment, DataSheet, Evidence
from assessments.scopes import mandate_scope, shown_answers, shown_evidence
from assessments.services import add_evidence
from reports.models import Report
from reports.services import request_report
from tests.fixtures_assessments import AT
from tests.fixtures_mandates import EVERYTHING
from tests.project.conftest import pdf

NOTHING_MORE = Scope()


@pytest.fixture
def files(draft: Any, owner: Membership) -> list[Evidence]:
    """A file of a question in section ONE and one in TWO, before submitting."""
    return [
        add_evidence(
            assessment_id=draft.pk,
            question_id=question,
            file=ContentFile(pdf(question)),
            name=f"{question}.pdf",
            actor=owner.user,
            at=AT,
        )
        for question in ("level_one", "level_two")
    ]


@pytest.fixture
def sheet(owner: Membership) -> DataSheet:
    return DataSheet.objects.create(
        enterprise=owner.organisation,
        year=2025,
        revision=1,
        created_at=AT,
        updated_by=owner.user,
        updated_at=AT,
    )


@pytest.fixture
def report(submitted: Any) -> Report:
    return request_report(assessment=submitted, locale="zh-hans", actor=None, at=AT)


def seen(person: Membership) -> dict[str, int]:
    """Count what the person sees of each kind; lists over clients find the same."""
    for model in (Assessment, DataSheet):
        visible = model.objects.visible_to(person.user)
        assert marks(model.objects.held_by(person.user)) == {
            mark for mark in marks(visible) if mark[1]
        }
    return {
        model.__name__: model.objects.visible_to(person.user).count()
        for model in (Assessment, Evidence, Report, DataSheet)
    }


def marks(rows: Any) -> set[tuple[Any, ...]]:
    """Return each row with the mandate that shows it and whether only in parts."""
    return {(r.pk, r.mandate_id, getattr(r, "in_parts", None)) for r in rows}


NONE = {"Assessment": 0, "Evidence": 0, "Report": 0, "DataSheet": 0}
ALL = {"Assessment": 1, "Evidence": 2, "Report": 1, "DataSheet": 1}


@pytest.fixture
def world(files: Any, submitted: Any, report: Any, sheet: Any) -> Any:
    """A submitted assessment with two files and a report, and a data sheet."""
    return submitted


def test_without_a_mandate_there_is_nothing(
    world: Any, agency_manager: Membership, reviewer: Membership
):
    assert seen(agency_manager) == seen(reviewer) == NONE


def test_a_mandate_shows_its_scope_to_everybody_of_the_agency(
    world: Any, grant: Any, agency_manager: Membership, reviewer: Membership
):
    grant()
    assert seen(agency_manager) == seen(reviewer) == ALL


def test_a_mandate_shows_nothing_to_another_agency_or_enterprise(
    world: Any, grant: Any, stranger: Membership, bureau_manager: Membership
):
    from tests.factories.accounts import MembershipFactory, OrganisationFactory

    grant()
    other = MembershipFactory(organisation=OrganisationFactory(kind="agency"))
    assert seen(other) == seen(stranger) == seen(bureau_manager) == NONE


@pytest.mark.parametrize(
    ("flag", "kind"),
    [("evidence", "Evidence"), ("report", "Report"), ("data_sheet", "DataSheet")],
)
def test_each_flag_opens_its_own_door(
    world: Any, grant: Any, reviewer: Membership, flag: str, kind: str
):
    grant(replace(EVERYTHING, **{flag: False}))
    assert seen(reviewer) == ALL | {kind: 0}


def test_the_least_scope_shows_submitted_assessments_only(
    world: Any, grant: Any, reviewer: Membership
):
    grant(NOTHING_MORE)
    assert seen(reviewer) == NONE | {"Assessment": 1}


def test_drafts_are_seen_only_when_the_mandate_says_so(
    draft: Any, files: Any, grant: Any, reviewer: Membership
):
    grant(replace(EVERYTHING, drafts=False))
    assert seen(reviewer) == NONE
    grant()
    assert seen(reviewer) == NONE | {"Assessment": 1, "Evidence": 2}


def test_named_assessments_are_the_only_ones(
    world: Any, grant: Any, reviewer: Membership
):
    from uuid import uuid4

    grant(replace(EVERYTHING, assessments=frozenset({uuid4()})))
    assert seen(reviewer) == NONE | {"DataSheet": 1}
    grant(replace(EVERYTHING, assessments=frozenset({world.pk})))
    assert seen(reviewer) == ALL


def test_named_sections_hide_files_answers_results_and_reports(
    world: Any, grant: Any, reviewer: Membership
):
    mandate = grant(replace(EVERYTHING, sections=frozenset({"TWO"}), report=False))
    assert seen(reviewer) == ALL | {"Evidence": 1, "Report": 0}
    assessment = Assessment.objects.visible_to(reviewer.user).get()
    scope = mandate_scope(reviewer.user, assessment)
    assert scope == mandate.scope
    assert {row.question for row in shown_answers(assessment, scope)} == {"level_two"}
    assert [row.question for row in shown_evidence(assessment, scope)] == ["level_two"]
    assert assessment.shown_band == ""


def test_a_whole_mandate_shows_the_band(world: Any, grant: Any, reviewer: Membership):
    grant()
    assert Assessment.objects.visible_to(reviewer.user).get().shown_band == world.band


def test_members_have_the_full_scope(world: Any, owner: Membership):
    own = Assessment.objects.visible_to(owner.user).get()
    assert mandate_scope(owner.user, own) == OWN
    assert mandate_scope(owner.user, Assessment.objects.get()) == OWN


def test_others_have_no_scope(world: Any, stranger: Membership, reviewer: Membership):
    assert mandate_scope(stranger.user, world) is None
    assert mandate_scope(reviewer.user, world) is None


def test_revoking_shuts_every_door_at_once(
    world: Any, grant: Any, owner: Membership, reviewer: Membership
):
    mandate = grant()
    revoke_mandate(mandate=mandate, actor=owner.user, at=timezone.now())
    assert seen(reviewer) == NONE
    assert mandate_scope(reviewer.user, world) is None


def test_an_ended_mandate_shows_nothing(
    world: Any, grant: Callable[..., Mandate], reviewer: Membership
):
    grant(at=timezone.now() - timedelta(days=91))
    assert seen(reviewer) == NONE


def test_a_mandate_that_starts_later_shows_nothing_yet(
    world: Any, owner: Membership, reviewer: Membership
):
    from accounts.mandates import Terms, grant_mandate

    now = timezone.now()
    grant_mandate(
        enterprise=owner.organisation,
        agency=reviewer.organisation,
        terms=Terms(
            scope=EVERYTHING,
            purpose="coaching",
            starts_at=now + timedelta(hours=1),
            ends_at=now + timedelta(days=1),
        ),
        actor=owner.user,
        at=now,
    )
    assert seen(reviewer) == NONE


def test_narrowing_takes_away_at_once(
    world: Any, grant: Any, owner: Membership, reviewer: Membership
):
    narrow_mandate(
        mandate=grant(), scope=NOTHING_MORE, actor=owner.user, at=timezone.now()
    )
    assert seen(reviewer) == NONE | {"Assessment": 1}


def test_who_left_the_enterprise_sees_nothing_of_it_for_two_years(
    world: Any, grant: Any, owner: Membership, reviewer: Membership
):
    grant()
    left = timezone.now() - timedelta(days=700)
    EndedMembership.objects.create(
        user=reviewer.user,
        organisation=owner.organisation,
        role="contributor",
        joined_at=left - timedelta(days=9),
        ended_at=left,
        barred_until=left + timedelta(days=730),
    )
    assert seen(reviewer) == NONE
    assert mandate_scope(reviewer.user, world) is None


def test_who_left_long_ago_is_free(
    world: Any, grant: Any, owner: Membership, reviewer: Membership
):
    grant()
    left = timezone.now() - timedelta(days=740)
    EndedMembership.objects.create(
        user=reviewer.user,
        organisation=owner.organisation,
        role="contributor",
        joined_at=left - timedelta(days=9),
        ended_at=left,
        barred_until=left + timedelta(days=730),
    )
    assert seen(reviewer) == ALL


def test_a_certification_body_sees_nothing_any_more(
    world: Any, grant: Any, reviewer: Membership
):
    mandate = grant()
    mark_certification_body(organisation=reviewer.organisation, at=timezone.now())
    mandate.refresh_from_db()
    assert mandate.revoked_at is not None
    assert seen(reviewer) == NONE


def test_who_leaves_the_agency_sees_nothing_more(
    world: Any, grant: Any, agency_manager: Membership, reviewer: Membership
):
    from accounts.services import remove_member

    grant()
    person = reviewer.user
    remove_member(membership=reviewer, actor=agency_manager.user, at=timezone.now())
    assert not Assessment.objects.visible_to(person).exists()
