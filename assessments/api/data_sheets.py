"""Doors to enterprise data sheets: translate, make one call, answer."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.selectors import home_membership
from assessments.api.views import IF_MATCH, person, revision_of
from assessments.data_sheet_changes import SheetChanges, changes_from_json
from assessments.data_sheets import stored_sheet
from assessments.evaluation import local_date
from assessments.models import DataSheet
from assessments.services import save_data_sheet
from assessments.services.access import get_data_sheet, get_own_data_sheet
from assessments.services.data_sheets import problem_json
from backend.api import Pages, StrictSerializer
from backend.errors import Conflict, Forbidden
from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_fields import FieldKind
from question_bank.engine.data_sheet import (
    APPEAL_STATES,
    RIGHT_KINDS,
    VETO_KINDS,
    Known,
)
from question_bank.engine.identifiers import REGISTER_READERS

RIGHT_CHOICES = [(kind, kind) for kind in RIGHT_KINDS]
WRITABLE_RIGHT_CHOICES = [
    (kind, kind)
    for kind in ("auto", *REGISTER_READERS, "invention", "utility_model", "design")
]
VETO_CHOICES = [(kind, kind) for kind in VETO_KINDS]


class SheetExists(Conflict):
    """The enterprise has a sheet for that year already."""

    code = "data_sheet_exists"
    message = _("这一年度的数据表已经建立。")


class DataSheetRow(serializers.Serializer[Any]):
    """One year's sheet without its figures."""

    id = serializers.UUIDField()
    enterprise = serializers.UUIDField(source="enterprise_id")
    year = serializers.IntegerField()
    revision = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)


class RightReader(serializers.Serializer[Any]):
    """One entry of the list of IP numbers."""

    kind = serializers.ChoiceField(choices=RIGHT_CHOICES)
    number = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField()


class VetoReader(serializers.Serializer[Any]):
    """One disqualifying matter; no end date is an empty text."""

    kind = serializers.ChoiceField(choices=VETO_CHOICES)
    finding_body = serializers.CharField()
    document = serializers.CharField()
    decided_on = serializers.DateField()
    effective_until = serializers.CharField()
    appeal = serializers.ChoiceField(choices=list(APPEAL_STATES))


class ProblemReader(serializers.Serializer[Any]):
    """Something to correct (error), explain (warning) or know (info)."""

    severity = serializers.ChoiceField(choices=["error", "warning", "info"])
    code = serializers.CharField()
    key = serializers.CharField()
    slot = serializers.CharField()
    field = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()


class DataSheetReader(DataSheetRow):
    """One year's sheet.

    `values` holds entries by slot: a field's id, with `_y2`, `_y1` or `_y0` for the
    years Y-2, Y-1 and Y. An entry is `{"state": "value", "value": …}`, or the state
    `none` (无) or `na` (不适用); a slot not filled in is missing. `computed` holds
    numbers (ratios as shares of 1) and the size class.
    """

    values = serializers.DictField(child=serializers.DictField())
    computed = serializers.DictField(child=serializers.JSONField())
    unconfirmed = serializers.ListField(child=serializers.CharField())
    rights = RightReader(many=True)
    vetoes = VetoReader(many=True)
    notes = serializers.DictField(child=serializers.CharField())
    problems = ProblemReader(many=True)


class DataSheetStarter(StrictSerializer):
    """The year to fill in."""

    year = serializers.IntegerField(min_value=2000, max_value=2199)


class RightWriter(StrictSerializer):
    """A number to list; kind `auto` goes by what it looks like."""

    kind = serializers.ChoiceField(choices=WRITABLE_RIGHT_CHOICES)
    number = serializers.CharField(max_length=60)
    title = serializers.CharField(required=False, allow_blank=True, max_length=200)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class RightKey(StrictSerializer):
    """A listed number to take away."""

    kind = serializers.ChoiceField(choices=RIGHT_CHOICES)
    number = serializers.CharField(max_length=60)


