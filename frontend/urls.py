"""Every page, gathered from the modules that define them."""

from frontend.pages import (
    answering,
    api_docs,
    home,
    mandates,
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
    *mandates.urlpatterns,
    *scan.urlpatterns,
    *styleguide.urlpatterns,
    *api_docs.urlpatterns,
]
