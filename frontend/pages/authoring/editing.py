"""The editor of a part: its form with lint, rows added and removed, live checking."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from frontend.components import Link
from frontend.pages.answering.blocks import preview_block
from frontend.pages.answering.doors import person
from frontend.pages.authoring.doors import crumbs, draft_or_404, for_experts
from frontend.pages.authoring.form_lines import Group
from frontend.pages.authoring.form_values import (
    Values,
    from_values,
    to_values,
    with_row,
    without_row,
)
from frontend.pages.authoring.form_view import FormView, build_form
from frontend.pages.authoring.outline import texts
from frontend.pages.authoring.part_forms import groups_of
from frontend.pages.authoring.preview import pages_of
from frontend.pages.authoring.words import PART_WORDS, kind_words
from frontend.templatetags.texts import localized
from question_bank.drafting import Checked, checked_once, checked_text
from question_bank.models import BankDraft, BankDraftEvent
from question_bank.services import SourceRefused, StaleDraft, edit_part
from question_bank.source_tree import (
    NoSuchPart,
    Part,
    Source,
    find,
    path_of,
    question_ids,
    replaced,
)


class _Editor:
    """One part of one draft, as it is stored and as it is typed."""

    def __init__(self, request: HttpRequest, draft: BankDraft, part: Part) -> None:
        self.request, self.draft, self.part = request, draft, part
        self.source: Source = draft.data()
        try:
            self.stored = find(self.source, part)
        except NoSuchPart as error:
            raise Http404 from error
        self.groups: tuple[Group, ...] = groups_of(self.source, part)
        self.path = path_of(self.source, part)

    def typed(self) -> Values:
        """Return the controls' content: what was sent, else what is stored."""
        if self.request.method != "POST":
            return to_values(self.groups, self.stored)
        return values_of(self.request.POST)

    def data(self, values: Values) -> dict[str, Any]:
        """Return the part's data as the controls describe it."""
        made = from_values(self.groups, values, self.stored)
        if self.part.kind == "frame":
            # What was emptied is named too: the service keeps what is not given.
            names = [*self.stored, *(k for k in made if k not in self.stored)]
            return {k: made.get(k) for k in names if k not in ("id", "version")}
        return made

    def check(self, values: Values) -> tuple[Checked, FormView]:
        """Return lint's word on the whole draft with this content, and the form."""
        data = self.data(values)
        found = checked_once(replaced(self.source, self.part, data))
        return found, self.form(values, found)

    def form(self, values: Values, found: Checked) -> FormView:
        """Return the form with the problems of this part."""
        inside = found.problems if self.part.kind == "frame" else found.under(self.path)
        if self.part.kind == "frame":
            lists = ("questions/", "sections/", "clauses/", "gates/", "checks/")
            inside = tuple(p for p in inside if not p.path.startswith(lists))
        return build_form(self.groups, values, inside, self.path)


def values_of(post: QueryDict) -> Values:
    """Return what a form was sent with, by the controls' names."""
    return {name: [str(v) for v in post.getlist(name)] for name in post}


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def question(request: HttpRequest, draft_id: UUID, question_id: str) -> HttpResponse:
    """Show the editor of a question, or save what was typed."""
    return _edit(request, draft_id, Part("question", question_id))


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def part(request: HttpRequest, draft_id: UUID, kind: str, part_id: str) -> HttpResponse:
    """Show the editor of a section, clause, gate, check or the frame, or save it."""
    if kind not in PART_WORDS or kind == "question":
        raise Http404
    name = "" if kind == "frame" else part_id
    return _edit(request, draft_id, Part(kind, name))


def _edit(request: HttpRequest, draft_id: UUID, part: Part) -> HttpResponse:
    editor = _Editor(request, draft_or_404(request, draft_id), part)
    values = editor.typed()
    if request.method != "POST":
        return _show(editor, values, checked_text(editor.draft.source))
    if rows := _changed_rows(editor, values):
        return _show(editor, rows, editor.check(rows)[0], unsaved=True)
    return _save(editor, values)


