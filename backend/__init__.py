"""The frame: settings, URLs, errors and the task queue. It imports no app."""

from backend.celery import app as celery_app

__all__ = ["celery_app"]
