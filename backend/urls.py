"""The URL map: pages, accounts and the API under /api/v1/."""

from django.urls import include, path
from django.views.i18n import JavaScriptCatalog
from drf_spectacular.views import SpectacularAPIView

api = [
    path("", include("accounts.api.urls")),
    path("", include("question_bank.api.urls")),
    path("", include("assessments.api.urls")),
    path("", include("reviews.api.urls")),
    path("", include("oversight.api.urls")),
    path("", include("reports.api.urls")),
]

urlpatterns = [
    path("", include("frontend.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path(
        "i18n/texts.js",
        JavaScriptCatalog.as_view(packages=["frontend"]),
        name="javascript-catalog",
    ),
    path("api/v1/", include(api)),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
]

handler400 = "frontend.pages.errors.bad_request"
handler403 = "frontend.pages.errors.permission_denied"
handler404 = "frontend.pages.errors.page_not_found"
handler500 = "frontend.pages.errors.server_error"
