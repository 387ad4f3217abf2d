"""The room of what is answered."""

from django.apps import AppConfig

from backend.triggers import Event, Guard, never_changed

_SEALED = "a submitted assessment never changes"


def _draft_only(table: str) -> tuple[Guard, ...]:
    """Refuse every change to rows that hang on a submitted assessment.

    An update is looked at from both ends: a row moved into a sealed assessment
    would change it too.
    """
    return (
        _sealed_guard(table, "INSERT", "NEW"),
        _sealed_guard(table, "UPDATE", "OLD", "NEW"),
        _sealed_guard(table, "DELETE", "OLD"),
    )


def _sealed_guard(table: str, event: Event, *rows: str) -> Guard:
    owners = ", ".join(f"{row}.assessment_id" for row in rows)
    return Guard(
        f"{table}_{event.lower()}",
        table,
        event,
        # Only OLD and NEW are put in.
        "EXISTS (SELECT 1 FROM assessments_assessment a "  # noqa: S608
        f"WHERE a.id IN ({owners}) AND a.status <> 'draft')",
        _SEALED,
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
        _sealed_guard("assessments_answerevent", "INSERT", "NEW"),
        *never_changed("assessments_datasheetevent", "the history is append-only"),
        *never_changed("assessments_move", "a move never changes"),
        _sealed_guard("assessments_move", "INSERT", "NEW"),
        *never_changed("assessments_follow", "the record is append-only"),
        _sealed_guard("assessments_follow", "INSERT", "NEW"),
    )
