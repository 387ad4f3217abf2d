"""The readiness to apply: the checklist, what stands in the way, the export."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.forms import show_problem
from assessments.evaluation import local_date
from assessments.scopes import scope_of
from backend.errors import Invalid, NotFound, TooLarge
from frontend.components import Status
from frontend.pages.answering.doors import answers_refusals, person, problem_text
from frontend.pages.plans.board import read_or_post
from frontend.pages.plans.doors import frame, plan_and_hand, posted
from frontend.pages.plans.forms import ItemForm
from frontend.pages.plans.words import clock_lines, item_status
from frontend.templatetags.texts import localized
from reviews.access import Hand, require_member
from reviews.checklist import Asked
from reviews.exporting import Folder, archive, entries, require_possible
from reviews.models import ImprovementPlan, ReadinessItem
from reviews.plan_selectors import stored_item
from reviews.readiness import (
    Line,
    Readiness,
    asked_of,
    linked_files,
    readiness_of,
    shown_files,
)
from reviews.services import prepare_item


@login_required
@never_cache
@require_safe
@answers_refusals
def readiness(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the checklist and what stands in the way of applying."""
    plan, hand = plan_and_hand(request, assessment_id)
    found = _readiness(request, plan)
    context = frame(plan, hand, "readiness") | {
        "readiness": found,
        "lines": [(line, item_status(line.state)) for line in found.lines],
        "clock": clock_lines(found.clock),
        "shows_files": _shows_files(request, plan, hand),
    }
    return render(request, "plans/readiness.html", context)


def _readiness(request: HttpRequest, plan: ImprovementPlan) -> Readiness:
    """Return how ready one is; NotFound where no checklist is known."""
    today = local_date(timezone.now())
    found = readiness_of(plan, person(request), today=today)
    if not found.lines:
        raise NotFound
    return found


def _shows_files(request: HttpRequest, plan: ImprovementPlan, hand: Hand) -> bool:
    if hand.is_member:
        return True
    return scope_of(person(request), plan.assessment).evidence


@login_required
@never_cache
@read_or_post
@answers_refusals
def prepare(request: HttpRequest, assessment_id: UUID, item: str) -> HttpResponse:
    """Say where an item stands and which files belong to it."""
    plan, hand = plan_and_hand(request, assessment_id)
    asked = asked_of(plan, item)
    if asked is None:
        raise Http404
    require_member(hand)
    form = _item_form(request, plan, asked)
    if request.method == "POST" and form.is_valid():
        try:
            prepare_item(
                assessment_id=assessment_id,
                item=item,
                preparation=form.preparation(),
                actor=person(request),
                at=timezone.now(),
            )
        except Invalid as error:
            show_problem(form, error)
        else:
            messages.success(request, _("已保存。"))
            return redirect("readiness", assessment_id)
    context = frame(plan, hand, title=localized(asked.title)) | {
        "form": form,
        "asked": asked,
    }
    return render(request, "plans/item.html", context)


def _item_form(request: HttpRequest, plan: ImprovementPlan, asked: Asked) -> ItemForm:
    user = person(request)
    row = stored_item(plan, asked.id)
    linked = linked_files(plan, user).get(asked.id, ())
    initial = {
        "state": row.state if row else ReadinessItem.State.MISSING,
        "reason": row.reason if row else "",
        "note": row.note if row else "",
        "papers": [str(file.pk) for file in linked],
    }
    return ItemForm(
        posted(request),
        initial=initial,
        asked=asked,
        plan=plan,
        files=shown_files(plan, user),
    )


# --- The export -------------------------------------------------------------------


@login_required
@never_cache
@require_safe
@answers_refusals
def export(request: HttpRequest, assessment_id: UUID) -> HttpResponseBase:
    """Download the papers as a ZIP; for an agency only with the evidence in scope."""
    plan, hand = plan_and_hand(request, assessment_id)
    if not _shows_files(request, plan, hand):
        raise Http404
    now = timezone.now()
    found = _readiness(request, plan)
    folders = [_folder(line) for line in found.lines]
    try:
        require_possible(entries(folders))
    except TooLarge as error:
        messages.error(request, problem_text(error))
        return redirect("readiness", assessment_id)
    answer = StreamingHttpResponse(
        archive(folders, _index(plan, found, folders), at=now),
        content_type="application/zip",
    )
    name = quote(f"{_('申请材料')}_{local_date(now):%Y%m%d}.zip")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _folder(line: Line) -> Folder:
    return Folder(
        number=line.number,
        title=localized(line.asked.title),
        state=item_status(line.state).word,
        reason=line.reason,
        note=line.note,
        files=line.files,
    )


def _index(plan: ImprovementPlan, found: Readiness, folders: list[Folder]) -> str:
    """Return the page that opens the folder, readable without the service."""
    packed = entries(folders)
    rows = [
        (folder, [entry for entry in packed if entry.folder is folder])
        for folder in folders
    ]
    clock: list[tuple[str, str, Status]] = clock_lines(found.clock)
    context = {
        "plan": plan,
        "readiness": found,
        "rows": rows,
        "clock": clock,
        "at": timezone.now(),
    }
    return render_to_string("plans/export_index.html", context)
