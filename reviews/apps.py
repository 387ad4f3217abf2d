"""The room of what the service agency says."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews, improvement plans and the agency's workbench."""

    name = "reviews"
    verbose_name = "评审"
    guards = ()
