"""Every page, gathered from the modules that define them."""

from frontend.pages import (
    answering,
    api_docs,
    authoring,
    home,
    people,
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
    *scan.urlpatterns,
    *styleguide.urlpatterns,
    *api_docs.urlpatterns,
    *authoring.urlpatterns,
]
