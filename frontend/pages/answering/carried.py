"""What a question's answering page says about an earlier assessment's answer."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _, ngettext

from assessments.moved import Kept, KeptHint, Moved, moved
from assessments.selectors import AnswerPage
from frontend.pages.answering.words import answer_words
from frontend.templatetags.texts import joined, localized
from question_bank.engine.definition import Bank
from question_bank.models import BankVersion

_YEAR = re.compile(r"-((?:19|20)\d{2})$")


@dataclass(frozen=True)
class OldAnswer:
    """An old answer in words; `relation` says how its question stands to the new."""

    question: str
    answer: str
    relation: str = ""
    remarks: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Origin:
    """What to tell at one question: an answer to confirm, hints, or that it is new."""

    label: str
    hints_title: str
    to_confirm: bool
    old_text: str
    hints: tuple[OldAnswer, ...]
    is_new: bool


def read_origins(page: AnswerPage) -> dict[str, Origin]:
    """Return what to tell, by question; one query, empty when nothing was moved."""
    found = moved(page.assessment)
    if found is None:
        return {}
    hints: dict[str, list[KeptHint]] = {}
    for hint in found.hints:
        hints.setdefault(hint.question, []).append(hint)
    new = frozenset(found.move.new)
    origins = {}
    for view in page.questions:
        key = view.question.id
        origin = Origin(
            label=from_label(found),
            hints_title=hints_title(found),
            to_confirm=bool(view.answer and view.answer.to_confirm),
            old_text=_old_text(found, key, view.question.text),
            hints=tuple(old_hint(found, hint) for hint in hints.get(key, ())),
            is_new=key in new and view.answer is None,
        )
        if origin.to_confirm or origin.hints or origin.is_new:
            origins[key] = origin
    return origins


def edition_words(version: BankVersion) -> str:
    """Return the edition in short, “2023版”, or in full where it names no year."""
    year = _YEAR.search(version.edition)
    if year is None:
        return str(version.edition)
    return _("%(year)s版") % {"year": year.group(1)}


def origin_words(found: Moved) -> str:
    """Return where the answers come from: an edition, or a version of the bank."""
    source = found.move.source_version
    if found.is_renewal:
        return _("上次自评")
    if found.between_versions:
        return _("题库 %(version)s") % {"version": source.version}
    return edition_words(source)


def from_label(found: Moved) -> str:
    """Return the sentence that asks for the confirmation."""
    return _("来自%(origin)s，请确认") % {"origin": origin_words(found)}


def hints_title(found: Moved) -> str:
    """Return what stands above the old answers that are hints alone."""
    if found.is_renewal:
        return _("上次的回答，供参考")
    return _("旧版的相近回答，供参考")


def _old_text(found: Moved, question_id: str, text: Mapping[str, str]) -> str:
    """Return what the old question asked where it reads otherwise."""
    source = found.move.carried.get(question_id)
    if source is None or not found.bank_from.has_question(source):
        return ""
    old = localized(found.bank_from.question(source).text)
    return "" if old == localized(text) else old


def old_hint(found: Moved, hint: KeptHint) -> OldAnswer:
    """Return a hint in words."""
    old = old_answer(found.bank_from, hint.kept)
    return OldAnswer(
        question=old.question,
        answer=old.answer,
        relation=relation_words(hint.relation),
        remarks=old.remarks,
        reason=localized(found.notes.get(hint.kept.old_question)),
    )


def old_answer(bank: Bank, kept: Kept) -> OldAnswer:
    """Return what a move kept of one old question, in words."""
    question = bank.question(kept.old_question)
    return OldAnswer(
        localized(question.text),
        answer_words(bank, question, kept),
        remarks=tuple(_remarks(kept)),
    )


def _remarks(kept: Kept) -> Iterable[str]:
    if kept.document:
        yield _("文件：%(name)s") % {"name": kept.document}
    if kept.note:
        yield _("备注：%(note)s") % {"note": kept.note}
    if kept.files:
        text = ngettext(
            "证明材料 %(number)s 份：%(names)s",
            "证明材料 %(number)s 份：%(names)s",
            len(kept.files),
        )
        yield text % {"number": len(kept.files), "names": joined(kept.files)}


def relation_words(relation: str) -> str:
    """Return how an old question stands to the new one."""
    return {
        "same": _("问的是同一件事，但旧回答不合新题的要求"),
        "narrower": _("新题只问其中一部分"),
        "broader": _("新题问得更多"),
        "related": _("相近的题"),
        "reopened": _("整改后须按现状重新回答"),
    }.get(relation, "")
