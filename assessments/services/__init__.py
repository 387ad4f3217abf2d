"""What can be done with an assessment: one verb, one transaction, one promise."""

from assessments.services.answering import SavedAnswer, StaleRevision, save_answer
from assessments.services.attaching import add_evidence, remove_evidence
from assessments.services.lifecycle import (
    Declaration,
    start_assessment,
    submit_assessment,
)

__all__ = [
    "Declaration",
    "SavedAnswer",
    "StaleRevision",
    "add_evidence",
    "remove_evidence",
    "save_answer",
    "start_assessment",
    "submit_assessment",
]
