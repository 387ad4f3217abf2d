"""The list of IP numbers: add one, paste many, remove."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from assessments.data_sheet_changes import SheetChanges, in_words, read_right
from assessments.services import StaleSheet
from backend.errors import ServiceError
from frontend.components import Field, Link, Option, Problem
from frontend.pages.data_sheet.doors import (
    Desk,
    posted_revision,
    sidebar,
    year_door,
)
from frontend.templatetags.texts import localized
from question_bank.engine.data_sheet import RIGHT_KINDS, RightItem
from question_bank.engine.data_values import InvalidEntry

PAGE_SIZE = 100
MAX_LINES = 2000
_GAP = re.compile(r"[\t,，;；]+|\s{2,}")
_FIRST_BLANK = re.compile(r"\s+")

KIND_TITLES = {
    "auto": gettext_lazy("按号码判断"),
    "patent": gettext_lazy("专利（发明、实用新型、外观设计）"),
}


@dataclass(frozen=True)
class Sent:
    """What was sent and could not be stored."""

    kind: str = "auto"
    lines: str = ""
    problems: tuple[Problem, ...] = ()


@year_door
@require_http_methods(["GET", "HEAD", "POST"])
def rights(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the list; add numbers or take one away."""
    if request.method != "POST":
        return _shown(request, desk, Sent())
    if "remove" in request.POST:
        kind, _gap, number = request.POST["remove"].partition(" ")
        changes = SheetChanges(remove_rights=frozenset({(kind, number)}))
        _save(
            request,
            desk,
            changes,
            _("已从清单中删除 %(number)s。") % {"number": number},
        )
        return redirect(request.path)
    return _added(request, desk)


def _added(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Add what can be read; show the lines that can't, each with its reason."""
    kind = request.POST.get("kind", "auto")
    found, refused, problems = _read_lines(kind, request.POST.get("lines", ""))
    known = {(item.kind, item.number) for item in desk.found.sheet.rights}
    fresh = [item for item in found if (item.kind, item.number) not in known]
    if len(fresh) < len(found):
        number = len(found) - len(fresh)
        words = ngettext(
            "%(number)s 个号码已在清单中，没有重复登记。",
            "%(number)s 个号码已在清单中，没有重复登记。",
            number,
        )
        messages.info(request, words % {"number": number})
    if fresh:
        done = ngettext(
            "已登记 %(number)s 个号码。", "已登记 %(number)s 个号码。", len(fresh)
        )
        changes = SheetChanges(add_rights=tuple(fresh))
        _save(request, desk, changes, done % {"number": len(fresh)})
    if not problems:
        return redirect(request.path)
    again = Desk(desk.user, desk.enterprise, desk.year, desk.at)
    sent = Sent(kind, "\n".join(refused), tuple(problems))
    return _shown(request, again, sent)


def _save(request: HttpRequest, desk: Desk, changes: SheetChanges, done: str) -> None:
    """Store the changes and say so, or say why not."""
    try:
        desk.save(changes, posted_revision(request))
    except StaleSheet:
        messages.info(request, _("数据表刚被修改，请核对后重试。"))
    except ServiceError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, done)


def _read_lines(
    kind: str, text: str
) -> tuple[list[RightItem], list[str], list[Problem]]:
    """Return the numbers of a pasted text, the lines that hold none, and why."""
    found: dict[tuple[str, str], RightItem] = {}
    refused: list[str] = []
    problems: list[Problem] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        problems.append(Problem("lines", _("请填写至少一个号码。")))
    for line in lines[:MAX_LINES]:
        try:
            right = _read_line(kind, line)
        except InvalidEntry as error:
            refused.append(line)
            problems.append(Problem("lines", f"{line[:40]}：{in_words(error.message)}"))
        else:
            found[right.kind, right.number] = right
    return list(found.values()), refused, problems


def _read_line(kind: str, line: str) -> RightItem:
    """Return the number a line begins with, the rest being its title.

    Number and title stand apart by a tab, a comma or two blanks; a number with single
    blanks in it is read whole first.
    """
    number, title = _halves(_GAP, line)
    try:
        return read_right(kind, number, title)
    except InvalidEntry:
        head, tail = _halves(_FIRST_BLANK, line)
        if not tail or head == number:
            raise
        try:
            return read_right(kind, head, tail)
        except InvalidEntry:
            pass
        raise


def _halves(pattern: re.Pattern[str], line: str) -> tuple[str, str]:
    parts = pattern.split(line, maxsplit=1)
    return parts[0], parts[1].strip() if len(parts) > 1 else ""


def _shown(request: HttpRequest, desk: Desk, sent: Sent) -> HttpResponse:
    sheet = desk.found.sheet
    items = in_kind_order(sheet.rights)
    page = Paginator(items, PAGE_SIZE).get_page(request.GET.get("page"))
    wrong = {
        problem.slot.removeprefix("rights/"): localized(problem.message)
        for problem in desk.found.problems
        if problem.field == "rights"
    }
    context: dict[str, Any] = {
        "desk": desk,
        "crumbs": desk.crumbs(Link("", _("知识产权清单"))),
        "sidebar": sidebar(desk, "rights"),
        "page": page,
        "rows": [
            (item, localized(RIGHT_KINDS[item.kind]), wrong.get(item.number, ""))
            for item in page
        ],
        "counts": _counts(items),
        "kinds": _kind_options(sent.kind),
        "lines": Field(
            "lines",
            "lines",
            _("号码"),
            sent.lines,
            "textarea",
            hint=_(
                "一行一个，号码后可以空一格写名称。例如“ZL201310699744.2 一种阀门”，"
                "商标写作“12345678/9”。可以从表格中整列粘贴。"
            ),
            error=_("有号码没有登记，已留在框内。") if sent.problems else "",
        ),
        "problems": sent.problems[:20],
    }
    return render(request, "data_sheet/rights.html", context)


def in_kind_order(items: Iterable[RightItem]) -> list[RightItem]:
    """Return the numbers by kind, then by number."""
    order = list(RIGHT_KINDS)
    return sorted(items, key=lambda item: (order.index(item.kind), item.number))


def _counts(items: list[RightItem]) -> list[tuple[str, int]]:
    counted = Counter(item.kind for item in items)
    return [
        (localized(title), counted[kind])
        for kind, title in RIGHT_KINDS.items()
        if counted[kind]
    ]


def _kind_options(chosen: str) -> tuple[Option, ...]:
    patents = {"invention", "utility_model", "design"}
    kinds = [(key, str(title)) for key, title in KIND_TITLES.items()]
    kinds += [
        (key, localized(title))
        for key, title in RIGHT_KINDS.items()
        if key not in patents
    ]
    return tuple(Option(key, text, checked=key == chosen) for key, text in kinds)
