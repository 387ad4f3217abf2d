"""What can be wrong with a unit."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import credit_code
from oversight.counting.facts import Presence
from oversight.divisions import all_places, divisions
from oversight.entries import Holder, UnitEntry
from oversight.faults import Fault
from oversight.stored import GroupMembership

FUTURE = _("日期不能晚于今天。")
UNKNOWN_DIVISION = _("没有这个区市或功能区，请从列表中选择。")
NAME_LIMIT = 120


def unit_faults(entry: UnitEntry, today: date) -> Iterator[Fault]:
    """Yield what forbids recording the unit."""
    yield from code_faults(entry.credit_code, "credit_code")
    yield from name_faults(entry.name, "name")
    yield from _presence_faults(entry.presences, today)
    if any(former.until > today for former in entry.former_names):
        yield Fault("former_names", FUTURE)
    if entry.deregistered_on and entry.deregistered_on > today:
        yield Fault("deregistered_on", FUTURE)
    if entry.merged_into:
        yield from code_faults(entry.merged_into, "merged_into")
        if entry.merged_into == entry.credit_code:
            yield Fault("merged_into", _("单位不能并入自己。"))
        if not entry.deregistered_on:
            yield Fault("deregistered_on", _("并入其他单位时，请填写注销日期。"))
    yield from _group_faults(entry.groups, today)


def code_faults(code: str, field: str) -> Iterator[Fault]:
    """Yield what is wrong with a credit code."""
    if problem := credit_code.find_problem(code):
        yield Fault(field, problem.message)


def name_faults(name: str, field: str) -> Iterator[Fault]:
    """Yield what is wrong with the name of a unit."""
    if not name.strip():
        yield Fault(field, _("请填写单位名称。"))
    elif len(name) > NAME_LIMIT:
        yield Fault(
            field, format_lazy(_("名称不能超过 {limit} 字。"), limit=NAME_LIMIT)
        )


def holder_faults(holder: Holder, *, is_known: bool, today: date) -> Iterator[Fault]:
    """Yield what is wrong with a holder; an unknown one must be introduced."""
    if faults := tuple(code_faults(holder.credit_code, "holder")):
        yield from faults
        return
    if is_known:
        return
    if not holder.name.strip():
        yield Fault("holder_name", _("登记库中还没有这个单位，请填写名称。"))
    else:
        yield from name_faults(holder.name, "holder_name")
    if holder.since and holder.since > today:
        yield Fault("holder_since", FUTURE)
    yield from division_faults(holder.division, holder.since, None, "holder_division")


def division_faults(
    code: str, since: date | None, until: date | None, field: str
) -> Iterator[Fault]:
    """Yield what is wrong with a place at a time; "" is outside the city."""
    if not code:
        return
    if code not in {item.code for item in all_places()}:
        yield Fault(field, UNKNOWN_DIVISION)
        return
    found = divisions()[code]
    late = since and found.until and since >= found.until
    early = until and found.since and until <= found.since
    if late or early:
        text = _("{name}在这段时间并不存在，请选择当时的区划。")
        yield Fault(field, format_lazy(text, name=found.names["zh"]))


def is_enterprise_code(code: str) -> bool | None:
    """Tell whether a code is one of an enterprise; None when the bureau must say.

    91 is an enterprise, 93 a co-operative, 92 a sole trader, others are none.
    """
    return {"91": True, "93": None}.get(code[:2], False)


def _presence_faults(presences: tuple[Presence, ...], today: date) -> Iterator[Fault]:
    ordered = sorted(presences, key=lambda item: item.since or date.min)
    for item in ordered:
        yield from division_faults(item.division, item.since, item.until, "presences")
        if item.since and item.since > today:
            yield Fault("presences", FUTURE)
        if item.since and item.until and item.until <= item.since:
            yield Fault("presences", _("离开日期应晚于迁入日期。"))
    for before, after in pairwise(ordered):
        if before.until is None or after.since is None or before.until > after.since:
            yield Fault("presences", _("前后两段所在地的时间重叠，请填写迁出日期。"))


def _group_faults(groups: tuple[GroupMembership, ...], today: date) -> Iterator[Fault]:
    ordered = sorted(groups, key=lambda item: item.since or date.min)
    for item in ordered:
        if not item.source.strip():
            yield Fault("groups", _("请写明归属集团的依据。"))
        if item.since and item.since > today:
            yield Fault("groups", FUTURE)
    for before, after in pairwise(ordered):
        if before.until is None or after.since is None or before.until > after.since:
            yield Fault("groups", _("前后两段集团归属的时间重叠。"))
