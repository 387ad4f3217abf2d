"""Mandates in words: their scope, their state, what happened, what was read."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _, gettext_lazy

from accounts.mandate_scope import FLAGS, Scope
from accounts.models import AccessRecord, Mandate, MandateEvent
from frontend.components import Event, State, Status, SummaryRow
from frontend.pages.mandates.forms import FLAG_WORDS, last_day
from frontend.templatetags.texts import short_date, short_time


def state_of(mandate: Mandate, at: datetime) -> Status:
    """Return where a mandate stands, in a word."""
    return {
        "active": Status(State.DONE, _("生效中")),
        "planned": Status(State.TODO, _("未开始")),
        "ended": Status(State.NONE, _("已到期")),
        "revoked": Status(State.NONE, _("已撤销")),
    }[mandate.state(at)]


def scope_words(
    scope: Scope,
    assessments: Mapping[str, str] | None = None,
    sections: Mapping[str, str] | None = None,
) -> str:
    """Return a scope in one line; with titles where the reader may know them."""
    parts = [
        _counted(scope.assessments, _("全部自评"), _("%(number)s 次自评"), assessments),
        _counted(scope.sections, _("全部部分"), _("%(number)s 个部分"), sections),
    ]
    parts += [str(FLAG_WORDS[flag][0]) for flag in FLAG_WORDS if getattr(scope, flag)]
    return _("、").join(parts)


def _counted(
    named: frozenset[Any] | None,
    whole: str,
    counted: str,
    titles: Mapping[str, str] | None,
) -> str:
    if named is None:
        return whole
    if titles:
        known = [
            titles[str(key)] for key in sorted(named, key=str) if str(key) in titles
        ]
        if known:
            return _("、").join(known)
    return counted % {"number": len(named)}


def purpose_words(mandate: Mandate) -> str:
    """Return what a mandate is for."""
    label = mandate.get_purpose_display()
    if not mandate.purpose_note:
        return str(label)
    return _("%(purpose)s：%(note)s") % {"purpose": label, "note": mandate.purpose_note}


def period_words(mandate: Mandate) -> str:
    """Return from when to when a mandate runs."""
    return _("%(first)s 至 %(last)s") % {
        "first": short_date(mandate.starts_at),
        "last": short_date(last_day(mandate.ends_at)),
    }


def facts(
    mandate: Mandate,
    assessments: Mapping[str, str] | None = None,
    sections: Mapping[str, str] | None = None,
) -> tuple[SummaryRow, ...]:
    """Return a mandate as a summary list."""
    return (
        SummaryRow(_("用途"), purpose_words(mandate)),
        SummaryRow(_("期限"), period_words(mandate)),
        *scope_facts(mandate.scope, assessments, sections),
    )


def scope_facts(
    scope: Scope,
    assessments: Mapping[str, str] | None = None,
    sections: Mapping[str, str] | None = None,
    flags: Iterable[str] = FLAGS,
) -> tuple[SummaryRow, ...]:
    """Return a scope as rows of a summary list."""
    yes, no = _("可以看"), _("不可以看")
    named = _counted(
        scope.assessments, _("全部，包括以后新建的"), _("%(number)s 次"), assessments
    )
    parts = _counted(scope.sections, _("全部，连同结果"), _("%(number)s 个"), sections)
    return (
        SummaryRow(_("自评"), named),
        SummaryRow(_("部分"), parts),
        *(
            SummaryRow(str(FLAG_WORDS[flag][0]), yes if getattr(scope, flag) else no)
            for flag in flags
        ),
    )


def history(events: list[MandateEvent]) -> tuple[Event, ...]:
    """Return what happened to a mandate as a timeline."""
    return tuple(_event(event) for event in events)


def _event(event: MandateEvent) -> Event:
    who = str(event.actor) if event.actor else _("系统运维")
    return Event(
        title=_("%(kind)s（%(who)s）") % {"kind": event.get_kind_display(), "who": who},
        when=short_time(event.at),
        date=event.at.isoformat(),
        text=_after(event.after),
        state="problem" if event.kind == MandateEvent.Kind.REVOKED else "done",
    )


def _after(data: Mapping[str, Any]) -> str:
    if not data:
        return ""
    end = parse_datetime(data["ends_at"])
    return _("%(scope)s；至 %(day)s") % {
        "scope": scope_words(Scope.from_json(data)),
        "day": short_date(last_day(end)) if end else "",
    }


DOORS = {
    "client": gettext_lazy("资料一览"),
    "client-assessment": gettext_lazy("回答和证明材料清单"),
    "client-data-sheet": gettext_lazy("企业数据表"),
    "evidence-preview": gettext_lazy("证明材料的预览"),
    "result": gettext_lazy("自评结果"),
    "report-status": gettext_lazy("报告信息"),
    "access-firm": gettext_lazy("资料一览"),
    "access-assessment": gettext_lazy("回答和证明材料清单"),
    "access-sheet": gettext_lazy("企业数据表"),
}
"""Pages an outsider reads on; what is read through the interface is called that."""


def read_words(record: AccessRecord) -> str:
    """Return what was read, in words."""
    verb = _("下载") if record.is_download else _("查看")
    what = DOORS.get(record.door) or record.get_what_display()
    words = _("%(verb)s了%(what)s") % {"verb": verb, "what": what}
    if record.door.startswith("api-"):
        return _("%(words)s（通过接口）") % {"words": words}
    return words
