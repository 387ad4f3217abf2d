"""Adding and removing questions."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import show_problem
from backend.errors import ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.pages.authoring.doors import crumbs, draft_or_404, for_experts
from frontend.pages.authoring.outline import texts
from frontend.pages.authoring.question_form import (
    CREATABLE,
    clause_options,
    section_options,
)
from frontend.pages.authoring.words import kind_words
from frontend.templatetags.texts import localized
from question_bank.engine.language import RuleSyntaxError, names, parse
from question_bank.services import add_part, remove_part, restore_question
from question_bank.source_tree import NoSuchPart, Part, Source, find


class NewQuestionForm(forms.Form):
    """What a new question needs; the rest is filled in on its own page."""

    id = forms.RegexField(
        label=gettext_lazy("编号"),
        regex=r"^[a-z][a-z0-9_]{0,63}$",
        help_text=gettext_lazy(
            "小写字母开头，只含小写字母、数字和下划线，例如 inf_software。"
            "编号永不改动，也永不给别的题用。"
        ),
        error_messages={
            "invalid": gettext_lazy(
                "须以小写字母开头，只含小写字母、数字和下划线，最长 64。"
            )
        },
    )
    type = forms.ChoiceField(
        label=gettext_lazy("题型"),
        help_text=gettext_lazy("建好之后不能改：换了题型就是另一道题。"),
    )
    section = forms.ChoiceField(label=gettext_lazy("部分"))
    clause = forms.ChoiceField(label=gettext_lazy("主条款"))
    text = forms.CharField(
        label=gettext_lazy("题面（中文）"), max_length=400, widget=forms.Textarea
    )

    def __init__(self, source: Source, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        words = kind_words()
        self._choose("type", [(kind, words[kind]) for kind in CREATABLE])
        self._choose("section", [(o.value, o.label) for o in section_options(source)])
        self._choose("clause", [(o.value, o.label) for o in clause_options(source)])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = choices

    def data_of_question(self) -> dict[str, object]:
        """Return the new question's source."""
        given = self.cleaned_data
        return {
            "id": given["id"],
            "section": given["section"],
            "clause": [given["clause"]],
            "type": given["type"],
            "text": {"zh": given["text"]},
            "help": {},
            "weight": "1" if given["type"] == "level" else "0",
            "source": {"status": "to_verify"},
        }


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def question_add(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Ask for the essentials of a new question, then open its editor."""
    draft = draft_or_404(request, draft_id)
    posted = request.POST if request.method == "POST" else None
    initial = {"section": request.GET.get("section", "")}
    form = NewQuestionForm(draft.data(), posted, initial=initial)
    if posted is not None and form.is_valid():
        question_id = form.cleaned_data["id"]
        try:
            add_part(
                draft_id=draft.pk,
                part=Part("question", question_id),
                data=form.data_of_question(),
                actor=person(request),
                at=timezone.now(),
            )
        except ServiceError as error:
            show_problem(form, error)
        else:
            messages.success(request, _("题目已建好，请补齐其余内容。"))
            return redirect("bank-question", draft.pk, question_id)
    context = {
        "draft": draft,
        "form": form,
        "crumbs": crumbs(draft, Link("", _("新增题目"))),
    }
    return render(request, "authoring/add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def question_remove(
    request: HttpRequest, draft_id: UUID, question_id: str
) -> HttpResponse:
    """Ask, then take a question out of the draft."""
    draft = draft_or_404(request, draft_id)
    source, part = draft.data(), Part("question", question_id)
    try:
        data = find(source, part)
    except NoSuchPart as error:
        raise Http404 from error
    if request.method == "POST":
        revision = request.POST.get("revision", "")
        remove_part(
            draft_id=draft.pk,
            part=part,
            revision=int(revision) if revision.isdecimal() else 0,
            actor=person(request),
            at=timezone.now(),
        )
        messages.success(request, _("题目已从草稿中删除。"))
        return redirect("bank-draft", draft.pk)
    context = {
        "draft": draft,
        "question_id": question_id,
        "text": localized(texts(data.get("text"))),
        "users": used_by(source, question_id),
        "crumbs": crumbs(draft, Link("", _("删除题目"))),
    }
    return render(request, "authoring/remove.html", context)


@require_POST
@for_experts
def question_restore(
    request: HttpRequest, draft_id: UUID, question_id: str
) -> HttpResponse:
    """Put a removed question of the base version back."""
    restore_question(
        draft_id=draft_id,
        question_id=question_id,
        actor=person(request),
        at=timezone.now(),
    )
    messages.success(request, _("题目已恢复，内容与原版本相同。"))
    return redirect("bank-question", draft_id, question_id)


def used_by(source: Source, question_id: str) -> tuple[str, ...]:
    """Return the ids of what names a question in a rule or a list."""
    found: list[str] = []
    for name in ("questions", "gates", "checks"):
        for item in source.get(name) or []:
            rules = (item.get("applies_when"), item.get("rule"), item.get("when"))
            listed = (*(item.get("after") or ()), *(item.get("questions") or ()))
            if question_id in listed or any(_names(r, question_id) for r in rules):
                found.append(str(item.get("id", "")))
    if question_id in (source.get("quick_scan") or ()):
        found.append("quick_scan")
    return tuple(found)


def _names(rule: object, question_id: str) -> bool:
    try:
        return isinstance(rule, str) and question_id in names(parse(rule))
    except RuleSyntaxError:
        return False
