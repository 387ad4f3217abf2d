"""Endpoints of registers, bulletins and statistics under /api/v1/."""

from typing import Any

from django.urls import path

from oversight.api import (
    bulletins,
    calibration,
    import_views,
    kept_views,
    own_views,
    statistics,
    views,
)

REGISTERS = "registers/"


def _of(root: str, name: str, **doors: Any) -> list[Any]:
    """Return what can be done with one record: a path below its own for each door."""
    return [
        path(
            f"{REGISTERS}{root}{door.replace('_', '-')}/",
            view.as_view(),
            name=f"api-{name}-{door.replace('_', '-')}",
        )
        for door, view in doors.items()
    ]


CERTIFICATE = "certificates/<uuid:record_id>/"
TITLE = "titles/<uuid:record_id>/"
UNIT = "units/<uuid:record_id>/"
FIGURE = "figures/<uuid:record_id>/"
IMPORT = "imports/<uuid:batch_id>/"

urlpatterns = [
    path(
        f"{REGISTERS}certificates/",
        views.Certificates.as_view(),
        name="api-certificates",
    ),
    *_of("certificates/", "certificates", handed_in=own_views.HandedInCertificates),
    path(
        f"{REGISTERS}{CERTIFICATE}",
        views.CertificateDetail.as_view(),
        name="api-certificate",
    ),
    *_of(
        CERTIFICATE,
        "certificate",
        corrections=views.CertificateCorrections,
        states=views.CertificateStates,
        verification=views.CertificateVerification,
        mending=own_views.CertificateMending,
    ),
    path(f"{REGISTERS}titles/", views.Titles.as_view(), name="api-titles"),
    *_of("titles/", "titles", handed_in=own_views.HandedInTitles),
    path(f"{REGISTERS}{TITLE}", views.TitleDetail.as_view(), name="api-title"),
    *_of(
        TITLE,
        "title",
        corrections=views.TitleCorrections,
        reviews=views.TitleReviews,
        end=views.TitleEnd,
        veto=views.TitleVeto,
        verification=views.TitleVerification,
        mending=own_views.TitleMending,
    ),
    path(f"{REGISTERS}units/", kept_views.Units.as_view(), name="api-units"),
    path(f"{REGISTERS}{UNIT}", kept_views.UnitDetail.as_view(), name="api-unit"),
    *_of(UNIT, "unit", corrections=kept_views.UnitCorrections),
    path(f"{REGISTERS}figures/", kept_views.Figures.as_view(), name="api-figures"),
    path(f"{REGISTERS}{FIGURE}", kept_views.FigureDetail.as_view(), name="api-figure"),
    *_of(FIGURE, "figure", corrections=kept_views.FigureCorrections),
    path(f"{REGISTERS}bodies/", kept_views.Bodies.as_view(), name="api-bodies"),
    path(f"{REGISTERS}imports/", import_views.Imports.as_view(), name="api-imports"),
    path(
        f"{REGISTERS}{IMPORT}", import_views.ImportDetail.as_view(), name="api-import"
    ),
    *_of(
        IMPORT,
        "import",
        application=import_views.ImportApplication,
        verification=import_views.ImportVerification,
        undoing=import_views.ImportUndoing,
    ),
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
