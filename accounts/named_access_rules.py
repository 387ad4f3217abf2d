"""What a named access may be at most, and how it is refused."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.mandate_scope import Scope
from backend.errors import Conflict, Forbidden, Invalid

DEFAULT_DAYS = 30
MOST_DAYS = 180
"""How long an owner may let officials read."""
GROUND_MOST_DAYS = 90
"""How long a ground in law lets officials read; more takes a new document."""


class NotUndecided(Conflict):
    """The access was decided already, or is over."""

    code = "access_over"
    message = _("这项查阅已经处理或已经结束，不能再更改。")


class AlreadyOpen(Conflict):
    """One of the readers has an access to this enterprise that is in force."""

    code = "access_already_open"
    message = _("其中一位查阅人对该企业已有生效中的查阅。请先终止，再办理新的。")


class NeedsAnother(Forbidden):
    """Who asks or reads does not approve."""

    code = "needs_another_official"
    message = _("须由另一位主管审批：申请人和查阅人不能审批自己的查阅。")


def check_scope(scope: Scope) -> None:
    """Raise Invalid for a scope with drafts, with nothing, or against itself."""
    if scope.drafts:
        raise Invalid(_("具名查阅不包括草稿。"))
    if scope.report and not scope.is_whole:
        problem = _("报告包含全部部分。只查阅部分内容时，不能同时查阅报告。")
        raise Invalid(problem, fields={"report": problem})
    if scope.assessments == frozenset() and not scope.data_sheet:
        problem = _("请至少选择一次自评，或企业数据表。")
        raise Invalid(problem, fields={"assessments": problem})
    if scope.sections == frozenset():
        problem = _("请至少选择一个部分。")
        raise Invalid(problem, fields={"sections": problem})


def check_day(ends_at: datetime, at: datetime, most_days: int) -> None:
    """Raise Invalid for an end in the past or too far away."""
    if ends_at <= at:
        raise _bad_end(_("结束日期须在以后。"))
    if ends_at > at + timedelta(days=most_days + 1):
        raise _bad_end(_("查阅最长 %(days)s 天。") % {"days": most_days})


def check_text(text: str, field: str, limit: int, *, lines: bool = False) -> None:
    """Raise Invalid for a text that is empty, too long or not to be read."""
    shown = "".join(text.split("\n")).replace("\r", "") if lines else text
    if not text.strip() or len(text) > limit or not shown.isprintable():
        problem = _("请填写，不超过 %(limit)s 字，不含不可见的字符。") % {
            "limit": limit
        }
        raise Invalid(problem, fields={field: problem})


def _bad_end(problem: Any) -> Invalid:
    return Invalid(problem, fields={"ends_at": problem})
