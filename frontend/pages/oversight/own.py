"""An enterprise's own certificates and titles: hand in, see how they stand, mend."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.forms import show_problem
from accounts.models import Membership
from accounts.rules import Kind
from assessments.api.views import evidence_download
from assessments.evidence_files import EmptyFile
from assessments.services.attaching import SameFile, TooManyFiles
from backend.errors import (
    Forbidden,
    NotFound,
    ServiceError,
    TooLarge,
    UnsupportedType,
)
from frontend.components import FileDrop, Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.doors import member_of, posted
from frontend.pages.mandates.granting import get_or_post
from frontend.pages.oversight.doors import found_or_404
from frontend.pages.oversight.held import ACCEPT
from frontend.pages.oversight.nouns import CERTIFICATE, TITLE, Noun, initial_of
from frontend.pages.oversight.words import history, summary, verification_tag
from oversight.models import RegisterFile
from oversight.rules import HANDING_IN_ROLES
from oversight.services.handing_in import (
    ClaimNotProven,
    hand_in_certificate,
    hand_in_certificate_again,
    hand_in_recognition,
    hand_in_recognition_again,
    may_be_mended,
    require_handing_in,
)

_NEW: dict[str, Callable[..., Any]] = {
    "certificate": hand_in_certificate,
    "title": hand_in_recognition,
}
_FILE_ERRORS = (EmptyFile, TooLarge, UnsupportedType, SameFile, TooManyFiles)
_AGAIN: dict[str, Callable[..., Any]] = {
    "certificate": hand_in_certificate_again,
    "title": hand_in_recognition_again,
}


@login_required
@never_cache
@require_safe
@answers_refusals
def own(request: HttpRequest) -> HttpResponse:
    """List what the registers hold of the person's enterprise."""
    membership = member_of(request, Kind.ENTERPRISE)
    who = person(request)
    context = {
        "groups": [
            (noun, [_line(noun, row) for row in _rows(noun, who)])
            for noun in (CERTIFICATE, TITLE)
        ],
        "may_hand_in": membership.role in HANDING_IN_ROLES,
        "blocked": _blocked(membership, request),
        "crumbs": (Link(reverse("home"), _("工作台")), Link("", _("我的证书与称号"))),
    }
    return render(request, "oversight/own.html", context)


def _rows(noun: Noun, who: Any) -> Any:
    rows = noun.fetched(noun.model.objects.own_of(who))
    return rows.filter(in_force__is_void=False).newest_first()


def _line(noun: Noun, record: Any) -> dict[str, Any]:
    return {
        "record": record,
        "url": reverse(f"own-{noun.key}", args=[record.pk]),
        "state": noun.state(record.in_force, timezone.localdate()),
        "verification": verification_tag(record),
        "reason": record.latest.reason if _is_rejected(record) else "",
    }


def _is_rejected(record: Any) -> bool:
    return bool(record.latest.verification == "rejected")


def _blocked(membership: Membership, request: HttpRequest) -> str:
    """Say why nothing can be handed in, or nothing."""
    if membership.role not in HANDING_IN_ROLES:
        return _("只有企业负责人可以报送证书和称号。")
    try:
        require_handing_in(membership.organisation, person(request))
    except ClaimNotProven as error:
        return str(error.message)
    return ""


