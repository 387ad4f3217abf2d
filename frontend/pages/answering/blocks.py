"""One question as its template shows it: controls, help, evidence, conflict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Answer, Evidence
from assessments.selectors import AnswerPage, QuestionView
from assessments.services.answering import REASON_LIMIT, TEXT_LIMITS
from frontend.components import Field, FileDrop, Link, Option
from frontend.pages.answering.carried import Origin
from frontend.pages.answering.typed import RADIO_KINDS, Typed, from_stored
from frontend.pages.answering.words import answer_words, level_titles, numbered_title
from frontend.templatetags.texts import localized, number_or_none
from question_bank.engine.definition import Bank, Kind, Question
from question_bank.engine.explanation import Reason, explain
from question_bank.engine.language import names
from question_bank.paging import layout
from reports.wording import figure_words

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"


@dataclass(frozen=True)
class Conflict:
    """What somebody else saved meanwhile, beside what was typed here.

    `rows` are (label, theirs, mine); `revision` is the one a save has to be based
    on when the person keeps their own.
    """

    by: str
    answer: Answer
    rows: tuple[tuple[str, str, str], ...]

    @property
    def revision(self) -> int:
        """The stored revision."""
        return int(self.answer.revision)


@dataclass(frozen=True)
class Trouble:
    """A question that wasn't saved: what was typed, and what is wrong with it.

    `errors` maps value, reason, note, document or file to a message; `stale` says
    that somebody else was first.
    """

    typed: Typed
    errors: Mapping[str, str] = field(default_factory=dict)
    stale: bool = False


@dataclass(frozen=True)
class Block:
    """Everything about one question that the template needs."""

    question: Question
    state: str
    revision: int
    typed: Typed
    errors: Mapping[str, str]
    options: tuple[Option, ...]
    others: tuple[Option, ...]
    line: Field | None
    reason: Field | None
    note: Field
    document: Field | None
    drop: FileDrop | None
    files: tuple[Evidence, ...]
    waits: tuple[Link, ...]
    departments: tuple[Mapping[str, str], ...]
    asks_evidence: bool
    has_evidence: bool
    conflict: Conflict | None
    about_value: str
    figure: str = ""
    suggestion: str = ""
    suggestion_raw: str = ""
    suggestion_differs: bool = False
    why: Reason | None = None
    origin: Origin | None = None

    @property
    def is_figure(self) -> bool:
        """Whether the value is computed and takes no answer."""
        return self.question.type is Kind.CALCULATED

    @property
    def applies(self) -> bool:
        """Whether the question is asked now."""
        return self.state == "applies"

    @property
    def is_radio(self) -> bool:
        """Whether the answer is one of several radios."""
        return self.question.type in RADIO_KINDS

    @property
    def not_occurred(self) -> bool:
        """Whether “did not occur” is ticked."""
        return "not_occurred" in self.typed.states

    @property
    def is_answered(self) -> bool:
        """Whether anything is chosen or typed as the answer."""
        return bool(self.typed.values or self.typed.states)


def build_block(page: AnswerPage, view: QuestionView, trouble: Trouble | None) -> Block:
    """Return the block of one question, with what was typed where it isn't saved."""
    waits = tuple(_waits(page, view.waits_for))
    rule = view.question.applies_when
    known = page.evaluation.applicability
    return _block(
        page.bank,
        view,
        trouble,
        waits=waits,
        figure=_figure(page, view.question),
        why=explain(page.bank, rule.tree, known) if rule else None,
    )


def preview_block(bank: Bank, question: Question) -> Block:
    """Return the block of a question nobody answers: as a respondent would see it."""
    view = QuestionView(question, "applies", None, (), ())
    return _block(bank, view, None)


def _block(
    bank: Bank,
    view: QuestionView,
    trouble: Trouble | None,
    *,
    waits: tuple[Link, ...] = (),
    figure: str = "",
    why: Reason | None = None,
) -> Block:
    question = view.question
    typed = trouble.typed if trouble else from_stored(question, view.answer)
    errors = trouble.errors if trouble else {}
    asks_evidence = question.type is Kind.LEVEL or bool(question.evidence)
    return Block(
        question=question,
        state=view.state,
        revision=view.revision,
        typed=typed,
        errors=errors,
        options=_options(bank, question, typed),
        others=_others(bank, question, typed),
        line=_line(question, typed, errors),
        reason=_reason(question, typed, errors),
        note=_note(question, typed, errors),
        document=_document(question, typed, errors) if asks_evidence else None,
        drop=_drop(question, errors) if asks_evidence else None,
        files=view.evidence,
        waits=waits,
        departments=_departments(bank, question),
        asks_evidence=asks_evidence,
        has_evidence=bool(view.evidence or typed.document),
        conflict=_conflict(bank, view, typed) if trouble and trouble.stale else None,
        about_value=_hint(question),
        figure=figure,
        why=why,
    )