def _changed_rows(editor: _Editor, values: Values) -> Values | None:
    """Return the values with a row more or less, None when no such button was used."""
    post = editor.request.POST
    if "add" in post:
        for group in editor.groups:
            if group.rows and group.rows.path == post["add"]:
                return with_row(group.rows, values)
    if "remove" in post:
        path, _slash, number = post["remove"].partition("/")
        return without_row(path, number, values)
    return None


def _save(editor: _Editor, values: Values) -> HttpResponse:
    revision = editor.request.POST.get("revision", "")
    try:
        edit_part(
            draft_id=editor.draft.pk,
            part=editor.part,
            data=editor.data(values),
            revision=int(revision) if revision.isdecimal() else 0,
            actor=person(editor.request),
            at=timezone.now(),
        )
    except SourceRefused as error:
        found = Checked(None, error.problems)
        return _show(editor, values, found, unsaved=True)
    except StaleDraft as error:
        messages.error(editor.request, str(error.message))
        # What others did is shown with this answer: the next save may overwrite it.
        return _show(editor, values, editor.check(values)[0], unsaved=True)
    messages.success(editor.request, _("已保存。"))
    return redirect(editor.request.get_full_path())


def _show(
    editor: _Editor, values: Values, found: Checked, *, unsaved: bool = False
) -> HttpResponse:
    draft, part = editor.draft, editor.part
    form = editor.form(values, found)
    context = {
        "draft": draft,
        "part": part,
        "form": form,
        "title": _part_title(editor),
        "kind_word": _kind_word(editor),
        "crumbs": crumbs(draft, Link("", _part_title(editor))),
        "unsaved": unsaved,
        "others": _others(editor) if unsaved else (),
        "refused": unsaved and found.bank is None and bool(form.errors),
        "revision": draft.revision,
        "lint_url": reverse("bank-lint", args=(draft.pk, part.kind, part.id or "-")),
        "ids": sorted(question_ids(editor.source)),
        **_preview(found, part),
    }
    return render(editor.request, "authoring/edit.html", context)


def _others(editor: _Editor) -> tuple[BankDraftEvent, ...]:
    """Return what others did to the part since the person opened the page."""
    seen = editor.request.POST.get("revision", "")
    events = BankDraftEvent.objects.filter(
        draft=editor.draft,
        subject=editor.part.kind,
        subject_id=editor.part.id,
        revision__gt=int(seen) if seen.isdecimal() else 0,
    ).exclude(actor=person(editor.request))
    return tuple(events.select_related("actor").order_by("pk")[:20])


def _preview(found: Checked, part: Part) -> dict[str, Any]:
    """Return the block of a question and where its page's preview is, if any."""
    bank = found.bank
    if part.kind != "question" or bank is None or not bank.has_question(part.id):
        return {}
    pages = pages_of(found)
    return {
        "shown": preview_block(bank, bank.question(part.id)),
        "page_key": pages.page_of[part.id] if pages else "",
    }


def _part_title(editor: _Editor) -> str:
    data = editor.stored
    return localized(texts(data.get("text") or data.get("title"))) or editor.part.id


def _kind_word(editor: _Editor) -> str:
    if editor.part.kind != "question":
        return str(PART_WORDS[editor.part.kind])
    kind = str(editor.stored.get("type", ""))
    return kind_words().get(kind, kind)


@require_POST
@for_experts
def lint(request: HttpRequest, draft_id: UUID, kind: str, part_id: str) -> JsonResponse:
    """Check what is typed without saving it; answers the editor's script."""
    name = "" if kind == "frame" else part_id
    if kind not in PART_WORDS:
        raise Http404
    editor = _Editor(request, draft_or_404(request, draft_id), Part(kind, name))
    found, form = editor.check(editor.typed())
    context = _preview(found, editor.part)
    return JsonResponse(
        {
            "problems": [
                {
                    "control": one.control,
                    "severity": one.severity,
                    "text": one.text,
                    "hint": one.hint,
                }
                for one in form.problems
            ],
            "summary": _summary(form),
            "preview": render_to_string("authoring/preview_block.html", context)
            if context
            else "",
        }
    )


def _summary(form: FormView) -> str:
    if not form.problems:
        return _("没有发现问题。")
    return _("%(errors)s 个错误，%(warnings)s 个提示。") % {
        "errors": len(form.errors),
        "warnings": len(form.warnings),
    }
