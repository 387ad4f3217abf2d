"""Moving an assessment: the preview, the move, its record, confirming."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessments.evaluation import bank_of
from assessments.models import Answer, Assessment
from assessments.moved import Moved, moved
from assessments.moving import Outlook, outlook
from assessments.selectors import stored_answers
from assessments.services import confirm_answers, move_assessment
from assessments.services.lifecycle import DraftExists
from assessments.services.moving import SameVersion
from frontend.components import Link
from frontend.pages.answering.carried import (
    OldAnswer,
    edition_words,
    old_answer,
    old_hint,
    origin_words,
)
from frontend.pages.answering.doors import (
    answers_errors,
    assessment_or_404,
    person,
    problem_text,
)
from frontend.pages.answering.remarks import question_url
from frontend.pages.answering.words import answer_words, numbered_title
from frontend.templatetags.texts import localized, score
from question_bank.engine.definition import Bank, Localized, Question
from question_bank.models import BankVersion
from question_bank.paging import layout
from question_bank.selectors import offered_version
from question_bank.versions import NoRoute

LONG = 8
"""Longer lists are folded at first."""


@dataclass(frozen=True)
class Line:
    """One question of a list: where it is, what is or was answered."""

    id: str
    text: str
    url: str = ""
    place: str = ""
    answer: str = ""
    old_texts: tuple[str, ...] = ()
    olds: tuple[OldAnswer, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Lines:
    """A titled list of questions; `title` names what they have in common."""

    id: str
    title: str
    text: str
    lines: tuple[Line, ...]

    @property
    def is_long(self) -> bool:
        """Whether the list is folded at first."""
        return len(self.lines) > LONG


# --- The preview ------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@answers_errors
def preview(request: HttpRequest, assessment_id: UUID, bank: str) -> HttpResponse:
    """Show what would carry to the offered version of a bank, or move there."""
    assessment = assessment_or_404(request, assessment_id)
    target = _offered_or_404(bank)
    if request.method == "POST" and _is_shown(request, target):
        return _move(request, assessment, target)
    if target.pk == assessment.bank_version_id:
        raise Http404
    try:
        found = outlook(assessment, target, at=timezone.now())
    except NoRoute as error:
        raise Http404 from error
    drafts = Assessment.objects.own_of(person(request)).drafts().light()
    context = {
        "assessment": assessment,
        "found": found,
        "target": target,
        "source": assessment.bank_version,
        "short": edition_words(target),
        "same_bank": target.bank == assessment.bank_version.bank,
        "in_the_way": drafts.filter(bank_version=target).first(),
        "figures": _figures(found),
        "groups": tuple(group for group in _preview_groups(found) if group.lines),
        "crumbs": (*crumbs(assessment), Link("", _("移植预览"))),
    }
    return render(request, "moving/preview.html", context)


def _is_shown(request: HttpRequest, target: BankVersion) -> bool:
    """Whether the person saw this version before agreeing: else it is shown anew."""
    return request.POST.get("version", target.version) == target.version


def _offered_or_404(bank: str) -> BankVersion:
    try:
        return offered_version(bank)
    except BankVersion.DoesNotExist as error:
        raise Http404 from error


def _move(
    request: HttpRequest, assessment: Assessment, target: BankVersion
) -> HttpResponse:
    try:
        made = move_assessment(
            assessment_id=assessment.pk,
            target_version=target,
            actor=person(request),
            at=timezone.now(),
        )
    except DraftExists as error:
        messages.info(request, problem_text(error))
        return redirect("assessment", error.extra["assessment"])
    except (SameVersion, NoRoute) as error:
        messages.error(request, problem_text(error))
        return redirect("assessment", assessment.pk)
    return redirect("moved", made.pk)


def _figures(found: Outlook) -> tuple[tuple[str, str, str, str], ...]:
    carried, card = found.carried, found.scorecard
    waiting = _("其中 %(number)s 题请逐条确认") % {"number": len(carried.to_confirm)}
    hints = _("只作提示：%(number)s 题") % {"number": len(carried.helped)}
    interval = f"{score(card.low)} – {score(card.high)}"
    return (
        (_("沿用的回答"), str(len(carried.carried.answers)), _("题"), waiting),
        (_("还要回答"), str(found.unanswered), _("题"), hints),
        (_("得分区间"), interval, _("分"), _("未答的全按 0 分，到全按满分")),
    )


def _preview_groups(found: Outlook) -> Iterable[Lines]:
    bank, old_bank, carried = found.bank_to, found.bank_from, found.carried
    yield Lines(
        "hints",
        _("只作提示，须重新回答"),
        _("新旧两题问的不完全一样，旧回答显示在新题旁边，不代填。"),
        tuple(
            Line(key, localized(bank.question(key).text), old_texts=old_texts)
            for key, old_texts in _hinted_texts(found).items()
        ),
    )
    yield Lines(
        "new",
        _("新增的题"),
        _("旧版没有问过，须从头回答。"),
        tuple(Line(q, localized(bank.question(q).text)) for q in carried.new),
    )
    yield Lines(
        "left",
        _("留存的旧回答"),
        _("新版不再问。旧回答不丢，随移植记录保存，随时可查。"),
        tuple(
            Line(q, localized(old_bank.question(q).text)) for q in carried.left_behind
        ),
    )


def _hinted_texts(found: Outlook) -> dict[str, tuple[str, ...]]:
    """Return the old questions that say something to each open new one."""
    texts: dict[str, tuple[str, ...]] = dict.fromkeys(found.carried.helped, ())
    for hint in found.carried.hints:
        if hint.question in texts:
            text = localized(found.bank_from.question(hint.source).text)
            texts[hint.question] = (*texts[hint.question], text)
    return texts


def crumbs(assessment: Assessment) -> tuple[Link, ...]:
    """Return the way to a page about an assessment, the page itself left out."""
    name = "assessment" if assessment.is_draft else "result"
    title = _("自评") if assessment.is_draft else _("自评结果")
    url = reverse(name, args=(assessment.pk,))
    return (Link(reverse("home"), _("工作台")), Link(url, title))


# --- What was moved ---------------------------------------------------------------


@login_required
@never_cache
@require_safe
def moved_page(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show what was carried, what waits, what is new and what stayed behind."""
    assessment = assessment_or_404(request, assessment_id)
    found = moved(assessment)
    if found is None:
        raise Http404
    answers = stored_answers(assessment)
    waiting = tuple(_waiting_lines(assessment, found, answers))
    context = {
        "assessment": assessment,
        "move": found.move,
        "origin": origin_words(found),
        "waiting": waiting,
        "questions": [line.id for line in waiting],
        "groups": tuple(g for g in _moved_groups(assessment, found) if g.lines),
        "carried": len(found.move.carried),
        "source_url": _source_url(found),
        "crumbs": (*crumbs(assessment), Link("", _("移植记录"))),
    }
    return render(request, "moving/moved.html", context)


