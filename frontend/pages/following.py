"""Following a patch: what it corrects, and the consent to it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.models import Assessment
from assessments.services import follow_patch
from assessments.services.following import MoreThanWords
from assessments.services.lifecycle import DraftExists
from frontend.components import Link
from frontend.pages.answering.doors import (
    answers_errors,
    assessment_or_404,
    person,
    problem_text,
    sealed_redirect,
)
from frontend.pages.moving import crumbs
from question_bank.engine.definition import Change
from question_bank.models import BankVersion
from question_bank.selectors import compiled_bank
from question_bank.versions import changes_after, patch_after


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@answers_errors
def follow(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show what a patch corrects and ask for consent, or follow it.

    The consent names the version that was shown: a newer one is shown anew.
    """
    assessment = assessment_or_404(request, assessment_id)
    if not assessment.is_draft:
        return sealed_redirect(assessment_id)
    target = patch_after(assessment.bank_version)
    if target is None:
        messages.info(request, _("题库没有可以跟随的文字修订。"))
        return redirect("assessment", assessment_id)
    if request.POST.get("version") == target.version:
        return _follow(request, assessment, target)
    context = {
        "assessment": assessment,
        "source": assessment.bank_version,
        "target": target,
        "changes": _changes(assessment.bank_version, target),
        "crumbs": (*crumbs(assessment), Link("", _("跟随修订"))),
    }
    return render(request, "moving/follow.html", context)


def _changes(source: BankVersion, target: BankVersion) -> tuple[Change, ...]:
    return changes_after(compiled_bank(target.sha256), source.version)


def _follow(
    request: HttpRequest, assessment: Assessment, target: BankVersion
) -> HttpResponse:
    try:
        follow_patch(
            assessment_id=assessment.pk,
            target_version=target,
            actor=person(request),
            at=timezone.now(),
        )
    except (MoreThanWords, DraftExists) as error:
        messages.error(request, problem_text(error))
    else:
        text = _("已跟随到题库 %(version)s，回答没有变化。")
        messages.success(request, text % {"version": target.version})
    return redirect("assessment", assessment.pk)


urlpatterns = [
    path("assessments/<uuid:assessment_id>/follow/", follow, name="patch-follow"),
]
