"""What can be wrong with a title."""

from collections.abc import Iterator
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from oversight.counting.facts import ReviewResult, Stage, Title
from oversight.entries import RecognitionEntry
from oversight.faults import Fault
from oversight.unit_checks import FUTURE

LIMITS = {"name": 120, "document": 120, "round": 60, "end_reason": 200}


def recognition_faults(entry: RecognitionEntry, today: date) -> Iterator[Fault]:
    """Yield what forbids recording the title; the holder is looked at apart."""
    if not entry.name:
        yield Fault("name", _("请按文件写明称号的全称。"))
    if not entry.document:
        yield Fault("document", _("请填写认定文件的文号。"))
    for field, limit in LIMITS.items():
        if len(getattr(entry, field)) > limit:
            yield Fault(field, format_lazy(_("不能超过 {limit} 字。"), limit=limit))
    if entry.since > today:
        yield Fault("since", FUTURE)
    if entry.term_ends_on and entry.term_ends_on < entry.since:
        yield Fault("term_ends_on", _("期满日不能早于认定日期。"))
    yield from _review_faults(entry, today)
    yield from _end_faults(entry, today)


def recognition_warnings(entry: RecognitionEntry) -> Iterator[Fault]:
    """Yield what is odd and should be looked at again."""
    if "培育" in entry.name and entry.stage == Stage.RECOGNISED:
        yield Fault("stage", _("名称含“培育”，一般属于培育阶段，不计入优势企业数。"))
    if entry.title == Title.OTHER:
        text = _("其他称号只有列入等同名单后才计数。")
        yield Fault("title", text)


def _review_faults(entry: RecognitionEntry, today: date) -> Iterator[Fault]:
    seen: set[date] = set()
    for review in entry.reviews:
        if review.on > today:
            yield Fault("reviews", FUTURE)
        if review.on < entry.since:
            yield Fault("reviews", _("复核不能早于认定日期。"))
        if review.on in seen:
            yield Fault("reviews", _("同一天只登记一次复核结果。"))
        seen.add(review.on)
        if review.term_ends_on is None:
            continue
        if review.result != ReviewResult.PASSED:
            yield Fault("reviews", _("只有复核通过才有新的期满日。"))
        elif review.term_ends_on <= review.on:
            yield Fault("reviews", _("新的期满日应晚于复核日期。"))


def _end_faults(entry: RecognitionEntry, today: date) -> Iterator[Fault]:
    if entry.ended_on:
        if entry.ended_on > today:
            yield Fault("ended_on", FUTURE)
        if entry.ended_on < entry.since:
            yield Fault("ended_on", _("终止日期不能早于认定日期。"))
        if not entry.end_reason:
            yield Fault("end_reason", _("请写明终止的原因。"))
    elif entry.end_reason:
        yield Fault("ended_on", _("写明终止原因时，请填写终止日期。"))
    if entry.vetoed_on and entry.vetoed_on > today:
        yield Fault("vetoed_on", FUTURE)
