"""What every door of the registers does: who asks, read the request, find, answer."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from backend.api import Pages
from backend.errors import NotFound
from oversight.models import Certificate, Recognition, RegisteredUnit, SeriesFigure, Via

CERTIFICATE_LINKS = (
    "latest__holder", "latest__body", "in_force__holder", "in_force__body",
)  # fmt: skip
TITLE_LINKS = ("latest__holder", "in_force__holder")


def person(request: Request) -> User:
    """Return the signed-in person; permissions have let nobody else through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def origin(request: Request) -> dict[str, Any]:
    """Return who says something, when and through which door."""
    return {"via": Via.API, "actor": person(request), "at": timezone.now()}


def valid(writer: Any, request: Request) -> Any:
    """Return the request's body, checked; refuse what is wrong with it."""
    form = writer(data=request.data)
    form.is_valid(raise_exception=True)
    return form


def asked(reader: Any, request: Request) -> dict[str, Any]:
    """Return what a list is filtered by; refuse words it does not know."""
    form = reader(data=request.query_params)
    form.is_valid(raise_exception=True)
    return {name: value for name, value in form.validated_data.items() if value}


def paged(view: APIView, request: Request, rows: Any, reader: Any) -> Response:
    """Answer with the wanted page of rows."""
    pages = Pages()
    page: Any = pages.paginate_queryset(rows, request, view)
    return pages.get_paginated_response(reader(page, many=True).data)


def one(rows: Any, record_id: UUID) -> Any:
    """Return a row by its id; NotFound when the person may not see it."""
    found = rows.filter(pk=record_id).first()
    if found is None:
        raise NotFound
    return found


def made(reader: Any, found: Any) -> Response:
    """Answer with what was recorded."""
    return Response(reader(found).data, status.HTTP_201_CREATED)


def certificates(request: Request) -> Any:
    """Return the certificates the caller may see, with all that is shown of them."""
    rows = Certificate.objects.visible_to(request.user)
    return rows.select_related(*CERTIFICATE_LINKS)


def titles(request: Request) -> Any:
    """Return the titles the caller may see, with all that is shown of them."""
    rows = Recognition.objects.visible_to(request.user)
    return rows.select_related(*TITLE_LINKS)


def units(request: Request) -> Any:
    """Return the units the caller may see, with their latest revision."""
    return RegisteredUnit.objects.visible_to(request.user).select_related("latest")


def figures(request: Request) -> Any:
    """Return the figures the caller may see, with their latest revision."""
    return SeriesFigure.objects.visible_to(request.user).select_related("latest")
