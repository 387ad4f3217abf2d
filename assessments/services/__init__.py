"""What can be done with an assessment: one verb, one transaction, one promise."""

from assessments.services.answering import SavedAnswer, StaleRevision, save_answer
from assessments.services.attaching import add_evidence, remove_evidence
from assessments.services.data_sheets import (
    StaleSheet,
    confirm_data_sheet,
    save_data_sheet,
)
from assessments.services.following import follow_patch
from assessments.services.lifecycle import (
    Declaration,
    start_assessment,
    submit_assessment,
)
from assessments.services.moving import (
    confirm_answers,
    move_assessment,
    renew_assessment,
)

__all__ = [
    "Declaration",
    "SavedAnswer",
    "StaleRevision",
    "StaleSheet",
    "add_evidence",
    "confirm_answers",
    "confirm_data_sheet",
    "follow_patch",
    "move_assessment",
    "remove_evidence",
    "renew_assessment",
    "save_answer",
    "save_data_sheet",
    "start_assessment",
    "submit_assessment",
]
