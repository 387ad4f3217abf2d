"""Doors to the bureau's statistics: the same numbers as on its pages.

For who keeps the registers alone. Readiness and participation come from published
snapshots; counts of plans and their units are public facts.
"""

import json
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import Pages
from backend.errors import NotFound
from oversight.api import statistics_serializers as shapes
from oversight.api.doors import person
from oversight.count_book import book_for
from oversight.counting.plans import Indicator, Plan
from oversight.counting.reasons import Outcome
from oversight.dashboard import dashboard
from oversight.models import Snapshot
from oversight.plan_standing import LineChoice, counted_lines, find_plan
from oversight.services.recording import require_keeper


def _as_known(request: Request) -> dict[str, Any]:
    query = shapes.AsKnownQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    found: dict[str, Any] = query.validated_data
    return found


def _plan(plan: str) -> Plan:
    try:
        return find_plan(plan)
    except KeyError as error:
        raise NotFound from error


def _indicator(plan: Plan, indicator: str) -> Indicator:
    try:
        return plan.indicator(indicator)
    except KeyError as error:
        raise NotFound from error


def _paged(view: APIView, request: Request, rows: Any, reader: Any) -> Response:
    pages = Pages()
    page: Any = pages.paginate_queryset(rows, request, view)
    return pages.get_paginated_response(reader(page, many=True).data)


class DashboardNumbers(APIView):
    """The dashboard."""

    @extend_schema(responses=shapes.DashboardReader)
    def get(self, request: Request) -> Response:
        who = person(request)
        require_keeper(who)
        found = dashboard(who, at=timezone.now())
        return Response(shapes.DashboardReader(found).data)


class PlanCounts(APIView):
    """A plan with all its indicators."""

    @extend_schema(parameters=[shapes.AsKnownQuery], responses=shapes.PlanCountsReader)
    def get(self, request: Request, plan: str) -> Response:
        require_keeper(person(request))
        found, asked = _plan(plan), _as_known(request)
        book = book_for(asked["day"], known_on=asked["known_on"])
        shown = {
            "plan": found.id,
            "title": found.title,
            **asked,
            "indicators": book.of_plan(found.id),
        }
        return Response(shapes.PlanCountsReader(shown).data)


class CountedUnits(APIView):
    """Every unit looked at for an indicator, with its reason; named public facts."""

    pagination_class = Pages

    @extend_schema(
        parameters=[shapes.AsKnownQuery, shapes.UnitsQuery],
        responses=shapes.CountedUnitReader(many=True),
    )
    def get(self, request: Request, plan: str, indicator: str) -> Response:
        require_keeper(person(request))
        of = _plan(plan)
        found = _indicator(of, indicator)
        asked = _as_known(request)
        query = shapes.UnitsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        outcome = wanted.get("outcome")
        choice = LineChoice(
            wanted.get("year"),
            Outcome(outcome) if outcome else None,
            wanted.get("division", ""),
        )
        lines = counted_lines(of, found, asked["day"], known_on=asked["known_on"])
        return _paged(self, request, choice.of(lines), shapes.CountedUnitReader)


class Snapshots(APIView):
    """Snapshots, the last taken first; refused ones with the code of the reason."""

    pagination_class = Pages

    @extend_schema(responses=shapes.SnapshotReader(many=True))
    def get(self, request: Request) -> Response:
        who = person(request)
        require_keeper(who)
        rows = Snapshot.objects.visible_to(who).light().newest_first()
        return _paged(self, request, rows, shapes.SnapshotReader)


class SnapshotDocument(APIView):
    """One published snapshot, whole."""

    @extend_schema(responses=shapes.DocumentReader)
    def get(self, request: Request, number: int) -> Response:
        who = person(request)
        require_keeper(who)
        rows = Snapshot.objects.visible_to(who).published()
        found = rows.filter(number=number).first()
        if found is None:
            raise NotFound
        document = {"document": json.loads(found.document)}
        return Response(shapes.DocumentReader(found, context=document).data)
