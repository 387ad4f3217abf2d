"""Gates and simulated audit findings as rows to read."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from question_bank.engine.definition import Bank, Gate, Question, Veto
from question_bank.engine.planning import Action, Plan
from question_bank.engine.scorecard import (
    Finding,
    GateResult,
    GateState,
    ItemScore,
    Scorecard,
)
from reports.labels import ClauseLabel, Labels, QuestionLabel, anchor_text
from reports.wording import day_words, localized


@dataclass(frozen=True)
class GateRow:
    """A prerequisite or a critical item, where it stands, why, and what to do."""

    title: str
    clause: ClauseLabel | None
    state: GateState
    reason: str
    todo: str
    questions: tuple[QuestionLabel, ...]
    to_verify: bool


@dataclass(frozen=True)
class Fact:
    """One answer a finding rests on: what is so, and what would conform."""

    question: QuestionLabel
    level: int | None
    seen: str
    wanted: str


@dataclass(frozen=True)
class Remedy:
    """What to do about a finding: an action of the plan."""

    rank: int
    text: str
    owner: str


@dataclass(frozen=True)
class FindingRow:
    """One finding: statement, clause, facts with their gaps, remedies."""

    label: str
    text: str
    kind: str
    clause: ClauseLabel | None
    facts: tuple[Fact, ...]
    remedies: tuple[Remedy, ...]
    provisional: bool


@dataclass(frozen=True)
class ObservationRow:
    """Observations of one kind told together."""

    text: str
    sections: tuple[str, ...]
    questions: tuple[tuple[QuestionLabel, ClauseLabel | None], ...]


@dataclass(frozen=True)
class Findings:
    """Everything an auditor would probably raise."""

    majors: tuple[FindingRow, ...]
    minors: tuple[FindingRow, ...]
    observations: tuple[ObservationRow, ...]


def gate_rows(
    bank: Bank, card: Scorecard, labels: Labels
) -> tuple[tuple[GateRow, ...], tuple[GateRow, ...]]:
    """Return the prerequisites and the critical items, unmet ones first."""
    order = {"failed": 0, "open": 1, "passed": 2}
    gates = sorted(card.gates, key=lambda gate: order[gate.state])
    return (
        tuple(_prerequisite(bank, g, labels) for g in gates if g.kind != "mandatory"),
        tuple(_mandatory(bank, g, labels) for g in gates if g.kind == "mandatory"),
    )


def _prerequisite(bank: Bank, result: GateResult, labels: Labels) -> GateRow:
    known: tuple[Gate | Veto, ...] = (*bank.gates, *bank.vetoes)
    gate = next(gate for gate in known if gate.id == result.id)
    todo = ""
    if result.earliest is not None and result.state == "open":
        todo = _("%(day)s起满足；等待期间保持运行并留存记录。") % {
            "day": day_words(result.earliest)
        }
    elif result.state != "passed":
        todo = localized(gate.guidance)
    return GateRow(
        title=localized(gate.title),
        clause=_clause_of(gate, labels),
        state=result.state,
        reason=localized(result.reason),
        todo=todo,
        questions=_labels(labels, result.questions),
        to_verify=gate.source.status == "to_verify",
    )


def _clause_of(gate: Gate | Veto, labels: Labels) -> ClauseLabel | None:
    if isinstance(gate, Veto) or not gate.clauses:
        return None
    return labels.clause(gate.clauses[0])


def _mandatory(bank: Bank, result: GateResult, labels: Labels) -> GateRow:
    question = bank.question(result.questions[0])
    return GateRow(
        title=localized(question.text),
        clause=labels.clause(question.clause),
        state=result.state,
        reason=localized(result.reason),
        todo="",
        questions=_labels(labels, result.questions),
        to_verify=question.source.status == "to_verify",
    )


def _labels(labels: Labels, questions: Iterable[str]) -> tuple[QuestionLabel, ...]:
    return tuple(labels.question(question) for question in questions)


def findings(bank: Bank, card: Scorecard, plan: Plan, labels: Labels) -> Findings:
    """Return the findings of a sealed result."""
    writer = _Writer(bank, card, plan, labels)
    return Findings(
        majors=writer.rows("major", _("严重")),
        minors=writer.rows("minor", _("一般")),
        observations=writer.observations(),
    )


class _Writer:
    """Joins a finding with the answers it rests on and the actions that close it."""

    def __init__(self, bank: Bank, card: Scorecard, plan: Plan, labels: Labels) -> None:
        self.bank = bank
        self.card = card
        self.labels = labels
        self.items = {item.question: item for item in card.items}
        # A gate and an item may name the same question; the item's action says more.
        self.actions = {action.question: action for action in plan.actions}

    def rows(self, severity: str, word: str) -> tuple[FindingRow, ...]:
        found = [f for f in self.card.findings if f.severity == severity]
        return tuple(self._row(f, f"{word} {n}") for n, f in enumerate(found, 1))

    def _row(self, finding: Finding, label: str) -> FindingRow:
        actions = [self.actions[q] for q in finding.questions if q in self.actions]
        return FindingRow(
            label=label,
            text=localized(finding.text),
            kind=_kind_words(finding),
            clause=self.labels.clause(finding.clause),
            facts=tuple(self._fact(name) for name in finding.questions),
            remedies=tuple(self._remedy(action) for action in actions),
            provisional=finding.provisional,
        )

    def _fact(self, name: str) -> Fact:
        question = self.bank.question(name)
        item = self.items[name]
        return Fact(
            question=self.labels.question(name),
            level=item.level,
            seen=_seen(question, item),
            wanted=anchor_text(question, self._wanted_level(question)),
        )

    def _wanted_level(self, question: Question) -> int:
        conforming = self.bank.scale.conforming_level
        action = self.actions.get(question.id)
        return conforming if action is None else action.to_level or conforming

    def _remedy(self, action: Action) -> Remedy:
        owner = self.labels.department(action.owner) if action.owner else ""
        return Remedy(action.rank, localized(action.reason), owner)

    def observations(self) -> tuple[ObservationRow, ...]:
        groups: dict[str, list[Finding]] = {}
        for finding in self.card.findings:
            if finding.severity == "observation":
                groups.setdefault(localized(finding.text), []).append(finding)
        return tuple(self._observation(*group) for group in groups.items())

    def _observation(self, text: str, group: list[Finding]) -> ObservationRow:
        names = [name for finding in group for name in finding.questions]
        sections = [f.section for f in group if f.section and not f.questions]
        return ObservationRow(
            text=text,
            sections=tuple(localized(self.bank.section(s).title) for s in sections),
            questions=tuple(
                (
                    self.labels.question(name),
                    self.labels.clause(self.bank.question(name).clause),
                )
                for name in names
            ),
        )


def _seen(question: Question, item: ItemScore) -> str:
    if item.state == "unanswered":
        return _("未回答")
    if item.level is not None:
        return anchor_text(question, item.level) or localized(item.reason)
    return localized(item.reason)


def _kind_words(finding: Finding) -> str:
    return {
        "critical": _("关键题未达到最低等级"),
        "weak_clause": _("同一条款多项薄弱"),
        "systemic": _("整个部分系统性薄弱"),
        "prohibited": _("存在禁止性行为"),
        "nonconforming": _("不符合"),
        "partial": _("部分符合"),
    }.get(finding.kind, "")