def _source_url(found: Moved) -> str:
    source = found.move.source
    name = "assessment" if source.is_draft else "result"
    return reverse(name, args=(source.pk,))


def _waiting_lines(
    assessment: Assessment, found: Moved, answers: dict[str, Answer]
) -> Iterable[Line]:
    """Yield the answers to confirm, in the order of the bank."""
    bank = bank_of(assessment)
    for question in bank.questions:
        row = answers.get(question.id)
        if row is not None and row.to_confirm and assessment.is_draft:
            source = found.move.carried.get(question.id, "")
            yield _line(
                assessment,
                question,
                answer=answer_words(bank, question, row),
                old_texts=_old_texts(found.bank_from, source, question),
            )


def _old_texts(bank: Bank, old_id: str, question: Question) -> tuple[str, ...]:
    """Return what the old question asked where it reads otherwise."""
    if not bank.has_question(old_id):
        return ()
    text = localized(bank.question(old_id).text)
    return () if text == localized(question.text) else (text,)


def _line(
    assessment: Assessment,
    question: Question,
    *,
    answer: str = "",
    old_texts: tuple[str, ...] = (),
    olds: tuple[OldAnswer, ...] = (),
) -> Line:
    pages = layout(bank_of(assessment))
    return Line(
        question.id,
        localized(question.text),
        url=question_url(assessment, question) if assessment.is_draft else "",
        place=numbered_title(pages.by_key[pages.page_of[question.id]]),
        answer=answer,
        old_texts=old_texts,
        olds=olds,
    )


def _moved_groups(assessment: Assessment, found: Moved) -> Iterable[Lines]:
    bank = bank_of(assessment)
    yield Lines(
        "hints",
        _("旧回答只作提示"),
        _("整改任务已完成或题目有变化，请按现状重新回答。")
        if found.is_renewal
        else _("新旧两题问的不完全一样，请按新题重新回答。"),
        tuple(
            _line(assessment, bank.question(key), olds=olds)
            for key, olds in _hints_by_question(found).items()
            if bank.has_question(key)
        ),
    )
    yield Lines(
        "new",
        _("新增的题"),
        _("旧版没有问过。"),
        tuple(
            _line(assessment, bank.question(key))
            for key in found.move.new
            if bank.has_question(key)
        ),
    )
    yield Lines(
        "left",
        _("留存的旧回答"),
        _("新版不再问，旧回答保存在这里，不参与计分。"),
        tuple(_left_line(found, kept.old_question) for kept in found.left_behind),
    )


def _hints_by_question(found: Moved) -> dict[str, tuple[OldAnswer, ...]]:
    hints: dict[str, tuple[OldAnswer, ...]] = {}
    for hint in found.hints:
        known = hints.get(hint.question, ())
        hints[hint.question] = (*known, old_hint(found, hint))
    return hints


def _left_line(found: Moved, old_id: str) -> Line:
    [kept] = [row for row in found.left_behind if row.old_question == old_id]
    old = old_answer(found.bank_from, kept)
    note: Localized | None = found.notes.get(old_id)
    return Line(old_id, old.question, olds=(old,), reason=localized(note))


@login_required
@require_POST
@answers_errors
def confirm(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Confirm the carried answers that were shown, and nothing else."""
    questions = request.POST.getlist("question")
    number = confirm_answers(
        assessment_id=assessment_id,
        questions=questions,
        actor=person(request),
        at=timezone.now(),
    )
    text = ngettext("已确认 %(number)s 题。", "已确认 %(number)s 题。", number)
    messages.success(request, text % {"number": number})
    name = "check" if request.POST.get("then") == "check" else "moved"
    return redirect(name, assessment_id)


urlpatterns = [
    path(
        "assessments/<uuid:assessment_id>/move/<slug:bank>/",
        preview,
        name="move-preview",
    ),
    path("assessments/<uuid:assessment_id>/moved/", moved_page, name="moved"),
    path("assessments/<uuid:assessment_id>/confirm/", confirm, name="answers-confirm"),
]
