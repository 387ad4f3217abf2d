"""Doors to reviews: translate, make one call, answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments.api.views import IF_MATCH, person, revision_of
from assessments.services.access import get_assessment
from backend.errors import NotFound, PreconditionRequired
from reviews import services
from reviews.api import serializers as shapes
from reviews.models import Remark, Review, ReviewMark
from reviews.opinions import Opinion
from reviews.selectors import marks_of, remarks_of, reviews_of
from reviews.services.access import get_review

TAGS = ["reviews"]
ANSWERS: dict[str, Callable[..., Remark]] = {
    "accept": services.accept_remark,
    "argue": services.argue_remark,
    "reply": services.reply_remark,
    "settle": services.settle_remark,
}


def required_revision(request: Request) -> int:
    """Return the revision in If-Match; PreconditionRequired when there is none."""
    if (revision := revision_of(request)) is None:
        raise PreconditionRequired
    return revision


class AssessmentReviews(APIView):
    """The reviews of one assessment, the latest first; an agency sees its own."""

    @extend_schema(responses=shapes.ReviewReader(many=True), tags=TAGS)
    def get(self, request: Request, assessment_id: UUID) -> Response:
        assessment = get_assessment(request.user, assessment_id)
        rows = reviews_of(request.user, assessment)
        return Response(shapes.ReviewReader(rows, many=True).data)

    @extend_schema(request=None, responses={201: shapes.ReviewReader}, tags=TAGS)
    def post(self, request: Request, assessment_id: UUID) -> Response:
        """Begin a review; for an agency that a mandate lets in."""
        review = services.open_review(
            assessment_id=assessment_id, actor=person(request), at=timezone.now()
        )
        return Response(shapes.ReviewReader(review).data, status.HTTP_201_CREATED)


class ReviewDetail(APIView):
    """One review; the enterprise reads its marks once it is given back."""

    @extend_schema(responses=shapes.ReviewDetailReader, tags=TAGS)
    def get(self, request: Request, review_id: UUID) -> Response:
        review = get_review(request.user, review_id).review
        found = {
            "review": review,
            "marks": marks_of(request.user, review),
            "remarks": remarks_of(request.user, review),
        }
        return Response(shapes.ReviewDetailReader(found).data)


class ReviewMarkDetail(APIView):
    """What the agency thinks of one answer."""

    @extend_schema(responses=shapes.ReviewMarkReader, tags=TAGS)
    def get(self, request: Request, review_id: UUID, question_id: str) -> Response:
        review = get_review(request.user, review_id).review
        rows = ReviewMark.objects.visible_to(request.user).select_related("by")
        mark: ReviewMark | None = rows.filter(
            review=review, question=question_id
        ).first()
        if mark is None:
            raise NotFound
        return _mark(mark)

    @extend_schema(
        request=shapes.ReviewMarkWriter,
        responses=shapes.ReviewMarkReader,
        parameters=[IF_MATCH],
        tags=TAGS,
    )
    def put(self, request: Request, review_id: UUID, question_id: str) -> Response:
        """Mark an answer; `If-Match` names the mark's revision, "0" for none yet."""
        wanted = shapes.ReviewMarkWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        mark = services.mark_question(
            review_id=review_id,
            question_id=question_id,
            opinion=Opinion(data["verdict"], data["reason"], data["suggested_level"]),
            revision=required_revision(request),
            answer_revision=data["answer_revision"],
            actor=person(request),
            at=timezone.now(),
        )
        return _mark(mark)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH], tags=TAGS)
    def delete(self, request: Request, review_id: UUID, question_id: str) -> Response:
        """Take a mark back; it stays in the history."""
        services.remove_mark(
            review_id=review_id,
            question_id=question_id,
            revision=required_revision(request),
            actor=person(request),
            at=timezone.now(),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _mark(mark: ReviewMark) -> Response:
    response = Response(shapes.ReviewMarkReader(mark).data)
    response["ETag"] = f'"{mark.revision}"'
    return response


class ReviewRemarks(APIView):
    """What the agency says in a review."""

    @extend_schema(
        request=shapes.RemarkWriter, responses={201: shapes.RemarkReader}, tags=TAGS
    )
    def post(self, request: Request, review_id: UUID) -> Response:
        """Say something about a question or the whole."""
        wanted = shapes.RemarkWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        remark = services.add_remark(
            review_id=review_id,
            question_id=wanted.validated_data["question"],
            text=wanted.validated_data["text"],
            actor=person(request),
            at=timezone.now(),
        )
        return Response(shapes.RemarkReader(remark).data, status.HTTP_201_CREATED)


class RemarkDetail(APIView):
    """One thread."""

    @extend_schema(responses=shapes.RemarkReader, tags=TAGS)
    def get(self, request: Request, remark_id: UUID) -> Response:
        rows = Remark.objects.visible_to(request.user).in_order()
        if (remark := rows.filter(pk=remark_id).first()) is None:
            raise NotFound
        return Response(shapes.RemarkReader(remark).data)


class RemarkMessages(APIView):
    """What is said in one thread."""

    @extend_schema(
        request=shapes.RemarkAnswerWriter,
        responses={201: shapes.RemarkReader},
        tags=TAGS,
    )
    def post(self, request: Request, remark_id: UUID) -> Response:
        """Accept or argue as the client; reply or settle as the agency."""
        wanted = shapes.RemarkAnswerWriter(data=request.data)
        wanted.is_valid(raise_exception=True)
        remark = ANSWERS[wanted.validated_data["do"]](
            remark_id=remark_id,
            text=wanted.validated_data["text"],
            actor=person(request),
            at=timezone.now(),
        )
        return Response(shapes.RemarkReader(remark).data, status.HTTP_201_CREATED)


class ReviewReturn(APIView):
    """Giving a review back."""

    @extend_schema(
        request=shapes.ReviewClosingWriter,
        responses={201: shapes.ReviewReader},
        tags=TAGS,
    )
    def post(self, request: Request, review_id: UUID) -> Response:
        """Return the review with its reasons; nothing in it changes any more."""
        return _closed(services.return_review, request, review_id)


class ReviewAcceptance(APIView):
    """Accepting what was reviewed."""

    @extend_schema(
        request=shapes.ReviewClosingWriter,
        responses={201: shapes.ReviewReader},
        tags=TAGS,
    )
    def post(self, request: Request, review_id: UUID) -> Response:
        """Close the review as accepted once every answer that counts is marked."""
        return _closed(services.accept_review, request, review_id)


def _closed(
    service: Callable[..., Review], request: Request, review_id: UUID
) -> Response:
    wanted = shapes.ReviewClosingWriter(data=request.data)
    wanted.is_valid(raise_exception=True)
    said: dict[str, Any] = wanted.validated_data
    review = service(
        review_id=review_id, actor=person(request), at=timezone.now(), **said
    )
    return Response(shapes.ReviewReader(review).data, status.HTTP_201_CREATED)
