"""Pages anybody may read: the start page and the whole questionnaire."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from frontend.components import Link
from frontend.templatetags.texts import localized
from question_bank.engine.definition import Bank, Clause, Question, Rule, Section
from question_bank.engine.language import names
from question_bank.selectors import MAIN_BANK, offered_banks
from reports.charts import ProfileRow, ProfileWords, profile_bars


@dataclass(frozen=True)
class QuestionEntry:
    """A question with the questions that decide whether it is asked."""

    question: Question
    depends_on: tuple[Question, ...]
    departments: tuple[str, ...]


@dataclass(frozen=True)
class ClauseEntry:
    """The questions of one clause that stand together in a section."""

    clause: Clause | None
    questions: tuple[QuestionEntry, ...]


@dataclass(frozen=True)
class SectionEntry:
    """A section of the questionnaire in the order it is asked."""

    section: Section
    count: int
    clauses: tuple[ClauseEntry, ...]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show what the self-assessment is, for whom and who sees the answers."""
    return render(request, "public/start.html", _sample_result())


def _sample_result() -> dict[str, object]:
    """Return an invented result, so that a visitor sees what to expect."""
    finding = _("经营管理说得多、留痕少")
    words = ProfileWords(
        self_score=_("自评"),
        evidenced_score=_("有证据支持"),
        interval="",
        line="",
        not_scored="",
    )
    rows = (
        ProfileRow(_("领导作用"), 92, 84),
        ProfileRow(_("支持"), 81, 70),
        ProfileRow(_("运行：经营管理"), 74, 38),
        ProfileRow(_("绩效评价"), 66, 60),
    )
    return {
        "sample_finding": finding,
        "sample_figures": (
            (_("自评得分"), "78", _("分"), ""),
            (_("有证据支持"), "61", _("分"), ""),
        ),
        "sample_chart": profile_bars(rows, title=finding, words=words, width=340),
    }


@require_safe
def questionnaire(request: HttpRequest, bank: str = MAIN_BANK) -> HttpResponse:
    """Show every question of a bank with its anchors and evidence, to be printed."""
    offered = {found.id: found for found in offered_banks()}
    if bank not in offered:
        raise Http404
    shown = offered[bank]
    sections = tuple(_section_entry(shown, section) for section in shown.sections)
    return render(
        request,
        "public/questionnaire.html",
        {
            "bank": shown,
            "banks": _bank_links(tuple(offered.values()), shown),
            "sections": sections,
            "contents": tuple(_contents_link(entry) for entry in sections),
            "kinds": _kind_words(),
            "total": len(shown.questions),
            "profile": _profile(shown),
            "replaced_by": offered.get(shown.superseded.by)
            if shown.superseded
            else None,
        },
    )


def _profile(bank: Bank) -> Section | None:
    """Return the section about who answers, None where a bank starts otherwise.

    Its title says whether that is an enterprise, a university or something else.
    """
    first = bank.sections[0]
    return first if first.weight == 0 else None


def _bank_links(offered: tuple[Bank, ...], shown: Bank) -> tuple[Link, ...]:
    """Return a link to each bank, replaced editions last; none when there is one."""
    if len(offered) < 2:
        return ()
    return tuple(
        Link(
            reverse("questionnaire", kwargs={"bank": bank.id}),
            bank.edition,
            current=bank.id == shown.id,
            note=_("已被取代") if bank.superseded else "",
        )
        for bank in sorted(offered, key=lambda bank: bank.superseded is not None)
    )


def _contents_link(entry: SectionEntry) -> Link:
    text = localized(entry.section.title)
    return Link(f"#{entry.section.id}", text, note=str(entry.count))


def _section_entry(bank: Bank, section: Section) -> SectionEntry:
    questions = bank.section_questions(section.id)
    runs: list[tuple[str | None, list[QuestionEntry]]] = []
    for question in questions:
        if not runs or runs[-1][0] != question.clause:
            runs.append((question.clause, []))
        runs[-1][1].append(_question_entry(bank, question))
    clauses = tuple(
        ClauseEntry(bank.clause(key) if key else None, tuple(entries))
        for key, entries in runs
    )
    return SectionEntry(section, len(questions), clauses)


def _question_entry(bank: Bank, question: Question) -> QuestionEntry:
    titles = {department.id: department.title for department in bank.departments}
    return QuestionEntry(
        question,
        _deciding(bank, question.applies_when),
        tuple(localized(titles.get(key, key)) for key in question.departments),
    )


def _deciding(bank: Bank, rule: Rule | None) -> tuple[Question, ...]:
    if rule is None:
        return ()
    return tuple(
        bank.question(key) for key in names(rule.tree) if bank.has_question(key)
    )


def _kind_words() -> dict[str, str]:
    """Return what kind of answer each type of question takes."""
    return {
        "yesno": _("是或否"),
        "choice": _("单选"),
        "choices": _("可多选"),
        "number": _("填数字"),
        "date": _("填日期"),
        "text": _("填文字"),
        "table": _("填表格"),
        "file": _("上传文件"),
        "calculated": _("自动计算"),
    }


urlpatterns = [
    path("", start, name="start"),
    path("questionnaire/", questionnaire, name="questionnaire"),
    path("questionnaire/<slug:bank>/", questionnaire, name="questionnaire"),
]
