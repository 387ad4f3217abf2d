"""Published question banks, the drafts they come from and who approved them."""

from question_bank.models.draft import BankDraft, BankDraftEvent, BankPublication
from question_bank.models.map import StoredMap
from question_bank.models.version import BankVersion

__all__ = [
    "BankDraft",
    "BankDraftEvent",
    "BankPublication",
    "BankVersion",
    "StoredMap",
]
