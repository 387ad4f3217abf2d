"""Endpoints of registers, bulletins and statistics under /api/v1/."""

from django.urls import path

from oversight.api import bulletins, calibration, statistics, views

urlpatterns = [
    path(
        "registers/certificates/",
        views.Certificates.as_view(),
        name="api-certificates",
    ),
    path(
        "registers/certificates/handed-in/",
        views.HandedInCertificates.as_view(),
        name="api-certificates-handed-in",
    ),
    path(
        "registers/certificates/<uuid:record_id>/",
        views.CertificateDetail.as_view(),
        name="api-certificate",
    ),
    path(
        "registers/certificates/<uuid:record_id>/corrections/",
        views.CertificateCorrections.as_view(),
        name="api-certificate-corrections",
    ),
    path(
        "registers/certificates/<uuid:record_id>/states/",
        views.CertificateStates.as_view(),
        name="api-certificate-states",
    ),
    path(
        "registers/certificates/<uuid:record_id>/verification/",
        views.CertificateVerification.as_view(),
        name="api-certificate-verification",
    ),
    path("registers/titles/", views.Titles.as_view(), name="api-titles"),
    path(
        "registers/titles/<uuid:record_id>/",
        views.TitleDetail.as_view(),
        name="api-title",
    ),
    path(
        "registers/titles/<uuid:record_id>/reviews/",
        views.TitleReviews.as_view(),
        name="api-title-reviews",
    ),
    path(
        "registers/titles/<uuid:record_id>/verification/",
        views.TitleVerification.as_view(),
        name="api-title-verification",
    ),
    path("registers/units/", views.Units.as_view(), name="api-units"),
    path("registers/figures/", views.Figures.as_view(), name="api-figures"),
    path("registers/bodies/", views.Bodies.as_view(), name="api-bodies"),
    path(
        "oversight/dashboard/",
        statistics.DashboardNumbers.as_view(),
        name="api-oversight-dashboard",
    ),
    path(
        "oversight/plans/<slug:plan>/",
        statistics.PlanCounts.as_view(),
        name="api-oversight-plan",
    ),
    path(
        "oversight/plans/<slug:plan>/<slug:indicator>/units/",
        statistics.CountedUnits.as_view(),
        name="api-oversight-units",
    ),
    path(
        "oversight/snapshots/",
        statistics.Snapshots.as_view(),
        name="api-oversight-snapshots",
    ),
    path(
        "oversight/snapshots/<int:number>/",
        statistics.SnapshotDocument.as_view(),
        name="api-oversight-snapshot",
    ),
    path("bulletins/", bulletins.Bulletins.as_view(), name="api-bulletins"),
    path(
        "bulletins/<uuid:bulletin_id>/",
        bulletins.BulletinDetail.as_view(),
        name="api-bulletin",
    ),
    path("calibration/", calibration.Reports.as_view(), name="api-calibrations"),
    path(
        "calibration/<int:number>/",
        calibration.ReportDetail.as_view(),
        name="api-calibration",
    ),
]