@login_required
@never_cache
@get_or_post
@answers_refusals
def hand_in(request: HttpRequest, noun: Noun) -> HttpResponse:
    """Hand in a certificate or title with a scan."""
    membership = member_of(request, Kind.ENTERPRISE, manages=True)
    form = noun.make_form(posted(request))
    problem = ""
    if request.method == "POST" and form.is_valid():
        made, problem = _handed_in(
            form,
            lambda: _NEW[noun.key](
                enterprise=membership.organisation,
                entry=form.entry(),
                file=request.FILES.get("file"),
                actor=person(request),
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect(f"own-{noun.key}", made.pk)
    title = _("报送%(noun)s") % {"noun": noun.title}
    return _form_page(request, form, title, problem)


@login_required
@never_cache
@require_safe
@answers_refusals
def show(request: HttpRequest, noun: Noun, record_id: UUID) -> HttpResponse:
    """Show how a record stands, and why it was sent back."""
    membership = member_of(request, Kind.ENTERPRISE)
    record = found_or_404(
        noun.fetched(noun.model.objects.own_of(person(request))), record_id
    )
    key = "certificate" if noun.key == "certificate" else "recognition"
    files = RegisterFile.objects.visible_to(person(request)).filter(**{key: record})
    mends = membership.role in HANDING_IN_ROLES and may_be_mended(record)
    context = {
        "noun": noun,
        "record": record,
        "state": noun.state(record.in_force, timezone.localdate()),
        "verification": verification_tag(record),
        "rejected": record.latest.reason if _is_rejected(record) else "",
        "rows": summary(noun.rows(record.in_force)),
        "files": files.in_order(),
        "events": history(record.revisions.in_order(), with_names=False),
        "mend_url": reverse(f"own-{noun.key}-mend", args=[record.pk]) if mends else "",
        "crumbs": _crumbs(str(record)),
    }
    return render(request, "oversight/own_record.html", context)


@login_required
@never_cache
@get_or_post
@answers_refusals
def mend(request: HttpRequest, noun: Noun, record_id: UUID) -> HttpResponse:
    """Mend what was handed in, while nobody has verified it."""
    membership = member_of(request, Kind.ENTERPRISE, manages=True)
    record = found_or_404(
        noun.fetched(noun.model.objects.own_of(person(request))), record_id
    )
    if not may_be_mended(record):
        return redirect(f"own-{noun.key}", record.pk)
    initial = initial_of(record.latest) | {"seq": record.latest.seq}
    form = noun.make_form(posted(request), initial=initial)
    form.add_seq()
    problem = ""
    if request.method == "POST" and form.is_valid():
        key = "certificate_id" if noun.key == "certificate" else "recognition_id"
        made, problem = _handed_in(
            form,
            lambda: _AGAIN[noun.key](
                **{key: record.pk},
                enterprise=membership.organisation,
                seq=form.cleaned_data["seq"],
                entry=form.entry(),
                file=request.FILES.get("file"),
                actor=person(request),
                at=timezone.now(),
            ),
        )
        if made is not None:
            return redirect(f"own-{noun.key}", record.pk)
    title = _("补正%(noun)s") % {"noun": noun.title}
    return _form_page(request, form, title, problem, record)


@login_required
@never_cache
@require_safe
@answers_refusals
def file(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Send a file: to who keeps the registers and to the enterprise itself."""
    found: RegisterFile = found_or_404(
        RegisterFile.objects.visible_to(person(request)), file_id
    )
    return evidence_download(found)


def _handed_in(form: Any, verb: Callable[[], Any]) -> tuple[Any, str]:
    """Return what a service made, or what is wrong with the file.

    Everything else is shown in the form.
    """
    try:
        return verb(), ""
    except (Forbidden, NotFound):
        raise
    except _FILE_ERRORS as error:
        return None, str(error.message)
    except ServiceError as error:
        if "file" in error.fields:
            return None, str(error.fields["file"])
        show_problem(form, error)
        return None, ""


def _form_page(
    request: HttpRequest, form: Any, title: str, problem: str, record: Any = None
) -> HttpResponse:
    drop = FileDrop(
        "file",
        "file",
        _("证书或文件的扫描件"),
        limits=_("PDF、JPG、PNG、DOCX 或 XLSX。只有主管部门和本企业可以下载。"),
        hint=_("如不更换，可以不再上传。") if record else "",
        accept=ACCEPT,
        error=problem,
    )
    context = {
        "form": form,
        "drop": drop,
        "title": title,
        "about": str(record) if record else "",
        "lede": _("主管部门核实后才计入统计；如被退回，这里会写明理由。"),
        "back": reverse("own-records"),
        "crumbs": _crumbs(title),
    }
    return render(request, "oversight/form.html", context)


def _crumbs(*titles: str) -> tuple[Link, ...]:
    return (
        Link(reverse("home"), _("工作台")),
        Link(reverse("own-records"), _("我的证书与称号")),
        *(Link("", title) for title in titles),
    )
