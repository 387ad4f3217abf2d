"""The room of what is asked."""

from django.apps import AppConfig

from backend.triggers import Guard, never_changed

_FROZEN = "a published bank version never changes"
_CLOSED = "a draft in review or closed does not change"
_KEPT = "the history of a bank is append-only"


class QuestionBankConfig(AppConfig):
    """Question banks and their immutable versions."""

    name = "question_bank"
    verbose_name = "题库"
    guards = (
        Guard(
            "bank_version_update",
            "question_bank_bankversion",
            "UPDATE",
            "OLD.status <> 'draft' AND (NEW.document <> OLD.document OR "
            "NEW.sha256 <> OLD.sha256 OR NEW.bank <> OLD.bank OR "
            "NEW.version <> OLD.version OR NEW.edition <> OLD.edition OR "
            "NEW.status = 'draft' OR NEW.published_at <> OLD.published_at OR "
            "(OLD.status = 'retired' AND NEW.status <> 'retired'))",
            _FROZEN,
        ),
        Guard(
            "bank_version_delete",
            "question_bank_bankversion",
            "DELETE",
            "OLD.status <> 'draft'",
            _FROZEN,
        ),
        Guard(
            "bank_draft_update",
            "question_bank_bankdraft",
            "UPDATE",
            "OLD.state IN ('published', 'discarded') OR NEW.bank <> OLD.bank OR "
            "(OLD.state = 'in_review' AND NEW.source <> OLD.source)",
            _CLOSED,
        ),
        Guard("bank_draft_delete", "question_bank_bankdraft", "DELETE", "1 = 1", _KEPT),
        *never_changed("question_bank_bankdraftevent", _KEPT),
        *never_changed("question_bank_bankpublication", _KEPT),
        *never_changed("question_bank_storedmap", "a published map never changes"),
    )
