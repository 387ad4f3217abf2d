"""Doors to units, figures and certification bodies, which hold without verification."""

from functools import partial
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import Pages
from oversight.api import correction_serializers, filters, serializers
from oversight.api.doors import (
    asked,
    figures,
    made,
    one,
    origin,
    paged,
    person,
    units,
    valid,
)
from oversight.models import CertificationBody
from oversight.services.recording import require_keeper
from oversight.services.reference import keep_group
from oversight.services.series import correct_figure, enter_figure, entry_of_figure
from oversight.services.units import correct_unit, entry_of_unit, register_unit


class Units(APIView):
    """The units the caller may see; registering one."""

    pagination_class = Pages

    @extend_schema(
        parameters=[filters.UnitFilter], responses=serializers.UnitReader(many=True)
    )
    def get(self, request: Request) -> Response:
        wanted = asked(filters.UnitFilter, request)
        rows = filters.filtered_units(units(request), wanted).by_code()
        return paged(self, request, rows, serializers.UnitReader)

    @extend_schema(
        request=serializers.UnitWriter, responses={201: serializers.UnitReader}
    )
    def post(self, request: Request) -> Response:
        require_keeper(person(request))
        form = valid(serializers.UnitWriter, request)
        source = form.validated_data["source"]
        kept = register_unit(entry=form.entry(), source=source, **origin(request))
        return made(serializers.UnitReader, one(units(request), kept.pk))


class UnitDetail(APIView):
    """One unit."""

    @extend_schema(responses=serializers.UnitReader)
    def get(self, request: Request, record_id: UUID) -> Response:
        return Response(serializers.UnitReader(one(units(request), record_id)).data)


class UnitCorrections(APIView):
    """Record what is known of a unit now; it holds at once."""

    @extend_schema(
        request=correction_serializers.UnitCorrectionWriter,
        responses={201: serializers.UnitReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        form = valid(correction_serializers.UnitCorrectionWriter, request)
        data, said = form.validated_data, origin(request)
        unit = one(units(request), record_id)
        before = entry_of_unit(unit.credit_code, unit.latest)
        group_of = partial(_group, said)
        # A group that is new stays only when the correction does.
        with transaction.atomic():
            correct_unit(
                unit_id=record_id,
                seq=data["seq"],
                entry=form.entry_after(before, group_of),
                source=data["source"],
                reason=data["reason"],
                **said,
            )
        return made(serializers.UnitReader, one(units(request), record_id))


def _group(said: dict[str, object], name: str) -> object:
    return keep_group(name=name, actor=said["actor"], at=said["at"])  # type: ignore[arg-type]


class Figures(APIView):
    """Figures other offices counted; entering one."""

    pagination_class = Pages

    @extend_schema(
        parameters=[filters.FigureFilter],
        responses=serializers.FigureReader(many=True),
    )
    def get(self, request: Request) -> Response:
        wanted = asked(filters.FigureFilter, request)
        rows = filters.filtered_figures(figures(request), wanted)
        rows = rows.order_by("indicator", "period")
        return paged(self, request, rows, serializers.FigureReader)

    @extend_schema(
        request=serializers.FigureWriter, responses={201: serializers.FigureReader}
    )
    def post(self, request: Request) -> Response:
        require_keeper(person(request))
        form = valid(serializers.FigureWriter, request)
        source = form.validated_data["source"]
        kept = enter_figure(entry=form.entry(), source=source, **origin(request))
        return made(serializers.FigureReader, one(figures(request), kept.pk))


class FigureDetail(APIView):
    """One figure."""

    @extend_schema(responses=serializers.FigureReader)
    def get(self, request: Request, record_id: UUID) -> Response:
        found = one(figures(request), record_id)
        return Response(serializers.FigureReader(found).data)


class FigureCorrections(APIView):
    """Record what a figure really is; it holds at once."""

    @extend_schema(
        request=correction_serializers.FigureCorrectionWriter,
        responses={201: serializers.FigureReader},
    )
    def post(self, request: Request, record_id: UUID) -> Response:
        require_keeper(person(request))
        form = valid(correction_serializers.FigureCorrectionWriter, request)
        data = form.validated_data
        figure = one(figures(request), record_id)
        correct_figure(
            figure_id=record_id,
            seq=data["seq"],
            entry=form.entry_after(entry_of_figure(figure, figure.latest)),
            source=data["source"],
            reason=data["reason"],
            **origin(request),
        )
        return made(serializers.FigureReader, one(figures(request), record_id))


class Bodies(APIView):
    """The certification bodies a certificate may name."""

    @extend_schema(responses=serializers.BodyReader(many=True))
    def get(self, request: Request) -> Response:
        person(request)
        rows = CertificationBody.objects.order_by("name")
        return Response(serializers.BodyReader(rows, many=True).data)
