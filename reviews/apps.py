"""The room of what the service agency says."""

from django.apps import AppConfig

from backend.triggers import Guard, never_changed


def _of_the_agency(table: str, column: str, organisation: str, name: str) -> Guard:
    """Refuse a row that names a person who is not a member of the agency."""
    return Guard(
        name,
        table,
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM accounts_membership m "  # noqa: S608 - constants
        f"WHERE m.user_id = NEW.{column} AND m.organisation_id = {organisation})",
        "only people of the agency work for its clients",
    )


class ReviewsConfig(AppConfig):
    """Reviews, improvement plans and the agency's workbench."""

    name = "reviews"
    verbose_name = "评审"
    guards = (
        *never_changed("reviews_projectevent", "the history is append-only"),
        _of_the_agency(
            "reviews_clientassignment",
            "person_id",
            "(SELECT p.agency_id FROM reviews_coachingproject p "
            "WHERE p.id = NEW.project_id)",
            "assignment_in_the_agency",
        ),
        _of_the_agency(
            "reviews_absence", "person_id", "NEW.agency_id", "absence_in_the_agency"
        ),
        _of_the_agency(
            "reviews_absence", "deputy_id", "NEW.agency_id", "deputy_in_the_agency"
        ),
    )

    def ready(self) -> None:
        """Listen for submitted assessments."""
        # Importing receivers needs the models, which are loaded only now.
        from reviews import receivers  # noqa: F401, PLC0415
