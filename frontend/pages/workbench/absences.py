"""Who of the agency is away, and who stands in."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import show_problem
from accounts.models import Membership, User
from accounts.rules import Kind
from backend.errors import Forbidden, ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import answers_refusals, person
from frontend.pages.mandates.doors import member_of
from frontend.pages.mandates.granting import get_or_post
from frontend.pages.workbench.forms import AbsenceForm
from reviews.models import Absence
from reviews.services.coaching import add_absence, cancel_absence
from reviews.workbench import colleagues


@login_required
@get_or_post
@answers_refusals
def absences(request: HttpRequest) -> HttpResponse:
    """List who is away now and later; add a leave."""
    membership = member_of(request, Kind.AGENCY)
    form = _form(request, membership)
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, form)
        except Forbidden:
            raise
        except ServiceError as error:
            show_problem(form, error)
        else:
            messages.success(request, _("休假已登记。"))
            return redirect("absences")
    who = person(request)
    rows = Absence.objects.visible_to(who).to_come(timezone.localdate())
    context = {
        "form": form,
        "rows": [(row, membership.manages or row.person_id == who.pk) for row in rows],
        "crumbs": (
            Link(reverse("home"), _("工作台")),
            Link(request.path, _("休假和代理"), current=True),
        ),
    }
    return render(request, "workbench/absences.html", context)


def _form(request: HttpRequest, membership: Membership) -> AbsenceForm:
    """Return the form; who does not manage the agency may only name themselves."""
    who = person(request)
    people = colleagues(who)
    own = people if membership.manages else [(who.pk, str(who))]
    return AbsenceForm(
        request.POST if request.method == "POST" else None,
        own=own,
        people=people,
        initial={"person": str(who.pk), "first_day": timezone.localdate()},
    )


def _add(request: HttpRequest, form: AbsenceForm) -> None:
    people = User.objects.visible_to(person(request)).distinct()
    data = form.cleaned_data
    add_absence(
        person=people.get(pk=data["person"]),
        deputy=people.get(pk=data["deputy"]),
        first_day=data["first_day"],
        last_day=data["last_day"],
        actor=person(request),
        at=timezone.now(),
    )


@login_required
@require_POST
@answers_refusals
def absence_cancel(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """End a leave at once."""
    found = Absence.objects.visible_to(person(request)).filter(pk=absence_id)
    absence: Absence | None = found.select_related("agency").first()
    if absence is None:
        raise Http404
    cancel_absence(absence=absence, actor=person(request), at=timezone.now())
    messages.success(request, _("休假已取消。"))
    return redirect("absences")
