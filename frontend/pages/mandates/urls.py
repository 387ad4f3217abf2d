"""Addresses of mandates, clients and claims."""

from django.urls import path

from frontend.pages.mandates import (
    changing,
    claims,
    clients,
    granting,
    reading,
    records,
)

urlpatterns = [
    path("mandates/", records.mandates, name="mandates"),
    path("mandates/grant/", granting.grant, name="mandate-grant"),
    path(
        "mandates/requests/<str:token>/",
        granting.request_page,
        name="mandate-request",
    ),
    path("mandates/<uuid:mandate_id>/", records.mandate, name="mandate"),
    path("mandates/<uuid:mandate_id>/extend/", changing.extend, name="mandate-extend"),
    path("mandates/<uuid:mandate_id>/narrow/", changing.narrow, name="mandate-narrow"),
    path("mandates/<uuid:mandate_id>/revoke/", changing.revoke, name="mandate-revoke"),
    path("access-records/", records.access_records, name="access-records"),
    path("clients/", clients.clients, name="clients"),
    path("clients/requests/", clients.request_new, name="client-request"),
    path(
        "clients/requests/<uuid:request_id>/withdraw/",
        clients.request_withdraw,
        name="client-request-withdraw",
    ),
    path("clients/<uuid:mandate_id>/", clients.client, name="client"),
    path(
        "clients/assessments/<uuid:assessment_id>/",
        reading.client_assessment,
        name="client-assessment",
    ),
    path("claims/", claims.claims, name="claims"),
    path("claims/<uuid:claim_id>/", claims.claim, name="claim"),
]
