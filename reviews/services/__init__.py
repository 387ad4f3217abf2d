"""The verbs of reviewing and planning."""

from reviews.services.plans import make_plan, set_run_dates, start_next
from reviews.services.readiness import Preparation, prepare_item
from reviews.services.tasks import (
    TaskContent,
    add_task,
    change_task,
    comment,
    put_task,
)

__all__ = [
    "Preparation",
    "TaskContent",
    "add_task",
    "change_task",
    "comment",
    "make_plan",
    "prepare_item",
    "put_task",
    "set_run_dates",
    "start_next",
]
