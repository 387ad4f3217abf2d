"""Trying a draft: sample answers, what is asked and why, and the scores.

The answers travel with the form and are stored nowhere.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from frontend.components import Link, Option
from frontend.demo_answers import plausible_answers
from frontend.pages.authoring.doors import draft_or_404, for_experts
from frontend.pages.authoring.tree import draft_frame
from frontend.templatetags.texts import localized
from question_bank.drafting import checked_text
from question_bank.engine.answers import (
    Answer,
    AnswerSheet,
    DontKnow,
    InvalidAnswer,
    NotApplicable,
    NotOccurred,
    validate_answer,
)
from question_bank.engine.branching import Applicability, is_asked, resolve
from question_bank.engine.definition import Bank, Fact, Kind, Question, Section
from question_bank.engine.explanation import Reason, explain
from question_bank.engine.scorecard import ItemScore, Scorecard
from question_bank.engine.scoring import score

Raw = dict[str, list[str]]
"""What is chosen, by question: values, or a state after “~”."""

FACTS = "~facts"
PRESETS = {"none": 0.0, "middle": 0.5, "good": 0.95}
MOST_KEPT = 500_000


@dataclass(frozen=True)
class TryRow:
    """One question with its control, whether it is asked and why, and its points."""

    question: Question
    kind: str
    value: str
    options: tuple[Option, ...]
    state: str
    why: Reason | None
    points: str
    error: str


@dataclass(frozen=True)
class FactRow:
    """One fact of the enterprise, as if its data sheet said so."""

    fact: Fact
    kind: str
    value: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Trial:
    """Sample answers with what the engine makes of them."""

    bank: Bank
    raw: Raw
    errors: Mapping[str, str]
    applicability: Applicability
    card: Scorecard

    @cached_property
    def items(self) -> Mapping[str, ItemScore]:
        """The trace by question."""
        return {item.question: item for item in self.card.items}

    def number(self, state: str) -> int:
        """Return how many questions are asked, hidden or unknown."""
        return sum(s == state for s in self.applicability.states.values())


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def try_out(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show one section with controls, and what the answers so far come to."""
    draft = draft_or_404(request, draft_id)
    found = checked_text(draft.source)
    bank = found.bank
    if bank is None or found.errors or not bank.sections:
        context = draft_frame(draft, "bank-try", found)
        return render(request, "authoring/try_not.html", context)
    raw = _raw(request, bank)
    trial = _trial(bank, raw, timezone.localdate())
    section = _section(request, bank)
    context = {
        **draft_frame(draft, "bank-try", found),
        "trial": trial,
        "section": section,
        "shown": FACTS if section is None else section.id,
        "sections": tuple(_section_links(trial, section)),
        "rows": () if section is None else tuple(_rows(trial, section)),
        "facts": tuple(_fact_rows(trial)) if section is None else (),
        "kept": json.dumps(raw, ensure_ascii=False),
        "asked": trial.number("applies"),
        "hidden": trial.number("hidden"),
        "unknown": trial.number("unknown"),
        "band": bank.band(trial.card.band).title if trial.card.band else None,
        "gates": _gates(trial),
    }
    return render(request, "authoring/try.html", context)


def _raw(request: HttpRequest, bank: Bank) -> Raw:
    """Return the answers that came with the form; of this page's, what it says."""
    preset = request.POST.get("preset", "")
    if preset in PRESETS:
        return _preset(bank, PRESETS[preset], timezone.localdate())
    if preset == "clear" or request.method != "POST":
        return {}
    raw = _kept(request.POST.get("kept", ""), bank)
    shown = request.POST.get("shown", "")
    names = [q.id for q in bank.section_questions(shown)]
    if shown == FACTS:
        names = [fact.id for fact in bank.facts]
    for name in names:
        values = [v.strip() for v in request.POST.getlist(f"t-{name}")]
        raw.pop(name, None)
        if given := [value for value in values if value]:
            raw[name] = given
    return raw


def _kept(text: str, bank: Bank) -> Raw:
    """Read what an earlier page wrote; anything else is as good as nothing."""
    try:
        found = json.loads(text) if 0 < len(text) <= MOST_KEPT else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    known = {q.id for q in bank.questions} | {fact.id for fact in bank.facts}
    return {
        key: [str(value) for value in values[:50]]
        for key, values in found.items()
        if key in known and isinstance(values, list) and values
    }


def _section(request: HttpRequest, bank: Bank) -> Section | None:
    """Return the section to show; None shows the facts."""
    wanted = request.POST.get("section") or request.POST.get("shown") or ""
    if bank.facts and wanted == FACTS:
        return None
    return next((s for s in bank.sections if s.id == wanted), bank.sections[0])


def _preset(bank: Bank, quality: float, as_of: date) -> Raw:
    found = plausible_answers(bank, seed="try", quality=quality, as_of=as_of)
    return {key: shown for key, answer in found.items() if (shown := _shown(answer))}


def _shown(answer: Answer) -> list[str]:
    """Return an answer as the controls say it."""
    if isinstance(answer, DontKnow):
        return ["~dont_know"]
    if isinstance(answer, NotApplicable):
        return ["~not_applicable"]
    if isinstance(answer, NotOccurred):
        return [f"~not_occurred:{answer.value}"]
    value = answer.value
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return [str(value)]


