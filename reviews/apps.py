"""The room of what the service agency says."""

from django.apps import AppConfig

from backend.triggers import never_changed


class ReviewsConfig(AppConfig):
    """Reviews, improvement plans and the agency's workbench."""

    name = "reviews"
    verbose_name = "评审"
    guards = never_changed("reviews_planevent", "the history is append-only")