def _figure(page: AnswerPage, question: Question) -> str:
    """Return a computed value in words, empty while a figure behind it is missing."""
    if question.type is not Kind.CALCULATED:
        return ""
    value = page.evaluation.applicability.values.get(question.id)
    return "" if value is None else figure_words(question, value)


def _options(bank: Bank, question: Question, typed: Typed) -> tuple[Option, ...]:
    chosen = set(typed.values)
    if question.type is Kind.LEVEL:
        titles = level_titles(bank)
        return tuple(
            Option(
                str(anchor.value),
                localized(titles.get(anchor.value)),
                localized(anchor.text),
                str(anchor.value) in chosen,
            )
            for anchor in question.levels
        )
    if question.type is Kind.YESNO:
        words = (("yes", _("是")), ("no", _("否")))
        return tuple(Option(value, word, "", value in chosen) for value, word in words)
    return tuple(
        Option(choice.id, localized(choice.text), "", choice.id in chosen)
        for choice in question.choices
    )


def _others(bank: Bank, question: Question, typed: Typed) -> tuple[Option, ...]:
    """Return the answers outside the value: radios carry "~" before the state."""
    prefix = "~" if question.type in RADIO_KINDS else ""
    found = []
    if _offers_dont_know(bank, question) or "dont_know" in typed.states:
        found.append(("dont_know", _("不知道")))
    if question.na.allowed:
        found.append(("not_applicable", _("不适用")))
    return tuple(
        Option(prefix + state, word, "", state in typed.states) for state, word in found
    )


def _offers_dont_know(bank: Bank, question: Question) -> bool:
    """Whether “don't know” helps: not for optional facts, nor for one that decides
    which questions follow, since nothing could be submitted with it."""
    if question.optional:
        return False
    deciding = bank.memo("deciding questions", _deciding)
    return question.type is Kind.LEVEL or question.id not in deciding


def _deciding(bank: Bank) -> frozenset[str]:
    rules = (question.applies_when for question in bank.questions)
    return frozenset(name for rule in rules if rule for name in names(rule.tree))


def _line(question: Question, typed: Typed, errors: Mapping[str, str]) -> Field | None:
    """Return the line for a number, a date or a text, None for other types."""
    kinds: Mapping[Kind, Any] = {
        Kind.NUMBER: "number",
        Kind.DATE: "date",
        Kind.TEXT: "textarea" if (question.max_length or 0) > 100 else "text",
    }
    if question.type not in kinds:
        return None
    return Field(
        id=f"a-{question.id}",
        name=f"a-{question.id}",
        label=localized(question.text),
        value=typed.text,
        kind=kinds[question.type],
        unit=localized(question.unit),
        hint=_hint(question),
        error=errors.get("value", ""),
        integer=question.integer,
        max_length=question.max_length,
    )


def _hint(question: Question) -> str:
    """Return what stands under the question: for facts also what counts."""
    if question.type is Kind.LEVEL:
        return ""
    parts = [localized(question.help), _range_words(question)]
    if question.source.status == "to_verify" and not question.laws:
        parts.append(_("（依据公开资料整理，待核。）"))
    return " ".join(part for part in parts if part)


def _range_words(question: Question) -> str:
    """Say beforehand which numbers or texts are accepted."""
    if question.type is Kind.TEXT and question.max_length:
        return _("最多 %(limit)s 个字。") % {"limit": question.max_length}
    if question.type is Kind.CHOICES:
        return _("可选多项。")
    if question.type is not Kind.NUMBER or question.max is None:
        return _("例如 2026-01-05。") if question.type is Kind.DATE else ""
    limits = {
        "low": number_or_none(question.min or 0),
        "high": number_or_none(question.max),
    }
    if question.integer:
        return _("%(low)s 到 %(high)s 之间的整数。") % limits
    return _("%(low)s 到 %(high)s 之间的数字。") % limits