def _trial(bank: Bank, raw: Raw, as_of: date) -> Trial:
    answers: dict[str, Answer] = {}
    errors: dict[str, str] = {}
    facts = {fact.id: fact for fact in bank.facts}
    for question_id, values in raw.items():
        if question_id in facts:
            continue
        question = bank.question(question_id)
        try:
            answers[question_id] = validate_answer(question, _data(question, values))
        except InvalidAnswer as error:
            errors[question_id] = localized(error.message)
    # Evidence is not tried: every answer counts as shown by an attached document.
    sheet = AnswerSheet(
        answers=answers,
        strengths=dict.fromkeys(answers, "attached"),
        facts={
            name: _value(facts[name], values)
            for name, values in raw.items()
            if name in facts
        },
        as_of=as_of,
    )
    return Trial(bank, raw, errors, resolve(bank, sheet), score(bank, sheet))


def _data(question: Question, values: list[str]) -> dict[str, Any]:
    first = values[0]
    if first == "~not_applicable":
        return {"state": "not_applicable", "reason": _("试答：本企业没有这类业务。")}
    if first == "~dont_know":
        return {"state": "dont_know"}
    if first.startswith("~not_occurred:"):
        level = first.partition(":")[2]
        value = int(level) if level.isdecimal() else None
        return {"state": "not_occurred", "value": value}
    return {"state": "answered", "value": _value(question, values)}


def _value(question: Question | Fact, values: list[str]) -> Any:
    text = values[0]
    if question.type is Kind.CHOICES:
        return values
    if question.type is Kind.YESNO:
        return {"yes": True, "no": False}.get(text, text)
    if question.type is Kind.LEVEL:
        return int(text) if text.isdecimal() and len(text) < 3 else text
    if question.type is Kind.NUMBER:
        return _number(text)
    return text


def _number(text: str) -> Any:
    plain = text.replace(",", "")
    try:
        return float(plain) if "." in plain else int(plain)
    except ValueError:
        return text


def _rows(trial: Trial, section: Section) -> list[TryRow]:
    return [_row(trial, q) for q in trial.bank.section_questions(section.id)]


def _fact_rows(trial: Trial) -> list[FactRow]:
    rows = []
    for fact in trial.bank.facts:
        given = trial.raw.get(fact.id, [])
        choices = [(c.id, localized(c.text)) for c in fact.choices]
        if fact.type is Kind.YESNO:
            choices = [("yes", _("是")), ("no", _("否"))]
        kind = "checks" if fact.type is Kind.CHOICES else "text"
        rows.append(
            FactRow(
                fact,
                "select" if choices and kind == "text" else kind,
                given[0] if given else "",
                tuple(Option(v, label, checked=v in given) for v, label in choices),
            )
        )
    return rows


def _row(trial: Trial, question: Question) -> TryRow:
    given = trial.raw.get(question.id, [])
    rule = question.applies_when or (
        question.rule if question.type is Kind.CALCULATED else None
    )
    why = explain(trial.bank, rule.tree, trial.applicability) if rule else None
    return TryRow(
        question=question,
        kind=_control(question),
        value=given[0] if given else "",
        options=tuple(
            Option(value, label, checked=value in given)
            for value, label in _choices(trial.bank, question)
        ),
        state=trial.applicability.state(question.id),
        why=why,
        points=_points(trial, question),
        error=trial.errors.get(question.id, ""),
    )


def _control(question: Question) -> str:
    if question.type in (Kind.LEVEL, Kind.YESNO, Kind.CHOICE):
        return "select"
    if question.type is Kind.CHOICES:
        return "checks"
    if question.type in (Kind.NUMBER, Kind.DATE, Kind.TEXT):
        return str(question.type)
    return "none"


def _choices(bank: Bank, question: Question) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    levels = [(str(m.value), localized(m.title)) for m in bank.scale.levels]
    if question.type is Kind.LEVEL:
        found = [(value, f"{value} {title}") for value, title in levels]
    elif question.type is Kind.YESNO:
        found = [("yes", _("是")), ("no", _("否"))]
    elif question.type in (Kind.CHOICE, Kind.CHOICES):
        found = [(c.id, localized(c.text)) for c in question.choices]
    if question.type is Kind.CHOICES:
        return found
    if question.event_based:
        words = _("本期未发生，机制 %(level)s 级")
        found += [(f"~not_occurred:{v}", words % {"level": v}) for v, _title in levels]
    if question.na.allowed:
        found.append(("~not_applicable", _("不适用")))
    if is_asked(question) and not question.optional:
        found.append(("~dont_know", _("不知道")))
    return found


def _points(trial: Trial, question: Question) -> str:
    item = trial.items.get(question.id)
    return localized(item.reason) if item else ""


def _section_links(trial: Trial, current: Section | None) -> list[Link]:
    """Return the sections with how many of their questions are asked."""
    states = trial.applicability.states
    facts = trial.bank.facts
    number = str(len(facts))
    about = Link(FACTS, _("企业数据"), current=current is None, note=number)
    return [about] * bool(facts) + [
        Link(
            section.id,
            localized(section.title),
            current=section == current,
            note=str(
                sum(
                    states[q.id] == "applies"
                    for q in trial.bank.section_questions(section.id)
                )
            ),
        )
        for section in trial.bank.sections
    ]


def _gates(trial: Trial) -> list[dict[str, object]]:
    states = {gate.id: gate.state for gate in trial.card.gates}
    return [
        {
            "title": gate.title,
            "state": states.get(gate.id, "open"),
            "why": explain(trial.bank, gate.rule.tree, trial.applicability),
        }
        for gate in trial.bank.gates
    ]
