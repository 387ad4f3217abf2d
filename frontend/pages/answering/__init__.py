"""Answering: the task list, the answering pages, the check and the submission."""

from frontend.pages.answering.urls import urlpatterns

__all__ = ["urlpatterns"]
