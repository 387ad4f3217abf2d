"""The room of what is asked."""

from django.apps import AppConfig

from backend.triggers import Guard, never_changed

_FROZEN = "a published bank version never changes"


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
            "NEW.status = 'draft')",
            _FROZEN,
        ),
        Guard(
            "bank_version_delete",
            "question_bank_bankversion",
            "DELETE",
            "OLD.status <> 'draft'",
            _FROZEN,
        ),
        *never_changed("question_bank_storedmap", "a published map never changes"),
    )
