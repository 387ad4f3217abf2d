"""The plan as rows: actions, calendar, evidence to prepare, work by department."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.utils.translation import gettext as _

from question_bank.engine.definition import Bank, Question
from question_bank.engine.months import add_months
from question_bank.engine.planning import Action, Plan
from question_bank.engine.scorecard import Scorecard
from reports.labels import ClauseLabel, Labels, QuestionLabel
from reports.verdict import days_and_weeks, is_proof
from reports.wording import (
    effort_words,
    gain_words,
    joined,
    localized,
    month_words,
)

FIRST_WEEKS = 4


@dataclass(frozen=True)
class ActionRow:
    """One thing to do: what, why, who, how much, what it must leave behind."""

    rank: int
    text: str
    clause: ClauseLabel | None
    question: QuestionLabel | None
    levels: str
    why: str
    owner: str
    effort: str
    days: int
    time: str
    evidence: tuple[str, ...]
    after: tuple[int, ...]
    weeks: str
    quick_win: bool
    gate: bool
    proof: bool


@dataclass(frozen=True)
class MonthRow:
    """One month of the calendar: what begins, what ends, what is due."""

    title: str
    begin: tuple[ActionRow, ...]
    end: tuple[ActionRow, ...]
    milestones: tuple[str, ...]


@dataclass(frozen=True)
class WeekRow:
    """One of the first weeks: its days and who works on what."""

    title: str
    work: tuple[tuple[str, tuple[ActionRow, ...]], ...]


@dataclass(frozen=True)
class EvidenceRow:
    """One document or record to prepare and where it is asked for."""

    text: str
    questions: tuple[QuestionLabel, ...]


@dataclass(frozen=True)
class ClauseEvidence:
    """What to prepare for one clause."""

    clause: ClauseLabel | None
    owner: str
    rows: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class DepartmentRow:
    """What one department has to do, and what it has to find out."""

    title: str
    actions: tuple[ActionRow, ...]
    find_out: tuple[QuestionLabel, ...]
    days: int


@dataclass(frozen=True)
class ProofRow:
    """What a department has in place already and only has to prove."""

    owner: str
    questions: tuple[QuestionLabel, ...]
    days: int
    gain: str


@dataclass(frozen=True)
class Repairs:
    """The plan in words."""

    essential: tuple[ActionRow, ...]
    further: tuple[ActionRow, ...]
    proofs: tuple[ProofRow, ...]
    first_weeks: tuple[WeekRow, ...]
    months: tuple[MonthRow, ...]
    evidence: tuple[ClauseEvidence, ...]
    departments: tuple[DepartmentRow, ...]
    target: str


def repairs(bank: Bank, card: Scorecard, plan: Plan, labels: Labels) -> Repairs:
    """Return the plan of a sealed result; weeks count from the reference date."""
    ranks = {a.question: a.rank for a in plan.actions if a.from_level is not None}
    rows = {a.rank: _action(bank, a, labels, ranks) for a in plan.actions}
    essential = [(a, rows[a.rank]) for a in plan.actions if a.essential]
    return Repairs(
        essential=tuple(row for _action, row in essential),
        further=tuple(
            rows[a.rank] for a in plan.actions if not a.essential and not is_proof(a)
        ),
        proofs=tuple(_proofs(plan, labels)),
        first_weeks=tuple(_first_weeks(essential, card.as_of)),
        months=tuple(_months(bank, essential, card, plan)),
        evidence=tuple(_evidence(bank, plan, labels)),
        departments=tuple(_departments(bank, card, plan, rows, labels)),
        target=localized(bank.band(plan.target).title),
    )


# --- Actions ----------------------------------------------------------------


def _action(
    bank: Bank, action: Action, labels: Labels, ranks: dict[str, int]
) -> ActionRow:
    question = bank.question(action.question) if action.question else None
    return ActionRow(
        rank=action.rank,
        text=localized(action.reason),
        clause=labels.clause(action.clause),
        question=labels.question(question.id) if question else None,
        levels=_levels(action),
        why=_why(action),
        owner=labels.department(action.owner) if action.owner else "",
        effort=effort_words(action.effort),
        days=action.days,
        time=days_and_weeks(action),
        evidence=_evidence_due(bank, question, action) if question else (),
        after=tuple(sorted(ranks[name] for name in action.after if name in ranks)),
        weeks=_week_words(action),
        quick_win=action.quick_win,
        gate=action.gate,
        proof=is_proof(action),
    )


def _levels(action: Action) -> str:
    if action.from_level is None or action.to_level is None:
        return ""
    if action.from_level == action.to_level:
        return _("等级 %(n)s，补证据") % {"n": action.from_level}
    return _("等级 %(from)s → %(to)s") % {
        "from": action.from_level,
        "to": action.to_level,
    }


def _why(action: Action) -> str:
    if action.from_level is None and action.gate:
        return _("申请前提")
    gains = _("自评 %(self)s，可证 %(evidenced)s") % {
        "self": gain_words(action.gain),
        "evidenced": gain_words(action.evidenced_gain),
    }
    return _("关键题；%(gains)s") % {"gains": gains} if action.gate else gains


def _week_words(action: Action) -> str:
    first, last = action.start_week + 1, action.start_week + action.weeks
    if first == last:
        return _("第 %(week)s 周") % {"week": first}
    return _("第 %(first)s–%(last)s 周") % {"first": first, "last": last}


def _evidence_due(bank: Bank, question: Question, action: Action) -> tuple[str, ...]:
    level = action.to_level
    if level is None:
        level = bank.scale.conforming_level
    return tuple(
        localized(item.text)
        for item in question.evidence
        if item.required_from <= level
    )


def _proofs(plan: Plan, labels: Labels) -> Iterable[ProofRow]:
    """Yield what isn't needed for the target and only lacks evidence, by owner."""
    groups: dict[str, list[Action]] = {}
    for action in plan.actions:
        if not action.essential and is_proof(action):
            groups.setdefault(action.owner, []).append(action)
    for owner, actions in groups.items():
        questions = (labels.question(action.question) for action in actions)
        gain = sum((action.evidenced_gain for action in actions), Fraction(0))
        yield ProofRow(
            labels.department(owner),
            tuple(sorted(questions, key=lambda question: question.number)),
            sum(action.days for action in actions),
            gain_words(gain),
        )


