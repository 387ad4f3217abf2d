"""What a boss reads in one minute: where we stand, what blocks, what to do first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _, ngettext

from question_bank.engine.definition import Band, Bank
from question_bank.engine.planning import Action, Plan
from question_bank.engine.scorecard import GateResult, Scorecard
from reports.labels import Labels
from reports.wording import (
    day_words,
    joined,
    localized,
    percent_words,
    replaced_words,
    score_words,
)

Shape = Literal["circle", "square", "triangle", "diamond", "bar"]

FIRST_FEW = 3


@dataclass(frozen=True)
class BandLabel:
    """A band in words and as a shape that tells it apart without colour."""

    id: str
    title: str
    meaning: str
    shape: Shape
    tone: Literal["green", "blue", "amber", "red", "plain"]


@dataclass(frozen=True)
class Blocker:
    """One thing in the way, with what to do about it."""

    title: str
    todo: str


@dataclass(frozen=True)
class QuickWin:
    """One small action with its owner and what it brings."""

    rank: int
    text: str
    owner: str
    effort: str


@dataclass(frozen=True)
class Verdict:
    """The first page."""

    sentence: str
    band: BandLabel
    self_score: str
    interval: str
    evidenced_score: str
    maturity: str
    majors: int
    minors: int
    observations: int
    gates_open: int
    completeness: str
    earliest: str
    earliest_why: str
    planned: str
    blockers: tuple[Blocker, ...]
    quick_wins: tuple[QuickWin, ...]
    days: int
    weeks: int
    actions: int
    notes: tuple[str, ...]


def verdict(bank: Bank, card: Scorecard, plan: Plan, labels: Labels) -> Verdict:
    """Return the verdict of a sealed result."""
    gates = unmet_gates(card)
    earliest, why = _earliest(bank, card, gates)
    return Verdict(
        sentence=_sentence(bank, card, gates),
        band=band_label(bank, card.band),
        self_score=score_words(card.self_score),
        interval=_interval(card),
        evidenced_score=score_words(card.evidenced_score),
        maturity=score_words(card.maturity),
        majors=card.count("major"),
        minors=card.count("minor"),
        observations=card.count("observation"),
        gates_open=len(gates),
        completeness=percent_words(card.completeness),
        earliest=earliest,
        earliest_why=why,
        planned=_planned(bank, plan),
        blockers=tuple(_blockers(bank, card, plan, gates))[:FIRST_FEW],
        quick_wins=tuple(_quick_wins(plan, labels))[:FIRST_FEW],
        days=plan.total_days,
        weeks=plan.weeks,
        actions=len(plan.essential),
        notes=tuple(localized(note.text) for note in card.notes),
    )


def unmet_gates(card: Scorecard) -> tuple[GateResult, ...]:
    """Return the prerequisites that are not passed, failed ones first."""
    unmet = [g for g in card.gates if g.kind == "prerequisite" and g.state != "passed"]
    return tuple(sorted(unmet, key=lambda gate: gate.state != "failed"))


def band_label(bank: Bank, band_id: str | None) -> BandLabel:
    """Return a band with its shape; None is a result without a band."""
    if band_id is None:
        title = _("暂不评级")
        meaning = _("回答还不完整，答完后才给出就绪等级。")
        return BandLabel("", title, meaning, "bar", "plain")
    band = bank.band(band_id)
    shape, tone = _look(bank, band)
    return BandLabel(
        band.id, localized(band.title), localized(band.meaning), shape, tone
    )


_LOOKS: tuple[tuple[Shape, Literal["green", "blue", "amber"]], ...] = (
    ("circle", "green"),
    ("square", "blue"),
    ("triangle", "amber"),
)


def _look(
    bank: Bank, band: Band
) -> tuple[Shape, Literal["green", "blue", "amber", "red"]]:
    if band.id == bank.gate_band.id:
        return "bar", "red"
    place = [known.id for known in bank.bands].index(band.id)
    return _LOOKS[place] if place < len(_LOOKS) else ("diamond", "red")


def _closed(bank: Bank, card: Scorecard) -> bool:
    """Whether nobody can apply under the edition any more when this firm could."""
    if bank.superseded is None:
        return False
    last = bank.superseded.applications_until or bank.superseded.on
    return (card.earliest_application or card.as_of) > last


def _sentence(bank: Bank, card: Scorecard, gates: tuple[GateResult, ...]) -> str:
    majors, minors = card.count("major"), card.count("minor")
    if card.band is None:
        return _("回答完成 %(share)s，暂不给出就绪等级；请先答完其余题目。") % {
            "share": percent_words(card.completeness)
        }
    if _closed(bank, card):
        return localized(bank.band(card.band).meaning)
    if card.band == bank.gate_band.id:
        return _distance(len(gates), majors, minors)
    if card.band == bank.bands[0].id:
        return _("已具备提出认证申请的条件，可以约请审核，同时关闭其余一般问题。")
    if majors:
        return _(
            "申请前提已满足，但还有 %(majors)s 项严重问题，应整改后再提出申请。"
        ) % {"majors": majors}
    if minors:
        return _("没有严重问题，关闭 %(minors)s 项一般问题并补齐证据后可提出申请。") % {
            "minors": minors
        }
    return _("没有发现不符合，但证据不足以支持自评，补齐证据后可提出申请。")


def _distance(gates: int, majors: int, minors: int) -> str:
    parts = [
        ngettext("%(n)s 项申请前提", "%(n)s 项申请前提", gates) % {"n": gates},
    ]
    if majors:
        parts.append(
            ngettext("%(n)s 项严重问题", "%(n)s 项严重问题", majors) % {"n": majors}
        )
    if minors:
        parts.append(
            ngettext("%(n)s 项一般问题", "%(n)s 项一般问题", minors) % {"n": minors}
        )
    return _("现在还不能提出认证申请，还差：%(parts)s。") % {"parts": joined(parts)}


def _interval(card: Scorecard) -> str:
    """Return where the self score can still end, "" when it can't move."""
    if card.low is None or card.high is None or card.low == card.high:
        return ""
    return f"{score_words(card.low)}–{score_words(card.high)}"


