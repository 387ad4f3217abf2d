"""The verbs of reviewing and planning."""

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

__all__ = [
    "accept_remark",
    "accept_review",
    "add_remark",
    "argue_remark",
    "mark_question",
    "open_review",
    "remove_mark",
    "reply_remark",
    "return_review",
    "settle_remark",
]