def _reason(
    question: Question, typed: Typed, errors: Mapping[str, str]
) -> Field | None:
    if not question.na.allowed:
        return None
    return Field(
        id=f"reason-{question.id}",
        name=f"reason-{question.id}",
        label=_("不适用的理由"),
        value=typed.reason,
        hint=_("说明本企业为什么不涉及这项要求，例如“不设海外机构，不向境外销售”。"),
        error=errors.get("reason", ""),
        max_length=REASON_LIMIT,
    )


def _note(question: Question, typed: Typed, errors: Mapping[str, str]) -> Field:
    return Field(
        id=f"note-{question.id}",
        name=f"note-{question.id}",
        label=_("备注"),
        value=typed.note,
        kind="textarea",
        hint=_(
            "给同事或评审人的说明，不影响得分。与别的回答有出入时，在这里写明原因。"
        ),
        error=errors.get("note", ""),
        optional=True,
        max_length=TEXT_LIMITS["note"],
    )


def _document(question: Question, typed: Typed, errors: Mapping[str, str]) -> Field:
    return Field(
        id=f"document-{question.id}",
        name=f"document-{question.id}",
        label=_("文件名称、编号或日期"),
        value=typed.document,
        hint=_("例如“保密管理程序 IP-P-07，2026-03-01 发布”。写明文件比口头说明有力。"),
        error=errors.get("document", ""),
        optional=True,
        max_length=TEXT_LIMITS["document"],
    )


def _drop(question: Question, errors: Mapping[str, str]) -> FileDrop:
    return FileDrop(
        id=f"file-{question.id}",
        name=f"file-{question.id}",
        label=_("上传证明材料"),
        limits=limits_words(),
        accept=ACCEPTED,
        error=errors.get("file", ""),
        multiple=True,
    )


def limits_words() -> str:
    """Say which files are accepted, before one is chosen."""
    return _(
        "PDF、JPG、PNG、DOCX、XLSX，每个不超过 %(megabytes)s MB；"
        "一次自评最多 %(files)s 个文件。"
    ) % {
        "megabytes": settings.EVIDENCE_MAX_BYTES // 1024 // 1024,
        "files": settings.EVIDENCE_MAX_FILES,
    }


def _waits(page: AnswerPage, questions: Iterable[Question]) -> Iterable[Link]:
    """Yield links to the questions that decide whether this one is asked."""
    pages = layout(page.bank)
    for question in questions:
        key = pages.page_of[question.id]
        url = reverse("answer-page", args=(page.assessment.pk, key))
        here = "" if key == page.page.key else url
        note = "" if key == page.page.key else numbered_title(pages.by_key[key])
        yield Link(f"{here}#q-{question.id}", localized(question.text), note=note)


def _departments(bank: Bank, question: Question) -> tuple[Mapping[str, str], ...]:
    titles = {department.id: department.title for department in bank.departments}
    return tuple(titles[key] for key in question.departments if key in titles)


def _conflict(bank: Bank, view: QuestionView, typed: Typed) -> Conflict | None:
    if view.answer is None:
        return None
    mine = from_typed(view.question, typed)
    rows = [
        (
            _("回答"),
            answer_words(bank, view.question, view.answer),
            answer_words(bank, view.question, mine),
        ),
        (_("文件名称、编号或日期"), view.answer.document, typed.document),
        (_("备注"), view.answer.note, typed.note),
    ]
    return Conflict(
        by=view.answer.updated_by.name or view.answer.updated_by.email,
        answer=view.answer,
        # What both sides say alike needs no choice.
        rows=tuple(row for row in rows if row[1] != row[2]),
    )


@dataclass(frozen=True)
class _Unsaved:
    state: str
    value: Any
    reason: str
    note: str
    document: str


def from_typed(question: Question, typed: Typed) -> _Unsaved:
    """Return what was typed in the shape of a stored answer, for showing it."""
    state = next(
        iter(sorted(typed.states)), "answered" if typed.values else "unanswered"
    )
    value: Any = typed.text or None
    if question.type is Kind.CHOICES:
        value = list(typed.values)
    elif question.type is Kind.YESNO and typed.values:
        value = typed.text == "yes"
    elif question.type is Kind.LEVEL and typed.text.isdigit():
        value = int(typed.text)
    return _Unsaved(state, value, typed.reason, typed.note, typed.document)
