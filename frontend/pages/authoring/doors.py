"""What every door of authoring does first: who asks, for which draft."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.selectors import home_membership
from backend.errors import Forbidden, NotFound, ServiceError
from frontend.components import Link
from frontend.pages.answering.doors import person, problem_text
from question_bank.models import BankDraft
from question_bank.rules import APPROVING_ROLES, EDITING_ROLES
from question_bank.services import get_draft

View = Callable[..., HttpResponseBase]


def for_experts(view: View) -> View:
    """Let only members of the bureau pass, and show what a service refuses.

    Refusals that a view does not show itself lead back to where they can be mended:
    the draft, or the list of banks.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if "draft_id" not in kwargs:
                expert(request)
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404 from error
        except ServiceError as error:
            if isinstance(error, Forbidden) and error.code == "forbidden":
                raise PermissionDenied from error
            messages.error(request, problem_text(error))
            return _back(kwargs)

    return guarded


def _back(kwargs: dict[str, Any]) -> HttpResponseBase:
    if draft_id := kwargs.get("draft_id"):
        return redirect("bank-draft", draft_id)
    return redirect("banks")


def expert(request: HttpRequest) -> Membership:
    """Return the membership of a person who edits banks, or refuse with 403."""
    membership = home_membership(person(request))
    if membership is None or membership.role not in EDITING_ROLES:
        raise PermissionDenied
    return membership


def may_approve(request: HttpRequest) -> bool:
    """Whether the person publishes what others propose, and retires versions."""
    membership = home_membership(person(request))
    return membership is not None and membership.role in APPROVING_ROLES


def draft_or_404(request: HttpRequest, draft_id: UUID) -> BankDraft:
    """Return the draft if the person may see it; Http404 otherwise."""
    return get_draft(person(request), draft_id)


def crumbs(draft: BankDraft, *more: Link) -> tuple[Link, ...]:
    """Return the way to a page of a draft."""
    return (
        Link(reverse("banks"), _("题库")),
        Link(reverse("bank-draft", args=(draft.pk,)), draft_title(draft)),
        *more,
    )


def draft_title(draft: BankDraft) -> str:
    """Return a short name of a draft for breadcrumbs."""
    return _("%(bank)s 草稿") % {"bank": draft.bank}


def draft_tabs(draft: BankDraft, current: str) -> tuple[Link, ...]:
    """Return the pages of a draft; `current` is the URL name of the one shown."""
    pages = (
        ("bank-draft", _("题目")),
        ("bank-clauses", _("条款覆盖")),
        ("bank-parts", _("其他内容")),
        ("bank-try", _("试答")),
        ("bank-differences", _("差异")),
        ("bank-files", _("文件")),
        ("bank-publish", _("发布")),
        ("bank-history", _("历史")),
    )
    return tuple(
        Link(reverse(name, args=(draft.pk,)), text, current=name == current)
        for name, text in pages
    )
