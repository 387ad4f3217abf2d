"""Review endpoints under /api/v1/."""

from django.urls import path

from reviews.api import views

urlpatterns = [
    path(
        "assessments/<uuid:assessment_id>/reviews/",
        views.AssessmentReviews.as_view(),
        name="api-assessment-reviews",
    ),
    path("reviews/<uuid:review_id>/", views.ReviewDetail.as_view(), name="api-review"),
]
