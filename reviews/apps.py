"""The room of what the service agency says."""

from django.apps import AppConfig

from backend.triggers import Event, Guard, never_changed

_CLOSED = "a review that was given back never changes"
_HISTORY = "the history is append-only"


def _mark_guard(event: Event, *rows: str) -> Guard:
    """Refuse a change to the marks of a closed review, seen from both ends."""
    owners = ", ".join(f"{row}.review_id" for row in rows)
    return Guard(
        f"reviews_reviewmark_{event.lower()}",
        "reviews_reviewmark",
        event,
        # Only OLD and NEW are put in.
        "EXISTS (SELECT 1 FROM reviews_review r "  # noqa: S608
        f"WHERE r.id IN ({owners}) AND r.state <> 'open')",
        _CLOSED,
    )


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
        Guard(
            "reviews_review_update",
            "reviews_review",
            "UPDATE",
            "OLD.state <> 'open' OR OLD.assessment_id <> NEW.assessment_id "
            "OR OLD.agency_id <> NEW.agency_id",
            _CLOSED,
        ),
        Guard(
            "reviews_review_delete",
            "reviews_review",
            "DELETE",
            "1 = 1",
            "a review is never deleted",
        ),
        _mark_guard("INSERT", "NEW"),
        _mark_guard("UPDATE", "OLD", "NEW"),
        _mark_guard("DELETE", "OLD"),
        Guard(
            "reviews_remark_update",
            "reviews_remark",
            "UPDATE",
            "OLD.review_id <> NEW.review_id OR OLD.question <> NEW.question "
            "OR OLD.section <> NEW.section OR OLD.state = 'settled'",
            "what a remark is about never changes, nor does a settled one",
        ),
        Guard(
            "reviews_remark_delete",
            "reviews_remark",
            "DELETE",
            "1 = 1",
            "a remark is never deleted",
        ),
        *never_changed("reviews_remarkmessage", _HISTORY),
        *never_changed("reviews_reviewevent", _HISTORY),
        *never_changed("reviews_planevent", _HISTORY),
        *never_changed("reviews_projectevent", _HISTORY),
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
