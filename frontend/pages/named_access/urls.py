"""Addresses of named access: the bureau's, and the enterprise's beside mandates."""

from django.urls import path

from frontend.pages.named_access import asking, deciding, listing, owning, reading

urlpatterns = [
    path("oversight/access/", listing.accesses, name="accesses"),
    path("oversight/access/ask/", asking.ask, name="access-ask"),
    path("oversight/access/ground/", asking.ground, name="access-ground"),
    path(
        "oversight/access/assessments/<uuid:assessment_id>/",
        reading.assessment,
        name="access-assessment",
    ),
    path(
        "oversight/access/sheets/<uuid:sheet_id>/", reading.sheet, name="access-sheet"
    ),
    path("oversight/access/<uuid:access_id>/", listing.access, name="access"),
    path("oversight/access/<uuid:access_id>/firm/", reading.firm, name="access-firm"),
    path(
        "oversight/access/<uuid:access_id>/decide/",
        deciding.decide,
        name="access-decide",
    ),
    path(
        "oversight/access/<uuid:access_id>/narrow/",
        deciding.narrow_ground,
        name="access-narrow",
    ),
    path("oversight/access/<uuid:access_id>/end/", deciding.end_it, name="access-end"),
    path("mandates/access/offer/", owning.offer_it, name="access-offer"),
    path("mandates/access/<uuid:access_id>/", listing.own_access, name="own-access"),
    path(
        "mandates/access/<uuid:access_id>/decide/",
        owning.decide,
        name="own-access-decide",
    ),
    path(
        "mandates/access/<uuid:access_id>/narrow/",
        owning.narrow_it,
        name="own-access-narrow",
    ),
    path(
        "mandates/access/<uuid:access_id>/revoke/",
        owning.revoke,
        name="own-access-revoke",
    ),
    path(
        "mandates/access/<uuid:access_id>/objection/",
        owning.objection,
        name="own-access-objection",
    ),
]