class VetoWriter(StrictSerializer):
    """One disqualifying matter."""

    kind = serializers.ChoiceField(choices=VETO_CHOICES)
    finding_body = serializers.CharField(max_length=120)
    document = serializers.CharField(required=False, allow_blank=True, max_length=200)
    decided_on = serializers.CharField(max_length=20)
    effective_until = serializers.CharField(
        required=False, allow_blank=True, max_length=20
    )
    appeal = serializers.ChoiceField(choices=list(APPEAL_STATES), required=False)


class DataSheetWriter(StrictSerializer):
    """Changes: entries by slot (null clears), and what to do with the lists.

    `confirm` names slots carried over from last year that are right; `vetoes`, when
    given, replaces the table; a note with an empty text is removed.

    `If-Match` names the revision the changes are based on; 412 comes only when one of
    these values was changed since by somebody else, and holds both.
    """

    values = serializers.DictField(
        child=serializers.JSONField(allow_null=True), required=False
    )
    confirm = serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, max_length=300
    )
    add_rights = RightWriter(many=True, required=False)
    remove_rights = RightKey(many=True, required=False)
    vetoes = VetoWriter(many=True, required=False)
    notes = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True), required=False
    )


class DataSheets(APIView):
    """The enterprise's data sheets."""

    pagination_class = Pages

    @extend_schema(responses=DataSheetRow(many=True))
    def get(self, request: Request) -> Response:
        rows = DataSheet.objects.visible_to(request.user).newest_first()
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(DataSheetRow(page, many=True).data)

    @extend_schema(request=DataSheetStarter, responses={201: DataSheetReader})
    def post(self, request: Request) -> Response:
        wanted = DataSheetStarter(data=request.data)
        wanted.is_valid(raise_exception=True)
        membership = home_membership(request.user)
        if membership is None:
            raise Forbidden
        year = wanted.validated_data["year"]
        if DataSheet.objects.own_of(request.user).filter(year=year).exists():
            raise SheetExists
        row = save_data_sheet(
            enterprise=membership.organisation,
            year=year,
            changes=SheetChanges(),
            revision=0,
            actor=person(request),
            at=timezone.now(),
        )
        return _answer(row, status.HTTP_201_CREATED)


class DataSheetDetail(APIView):
    """One year's data sheet."""

    @extend_schema(responses=DataSheetReader)
    def get(self, request: Request, sheet_id: UUID) -> Response:
        return _answer(get_data_sheet(request.user, sheet_id))

    @extend_schema(
        request=DataSheetWriter, responses=DataSheetReader, parameters=[IF_MATCH]
    )
    def patch(self, request: Request, sheet_id: UUID) -> Response:
        row = get_own_data_sheet(request.user, sheet_id)
        wanted = DataSheetWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        saved = save_data_sheet(
            enterprise=row.enterprise,
            year=row.year,
            changes=changes_from_json(data_sheet_definition(), wanted.validated_data),
            revision=revision_of(request),
            actor=person(request),
            at=timezone.now(),
        )
        return _answer(saved)


def _answer(row: DataSheet, code: int = status.HTTP_200_OK) -> Response:
    response = Response(DataSheetReader(_document(row)).data, code)
    response["ETag"] = f'"{row.revision}"'
    return response


def _document(row: DataSheet) -> dict[str, Any]:
    """Return a sheet as the API shows it, problems as of today."""
    found = stored_sheet(row, as_of=local_date(timezone.now()))
    sheet = found.sheet
    return {
        "id": row.pk,
        "enterprise_id": row.enterprise_id,
        "year": row.year,
        "revision": row.revision,
        "updated_at": row.updated_at,
        "confirmed_at": row.confirmed_at,
        "values": {slot: entry.to_json() for slot, entry in sheet.entries.items()},
        "computed": {
            slot: _computed(slot, known) for slot, known in sheet.computed.items()
        },
        "unconfirmed": sorted(sheet.unconfirmed),
        "rights": sheet.rights,
        "vetoes": sheet.vetoes,
        "notes": sheet.notes,
        "problems": [problem_json(problem) for problem in found.problems],
    }


def _computed(slot: str, known: Known) -> int | float | str:
    if isinstance(known, str):
        return known
    whole = data_sheet_definition().slots[slot].kind is FieldKind.COUNT
    return int(known) if whole else float(known)
