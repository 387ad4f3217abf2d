"""Report endpoints under /api/v1/."""

from django.urls import path

from reports.api import views

urlpatterns = [
    path(
        "assessments/<uuid:assessment_id>/reports/",
        views.AssessmentReports.as_view(),
        name="api-assessment-reports",
    ),
    path("reports/<uuid:report_id>/", views.ReportDetail.as_view(), name="api-report"),
    path(
        "reports/<uuid:report_id>/file/",
        views.ReportFile.as_view(),
        name="api-report-file",
    ),
    path("verify/<str:code>/", views.VerifyCode.as_view(), name="api-verify"),
]
