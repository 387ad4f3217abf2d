"""What a reviewer may say about an answer: pure checks."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import Answer
from backend.errors import Invalid
from question_bank.engine.definition import Bank, Kind, Question
from reviews.models import ReviewMark

TEXT_LIMIT = 2000
Verdict, Na = ReviewMark.Verdict, ReviewMark.Na
ON_NOT_APPLICABLE = (Verdict.AGREE, Verdict.DISAGREE)
"""An answer “not applicable” is confirmed or rejected, there is nothing between."""
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True)
class Opinion:
    """What is said of one answer; `reason` is needed unless the reviewer agrees."""

    verdict: str
    reason: str = ""
    suggested_level: int | None = None


def said(text: str, *, field: str, required: bool = True) -> str:
    """Return a text as it is stored; Invalid when it is empty, long or hides things."""
    cleaned = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if required and not cleaned:
        raise _bad(field, _("请填写内容。"))
    if _CONTROL.search(cleaned):
        raise _bad(field, _("含有不可见的控制字符，请删除后重试。"))
    if len(cleaned) > TEXT_LIMIT:
        figures = {"limit": TEXT_LIMIT, "length": len(cleaned)}
        raise _bad(field, _("最多 %(limit)s 个字，现有 %(length)s 个字。") % figures)
    return cleaned


def checked(
    opinion: Opinion, question: Question, answer: Answer | None
) -> dict[str, Any]:
    """Return the columns of a mark; Invalid says which field is wrong."""
    if opinion.verdict not in Verdict.values:
        raise _bad("verdict", _("请选择评审意见。"))
    agrees = opinion.verdict == Verdict.AGREE
    na = _na(opinion, answer)
    _check_level(opinion, question, allowed=not agrees and not na)
    return {
        "verdict": opinion.verdict,
        "reason": said(opinion.reason, field="reason", required=not agrees),
        "suggested_level": opinion.suggested_level,
        "na": na,
    }


def _na(opinion: Opinion, answer: Answer | None) -> str:
    if answer is None or answer.state != Answer.State.NOT_APPLICABLE:
        return ""
    if opinion.verdict not in ON_NOT_APPLICABLE:
        raise _bad("verdict", _("对“不适用”只能选认可或不认可。"))
    return Na.CONFIRMED if opinion.verdict == Verdict.AGREE else Na.REJECTED


def _check_level(opinion: Opinion, question: Question, *, allowed: bool) -> None:
    level = opinion.suggested_level
    if level is None:
        return
    if not allowed:
        raise _bad("suggested_level", _("认可回答或不认可“不适用”时，不填建议等级。"))
    if question.type is not Kind.LEVEL or level not in range(5):
        raise _bad("suggested_level", _("建议等级只用于等级题，取 0 至 4。"))


def _bad(field: str, message: Any) -> Invalid:
    return Invalid(message, fields={field: message})


def is_fresh(
    mark: ReviewMark, *, answer_revision: int, newest_file: datetime | None
) -> bool:
    """Tell whether a mark speaks of the answer and the files as they stand."""
    same = mark.answer_revision == answer_revision
    return same and (newest_file is None or newest_file <= mark.at)


def is_reviewed(question: Question) -> bool:
    """Tell whether there is anything to say: figures computed by us are not."""
    return question.type is not Kind.CALCULATED


def must_be_marked(bank: Bank, question: Question) -> bool:
    """Tell whether an acceptance needs a mark on the question where it applies."""
    counts = question.scored and bank.section(question.section).weight > 0
    return counts and is_reviewed(question) and not question.expert
