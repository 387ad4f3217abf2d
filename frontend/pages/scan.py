"""The quick scan: twelve questions, an indication, nothing stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from frontend.components import Option, Problem, Scale
from frontend.templatetags.texts import localized
from question_bank.engine.definition import Band, Bank, Question
from question_bank.models import BankVersion
from question_bank.quick_scan import Gap, Scan, scan, scan_questions
from question_bank.selectors import compiled_bank, offered_version

DONT_KNOW = "dont_know"
TONES = ("green", "blue", "amber", "red")


@dataclass(frozen=True)
class GapRow:
    """A gap as the result page shows it: level, clause, what to do, by whom."""

    gap: Gap
    answer: str
    clause: str
    owner: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quick_scan(request: HttpRequest) -> HttpResponse:
    """Show the questions; answer a complete form with the indication at once."""
    bank = _bank()
    levels = _levels(bank, request.POST)
    missing = [q for q in scan_questions(bank) if q.id not in levels]
    if request.method == "POST" and not missing:
        return _result(request, bank, levels)
    problems = _problems(bank, missing) if request.method == "POST" else ()
    context = {
        "bank": bank,
        "scales": tuple(_scales(bank, levels, asked=bool(problems))),
        "problems": problems,
        "has_errors": bool(problems),
    }
    return render(request, "scan/form.html", context)


def _bank() -> Bank:
    try:
        bank = compiled_bank(offered_version().sha256)
    except BankVersion.DoesNotExist as error:
        raise Http404 from error
    if not bank.quick_scan:
        raise Http404
    return bank


def _levels(bank: Bank, post: QueryDict) -> dict[str, int | None]:
    """Return the chosen levels, None for “don't know”; what isn't valid is left out."""
    found: dict[str, int | None] = {}
    for question in scan_questions(bank):
        text = post.get(question.id, "")
        if text == DONT_KNOW:
            found[question.id] = None
        elif text in {str(anchor.value) for anchor in question.levels}:
            found[question.id] = int(text)
    return found


def _problems(bank: Bank, missing: Iterable[Question]) -> tuple[Problem, ...]:
    numbers = {q.id: number for number, q in enumerate(scan_questions(bank), 1)}
    text = _("第 %(number)s 题还没有选：%(question)s")
    return tuple(
        Problem(q.id, text % {"number": numbers[q.id], "question": localized(q.text)})
        for q in missing
    )


def _scales(
    bank: Bank, levels: Mapping[str, int | None], *, asked: bool
) -> Iterable[Scale]:
    titles = {mark.value: localized(mark.title) for mark in bank.scale.levels}
    for number, question in enumerate(scan_questions(bank), 1):
        chosen = levels.get(question.id, -1)
        yield Scale(
            name=question.id,
            legend=f"{number}. {localized(question.text)}",
            options=tuple(
                Option(
                    str(anchor.value),
                    titles.get(anchor.value, ""),
                    localized(anchor.text),
                    anchor.value == chosen,
                )
                for anchor in question.levels
            ),
            others=(Option(DONT_KNOW, _("不知道"), "", chosen is None),),
            error=_("请选一项。") if asked and chosen == -1 else "",
            large=False,
        )


def _result(
    request: HttpRequest, bank: Bank, levels: Mapping[str, int | None]
) -> HttpResponse:
    now = timezone.now()
    found = scan(bank, levels, as_of=timezone.localtime(now).date())
    context = {
        "bank": bank,
        "scan": found,
        "tone": _tone(bank, found.band),
        "gaps": tuple(_gap_row(bank, gap, levels) for gap in found.gaps),
        "figures": _figures(found, levels),
        "at": now,
    }
    return render(request, "scan/result.html", context)


def _tone(bank: Bank, band: Band | None) -> str:
    if band is None or band not in bank.bands:
        return "plain"
    return TONES[min(bank.bands.index(band), len(TONES) - 1)]


def _figures(
    found: Scan, levels: Mapping[str, int | None]
) -> tuple[tuple[str, str, str, str], ...]:
    unknown = sum(level is None for level in levels.values())
    score = str(round(found.score)) if found.score is not None else "–"
    return (
        (_("得分示意"), score, _("分"), _("满分 100，只按这些题计算")),
        (_("回答“不知道”"), str(unknown), _("题"), _("按 0 级计")),
    )


def _gap_row(bank: Bank, gap: Gap, levels: Mapping[str, int | None]) -> GapRow:
    clause = bank.clause(gap.question.clause) if gap.question.clause else None
    anchors = {anchor.value: localized(anchor.text) for anchor in gap.question.levels}
    owners = {
        department.id: localized(department.title) for department in bank.departments
    }
    known = levels.get(gap.question.id) is not None
    return GapRow(
        gap=gap,
        answer=anchors.get(gap.level, "") if known else _("不知道"),
        clause=" ".join(
            part for part in (clause.number or "", localized(clause.title)) if part
        )
        if clause
        else "",
        owner=owners.get(gap.guidance.owner, "") if gap.guidance else "",
    )


urlpatterns = [path("quick-scan/", quick_scan, name="quick-scan")]
