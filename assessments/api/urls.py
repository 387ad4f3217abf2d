"""Assessment endpoints under /api/v1/."""

from django.urls import path

from assessments.api import data_sheets, mandate_views, moving, views

urlpatterns = [
    path("data-sheets/", data_sheets.DataSheets.as_view(), name="api-data-sheets"),
    path(
        "data-sheets/<uuid:sheet_id>/",
        data_sheets.DataSheetDetail.as_view(),
        name="api-data-sheet",
    ),
    path("assessments/", views.Assessments.as_view(), name="api-assessments"),
    path(
        "assessments/<uuid:assessment_id>/",
        views.AssessmentDetail.as_view(),
        name="api-assessment",
    ),
    path(
        "assessments/<uuid:assessment_id>/answers/",
        views.Answers.as_view(),
        name="api-answers",
    ),
    path(
        "assessments/<uuid:assessment_id>/answers/<slug:question_id>/",
        views.AnswerDetail.as_view(),
        name="api-answer",
    ),
    path(
        "assessments/<uuid:assessment_id>/answers/<slug:question_id>/evidence/",
        views.AnswerEvidence.as_view(),
        name="api-answer-evidence",
    ),
    path(
        "assessments/<uuid:assessment_id>/check/",
        views.CheckDetail.as_view(),
        name="api-check",
    ),
    path(
        "assessments/<uuid:assessment_id>/submission/",
        views.Submission.as_view(),
        name="api-submission",
    ),
    path(
        "assessments/<uuid:assessment_id>/result/",
        views.ResultDetail.as_view(),
        name="api-result",
    ),
    path(
        "assessments/<uuid:assessment_id>/outlook/",
        moving.OutlookDetail.as_view(),
        name="api-outlook",
    ),
    path(
        "assessments/<uuid:assessment_id>/move/",
        moving.MoveDetail.as_view(),
        name="api-move",
    ),
    path(
        "assessments/<uuid:assessment_id>/confirmation/",
        moving.Confirmation.as_view(),
        name="api-confirmation",
    ),
    path(
        "assessments/<uuid:assessment_id>/version/",
        moving.Version.as_view(),
        name="api-version",
    ),
    path(
        "assessments/<uuid:assessment_id>/comparison/",
        moving.ComparisonDetail.as_view(),
        name="api-comparison",
    ),
    path(
        "evidence/<uuid:evidence_id>/",
        views.EvidenceDetail.as_view(),
        name="api-evidence",
    ),
    path(
        "evidence/<uuid:evidence_id>/file/",
        views.EvidenceFile.as_view(),
        name="api-evidence-file",
    ),
    path("mandates/", mandate_views.Mandates.as_view(), name="api-mandates"),
    path(
        "mandates/<uuid:mandate_id>/",
        mandate_views.MandateDetail.as_view(),
        name="api-mandate",
    ),
    path(
        "mandates/<uuid:mandate_id>/revocation/",
        mandate_views.MandateRevocation.as_view(),
        name="api-mandate-revocation",
    ),
    path(
        "access-records/",
        mandate_views.AccessRecords.as_view(),
        name="api-access-records",
    ),
]
