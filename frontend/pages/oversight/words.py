"""Words about records: states, verification, what a revision says and changed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from frontend.components import Event, SummaryRow
from frontend.pages.oversight.forms import shown_division
from frontend.pages.oversight.tables import Tag
from frontend.templatetags.texts import short_date
from oversight.models import (
    Certificate,
    CertificateRevision,
    Change,
    Recognition,
    RecognitionRevision,
    Verification,
    Via,
)
from oversight.stored import reviews_from, states_from

_TONES = {"pending": "amber", "verified": "green", "rejected": "red"}


def verification_tag(record: Certificate | Recognition) -> Tag:
    """Return whether a record was verified, or waits with a correction."""
    holds, latest = record.in_force, record.latest
    if holds.is_void:
        return Tag(_("已撤下"))
    if holds.verification == "verified" and latest.is_pending:
        return Tag(_("更正待核"), "amber")
    word = Verification(holds.verification).label
    return Tag(str(word), _TONES[holds.verification])  # type: ignore[arg-type]


def certificate_state(revision: CertificateRevision, today: date) -> Tag:
    """Return how a certificate stands today."""
    if revision.state != "valid":
        tone = "amber" if revision.state == "suspended" else "red"
        return Tag(str(CertificateRevision.State(revision.state).label), tone)  # type: ignore[arg-type]
    if revision.expires_on < today:
        return Tag(_("过期"))
    return Tag(_("有效"), "green")


def title_state(revision: RecognitionRevision, today: date) -> Tag:
    """Return how a title stands today."""
    if revision.ended_on and revision.ended_on <= today:
        return Tag(_("已终止"), "red")
    if revision.vetoed_on:
        return Tag(_("有否决事项"), "amber")
    reviews = reviews_from(revision.reviews)
    ends = revision.term_ends_on
    if reviews:
        last = reviews[-1]
        if last.result != "passed":
            return Tag(str(RecognitionRevision.Result(last.result).label), "red")
        ends = last.term_ends_on
    if ends and ends < today:
        return Tag(_("期满待复核"), "amber")
    return Tag(_("有效"), "green")


def certificate_rows(revision: CertificateRevision) -> list[tuple[str, str]]:
    """Return what a revision says of a certificate, in words."""
    return [
        (_("证书编号"), revision.number),
        (_("认证机构"), revision.body.name),
        (_("持有单位"), _holder(revision)),
        (_("集团证书持有人的信用代码"), revision.group_holder or _("无")),
        (_("标准"), revision.standard),
        (_("发证类型"), str(CertificateRevision.Issue(revision.issue).label)),
        (_("初次发证日期"), short_date(revision.first_issued_on)),
        (_("发证日期"), short_date(revision.issued_on)),
        (_("证书到期日"), short_date(revision.expires_on)),
        (_("认证范围"), revision.scope),
        (_("状态变化"), "\n".join(_state_lines(revision)) or _("无")),
    ]


def recognition_rows(revision: RecognitionRevision) -> list[tuple[str, str]]:
    """Return what a revision says of a title, in words."""
    words = RecognitionRevision
    return [
        (_("称号全称"), revision.name),
        (_("持有单位"), _holder(revision)),
        (_("级别"), str(words.Level(revision.level).label)),
        (_("类别"), str(words.Title(revision.title).label)),
        (_("阶段"), str(words.Stage(revision.stage).label)),
        (_("文号"), revision.document),
        (_("批次"), revision.round or _("无")),
        (_("认定日期"), short_date(revision.since)),
        (_("期满日"), _day(revision.term_ends_on)),
        (_("复核"), "\n".join(_review_lines(revision)) or _("无")),
        (_("终止"), _ended(revision)),
        (_("一票否决事项"), _day(revision.vetoed_on)),
    ]


def summary(rows: list[tuple[str, str]]) -> list[SummaryRow]:
    """Return rows of a summary list."""
    return [SummaryRow(key, value) for key, value in rows]


def differences(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> list[tuple[str, str, str]]:
    """Return the rows in which two revisions differ: title, before, after."""
    pairs = zip(before, after, strict=True)
    return [(key, old, new) for (key, old), (_key, new) in pairs if old != new]


def history(revisions: Any, *, with_names: bool = True) -> list[Event]:
    """Return the revisions of a record as a timeline, the latest first."""
    return [_event(revision, with_names) for revision in reversed(list(revisions))]


def _event(revision: Any, with_names: bool) -> Event:  # noqa: FBT001 - one caller
    who = _by(revision, with_names)
    parts = [_("来源：%s") % revision.source if revision.source else ""]
    parts.append(_("理由：%s") % revision.reason if revision.reason else "")
    pending = getattr(revision, "verification", "") == "pending"
    is_bad = revision.change in (Change.REJECTED, Change.VOIDED, Change.UNDONE)
    return Event(
        title=_("%(change)s（%(who)s）")
        % {"change": Change(revision.change).label, "who": who},
        when=short_date(revision.recorded_at),
        date=revision.recorded_at.isoformat(),
        text=" ".join(part for part in parts if part),
        state="problem" if is_bad else "todo" if pending else "done",
    )


def _by(revision: Any, with_names: bool) -> str:  # noqa: FBT001 - one caller
    via = str(Via(revision.via).label)
    if not with_names or revision.recorded_by is None:
        return via
    return _("%(name)s，%(via)s") % {"name": revision.recorded_by, "via": via}


def _holder(revision: Any) -> str:
    unit = revision.holder
    place = shown_division(unit.division)
    return f"{unit.name}\n{unit.credit_code}\n{place}"


def _day(day: date | None) -> str:
    return short_date(day) if day else _("无")


def _ended(revision: RecognitionRevision) -> str:
    if not revision.ended_on:
        return _("无")
    return f"{short_date(revision.ended_on)} {revision.end_reason}"


def _state_lines(revision: CertificateRevision) -> Iterator[str]:
    for change in states_from(revision.states):
        word = CertificateRevision.State(change.state.value).label
        fraud = _("（以不正当手段取得）") if change.fraud else ""
        yield f"{short_date(change.on)} {word}{fraud} {change.document}".strip()


def _review_lines(revision: RecognitionRevision) -> Iterator[str]:
    for review in reviews_from(revision.reviews):
        word = RecognitionRevision.Result(review.result.value).label
        yield f"{short_date(review.on)} {word} {review.document}".strip()
