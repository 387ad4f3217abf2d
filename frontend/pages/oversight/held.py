"""One certificate or title: enter, show, correct, verify, send back, take out."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy as _lazy

from backend.errors import Conflict, Invalid, TooLarge, UnsupportedType
from frontend.components import FileDrop, Link
from frontend.pages.answering.doors import person
from frontend.pages.mandates.doors import posted
from frontend.pages.oversight.doors import (
    done_by,
    done_or_told,
    found_or_404,
    keeper_door,
    posting_door,
    reading_door,
)
from frontend.pages.oversight.forms import ReasonForm
from frontend.pages.oversight.nouns import Noun, initial_of
from frontend.pages.oversight.words import (
    differences,
    history,
    summary,
    verification_tag,
)
from oversight.models import RegisterFile, Via
from oversight.services.filing import attach_file
from oversight.services.recording import base_of
from oversight.services.verifying import reject_record, verify_record, void_record

ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx"


@keeper_door
def enter(request: HttpRequest, noun: Noun) -> HttpResponse:
    """Enter a record from its document; another official verifies it."""
    form = noun.make_form(posted(request))
    form.add_holder()
    form.add_source()
    if request.method == "POST" and form.is_valid():
        made = done_by(
            form,
            lambda: noun.enter(
                entry=form.entry(),
                source=form.cleaned_data["source"],
                via=Via.FORM,
                actor=person(request),
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect(noun.url_name(), made.pk)
    title = _("录入%(noun)s") % {"noun": noun.title}
    return _form_page(request, noun, form, title)


@reading_door
def show(
    request: HttpRequest, noun: Noun, record_id: UUID, problem: Any = None
) -> HttpResponse:
    """Show what holds, what waits beside it, the evidence and the whole history."""
    rows = noun.model.objects.visible_to(person(request))
    record = found_or_404(noun.fetched(rows), record_id)
    return _page(request, noun, record, problem)


def _page(
    request: HttpRequest, noun: Noun, record: Any, problem: Any = None
) -> HttpResponse:
    holds, latest = record.in_force, record.latest
    pending = latest.is_pending and record.is_standing
    proposed = []
    if pending and latest.pk != holds.pk:
        proposed = differences(noun.rows(holds), noun.rows(latest))
    revisions = record.revisions.in_order()
    context = {
        "noun": noun,
        "record": record,
        "crumbs": _crumbs(noun, str(record)),
        "state": noun.state(holds, timezone.localdate()),
        "verification": verification_tag(record),
        "rows": summary(noun.rows(holds)),
        "warnings": list(noun.warnings(latest)),
        "pending": pending,
        "proposed": proposed,
        "proposes_void": pending and latest.is_void,
        "events": history(revisions),
        "files": RegisterFile.objects.visible_to(person(request))
        .filter(**{_file_owner(noun): record})
        .in_order(),
        "drop": _drop(problem),
        "acts": [
            Link(
                reverse(noun.url_name("act"), args=[record.pk, act.key]), str(act.title)
            )
            for act in noun.acts
        ],
        "reason_form": ReasonForm(),
        "urls": {
            name: reverse(noun.url_name(name), args=[record.pk])
            for name in ("correct", "decide", "file")
        },
    }
    return render(request, "oversight/record.html", context)


@keeper_door
def correct(request: HttpRequest, noun: Noun, record_id: UUID) -> HttpResponse:
    """Record what a record really says; it waits until somebody else verifies it."""
    rows = noun.model.objects.visible_to(person(request))
    record = found_or_404(noun.fetched(rows), record_id)
    base = base_of(record)
    initial = initial_of(base) | {"seq": record.latest.seq, "source": base.source}
    form = noun.make_form(posted(request), initial=initial)
    form.add_holder()
    form.add_source()
    form.add_reason()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        key = "certificate_id" if noun.key == "certificate" else "recognition_id"
        made = done_by(
            form,
            lambda: noun.correct(
                **{key: record.pk},
                seq=data["seq"],
                entry=form.entry(noun.entry_of(base)),
                source=data["source"],
                reason=data["reason"],
                via=Via.FORM,
                actor=person(request),
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect(noun.url_name(), record.pk)
    title = _("更正%(noun)s") % {"noun": noun.title}
    return _form_page(request, noun, form, title, record)


@keeper_door
def act(request: HttpRequest, noun: Noun, record_id: UUID, act: str) -> HttpResponse:
    """Record what became of a record: a state, a review, an end, a veto."""
    rows = noun.model.objects.visible_to(person(request))
    record = found_or_404(noun.fetched(rows), record_id)
    wanted = next((item for item in noun.acts if item.key == act), None)
    if wanted is None:
        raise Http404
    form = wanted.form(posted(request), initial={"seq": record.latest.seq})
    form.add_seq()
    if request.method == "POST" and form.is_valid():
        made = done_by(
            form, lambda: wanted.do(form, record, person(request), timezone.now())
        )
        if made is not None:
            return redirect(noun.url_name(), record.pk)
    return _form_page(request, noun, form, str(wanted.title), record)


@posting_door
def decide(request: HttpRequest, noun: Noun, record_id: UUID) -> HttpResponse:
    """Verify, send back or take out; asks for the reason where one is needed."""
    rows = noun.model.objects.visible_to(person(request))
    record = found_or_404(noun.fetched(rows), record_id)
    back = redirect(noun.url_name(), record.pk)
    do = request.POST.get("do", "")
    if do not in _VERBS:
        return back
    verb, words = _VERBS[do]
    common = {
        "model": noun.model,
        "record_id": record.pk,
        "seq": _seq(request),
        "via": Via.FORM,
        "actor": person(request),
        "at": timezone.now(),
    }
    if do == "verify":
        done_or_told(request, lambda: verb(**common), str(words))
        return back
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _reason_page(request, noun, record, form, do)
    reason = form.cleaned_data["reason"]
    done_or_told(request, lambda: verb(**common, reason=reason), str(words))
    return back


@posting_door
def attach(request: HttpRequest, noun: Noun, record_id: UUID) -> HttpResponse:
    """Keep a scan with a record."""
    file = request.FILES.get("file")
    rows = noun.model.objects.visible_to(person(request))
    record = found_or_404(noun.fetched(rows), record_id)
    if file is None:
        return _page(request, noun, record, _("请选择要上传的文件。"))
    try:
        attach_file(
            model=noun.model,
            record_id=record_id,
            file=file,
            name=file.name or "",
            actor=person(request),
            at=timezone.now(),
        )
    except (Invalid, Conflict, TooLarge, UnsupportedType) as error:
        return _page(request, noun, record, str(error.message))
    return redirect(noun.url_name(), record_id)


_VERBS: dict[str, tuple[Callable[..., Any], Any]] = {
    "verify": (verify_record, _lazy("已核实，自今日起计入统计。")),
    "reject": (reject_record, _lazy("已退回，理由已记录。")),
    "void": (void_record, _lazy("已提交撤下；已核实的记录须由另一位工作人员确认。")),
}


def _seq(request: HttpRequest) -> int:
    text = request.POST.get("seq", "")
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def _drop(problem: Any) -> FileDrop:
    return FileDrop(
        "file",
        "file",
        _("证书或文件的扫描件"),
        limits=_("PDF、JPG、PNG、DOCX 或 XLSX。只有主管部门和该企业可以下载。"),
        accept=ACCEPT,
        error=problem or "",
    )


def _acts(noun: Noun, record: Any) -> list[Link]:
    name = noun.url_name("act")
    return [
        Link(reverse(name, args=[record.pk, item.key]), str(item.title))
        for item in noun.acts
    ]


def _file_owner(noun: Noun) -> str:
    return "certificate" if noun.key == "certificate" else "recognition"


def _crumbs(noun: Noun, *titles: str) -> tuple[Link, ...]:
    links = [
        Link(reverse("registers"), _("登记库")),
        Link(reverse(noun.list_name), str(noun.list_title)),
    ]
    return (*links, *(Link("", title) for title in titles))


def _reason_page(
    request: HttpRequest, noun: Noun, record: Any, form: Any, do: str
) -> HttpResponse:
    title = _("退回报送") if do == "reject" else _("撤下")
    hidden = {"do": do, "seq": _seq(request)}
    return _form_page(request, noun, form, title, record, hidden=hidden)


def _form_page(
    request: HttpRequest,
    noun: Noun,
    form: Any,
    title: str,
    record: Any = None,
    hidden: dict[str, Any] | None = None,
) -> HttpResponse:
    back = reverse(noun.list_name)
    titles = [title]
    if record is not None:
        back = reverse(noun.url_name(), args=[record.pk])
        titles = [str(record), title]
    context = {
        "form": form,
        "title": title,
        "about": str(record) if record is not None else "",
        "back": back,
        "hidden": hidden or {},
        "crumbs": _crumbs(noun, *titles),
    }
    return render(request, "oversight/form.html", context)
