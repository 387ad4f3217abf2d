"""Mandates: what an enterprise lets agencies see, who looked, and who may ask."""

from frontend.pages.mandates.urls import urlpatterns

__all__ = ["urlpatterns"]
