"""Disqualifying matters: one fieldset a row, and an empty one to add."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.data_sheet_changes import InvalidDataSheet, SheetChanges, read_veto
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
from question_bank.engine.data_sheet import (
    APPEAL_STATES,
    MAX_VETOES,
    VETO_KINDS,
    Veto,
)
from question_bank.engine.definition import Localized

KEYS = tuple(Veto.__dataclass_fields__)


@dataclass(frozen=True)
class VetoRow:
    """One matter as its controls show it."""

    index: int
    is_new: bool
    kinds: tuple[Option, ...]
    appeals: tuple[Option, ...]
    fields: tuple[Field, ...]
    errors: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@year_door
@require_http_methods(["GET", "HEAD", "POST"])
def vetoes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show and save the table of disqualifying matters."""
    if request.method != "POST":
        return _shown(request, desk, [asdict(veto) for veto in desk.found.sheet.vetoes])
    rows = _sent_rows(request.POST)
    kept, errors = _read(rows)
    if errors:
        return _shown(request, desk, rows, errors)
    try:
        desk.save(SheetChanges(vetoes=tuple(kept)), posted_revision(request))
    except StaleSheet:
        messages.info(request, _("数据表刚被修改，请核对后重试。"))
        return _shown(request, desk, rows)
    except ServiceError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("已保存。"))
    return redirect(request.path)


def _sent_rows(post: QueryDict) -> list[dict[str, str]]:
    """Return the rows that were sent, without removed and empty ones."""
    rows = []
    for index in range(MAX_VETOES + 1):
        if f"kind-{index}" not in post or f"remove-{index}" in post:
            continue
        row = {key: str(post.get(f"{key}-{index}", "")).strip() for key in KEYS}
        if any(text for key, text in row.items() if key != "appeal"):
            rows.append(row)
    return rows


def _read(
    rows: list[dict[str, str]],
) -> tuple[list[Veto], dict[int, dict[str, Any]]]:
    found: list[Veto] = []
    errors: dict[int, dict[str, Any]] = {}
    for index, row in enumerate(rows):
        try:
            found.append(read_veto(row))
        except InvalidDataSheet as error:
            errors[index] = error.fields
    return found, errors


def _shown(
    request: HttpRequest,
    desk: Desk,
    rows: list[dict[str, str]],
    errors: Mapping[int, Mapping[str, str]] | None = None,
) -> HttpResponse:
    errors = errors or {}
    remarks = {
        problem.slot: localized(problem.message) for problem in desk.found.problems
    }
    views = [
        _row(index, row, errors.get(index, {}), remarks.get(f"vetoes/{index}", ""))
        for index, row in enumerate(rows)
    ]
    empty = _row(len(rows), dict.fromkeys(KEYS, ""), {}, "", is_new=True)
    context = {
        "desk": desk,
        "crumbs": desk.crumbs(Link("", _("一票否决事项"))),
        "sidebar": sidebar(desk, "vetoes"),
        "rows": [*views, empty] if len(views) < MAX_VETOES else views,
        "problems": [
            Problem(
                f"{key}-{index}",
                _("第 %(number)s 条：%(text)s") % {"number": index + 1, "text": text},
            )
            for index, found in errors.items()
            for key, text in found.items()
        ],
    }
    return render(request, "data_sheet/vetoes.html", context)


def _row(
    index: int,
    row: Mapping[str, str],
    errors: Mapping[str, str],
    remark: str,
    *,
    is_new: bool = False,
) -> VetoRow:
    date_hint = _("例如 2025-12-31")
    lines = (
        ("finding_body", _("认定机关"), ""),
        ("document", _("文号或案号"), ""),
        ("decided_on", _("认定日期"), date_hint),
        ("effective_until", _("影响截止日期"), _("没有截止日期就留空")),
    )
    return VetoRow(
        index,
        is_new,
        _options(VETO_KINDS, row["kind"], _("请选择")),
        _options(APPEAL_STATES, row["appeal"] or "none"),
        tuple(
            Field(
                f"{key}-{index}",
                f"{key}-{index}",
                title,
                row[key],
                hint=hint,
                error=str(errors.get(key, "")),
                optional=key in ("document", "effective_until"),
            )
            for key, title, hint in lines
        ),
        {key: str(text) for key, text in errors.items()},
        (remark,) if remark else (),
    )


def _options(
    texts: Mapping[str, Localized], chosen: str, empty: str = ""
) -> tuple[Option, ...]:
    every = [(key, localized(text)) for key, text in texts.items()]
    if empty:
        every.insert(0, ("", empty))
    return tuple(Option(key, text, checked=key == chosen) for key, text in every)
