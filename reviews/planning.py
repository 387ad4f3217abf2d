"""From a sealed result to the tasks of its improvement plan; nothing is stored."""

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from django.utils.translation import gettext, override

from assessments.models import Answer, Assessment
from assessments.selectors import result
from question_bank.engine.definition import Bank, Localized, Question
from question_bank.engine.gains import FIRST_GAINS, Gain, gains
from question_bank.engine.planning import Action
from reviews.models import PlanTask
from reviews.run_clock import RunDates, date_question, start_question

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def tasks_of(assessment: Assessment, *, start_on: date) -> list[PlanTask]:
    """Return the tasks the result's plan asks for, ranked, without their plan.

    Due dates follow the plan's calendar, counted from `start_on`. What the target
    band needs is `essential`. A result by indicators has no calendar: after what
    opens its gates come the indicators that can still gain, the largest first.
    """
    found = result(assessment)
    tasks = [
        _task(found.bank, action, position, start_on)
        for position, action in enumerate(found.plan.actions, 1)
    ]
    if found.bank.scheme == "points":
        rows = enumerate(gains(found.bank, found.scorecard))
        tasks += [_gain_task(found.bank, gain, n, len(tasks)) for n, gain in rows]
    return tasks


def _gain_task(bank: Bank, gain: Gain, number: int, before: int) -> PlanTask:
    """Return the task to reach an indicator's next step, or to give its figure."""
    question = bank.question(gain.question)
    return PlanTask(
        kind=PlanTask.Kind.GAP,
        question=question.id,
        text=_gain_words(_indicator(bank, question), gain),
        clause=question.clause or "",
        department=question.departments[0] if question.departments else "",
        evidence=[dict(item.text) for item in question.evidence],
        essential=number < FIRST_GAINS,
        state=PlanTask.State.OPEN,
        position=before + number + 1,
    )


def _indicator(bank: Bank, question: Question) -> Localized:
    """Return what an indicator is called: its clause, without one its question."""
    return bank.clause(question.clause).title if question.clause else question.text


def _gain_words(indicator: Localized, gain: Gain) -> dict[str, str]:
    """Return what is to be done in both languages, as the bank would say it."""
    found = {}
    for key, code in LANGUAGES.items():
        with override(code):
            words = {"indicator": indicator[key], "points": _points(gain.points)}
            if gain.missing:
                found[key] = gettext("%(indicator)s：补齐数据") % words
            else:
                found[key] = (
                    gettext("%(indicator)s：达到下一档，可增加 %(points)s 分") % words
                )
    return found


def _points(points: Fraction) -> str:
    return f"{float(points):.1f}".removesuffix(".0")


def _task(bank: Bank, action: Action, position: int, start_on: date) -> PlanTask:
    last = timedelta(weeks=action.start_week + action.weeks, days=-1)
    return PlanTask(
        kind=_kind(action),
        question=action.question,
        text=dict(action.reason),
        clause=action.clause or "",
        department=action.owner,
        due_on=start_on + last,
        evidence=list(_evidence(bank, action)),
        effort=action.effort,
        days=action.days,
        essential=action.essential,
        state=PlanTask.State.OPEN,
        position=position,
    )


def _kind(action: Action) -> str:
    if action.from_level is None:
        return PlanTask.Kind.GATE
    if action.from_level == action.to_level:
        return PlanTask.Kind.PROOF
    return PlanTask.Kind.GAP


def _evidence(bank: Bank, action: Action) -> Iterable[dict[str, str]]:
    """Yield what the action must leave behind, in the bank's words."""
    if not action.question:
        return
    level = action.to_level
    if level is None:
        level = bank.scale.conforming_level
    for item in bank.question(action.question).evidence:
        if item.required_from <= level:
            yield dict(item.text)


def run_dates_of(assessment: Assessment, bank: Bank) -> RunDates:
    """Return the dates of the run that the sealed answers give; one query."""
    names = (
        start_question(bank),
        date_question(bank, "last_internal_audit"),
        date_question(bank, "last_management_review"),
    )
    rows = Answer.objects.filter(
        assessment=assessment, question__in=[name for name in names if name]
    )
    values = {row.question: row.value for row in rows if row.state == "answered"}
    start, audit, review = (_day(values.get(name)) for name in names)
    return RunDates(start, audit, review)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
