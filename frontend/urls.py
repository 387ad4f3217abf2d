"""Every page, gathered from the modules that define them."""

from frontend.pages import (
    answering,
    api_docs,
    authoring,
    changes,
    comparing,
    data_sheet,
    following,
    home,
    mandates,
    moving,
    people,
    plans,
    public,
    results,
    scan,
    styleguide,
)

urlpatterns = [
    *public.urlpatterns,
    *people.urlpatterns,
    *home.urlpatterns,
    *answering.urlpatterns,
    *results.urlpatterns,
    *moving.urlpatterns,
    *following.urlpatterns,
    *comparing.urlpatterns,
    *changes.urlpatterns,
    *data_sheet.urlpatterns,
    *mandates.urlpatterns,
    *plans.urlpatterns,
    *scan.urlpatterns,
    *styleguide.urlpatterns,
    *api_docs.urlpatterns,
    *authoring.urlpatterns,
]
