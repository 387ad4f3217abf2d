"""What can be done with an assessment: one verb, one transaction, one promise."""

from assessments.services.answering import SavedAnswer, StaleRevision, save_answer
from assessments.services.attaching import add_evidence, remove_evidence
from assessments.services.following import follow_patch
from assessments.services.lifecycle import (
    Declaration,
    start_assessment,
    submit_assessment,
)
from assessments.services.moving import confirm_answers, move_assessment

__all__ = [
    "Declaration",
    "SavedAnswer",
    "StaleRevision",
    "add_evidence",
    "confirm_answers",
    "follow_patch",
    "move_assessment",
    "remove_evidence",
    "save_answer",
    "start_assessment",
    "submit_assessment",
]
