"""What happens when one account fails to sign in too often from one address."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.errors import PROBLEM_TYPE

CODE = "locked_out"
TITLE = _("登录失败次数过多，请稍后再试。")


def username(_request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return the account somebody tries to enter, in one form.

    django-axes counts by it: without one form, letters in another case would
    give an attacker more tries. No longer than the column that keeps it.
    """
    return str((credentials or {}).get("email") or "").strip().lower()[:255]


def client_ip(request: HttpRequest) -> str:
    """Return the address of the client, as allauth and its limits see it."""
    if "REMOTE_ADDR" not in request.META:
        return ""  # signed in by code, not over a connection
    address: str = get_adapter().get_client_ip(request)
    return address


def locked_out(
    request: HttpRequest,
    _response: HttpResponse | None,
    credentials: Mapping[str, Any] | None,
) -> HttpResponse:
    """Answer 429 with the time until the next try, as page or problem+json."""
    seconds = _seconds_left(request, credentials)
    if request.path.startswith("/api/"):
        answer: HttpResponse = _problem()
    else:
        context = {"minutes": -(-seconds // 60)}
        answer = render(request, "account/locked_out.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _seconds_left(request: HttpRequest, credentials: Mapping[str, Any] | None) -> int:
    """Return the seconds until this account may be tried again; at least 1."""
    pair = AccessAttempt.objects.filter(
        username=username(request, credentials), ip_address=client_ip(request)
    )
    last = pair.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    left = last + get_cool_off(request) - timezone.now()
    return max(1, int(left.total_seconds()))


def _problem() -> JsonResponse:
    body = {
        "type": f"/api/docs/errors#{CODE}",
        "title": str(TITLE),
        "status": 429,
        "code": CODE,
    }
    return JsonResponse(body, status=429, content_type=PROBLEM_TYPE)
