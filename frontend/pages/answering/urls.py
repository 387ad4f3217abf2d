"""Addresses of answering."""

from django.urls import path

from frontend.pages.answering import evidence, page, sealing, tasks

urlpatterns = [
    path("assessments/start/", tasks.start, name="assessment-start"),
    path("assessments/<uuid:assessment_id>/", tasks.overview, name="assessment"),
    path(
        "assessments/<uuid:assessment_id>/pages/<slug:key>/",
        page.answer_page,
        name="answer-page",
    ),
    path("assessments/<uuid:assessment_id>/check/", sealing.check_page, name="check"),
    path(
        "assessments/<uuid:assessment_id>/submit/", sealing.submit_page, name="submit"
    ),
    path(
        "assessments/<uuid:assessment_id>/submitted/",
        sealing.submitted_page,
        name="submitted",
    ),
    path(
        "evidence/<uuid:evidence_id>/file/",
        evidence.evidence_file,
        name="evidence-file",
    ),
    path(
        "evidence/<uuid:evidence_id>/remove/",
        evidence.evidence_remove,
        name="evidence-remove",
    ),
]
