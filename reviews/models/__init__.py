"""What an agency says beside a client's answers, and what both plan together."""

from reviews.models.absence import Absence
from reviews.models.coaching import (
    ClientAssignment,
    ClientVisit,
    CoachingProject,
    ProjectEvent,
    ProjectStage,
)
from reviews.models.plan import (
    ImprovementPlan,
    PlanEvent,
    PlanTask,
    ReadinessItem,
)
from reviews.models.remark import Remark, RemarkMessage
from reviews.models.review import Review, ReviewEvent, ReviewMark

__all__ = [
    "Absence",
    "ClientAssignment",
    "ClientVisit",
    "CoachingProject",
    "ImprovementPlan",
    "PlanEvent",
    "PlanTask",
    "ProjectEvent",
    "ProjectStage",
    "ReadinessItem",
    "Remark",
    "RemarkMessage",
    "Review",
    "ReviewEvent",
    "ReviewMark",
]
