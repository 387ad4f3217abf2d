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
    )
