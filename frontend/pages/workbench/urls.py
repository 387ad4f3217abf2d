"""Addresses of the workbench; the list itself is the agency's home."""

from django.urls import path

from frontend.pages.workbench import absences, downloads, export, projects

urlpatterns = [
    path("workbench/export/", export.export, name="workbench-export"),
    path("workbench/downloads/", downloads.downloads, name="agency-downloads"),
    path("workbench/absences/", absences.absences, name="absences"),
    path(
        "workbench/absences/<uuid:absence_id>/cancel/",
        absences.absence_cancel,
        name="absence-cancel",
    ),
    path("clients/<uuid:mandate_id>/stage/", projects.stage, name="client-stage"),
    path("clients/<uuid:mandate_id>/dates/", projects.dates, name="client-dates"),
    path("clients/<uuid:mandate_id>/team/", projects.team, name="client-team"),
]
