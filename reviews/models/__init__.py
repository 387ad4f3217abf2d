"""What an agency says beside a client's answers, and what both plan together."""

from reviews.models.plan import (
    ImprovementPlan,
    PlanEvent,
    PlanTask,
    ReadinessItem,
)

__all__ = ["ImprovementPlan", "PlanEvent", "PlanTask", "ReadinessItem"]
