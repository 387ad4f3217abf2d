"""Addresses of reviews and remarks."""

from django.urls import path

from frontend.pages.reviews import acting, listing, overview, preview, question

urlpatterns = [
    path(
        "assessments/<uuid:assessment_id>/reviews/",
        listing.assessment_reviews,
        name="assessment-reviews",
    ),
    path(
        "assessments/<uuid:assessment_id>/reviews/open/",
        listing.review_open,
        name="review-open",
    ),
    path("reviews/<uuid:review_id>/", overview.review, name="review"),
    path("reviews/<uuid:review_id>/work/", question.work, name="review-work"),
    path(
        "reviews/<uuid:review_id>/questions/<slug:question_id>/",
        question.review_question,
        name="review-question",
    ),
    path(
        "reviews/<uuid:review_id>/questions/<slug:question_id>/unmark/",
        acting.unmark,
        name="review-unmark",
    ),
    path("reviews/<uuid:review_id>/remarks/", acting.remark, name="review-remark"),
    path("reviews/<uuid:review_id>/return/", acting.give_back, name="review-return"),
    path("reviews/<uuid:review_id>/accept/", acting.accept, name="review-accept"),
    path("remarks/<uuid:remark_id>/", acting.answer, name="remark-answer"),
    path(
        "evidence/<uuid:evidence_id>/preview/",
        preview.evidence_image,
        name="evidence-preview",
    ),
]
