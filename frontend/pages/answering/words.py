"""Answers, states and times in words."""

from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from assessments.selectors import Tally
from frontend.components import State, Status
from frontend.pages.answering.typed import Stored
from frontend.templatetags.texts import joined, localized, number_or_none
from question_bank.engine.definition import Bank, Kind, Question
from question_bank.paging import Page

MINUTES_A_LEVEL = 1
MINUTES_A_FACT = 0.25


def answer_words(bank: Bank, question: Question, stored: Stored | None) -> str:
    """Return an answer as a reader sees it; empty when there is none."""
    if stored is None or stored.state == "unanswered":
        return ""
    if stored.state == "dont_know":
        return _("不知道")
    if stored.state == "not_applicable":
        return _("不适用：%(reason)s") % {"reason": stored.reason}
    value = value_words(bank, question, stored.value)
    if stored.state == "not_occurred":
        if not value:
            return _("本期未发生，机制的等级未选")
        return _("本期未发生；现有机制：%(level)s") % {"level": value}
    return value


def value_words(bank: Bank, question: Question, value: Any) -> str:
    """Return the value of an answer in words, empty for None."""
    if value is None:
        return ""
    if question.type is Kind.LEVEL:
        anchors = {anchor.value: anchor.text for anchor in question.levels}
        return f"{value} · {localized(anchors.get(value) or level_titles(bank)[value])}"
    if question.type is Kind.YESNO:
        return _("是") if value else _("否")
    titles = {choice.id: localized(choice.text) for choice in question.choices}
    if question.type is Kind.CHOICES:
        return joined([titles.get(item, item) for item in value]) or _("都没有")
    if question.type is Kind.CHOICE:
        return titles.get(value, str(value))
    if question.type is Kind.NUMBER:
        return number_or_none(value, localized(question.unit))
    return str(value)


def level_titles(bank: Bank) -> dict[int, Mapping[str, str]]:
    """Return the scale's level titles by level."""
    return {mark.value: mark.title for mark in bank.scale.levels}


def tally_status(tally: Tally) -> Status:
    """Return the state of a part and the word for it."""
    words = {
        "done": (State.DONE, _("已答完")),
        "started": (State.DOING, _("填写中")),
        "open": (State.TODO, _("未开始")),
        "unknown": (State.BLOCKED, _("取决于前面的回答")),
        "nothing": (State.NONE, _("不涉及")),
    }
    return Status(*words[tally.status])


def tally_note(tally: Tally) -> str:
    """Return "3 / 12" for a part, empty when it has nothing to answer."""
    return f"{tally.done} / {tally.total}" if tally.total else ""


def minutes_left(questions: int, levels: int) -> int:
    """Return about how many minutes open questions take, at least one if any."""
    minutes = levels * MINUTES_A_LEVEL + (questions - levels) * MINUTES_A_FACT
    return max(1, round(minutes)) if questions else 0


def page_title(page: Page) -> str:
    """Return the title of an answering page: the clause's, or the section's."""
    if page.clause is None:
        return localized(page.section.title)
    return localized(page.clause.title)


def numbered_title(page: Page) -> str:
    """Return the title of a page with its clause number in front, if known."""
    number = page.clause.number if page.clause else None
    return f"{number} {page_title(page)}" if number else page_title(page)


def url_if_any(name: str, *args: Any) -> str:
    """Return the address of a page, empty when this installation has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
