"""One group of the sheet as a form: three years side by side, problems at the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.data_sheet_changes import (
    NOTE_LIMIT,
    SheetChanges,
    clean_text,
    in_words,
    read_slot,
)
from assessments.data_sheets import entries_at
from assessments.services import StaleSheet
from backend.errors import ServiceError
from frontend.components import Link, Problem
from frontend.pages.data_sheet.doors import (
    Desk,
    posted_revision,
    sidebar,
    year_door,
)
from frontend.pages.data_sheet.rows import (
    NOTHING_SENT,
    STATE_MARK,
    RowView,
    Sent,
    control_of,
    group_rows,
    year_columns,
)
from frontend.templatetags.texts import localized
from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_fields import DataField, FieldGroup
from question_bank.engine.data_values import (
    Entry,
    InvalidEntry,
    Reading,
    entry_from_json,
)

NOTE = "note-"


@dataclass
class Form:
    """What a person sent for a group: readable changes, and what could not be read."""

    values: dict[str, Entry | None] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    confirm: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    conversions: list[str] = field(default_factory=list)

    @property
    def changes(self) -> SheetChanges:
        """What can be stored."""
        return SheetChanges(values=self.values, confirm=self.confirm, notes=self.notes)


@year_door
@require_http_methods(["GET", "HEAD", "POST"])
def group_page(request: HttpRequest, desk: Desk, group: str) -> HttpResponse:
    """Show or save one group."""
    found = data_sheet_definition().group(group)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, desk, found, NOTHING_SENT)
    return _saved(request, desk, found)


def _saved(request: HttpRequest, desk: Desk, group: FieldGroup) -> HttpResponse:
    revision = posted_revision(request)
    form = read_form(desk, group, request.POST, revision)
    try:
        desk.save(form.changes, revision)
    except StaleSheet as error:
        return _conflicting(request, desk, group, form, error)
    except ServiceError as error:
        messages.error(request, str(error.message))
        return redirect(request.path)
    for words in form.conversions:
        messages.info(request, words)
    fresh = Desk(desk.user, desk.enterprise, desk.year, desk.at)
    if form.errors:
        wrong = {slot: text for slot, text in form.texts.items() if slot in form.errors}
        return _shown(request, fresh, group, Sent(wrong, form.errors))
    if _has_contradictions(fresh, group):
        messages.info(request, _("已保存，但有数据互相矛盾，请核对。"))
        return redirect(request.path)
    messages.success(request, _("已保存。"))
    stay = request.POST.get("then") != "next"
    return redirect(request.path if stay else _next_url(desk, group))


def _conflicting(
    request: HttpRequest, desk: Desk, group: FieldGroup, form: Form, error: StaleSheet
) -> HttpResponse:
    """Show the form again: everything typed is kept, theirs stands beside it."""
    messages.info(request, _("有数据刚被他人修改，本次内容没有保存。请核对后再保存。"))
    fresh = Desk(desk.user, desk.enterprise, desk.year, desk.at)
    sent = Sent(form.texts, form.errors, error.extra.get("conflicts", {}))
    return _shown(request, fresh, group, sent)


def read_form(
    desk: Desk, group: FieldGroup, post: QueryDict, revision: int | None
) -> Form:
    """Return what was sent. Only what differs from what the person saw is a change."""
    form = Form()
    base = _seen(desk, revision)
    for item in group.typed_fields:
        for slot in item.slots:
            if slot in post or item.kind == "choices":
                _read(form, item, slot, " ".join(post.getlist(slot)).strip(), base)
    waiting = desk.found.sheet.unconfirmed
    if post.get("confirm") == "yes":
        mine = {slot for item in group.typed_fields for slot in item.slots}
        form.confirm = frozenset(waiting & mine - form.errors.keys())
    _read_notes(form, post)
    return form


def _seen(desk: Desk, revision: int | None) -> Mapping[str, Any]:
    """Return the stored values as they were when the form was shown."""
    found = desk.found
    if found.row is not None and revision is not None and revision < found.revision:
        return entries_at(found.row, revision)
    return {slot: entry.to_json() for slot, entry in found.sheet.entries.items()}


def _read(
    form: Form, item: DataField, slot: str, text: str, base: Mapping[str, Any]
) -> None:
    form.texts[slot] = text
    try:
        reading = _reading(item, text)
    except InvalidEntry as error:
        form.errors[slot] = in_words(error.message)
        return
    entry = reading.entry
    if (entry.to_json() if entry else None) == base.get(slot):
        return
    form.values[slot] = entry
    if reading.note:
        title = localized(item.title)
        form.conversions.append(
            _("%(title)s：%(words)s。")
            % {"title": title, "words": in_words(reading.note)}
        )


def _reading(item: DataField, text: str) -> Reading:
    """Return what a control says: lines as typed, options by their ids."""
    if control_of(item) == "line":
        return read_slot(item, text)
    if not text:
        return Reading(None)
    chosen = text.split()
    states = [part[1:] for part in chosen if part.startswith(STATE_MARK)]
    if states and len(chosen) > 1:
        raise InvalidEntry(
            "contradiction",
            "既选了具体选项，又选了“都没有”或“不适用”，请只保留一种。",
            "Options are ticked together with “none” or “not applicable”; keep one.",
        )
    if states:
        return Reading(entry_from_json(item, {"state": states[0]}))
    value: Any = chosen if item.kind == "choices" else chosen[0]
    if item.kind == "yesno":
        value = {"yes": True, "no": False}.get(chosen[0])
    return Reading(entry_from_json(item, {"state": "value", "value": value}))


def _read_notes(form: Form, post: QueryDict) -> None:
    for name in post:
        if name.startswith(NOTE):
            try:
                text = clean_text(post.get(name, ""), NOTE_LIMIT)
            except InvalidEntry as error:
                form.errors[name] = in_words(error.message)
            else:
                form.notes[name.removeprefix(NOTE)] = text


def _has_contradictions(desk: Desk, group: FieldGroup) -> bool:
    slots = {slot for item in group.fields for slot in item.slots}
    return any(p.slot in slots and p.code != "required" for p in desk.found.errors)


def _next_url(desk: Desk, group: FieldGroup) -> str:
    groups = data_sheet_definition().groups
    place = groups.index(group) + 1
    if place < len(groups):
        return desk.url("data-sheet-group", groups[place].id)
    return desk.url("data-sheet-rights")


def _previous_url(desk: Desk, group: FieldGroup) -> str:
    groups = data_sheet_definition().groups
    place = groups.index(group)
    if not place:
        return desk.url("data-sheet")
    return desk.url("data-sheet-group", groups[place - 1].id)


def _shown(
    request: HttpRequest, desk: Desk, group: FieldGroup, sent: Sent
) -> HttpResponse:
    rows = group_rows(desk.found, group, sent)
    title = localized(group.title)
    context = {
        "desk": desk,
        "group": group,
        "title": title,
        "crumbs": desk.crumbs(Link("", title)),
        "sidebar": sidebar(desk, group.id),
        "years": year_columns(desk.year),
        "yearly": [row for row in rows if row.item.yearly],
        "single": [row for row in rows if not row.item.yearly],
        "problems": _summary(rows, sent),
        "sent_errors": bool(sent.errors),
        "unconfirmed": desk.found.progress(group).unconfirmed,
        "previous_url": _previous_url(desk, group),
    }
    return render(request, "data_sheet/group.html", context)


def _summary(rows: list[RowView], sent: Sent) -> list[Problem]:
    """Return the error summary: texts that can't be stored, then contradictions."""
    problems = [
        Problem(cell.id, f"{localized(row.item.title)}：{cell.error}")
        for row in rows
        for cell in row.cells
        if cell.error
    ]
    problems += [
        Problem(f"{name}", text)
        for name, text in sent.errors.items()
        if name[:5] == NOTE
    ]
    problems += [
        Problem(remark.id, remark.text)
        for row in rows
        for remark in row.remarks
        if remark.severity == "error"
    ]
    return problems
