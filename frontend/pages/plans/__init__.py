"""Improvement plans and the readiness to apply."""

from frontend.pages.plans.urls import urlpatterns as urlpatterns
