"""Is the enterprise ready to apply? The checklist, and what stands in the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Q, When

from accounts.querysets import Subject
from assessments.models import Evidence
from assessments.querysets import EvidenceQuerySet
from assessments.selectors import Result, result
from question_bank.engine.definition import Bank, Localized
from reviews.checklist import Asked, checklist
from reviews.models import ImprovementPlan, PlanTask, ReadinessItem
from reviews.run_clock import (
    RunClock,
    RunDates,
    months_of_running,
    run_clock,
)


@dataclass(frozen=True)
class Line:
    """One item of the checklist: what is asked, where it stands, what proves it."""

    asked: Asked
    number: int
    state: str
    reason: str
    note: str
    files: tuple[Evidence, ...]
    gate_open: bool

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in (
            ReadinessItem.State.READY,
            ReadinessItem.State.NOT_APPLICABLE,
        )


@dataclass(frozen=True)
class Major:
    """An open major finding of the sealed result; `done` of `total` tasks finished."""

    id: str
    text: Localized
    done: int
    total: int


@dataclass(frozen=True)
class Readiness:
    """The whole of it. `gates` are titles of preconditions the result left open."""

    lines: tuple[Line, ...]
    clock: RunClock
    gates: tuple[Localized, ...]
    majors: tuple[Major, ...]

    @property
    def settled(self) -> int:
        """How many items are ready or do not apply."""
        return sum(line.is_settled for line in self.lines)

    @property
    def blocked(self) -> bool:
        """Whether something stands in the way that no paper can settle."""
        return bool(self.gates or self.majors or not self.clock.is_over)

    @property
    def is_ready(self) -> bool:
        """Whether one may apply: nothing blocks, and every item is settled."""
        return not self.blocked and self.settled == len(self.lines)


def clock_of(plan: ImprovementPlan, bank: Bank, today: date) -> RunClock:
    """Return the run clock by what the plan says."""
    dates = RunDates(plan.system_start_on, plan.audit_on, plan.review_on)
    return run_clock(dates, months=months_of_running(bank), today=today)


def readiness_of(plan: ImprovementPlan, user: Subject, *, today: date) -> Readiness:
    """Return how ready the enterprise is; files only as far as `user` sees them.

    A finding or a gate is closed by the answers of the next assessment, never by a
    finished task: the tasks only say how far the repair is.
    """
    found = result(plan.assessment)
    open_gates = frozenset(_open_gates(found))
    return Readiness(
        lines=tuple(_lines(plan, user, found.bank, open_gates)),
        clock=clock_of(plan, found.bank, today),
        gates=tuple(g.title for g in found.bank.gates if g.id in open_gates),
        majors=tuple(_majors(plan, found)),
    )


def _open_gates(found: Result) -> Iterable[str]:
    """Yield the gates that failed, but those the run clock speaks for."""
    timed = _timed_gates(found.bank)
    for gate in found.scorecard.gates:
        is_open = gate.kind == "prerequisite" and gate.state != "passed"
        if is_open and gate.id not in timed:
            yield gate.id


def _timed_gates(bank: Bank) -> frozenset[str]:
    return frozenset(gate.id for gate in bank.gates if gate.wait)


def _majors(plan: ImprovementPlan, found: Result) -> Iterable[Major]:
    rows = PlanTask.objects.filter(plan=plan).exclude(question="")
    tasks = list(rows.values_list("question", "state"))
    for finding in found.scorecard.findings:
        if finding.severity != "major":
            continue
        states = [state for question, state in tasks if question in finding.questions]
        counted = [s for s in states if s not in ("proposed", "dropped")]
        done = counted.count(PlanTask.State.DONE)
        yield Major(finding.id, finding.text, done, len(counted))


def _lines(
    plan: ImprovementPlan, user: Subject, bank: Bank, open_gates: frozenset[str]
) -> Iterable[Line]:
    rows = {row.item: row for row in ReadinessItem.objects.filter(plan=plan)}
    files = linked_files(plan, user)
    for number, asked in enumerate(checklist(bank.id), 1):
        row = rows.get(asked.id)
        yield Line(
            asked=asked,
            number=number,
            state=row.state if row else ReadinessItem.State.MISSING,
            reason=row.reason if row else "",
            note=row.note if row else "",
            files=files.get(asked.id, ()),
            gate_open=asked.gate in open_gates,
        )


def linked_files(
    plan: ImprovementPlan, user: Subject
) -> Mapping[str, tuple[Evidence, ...]]:
    """Return the linked files by item, as far as `user` may see them; two queries."""
    pairs = ReadinessItem.files.through.objects.filter(readinessitem__plan=plan)
    linked: dict[str, set[UUID]] = {}
    for item, pk in pairs.values_list("readinessitem__item", "evidence"):
        linked.setdefault(item, set()).add(pk)
    seen = list(shown_files(plan, user))
    return {
        item: tuple(file for file in seen if file.pk in keys)
        for item, keys in linked.items()
    }


def shown_files(plan: ImprovementPlan, user: Subject) -> EvidenceQuerySet:
    """Return the evidence that `user` may see of every sealed assessment there is.

    Papers of an earlier round or another edition prove as well. Each with its
    assessment; the plan's own first, then the latest.
    """
    rows = Evidence.objects.visible_to(user).filter(sealed_files(plan))
    own = Case(When(assessment=plan.pk, then=0), default=1)
    found: EvidenceQuerySet = (
        rows.select_related("assessment__bank_version")
        .defer("assessment__scorecard", "assessment__bank_version__document")
        .order_by(own, "-assessment__submitted_at", "assessment", "uploaded_at", "pk")
    )
    return found


def sealed_files(plan: ImprovementPlan) -> Q:
    """Return the condition that a file is of a sealed assessment of the enterprise."""
    return Q(
        assessment__enterprise=plan.assessment.enterprise_id,
        assessment__status="submitted",
    )


def asked_of(plan: ImprovementPlan, item: str) -> Asked | None:
    """Return an item of the plan's checklist, None when it has none such."""
    asked = checklist(plan.assessment.bank_version.bank)
    return next((row for row in asked if row.id == item), None)
