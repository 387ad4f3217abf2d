"""The room of what is answered."""

from django.apps import AppConfig

from backend.triggers import Event, Guard, never_changed

_SEALED = "a submitted assessment never changes"


def _draft_only(table: str) -> tuple[Guard, ...]:
    """Refuse every change to rows that hang on a submitted assessment."""
    events: tuple[tuple[Event, str], ...] = (
        ("INSERT", "NEW"),
        ("UPDATE", "OLD"),
        ("DELETE", "OLD"),
    )
    return tuple(
        Guard(
            f"{table}_{event.lower()}",
            table,
            event,
            # Only OLD or NEW is put in.
            "EXISTS (SELECT 1 FROM assessments_assessment a WHERE a.id = "  # noqa: S608
            f"{row}.assessment_id AND a.status <> 'draft')",
            _SEALED,
        )
        for event, row in events
    )


class AssessmentsConfig(AppConfig):
    """Answers, evidence and the sealed results."""

    name = "assessments"
    verbose_name = "自评"
    guards = (
        Guard(
            "assessments_assessment_update",
            "assessments_assessment",
            "UPDATE",
            "OLD.status <> 'draft'",
            _SEALED,
        ),
        Guard(
            "assessments_assessment_delete",
            "assessments_assessment",
            "DELETE",
            "OLD.status <> 'draft'",
            _SEALED,
        ),
        *_draft_only("assessments_answer"),
        *_draft_only("assessments_evidence"),
        *never_changed("assessments_answerevent", "the history is append-only"),
    )
