"""Doors to improvement plans: translate, make one call, answer."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments.api.views import person
from reviews import services
from reviews.access import get_plan, task_of
from reviews.api import plan_serializers as shapes
from reviews.models import ImprovementPlan, PlanTask
from reviews.plan_selectors import history_of, tasks_of_plan
from reviews.services.tasks import TaskContent, content_of

TAGS = ["plans"]


class Plan(APIView):
    """The improvement plan of a sealed assessment."""

    @extend_schema(responses=shapes.PlanReader, tags=TAGS)
    def get(self, request: Request, assessment_id: UUID) -> Response:
        """Return the plan with its tasks; 404 while there is none."""
        return Response(_plan(get_plan(request.user, assessment_id)))

    @extend_schema(request=None, responses={201: shapes.PlanReader}, tags=TAGS)
    def post(self, request: Request, assessment_id: UUID) -> Response:
        """Make the plan from the result; for members of the enterprise."""
        made = services.make_plan(
            assessment_id=assessment_id, actor=person(request), at=timezone.now()
        )
        return Response(_plan(made), status.HTTP_201_CREATED)


def _plan(plan: ImprovementPlan) -> Any:
    return shapes.PlanReader({"plan": plan, "tasks": tasks_of_plan(plan)}).data


class PlanTasks(APIView):
    """The tasks of a plan."""

    @extend_schema(
        request=shapes.PlanTaskWriter,
        responses={201: shapes.PlanTaskReader},
        tags=TAGS,
    )
    def post(self, request: Request, assessment_id: UUID) -> Response:
        """Add a task at the end, or as an agency propose one."""
        wanted = shapes.PlanTaskWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        task = services.add_task(
            assessment_id=assessment_id,
            content=TaskContent(**_content(wanted.validated_data)),
            actor=person(request),
            at=timezone.now(),
        )
        body = shapes.PlanTaskReader(task).data
        return Response(body, status.HTTP_201_CREATED)


class PlanTaskDetail(APIView):
    """One task of a plan."""

    @extend_schema(responses=shapes.PlanTaskDetailReader, tags=TAGS)
    def get(self, request: Request, assessment_id: UUID, task_id: UUID) -> Response:
        """Return a task with everything said and done about it."""
        plan, task = _task(request, assessment_id, task_id)
        found = {"task": task, "events": history_of(plan, task)}
        return Response(shapes.PlanTaskDetailReader(found).data)

    @extend_schema(
        request=shapes.PlanTaskChange, responses=shapes.PlanTaskReader, tags=TAGS
    )
    def patch(self, request: Request, assessment_id: UUID, task_id: UUID) -> Response:
        """Change what a task says; an agency only what it proposed itself."""
        _plan_row, task = _task(request, assessment_id, task_id)
        wanted = shapes.PlanTaskChange(data=request.data)
        wanted.is_valid(raise_exception=True)
        changed = services.change_task(
            assessment_id=assessment_id,
            task_id=task_id,
            content=replace(content_of(task), **_content(wanted.validated_data)),
            actor=person(request),
            at=timezone.now(),
        )
        return Response(shapes.PlanTaskReader(changed).data)


def _task(
    request: Request, assessment_id: UUID, task_id: UUID
) -> tuple[ImprovementPlan, PlanTask]:
    plan = get_plan(request.user, assessment_id)
    return plan, task_of(plan, task_id)


def _content(data: dict[str, Any]) -> dict[str, Any]:
    lists = {"evidence": tuple(data["evidence"])} if "evidence" in data else {}
    return {**data, **lists}


class PlanTaskState(APIView):
    """Where one task stands."""

    @extend_schema(
        request=shapes.PlanTaskStateWriter, responses=shapes.PlanTaskReader, tags=TAGS
    )
    def put(self, request: Request, assessment_id: UUID, task_id: UUID) -> Response:
        """Begin, finish, drop or reopen a task; only members accept and finish."""
        wanted = shapes.PlanTaskStateWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        task = services.put_task(
            assessment_id=assessment_id,
            task_id=task_id,
            actor=person(request),
            at=timezone.now(),
            **wanted.validated_data,
        )
        return Response(shapes.PlanTaskReader(task).data)


class PlanTaskComments(APIView):
    """What is said about one task."""

    @extend_schema(
        request=shapes.PlanCommentWriter,
        responses={201: shapes.PlanEventReader},
        tags=TAGS,
    )
    def post(self, request: Request, assessment_id: UUID, task_id: UUID) -> Response:
        """Comment on a task; whoever sees the plan may."""
        wanted = shapes.PlanCommentWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        event = services.comment(
            assessment_id=assessment_id,
            task_id=task_id,
            text=wanted.validated_data["text"],
            actor=person(request),
            at=timezone.now(),
        )
        body = shapes.PlanEventReader(event).data
        return Response(body, status.HTTP_201_CREATED)
