"""The sealed answers in words, for the appendix: nothing is left out.

Texts of respondents are plain strings; the template escapes them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from question_bank.engine.answers import (
    Answer,
    Answered,
    DontKnow,
    NotApplicable,
    NotOccurred,
)
from question_bank.engine.definition import Bank, Column, Kind, Question
from question_bank.engine.scorecard import ItemScore, Scorecard
from reports.labels import ClauseLabel, Labels, QuestionLabel, anchor_text
from reports.wording import (
    MISSING,
    day_words,
    joined,
    localized,
    number_words,
)

LONG_NOTE = 120
SHORT_VALUE = 24
"""Characters beyond which a note goes across the page, a value is not set bold."""


@dataclass(frozen=True)
class EvidenceFile:
    """A file as the sealed record names it."""

    name: str
    sha256: str


@dataclass(frozen=True)
class StoredAnswer:
    """What a respondent stored for one question; `answer` None is no answer."""

    answer: Answer | None
    note: str = ""
    document: str = ""
    files: tuple[EvidenceFile, ...] = field(default=())


@dataclass(frozen=True)
class AnswerRow:
    """One question of the appendix with everything said to it."""

    question: QuestionLabel
    heading: str
    text: str
    trace: str
    note: str
    document: str
    files: tuple[EvidenceFile, ...]

    @property
    def long_note(self) -> bool:
        """Whether the note needs a row of its own, across the page."""
        return len(self.note) > LONG_NOTE

    @property
    def bare(self) -> bool:
        """Whether nothing stands beside the answer."""
        beside = self.note and not self.long_note
        return not (beside or self.document or self.files)


@dataclass(frozen=True)
class AnswerGroup:
    """The answers of one section that belong to the same clause."""

    clause: ClauseLabel | None
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class AnswerSection:
    """One section of the appendix."""

    id: str
    title: str
    scored: bool
    groups: tuple[AnswerGroup, ...]


@dataclass(frozen=True)
class SpecialAnswer:
    """An answer that is neither a level nor a value, with the reason given."""

    question: QuestionLabel
    clause: ClauseLabel | None
    text: str


@dataclass(frozen=True)
class AnswerAppendix:
    """All answers, and those that need a second look gathered."""

    sections: tuple[AnswerSection, ...]
    not_applicable: tuple[SpecialAnswer, ...]
    not_occurred: tuple[SpecialAnswer, ...]
    dont_know: tuple[SpecialAnswer, ...]
    hidden: int


Stored = Mapping[str, StoredAnswer]


def answer_appendix(
    bank: Bank, card: Scorecard, stored: Stored, labels: Labels
) -> AnswerAppendix:
    """Return the appendix of a sealed result; hidden questions are only counted."""
    items = {item.question: item for item in card.items}
    shown = [q for q in bank.questions if _is_shown(q, items, stored)]
    hidden = sum(item.state == "hidden" for item in card.items)
    return AnswerAppendix(
        sections=tuple(_sections(bank, shown, items, stored, labels)),
        not_applicable=_special(shown, stored, labels, NotApplicable),
        not_occurred=_special(shown, stored, labels, NotOccurred),
        dont_know=_special(shown, stored, labels, DontKnow),
        hidden=hidden,
    )


def _is_shown(
    question: Question, items: Mapping[str, ItemScore], stored: Stored
) -> bool:
    if question.type is Kind.CALCULATED or items[question.id].state == "hidden":
        return False
    return not question.optional or question.id in stored


def _sections(
    bank: Bank,
    shown: list[Question],
    items: Mapping[str, ItemScore],
    stored: Stored,
    labels: Labels,
) -> Iterable[AnswerSection]:
    for section in bank.sections:
        groups: dict[str | None, list[AnswerRow]] = {}
        for question in shown:
            if question.section == section.id:
                own = stored.get(question.id, StoredAnswer(None))
                row = _row(question, items[question.id], own, labels)
                key = question.clause if section.weight else None
                groups.setdefault(key, []).append(row)
        if groups:
            yield AnswerSection(
                section.id,
                localized(section.title),
                section.weight > 0,
                tuple(
                    AnswerGroup(labels.clause(key), tuple(rows))
                    for key, rows in groups.items()
                ),
            )


def _row(
    question: Question, item: ItemScore, stored: StoredAnswer, labels: Labels
) -> AnswerRow:
    heading, text = _said(question, stored.answer)
    return AnswerRow(
        question=labels.question(question.id),
        heading=heading,
        text=text,
        trace=_trace(item),
        note=stored.note,
        document=stored.document,
        files=stored.files,
    )


def _trace(item: ItemScore) -> str:
    if item.points is None or item.evidenced_points is None or not item.weight:
        return ""
    return _("权重 %(weight)s，计 %(points)s，可证 %(evidenced)s") % {
        "weight": number_words(item.weight),
        "points": number_words(item.points),
        "evidenced": number_words(item.evidenced_points),
    }


def _said(question: Question, answer: Answer | None) -> tuple[str, str]:
    """Return what was answered: in a few words, and the anchor or reason behind it."""
    match answer:
        case None:
            return _("未回答"), ""
        case NotApplicable(reason):
            return _("不适用"), reason
        case DontKnow():
            return _("不知道"), ""
        case NotOccurred(value):
            return _("本期未发生"), _mechanism(question, value)
        case Answered(value) if question.type is Kind.LEVEL:
            return _("等级 %(n)s") % {"n": value}, anchor_text(question, value)
        case Answered(value):
            words = value_words(question, value)
            return (words, "") if len(words) <= SHORT_VALUE else ("", words)


def _mechanism(question: Question, value: Any) -> str:
    if value is None:
        return ""
    if question.type is not Kind.LEVEL:
        return value_words(question, value)
    return _("机制为%(level)s：%(anchor)s") % {
        "level": _("等级 %(n)s") % {"n": value},
        "anchor": anchor_text(question, value),
    }


def value_words(question: Question | Column, value: Any) -> str:
    """Return a stored value as one would write it down."""
    match question.type:
        case Kind.YESNO:
            return _("是") if value else _("否")
        case Kind.CHOICE | Kind.CHOICES:
            chosen = [value] if isinstance(value, str) else value
            titles = {choice.id: localized(choice.text) for choice in question.choices}
            return joined(titles.get(name, name) for name in chosen) or MISSING
        case Kind.DATE:
            return day_words(date.fromisoformat(value))
        case Kind.NUMBER:
            unit = question.unit if isinstance(question, Question) else None
            return f"{number_words(value)} {localized(unit)}".strip()
        case Kind.TABLE if isinstance(question, Question):
            return "\n".join(_table_line(question, row) for row in value) or MISSING
        case Kind.FILE:
            return joined(value) or MISSING
    return str(value)


def _table_line(question: Question, row: Mapping[str, Any]) -> str:
    cells = [
        f"{localized(column.text)}{_('：')}{value_words(column, row[column.id])}"
        for column in question.columns
        if column.id in row
    ]
    return _("；").join(cells)


def _special(
    shown: list[Question],
    stored: Stored,
    labels: Labels,
    kind: type[NotApplicable | NotOccurred | DontKnow],
) -> tuple[SpecialAnswer, ...]:
    found = []
    for question in shown:
        answer = stored[question.id].answer if question.id in stored else None
        if isinstance(answer, kind):
            _heading, text = _said(question, answer)
            found.append(
                SpecialAnswer(
                    labels.question(question.id), labels.clause(question.clause), text
                )
            )
    return tuple(found)