# --- Calendar ---------------------------------------------------------------


def _first_weeks(
    essential: list[tuple[Action, ActionRow]], as_of: date
) -> Iterable[WeekRow]:
    for week in range(FIRST_WEEKS):
        work: dict[str, list[ActionRow]] = {}
        for action, row in essential:
            if action.start_week <= week < action.start_week + action.weeks:
                work.setdefault(row.owner or _("全企业"), []).append(row)
        if work:
            first = as_of + timedelta(weeks=week)
            title = _("第 %(week)s 周（%(first)s 至 %(last)s）") % {
                "week": week + 1,
                "first": f"{first:%m-%d}",
                "last": f"{first + timedelta(days=6):%m-%d}",
            }
            yield WeekRow(title, tuple((o, tuple(rows)) for o, rows in work.items()))


def _months(
    bank: Bank,
    essential: list[tuple[Action, ActionRow]],
    card: Scorecard,
    plan: Plan,
) -> Iterable[MonthRow]:
    begins: dict[date, list[ActionRow]] = {}
    ends: dict[date, list[ActionRow]] = {}
    for action, row in essential:
        first = card.as_of + timedelta(weeks=action.start_week)
        last = first + timedelta(weeks=action.weeks, days=-1)
        begins.setdefault(_month(first), []).append(row)
        ends.setdefault(_month(last), []).append(row)
    due: dict[date, list[str]] = {}
    for day, words in _milestones(bank, card, plan):
        text = f"{day:%m-%d} {words}"
        due.setdefault(_month(day), []).append(text)
    months = sorted({*begins, *ends, *due})
    for month in months:
        yield MonthRow(
            month_words(month),
            tuple(begins.get(month, ())),
            tuple(ends.get(month, ())),
            tuple(due.get(month, ())),
        )


def _month(day: date) -> date:
    return day.replace(day=1)


def _milestones(bank: Bank, card: Scorecard, plan: Plan) -> list[tuple[date, str]]:
    """Return fixed days: ends of waiting periods, and when to apply."""
    found = [(card.as_of, _("本次自评的基准日"))]
    titles = {gate.id: localized(gate.title) for gate in bank.gates}
    for result in card.gates:
        if result.earliest is not None and result.earliest > card.as_of:
            found.append((result.earliest, _("前提满足：%s") % titles[result.id]))
        elif result.id in card.blocked_until_done:
            wait = next(g.wait for g in bank.gates if g.id == result.id)
            if wait is not None:
                day = add_months(card.as_of, wait.months)
                text = _("若从基准日起运行，最早满足：%s") % titles[result.id]
                found.append((day, text))
    if plan.apply_from is not None:
        found.append((plan.apply_from, _("全部必要行动完成，可提出申请")))
    return sorted(found)


# --- Evidence ---------------------------------------------------------------


def _evidence(bank: Bank, plan: Plan, labels: Labels) -> Iterable[ClauseEvidence]:
    """Yield what the actions must leave behind, each document once per clause."""
    groups: dict[str | None, dict[str, list[QuestionLabel]]] = {}
    owners: dict[str | None, dict[str, None]] = {}
    order = {question.id: index for index, question in enumerate(bank.questions)}
    wanted = [a for a in plan.actions if a.question and a.from_level is not None]
    for action in sorted(wanted, key=lambda a: order[a.question]):
        question = bank.question(action.question)
        documents = groups.setdefault(question.clause, {})
        for text in _evidence_due(bank, question, action):
            documents.setdefault(text, []).append(labels.question(question.id))
        owners.setdefault(question.clause, {})[labels.department(action.owner)] = None
    for key, documents in groups.items():
        if documents:
            rows = [EvidenceRow(text, tuple(q)) for text, q in documents.items()]
            yield ClauseEvidence(labels.clause(key), joined(owners[key]), tuple(rows))


# --- Departments ------------------------------------------------------------


def _departments(
    bank: Bank,
    card: Scorecard,
    plan: Plan,
    rows: dict[int, ActionRow],
    labels: Labels,
) -> Iterable[DepartmentRow]:
    open_questions = [
        name
        for note in card.notes
        if note.code == "to_find_out"
        for name in note.questions
    ]
    for department in bank.departments:
        own = [a for a in plan.actions if a.owner == department.id and a.essential]
        asked = [
            labels.question(name)
            for name in open_questions
            if bank.question(name).departments[:1] == (department.id,)
        ]
        if own or asked:
            own.sort(key=lambda action: (action.start_week, action.rank))
            yield DepartmentRow(
                localized(department.title),
                tuple(rows[action.rank] for action in own),
                tuple(asked),
                sum(action.days for action in own),
            )
