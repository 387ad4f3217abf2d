"""Assessments, their answers and their evidence."""

from assessments.models.answer import Answer, AnswerEvent
from assessments.models.assessment import Assessment
from assessments.models.evidence import Evidence
from assessments.models.move import Follow, Move

__all__ = ["Answer", "AnswerEvent", "Assessment", "Evidence", "Follow", "Move"]
