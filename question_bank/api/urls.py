"""Question bank endpoints under /api/v1/."""

from django.urls import path

from question_bank.api import views

urlpatterns = [
    path("banks/", views.Banks.as_view(), name="api-banks"),
    path(
        "banks/<slug:bank>/<str:version>/",
        views.BankDocument.as_view(),
        name="api-bank",
    ),
    path("quick-scan/", views.QuickScan.as_view(), name="api-quick-scan"),
]
