"""What an agency says beside a client's answers, and what both plan together."""

from reviews.models.plan import (
    ImprovementPlan,
    PlanEvent,
    PlanTask,
    ReadinessItem,
)
from reviews.models.remark import Remark, RemarkMessage
from reviews.models.review import Review, ReviewEvent, ReviewMark

__all__ = [
    "ImprovementPlan",
    "PlanEvent",
    "PlanTask",
    "ReadinessItem",
    "Remark",
    "RemarkMessage",
    "Review",
    "ReviewEvent",
    "ReviewMark",
]
