"""Assessments, their answers and evidence, and the enterprise data sheet."""

from assessments.models.answer import Answer, AnswerEvent
from assessments.models.assessment import Assessment
from assessments.models.data_sheet import DataSheet, DataSheetEvent
from assessments.models.evidence import Evidence
from assessments.models.move import Follow, Move

__all__ = [
    "Answer",
    "AnswerEvent",
    "Assessment",
    "DataSheet",
    "DataSheetEvent",
    "Evidence",
    "Follow",
    "Move",
]
