"""The door to the workbench: an agency's clients and what each needs today."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Membership
from accounts.rules import Kind
from accounts.selectors import home_membership
from assessments.api.views import person
from backend.api import Pages
from backend.errors import Forbidden
from reviews.choosing import ALL, MINE, NEEDS, STAGES, chosen, wanted_of
from reviews.models.coaching import Stage
from reviews.needs import Need
from reviews.workbench import clients_of

NEED_VALUES = [(need.value, need.value) for need in Need]
STAGE_VALUES = [(stage.value, stage.value) for stage in Stage]


class ClientQuery(serializers.Serializer[Any]):
    """Which clients are wanted; what is not named counts as everything."""

    view = serializers.ChoiceField(
        choices=[MINE, ALL],
        required=False,
        help_text="Reviewers with clients of their own start with `mine`.",
    )
    q = serializers.CharField(max_length=60, required=False, help_text="Part of a name")
    stage = serializers.ChoiceField(choices=list(STAGES), required=False)
    need = serializers.ChoiceField(choices=list(NEEDS), required=False)
    responsible = serializers.CharField(
        max_length=40, required=False, help_text="A person's id, or `nobody`"
    )


class ClientEnterpriseReader(serializers.Serializer[Any]):
    """The enterprise that lets the agency in."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    credit_code = serializers.CharField()


class ClientWorkerReader(serializers.Serializer[Any]):
    """One of the agency's people; `part`: responsible or helper.

    `deputy` stands in today.
    """

    person = serializers.UUIDField()
    name = serializers.CharField()
    part = serializers.CharField()
    deputy = serializers.UUIDField(allow_null=True)


class ClientReader(serializers.Serializer[Any]):
    """One client as the workbench shows it, the most urgent need first."""

    mandate = serializers.UUIDField(source="mandate.pk")
    enterprise = ClientEnterpriseReader(source="mandate.enterprise")
    ends_at = serializers.DateTimeField(source="dates.ends_at")
    needs = serializers.ListField(child=serializers.ChoiceField(choices=NEED_VALUES))
    stage = serializers.ChoiceField(choices=STAGE_VALUES, allow_null=True)
    stage_due = serializers.DateField(source="dates.stage_due", allow_null=True)
    next_audit = serializers.DateField(allow_null=True)
    submitted_at = serializers.DateTimeField(
        source="dates.submitted_at", allow_null=True
    )
    answered_at = serializers.DateTimeField(source="dates.answered_at", allow_null=True)
    changed_at = serializers.DateTimeField(source="dates.changed_at", allow_null=True)
    seen_at = serializers.DateTimeField(source="dates.seen_at", allow_null=True)
    team = ClientWorkerReader(many=True)


class Clients(APIView):
    """The agency's clients."""

    pagination_class = Pages

    @extend_schema(
        parameters=[ClientQuery],
        responses=ClientReader(many=True),
        tags=["workbench"],
    )
    def get(self, request: Request) -> Response:
        """List the clients that let the agency in now, the most urgent first."""
        membership = _agency_membership(request)
        query = ClientQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        clients = clients_of(person(request), at=timezone.now())
        wanted = wanted_of(query.validated_data, membership, clients)
        pages = self.pagination_class()
        found = chosen(clients, wanted, membership.user_id)
        page = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response(ClientReader(page, many=True).data)


def _agency_membership(request: Request) -> Membership:
    membership = home_membership(person(request))
    if membership is None or membership.organisation.kind != Kind.AGENCY:
        raise Forbidden
    return membership
