"""Authoring of question banks by the bureau's experts."""

from frontend.pages.authoring.urls import urlpatterns

__all__ = ["urlpatterns"]
