"""What an agency says beside a client's answers, and what both plan together."""

from reviews.models.absence import Absence
from reviews.models.coaching import (
    ClientAssignment,
    ClientVisit,
    CoachingProject,
    ProjectEvent,
    ProjectStage,
)

__all__ = [
    "Absence",
    "ClientAssignment",
    "ClientVisit",
    "CoachingProject",
    "ProjectEvent",
    "ProjectStage",
]
