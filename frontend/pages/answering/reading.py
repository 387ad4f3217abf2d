"""The answers of a whole assessment, for reading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from assessments.evaluation import Evaluation, evaluate, local_date
from assessments.models import Answer, Assessment, Evidence
from assessments.selectors import stored_answers
from frontend.components import SummaryRow
from frontend.pages.answering.remarks import question_url
from frontend.pages.answering.words import answer_words
from frontend.templatetags.texts import localized
from question_bank.engine.definition import Question


@dataclass(frozen=True)
class Sheet:
    """What is stored, evaluated: answers and numbers of files by question."""

    assessment: Assessment
    answers: Mapping[str, Answer]
    files: Mapping[str, int]
    evaluation: Evaluation


@dataclass(frozen=True)
class SectionAnswers:
    """All answers of one section."""

    id: str
    title: str
    rows: tuple[SummaryRow, ...]


def read_sheet(assessment: Assessment) -> Sheet:
    """Return what is stored now; two queries."""
    answers = stored_answers(assessment)
    files: dict[str, int] = {}
    rows = Evidence.objects.filter(assessment=assessment)
    for question in rows.values_list("question", flat=True):
        files[question] = files.get(question, 0) + 1
    day = local_date(timezone.now())
    evaluation = evaluate(assessment, answers.values(), as_of=day, attached=files)
    return Sheet(assessment, answers, files, evaluation)


def sections(sheet: Sheet) -> Iterable[SectionAnswers]:
    """Yield the answers to the questions that apply, section by section."""
    evaluation = sheet.evaluation
    for section in evaluation.bank.sections:
        rows = tuple(
            _row(sheet, question)
            for question in evaluation.bank.section_questions(section.id)
            if evaluation.applicability.state(question.id) == "applies"
        )
        if rows:
            yield SectionAnswers(section.id, localized(section.title), rows)


def _row(sheet: Sheet, question: Question) -> SummaryRow:
    stored = sheet.answers.get(question.id)
    parts = [answer_words(sheet.evaluation.bank, question, stored)]
    if stored and stored.document:
        parts.append(_("文件：%(name)s") % {"name": stored.document})
    if number := sheet.files.get(question.id, 0):
        text = ngettext("证明材料 %(number)s 份", "证明材料 %(number)s 份", number)
        parts.append(text % {"number": number})
    if stored and stored.note:
        parts.append(_("备注：%(note)s") % {"note": stored.note})
    draft = sheet.assessment.is_draft
    return SummaryRow(
        key=localized(question.text),
        value="\n".join(part for part in parts if part),
        action_url=question_url(sheet.assessment, question) if draft else "",
        action=_("更改") if stored else _("回答"),
    )
