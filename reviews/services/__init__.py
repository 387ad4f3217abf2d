"""The verbs of reviewing and planning."""

from reviews.services.plans import make_plan, set_run_dates, start_next
from reviews.services.readiness import Preparation, prepare_item
from reviews.services.remarks import (
    accept_remark,
    add_remark,
    argue_remark,
    reply_remark,
    settle_remark,
)
from reviews.services.reviewing import (
    accept_review,
    mark_question,
    open_review,
    remove_mark,
    return_review,
)
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
    "accept_remark",
    "accept_review",
    "add_remark",
    "add_task",
    "argue_remark",
    "change_task",
    "comment",
    "make_plan",
    "mark_question",
    "open_review",
    "prepare_item",
    "put_task",
    "remove_mark",
    "reply_remark",
    "return_review",
    "set_run_dates",
    "settle_remark",
    "start_next",
]
