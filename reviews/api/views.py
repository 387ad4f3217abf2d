"""Doors to reviews, for reading: translate, make one call, answer."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessments.services.access import get_assessment
from reviews.api.serializers import ReviewDetailReader, ReviewReader
from reviews.selectors import marks_of, remarks_of, reviews_of
from reviews.services.access import get_review


class AssessmentReviews(APIView):
    """The reviews of one assessment, the latest first; an agency sees its own."""

    @extend_schema(responses=ReviewReader(many=True))
    def get(self, request: Request, assessment_id: UUID) -> Response:
        assessment = get_assessment(request.user, assessment_id)
        rows = reviews_of(request.user, assessment)
        return Response(ReviewReader(rows, many=True).data)


class ReviewDetail(APIView):
    """One review; the enterprise reads its marks once it is given back."""

    @extend_schema(responses=ReviewDetailReader)
    def get(self, request: Request, review_id: UUID) -> Response:
        review = get_review(request.user, review_id).review
        found = {
            "review": review,
            "marks": marks_of(request.user, review),
            "remarks": remarks_of(request.user, review),
        }
        return Response(ReviewDetailReader(found).data)