def _earliest(
    bank: Bank, card: Scorecard, gates: tuple[GateResult, ...]
) -> tuple[str, str]:
    """Return the first day to apply and why not sooner."""
    if _closed(bank, card):
        return _("不再受理"), replaced_words(bank.superseded)
    titles = {gate.id: localized(gate.title) for gate in bank.gates}
    first = card.earliest_application
    pending = joined(titles[name] for name in card.blocked_until_done)
    if first is None:
        return _("尚不能推算"), _("先满足：%(gates)s。") % {"gates": pending}
    waiting = joined(titles[gate.id] for gate in gates if gate.earliest is not None)
    reasons = []
    if waiting:
        reasons.append(_("需等待：%(gates)s。") % {"gates": waiting})
    if pending:
        reasons.append(_("此前还须满足：%(gates)s。") % {"gates": pending})
    if not reasons:
        reasons.append(_("没有未满的等待期，也没有未满足的前提。"))
    return day_words(first), "".join(reasons)


def _planned(bank: Bank, plan: Plan) -> str:
    """Return when the calendar of this report would be done."""
    if plan.apply_from is None or not plan.essential:
        return ""
    target = localized(bank.band(plan.target).title)
    words = {"target": target, "day": day_words(plan.apply_from)}
    if plan.attainable:
        return _("按本报告的日程，%(day)s起可达到“%(target)s”。") % words
    return _("即使完成全部行动，仍达不到“%(target)s”；题库中有不能靠整改提高的项。") % (
        words
    )


def _blockers(
    bank: Bank, card: Scorecard, plan: Plan, gates: tuple[GateResult, ...]
) -> Iterator[Blocker]:
    by_id = {gate.id: gate for gate in bank.gates}
    for result in gates:
        gate = by_id[result.id]
        title = _("前提未满足：%(title)s") % {"title": localized(gate.title)}
        if result.earliest is not None:
            todo = _("%(day)s起满足；等待期间保持运行并留存记录。") % {
                "day": day_words(result.earliest)
            }
        else:
            todo = localized(gate.guidance)
        yield Blocker(title, todo)
    actions = {action.question: action for action in plan.actions}
    for finding in card.findings:
        if finding.severity == "major":
            action = next((actions[q] for q in finding.questions if q in actions), None)
            title = _("严重问题：%(text)s") % {"text": localized(finding.text)}
            yield Blocker(title, localized(action.reason) if action else "")


def _quick_wins(plan: Plan, labels: Labels) -> Iterator[QuickWin]:
    """Yield small actions, those the target needs first, in the plan's order."""
    wins = [action for action in plan.actions if action.quick_win]
    for action in sorted(wins, key=lambda win: (not win.essential, is_proof(win))):
        yield QuickWin(
            rank=action.rank,
            text=localized(action.reason),
            owner=labels.department(action.owner) if action.owner else "",
            effort=days_and_weeks(action),
        )


def is_proof(action: Action) -> bool:
    """Whether the action only attaches what exists already."""
    return action.from_level is not None and action.from_level == action.to_level


def days_and_weeks(action: Action) -> str:
    """Return an action's effort: person-days and calendar weeks."""
    words = {"days": action.days, "weeks": action.weeks}
    if not action.days:
        return _("历时 %(weeks)s 周") % words
    return _("%(days)s 人日 / %(weeks)s 周") % words
