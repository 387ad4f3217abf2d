"""Named accesses in words: where they stand, what they rest on, what happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.mandate_scope import Scope
from accounts.models import NamedAccess, NamedAccessEvent
from frontend.components import Event, State, Status, SummaryRow
from frontend.pages.mandates.forms import last_day
from frontend.pages.mandates.words import scope_facts, scope_words
from frontend.templatetags.texts import short_date, short_time

SHOWN_FLAGS = ("evidence", "report", "data_sheet")
"""What an access may show beside the answers: never drafts."""


def standing(access: NamedAccess, at: datetime) -> Status:
    """Return where an access stands, in a word."""
    return {
        "asked": Status(State.TODO, _("待决定")),
        "lapsed": Status(State.NONE, _("逾期未决定")),
        "refused": Status(State.NONE, _("未同意")),
        "withdrawn": Status(State.NONE, _("已撤回")),
        "active": Status(State.DONE, _("生效中")),
        "ended": Status(State.NONE, _("已到期")),
        "revoked": Status(State.NONE, _("已终止")),
    }[access.standing(at)]


def basis_words(access: NamedAccess) -> str:
    """Return what an access rests on: consent, or a ground and its document."""
    if not access.is_on_ground:
        return str(access.get_basis_display())
    return _("%(ground)s，%(number)s") % {
        "ground": access.get_ground_display(),
        "number": access.document_number,
    }


def period_words(access: NamedAccess) -> str:
    """Return from when to when an access runs; until when it would, if undecided."""
    last = short_date(last_day(access.ends_at))
    if access.starts_at is None:
        return _("至 %(last)s") % {"last": last}
    return _("%(first)s 至 %(last)s") % {
        "first": short_date(access.starts_at),
        "last": last,
    }


def reader_words(access: NamedAccess) -> str:
    """Return who may read, by name."""
    people = [str(row.person) for row in access.readers.all()]
    return _("、").join(sorted(people))


def access_facts(
    access: NamedAccess,
    assessments: Mapping[str, str] | None = None,
    sections: Mapping[str, str] | None = None,
) -> tuple[SummaryRow, ...]:
    """Return an access as a summary list: who, why, on what ground, until when."""
    rows = [
        SummaryRow(_("企业"), access.enterprise.name),
        SummaryRow(_("主管部门"), access.bureau.name),
        SummaryRow(_("查阅人"), reader_words(access)),
        SummaryRow(_("用途"), access.purpose),
        SummaryRow(_("依据"), str(access.get_basis_display())),
    ]
    if access.is_on_ground:
        rows += [
            SummaryRow(_("法定依据类别"), str(access.get_ground_display())),
            SummaryRow(_("文号"), access.document_number),
            SummaryRow(_("文书日期"), short_date(access.document_date)),
            SummaryRow(_("申请人"), str(access.asked_by)),
        ]
        if access.decided_by is not None:
            rows.append(SummaryRow(_("审批人"), str(access.decided_by)))
    rows.append(SummaryRow(_("期限"), period_words(access)))
    return (*rows, *scope_facts(access.scope, assessments, sections, SHOWN_FLAGS))


def happened(events: list[NamedAccessEvent]) -> tuple[Event, ...]:
    """Return what happened to an access as a timeline."""
    return tuple(_event(event) for event in events)


def _event(event: NamedAccessEvent) -> Event:
    words = {"kind": event.get_kind_display(), "who": str(event.actor)}
    ends = event.kind in ("refused", "withdrawn", "revoked")
    return Event(
        title=_("%(kind)s（%(who)s）") % words,
        when=short_time(event.at),
        date=event.at.isoformat(),
        text=event.text or _after(event.after),
        state="problem" if ends else "done",
    )


def _after(data: Mapping[str, Any]) -> str:
    if not data:
        return ""
    end = parse_datetime(data["ends_at"])
    return _("%(scope)s；至 %(day)s") % {
        "scope": scope_words(Scope.from_json(data)),
        "day": short_date(last_day(end)) if end else "",
    }
