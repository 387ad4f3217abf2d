"""Readiness to apply: the checklist, what blocks, who may say so."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.mandate_scope import Scope
from accounts.models import AuditEvent, Mandate, Membership
from assessments.services import add_evidence, start_assessment
from backend.errors import Forbidden, Invalid, NotFound
from question_bank.publishing import BANKS_DIR
from reviews.access import get_plan
from reviews.checklist import checklist
from reviews.models import ImprovementPlan, PlanEvent, PlanTask, ReadinessItem
from reviews.readiness import readiness_of
from reviews.run_clock import RunDates, run_clock
from reviews.services import Preparation, prepare_item, put_task, set_run_dates
from tests.fixtures_assessments import AT
from tests.fixtures_mandates import EVERYTHING
from tests.mandates.world import found

TODAY = date(2026, 11, 24)
START, AUDIT, REVIEW = date(2026, 8, 1), date(2026, 10, 10), date(2026, 10, 20)


def clock(*dates: date | None, today: date = TODAY) -> Any:
    return run_clock(RunDates(*dates), months=3, today=today)


# --- The run clock ----------------------------------------------------------------


def test_a_run_is_over_with_months_audit_and_review():
    found = clock(START, AUDIT, REVIEW)
    assert (found.full_on, found.audit, found.review) == (
        date(2026, 11, 1),
        "held",
        "held",
    )
    assert (found.is_over, found.earliest, found.days_left) == (
        True,
        date(2026, 11, 1),
        0,
    )


@pytest.mark.parametrize(
    ("dates", "earliest"),
    [
        ((None, AUDIT, REVIEW), None),
        ((START, None, REVIEW), None),
        ((START, AUDIT, None), None),
        ((START, date(2026, 7, 31), REVIEW), None),
        ((START, AUDIT, date(2026, 10, 9)), None),
        ((date(2026, 9, 1), AUDIT, REVIEW), date(2026, 12, 1)),
        ((START, AUDIT, date(2026, 12, 8)), date(2026, 12, 8)),
    ],
)
def test_a_run_is_not_over_while_something_is_missing(
    dates: tuple[date | None, ...], earliest: date | None
):
    found = clock(*dates)
    assert (found.is_over, found.earliest) == (False, earliest)


def test_a_run_is_over_on_the_very_day():
    dates = (date(2026, 8, 24), AUDIT, REVIEW)
    assert clock(*dates).is_over
    assert not clock(*dates, today=date(2026, 11, 23)).is_over


# --- The checklist ----------------------------------------------------------------


def test_the_checklist_names_gates_of_its_bank(real_bank: Any):
    rows = checklist("gbt29490_2023")
    gates = {gate.id for gate in real_bank.gates}
    assert len({row.id for row in rows}) == len(rows) >= 10
    assert {row.gate for row in rows if row.gate} <= gates
    for row in rows:
        assert row.title.keys() == row.text.keys() == {"zh", "en"}
        assert row.certainty in ("A", "B", "C")
        assert row.status in ("verified", "to_verify")


@pytest.mark.parametrize("bank", ["small", "../gbt29490_2023", ""])
def test_a_bank_without_a_checklist_has_none(bank: str):
    assert checklist(bank) == ()


def test_every_checklist_belongs_to_a_bank_that_ships():
    from reviews.checklist import FOLDER

    names = {path.stem for path in FOLDER.glob("*.yaml")}
    assert names
    assert names <= {path.name for path in BANKS_DIR.iterdir()}


# --- What blocks ------------------------------------------------------------------


def prepare(plan: Any, by: Membership, item: str = "permits", **given: Any) -> Any:
    return prepare_item(
        assessment_id=plan.pk,
        item=item,
        preparation=Preparation(**{"state": "ready"} | given),
        actor=by.user,
        at=AT,
    )


def seen(plan: ImprovementPlan, by: Membership) -> Any:
    return readiness_of(get_plan(by.user, plan.pk), by.user, today=TODAY)


def test_an_open_major_finding_blocks_though_its_task_is_done(
    plan: ImprovementPlan, owner: Membership
):
    dates = RunDates(date(2026, 1, 5), AUDIT, REVIEW)
    set_run_dates(assessment_id=plan.pk, dates=dates, actor=owner.user, at=AT)
    before = seen(plan, owner)
    assert before.clock.is_over
    assert before.gates == ()
    majors = [m for m in before.majors if "没有制度" in m.text["zh"]]
    assert majors
    assert (before.blocked, before.is_ready) == (True, False)
    task = PlanTask.objects.get(plan=plan, question="level_one")
    put_task(
        assessment_id=plan.pk, task_id=task.pk, state="done", actor=owner.user, at=AT
    )
    after = seen(plan, owner)
    assert after.blocked
    [major] = [m for m in after.majors if "没有制度" in m.text["zh"]]
    assert (major.done, major.total) == (1, 1)


@pytest.fixture
def sound(
    owner: Membership, main_version: Any, fill: Callable[..., None]
) -> ImprovementPlan:
    """The plan of a result without findings, whose run is over."""
    from assessments.services import Declaration, submit_assessment
    from reviews.services import make_plan
    from tests.fixtures_assessments import COMPLETE

    made = start_assessment(
        enterprise=owner.organisation,
        bank_version=main_version,
        actor=owner.user,
        at=AT,
    )
    fill(made, COMPLETE)
    submit_assessment(
        assessment_id=made.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )
    plan = make_plan(assessment_id=made.pk, actor=owner.user, at=AT)
    dates = RunDates(date(2026, 1, 5), AUDIT, REVIEW)
    set_run_dates(assessment_id=plan.pk, dates=dates, actor=owner.user, at=AT)
    return plan


def test_with_nothing_in_the_way_the_papers_decide(
    sound: ImprovementPlan, owner: Membership
):
    found = seen(sound, owner)
    assert (found.blocked, found.is_ready, found.settled) == (False, False, 0)
    for line in found.lines:
        prepare(sound, owner, line.asked.id)
    assert seen(sound, owner).is_ready
    ImprovementPlan.objects.filter(pk=sound.pk).update(review_on=None)
    assert not seen(sound, owner).is_ready


# --- Saying where an item stands --------------------------------------------------


def test_a_member_prepares_an_item_with_files(plan: ImprovementPlan, owner: Membership):
    file = plan.assessment.evidence.get()
    prepare(plan, owner, "licence", note=" 复印件 ", files=[file.pk])
    [line] = [x for x in seen(plan, owner).lines if x.asked.id == "licence"]
    assert (line.state, line.note, line.files) == ("ready", "复印件", (file,))
    assert PlanEvent.objects.get(kind="prepared").changes == {
        "item": ["licence", "licence"],
        "state": ["missing", "ready"],
    }
    assert AuditEvent.objects.get(action="readiness.prepared").detail == {
        "item": "licence",
        "state": "ready",
        "files": 1,
    }


@pytest.mark.parametrize(
    ("item", "given", "field"),
    [
        ("permits", {"state": "not_applicable"}, "reason"),
        ("licence", {"state": "not_applicable", "reason": "没有"}, "state"),
        ("licence", {"state": "nonsense"}, "state"),
        ("licence", {"note": "长" * 501}, "note"),
    ],
)
def test_a_senseless_item_is_refused(
    plan: ImprovementPlan, owner: Membership, item: str, given: Any, field: str
):
    with pytest.raises(Invalid) as caught:
        prepare(plan, owner, item, **given)
    assert set(caught.value.fields) == {field}
    assert not ReadinessItem.objects.exists()


def test_not_applicable_needs_its_reason(plan: ImprovementPlan, owner: Membership):
    row = prepare(plan, owner, state="not_applicable", reason="业务不需要许可")
    assert (row.state, row.reason) == ("not_applicable", "业务不需要许可")
    again = prepare(plan, owner, state="working", reason="业务不需要许可")
    assert again.reason == ""


@pytest.fixture
def other_paper(owner: Membership, small_bank: Any, fill: Callable[..., None]) -> Any:
    """Return a function that puts a file into another assessment, sealed or not."""
    from assessments.services import Declaration, submit_assessment
    from question_bank.publishing import publish
    from tests.fixtures_assessments import COMPLETE

    def make(*, sealed: bool = True) -> Any:
        version = publish(bank=replace(small_bank, id="other"), at=AT)
        other = start_assessment(
            enterprise=owner.organisation, bank_version=version, actor=owner.user,
            at=AT,
        )  # fmt: skip
        fill(other, COMPLETE)
        file = add_evidence(
            assessment_id=other.pk,
            question_id="level_one",
            file=ContentFile(b"%PDF-1.4 other %%EOF"),
            name="其他.pdf",
            actor=owner.user,
            at=AT,
        )
        if sealed:
            submit_assessment(
                assessment_id=other.pk,
                declaration=Declaration("声明人", "总经理", confirmed=True),
                actor=owner.user,
                at=AT,
            )
        return file

    return make


def files_of(plan: ImprovementPlan, by: Membership, item: str = "permits") -> list[str]:
    [line] = [line for line in seen(plan, by).lines if line.asked.id == item]
    return [file.name for file in line.files]


def test_papers_of_any_sealed_assessment_prove(
    plan: ImprovementPlan, owner: Membership, other_paper: Any, signed_in: Any
):
    own, other = plan.assessment.evidence.get(), other_paper()
    item = reverse("readiness-item", args=[plan.pk, "permits"])
    form = signed_in(owner).get(item).text
    named = f"其他.pdf（{other.assessment.bank_version.edition}，2026-11-24提交）"
    assert form.index(own.name) < form.index(named)
    prepare(plan, owner, files=[own.pk, other.pk])
    assert files_of(plan, owner) == [own.name, "其他.pdf"]
    export = signed_in(owner).get(reverse("readiness-file", args=[plan.pk]))
    packed = zipfile.ZipFile(io.BytesIO(b"".join(export.streaming_content)))
    assert [n for n in packed.namelist() if n.endswith("其他.pdf")]


def test_papers_of_a_draft_are_not_linked(
    plan: ImprovementPlan, owner: Membership, other_paper: Any
):
    with pytest.raises(Invalid):
        prepare(plan, owner, files=[other_paper(sealed=False).pk])


def test_papers_of_another_enterprise_are_not_linked(
    plan: ImprovementPlan, owner: Membership, stranger: Membership, main_version: Any
):
    theirs = found(stranger, main_version).files["level_one"]
    with pytest.raises(Invalid):
        prepare(plan, owner, files=[theirs])


@pytest.mark.parametrize("named", [True, False])
def test_an_agency_sees_papers_of_the_assessments_in_its_scope_alone(
    plan: ImprovementPlan, owner: Membership, other_paper: Any,
    grant: Callable[..., Mandate], reviewer: Membership, named: bool,
):  # fmt: skip
    own, other = plan.assessment.evidence.get(), other_paper()
    prepare(plan, owner, files=[own.pk, other.pk])
    assessments = frozenset({plan.pk}) if named else None
    grant(replace(EVERYTHING, assessments=assessments))
    expected = [own.name] if named else [own.name, "其他.pdf"]
    assert files_of(plan, reviewer) == expected


def test_agencies_and_strangers_prepare_nothing(
    plan: ImprovementPlan,
    grant: Callable[..., Mandate],
    reviewer: Membership,
    stranger: Membership,
    owner: Membership,
):
    grant()
    with pytest.raises(Forbidden):
        prepare(plan, reviewer)
    with pytest.raises(NotFound):
        prepare(plan, stranger)
    with pytest.raises(NotFound):
        prepare(plan, owner, "nowhere")
    assert not ReadinessItem.objects.exists()


@pytest.mark.parametrize(
    ("scope", "number"), [(EVERYTHING, 1), (Scope(report=True), 0)]
)
def test_an_agency_sees_linked_files_only_with_evidence_in_its_scope(
    plan: ImprovementPlan,
    owner: Membership,
    grant: Callable[..., Mandate],
    reviewer: Membership,
    scope: Scope,
    number: int,
):
    prepare(plan, owner, files=[plan.assessment.evidence.get().pk])
    grant(scope)
    lines = seen(plan, reviewer).lines
    assert sum(len(line.files) for line in lines) == number
