"""Draft, issue and discard the bureau's bulletins."""

from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext, gettext_lazy as _, override

from accounts.audit import record
from accounts.models import User
from accounts.selectors import home_membership
from assessments.local_day import local_date
from backend.errors import Conflict, Forbidden, NotFound
from oversight.bulletins.document import LANGUAGES, Content, differences
from oversight.bulletins.material import Earlier, Kind, material_for, period_of
from oversight.bulletins.words import period_words
from oversight.bulletins.writing import content_of, title_of
from oversight.counting.periods import Period
from oversight.faults import Fault, InvalidEntry, refuse
from oversight.models import Bulletin, Snapshot
from oversight.rules import may_issue, may_keep
from oversight.shown import shown
from oversight.signals import bulletin_issued
from question_bank.engine.codec import canonical_bytes, encode

EARLIEST_YEAR = 2016
LONGEST_REASON = 300


class NothingChanged(Conflict):
    """A correction that corrects nothing."""

    code = "nothing_changed"
    message = _("与已签发的上一版没有差别，不需要更正版。")


class AlreadyIssued(Conflict):
    """An issued bulletin stays as it is."""

    code = "already_issued"
    message = _("简报已签发，不能再改；有差错请出更正版。")


class OtherDraft(Conflict):
    """The draft was made anew since it was looked at."""

    code = "other_draft"
    message = _("拟稿已重新生成，请看过新稿再签发。")


def make_bulletin(
    *,
    kind: str,
    period: str,
    known_on: date | None = None,
    reason: str = "",
    actor: User,
    at: datetime,
) -> Bulletin:
    """Draft the bulletin of a period, or its correction once it was issued.

    An open draft is made anew. `known_on` is yesterday unless given: what is
    recorded later never changes the numbers. Raises Forbidden, InvalidEntry or
    NothingChanged.
    """
    if not may_keep(actor):
        raise Forbidden
    asked, spoken = _period(kind, period, at)
    known_on = _known_on(known_on, spoken, at)
    before = _issued(kind, period).order_by("-edition").first()
    reason = " ".join(reason.split())
    refuse(_reason_faults(reason, before))
    snapshot = _snapshot_for(spoken.last_day)
    content = drafted(asked, spoken, known_on=known_on, snapshot=snapshot)
    plain = canonical_bytes(content.to_plain())
    digest = sha256(plain).hexdigest()
    if before is not None and before.sha256 == digest:
        raise NothingChanged
    values: dict[str, Any] = {
        "day": spoken.last_day,
        "known_on": known_on,
        "snapshot": snapshot,
        "issuer": _issuer(actor),
        "content": plain.decode(),
        "sha256": digest,
        "reason": reason if before else "",
        "changes": _changes(before, content),
        "made_by": actor,
        "made_at": at,
    }
    edition = before.edition + 1 if before else 1
    return _stored({"kind": kind, "period": period, "edition": edition}, values)


def drafted(
    kind: Kind, period: Period, *, known_on: date, snapshot: Snapshot | None
) -> Content:
    """Return the content of a bulletin; whatever happens later, it stays the same."""
    return content_of(
        material_for(
            kind,
            period,
            known_on=known_on,
            shown=shown(snapshot) if snapshot else None,
            earlier=_earlier(kind, period, known_on),
        )
    )


def issue_bulletin(
    *, bulletin_id: UUID, digest: str, actor: User, at: datetime
) -> Bulletin:
    """Issue a draft that was looked at: from now on it never changes.

    `digest` is the hash of what was looked at. Raises Forbidden, NotFound,
    AlreadyIssued or OtherDraft.
    """
    if not may_issue(actor):
        raise Forbidden
    with transaction.atomic():
        bulletin = _draft(bulletin_id)
        if bulletin.sha256 != digest:
            raise OtherDraft
        bulletin.number = _number(bulletin)
        bulletin.state = Bulletin.State.ISSUED
        bulletin.issued_by, bulletin.issued_at = actor, at
        bulletin.save()
        _audit("bulletin.issued", bulletin, actor, at)
        transaction.on_commit(
            partial(
                bulletin_issued.send_robust,
                sender=Bulletin,
                bulletin_id=bulletin.pk,
                at=at,
            )
        )
    return bulletin


def discard_bulletin(*, bulletin_id: UUID, actor: User, at: datetime) -> None:
    """Throw a draft away. Raises Forbidden, NotFound or AlreadyIssued."""
    if not may_keep(actor):
        raise Forbidden
    with transaction.atomic():
        bulletin = _draft(bulletin_id)
        _audit("bulletin.discarded", bulletin, actor, at)
        bulletin.delete()


def _draft(bulletin_id: UUID) -> Bulletin:
    rows = Bulletin.objects.select_for_update(of=("self",))
    bulletin: Bulletin | None = rows.filter(pk=bulletin_id).first()
    if bulletin is None:
        raise NotFound
    if bulletin.is_issued:
        raise AlreadyIssued
    return bulletin


def _stored(key: dict[str, Any], values: dict[str, Any]) -> Bulletin:
    """Store a draft in the place of an open one."""
    try:
        with transaction.atomic():
            bulletin, _is_new = Bulletin.objects.update_or_create(
                **key, defaults=values
            )
            _audit("bulletin.made", bulletin, values["made_by"], values["made_at"])
    except IntegrityError as error:
        # Issued meanwhile: the guard refuses the change.
        raise AlreadyIssued from error
    found: Bulletin = bulletin
    return found


def _period(kind: str, text: str, at: datetime) -> tuple[Kind, Period]:
    if kind not in Bulletin.Kind.values:
        raise InvalidEntry([Fault("kind", _("请从列表中选择。"))])
    asked = Kind(kind)
    try:
        period = period_of(asked, text)
    except ValueError as error:
        message = _("月度简报写作 2026-10，年度报告写作 2026。")
        raise InvalidEntry([Fault("period", message)]) from error
    if period.year < EARLIEST_YEAR:
        text = _("最早为 %(year)s 年。") % {"year": EARLIEST_YEAR}
        raise InvalidEntry([Fault("period", text)])
    if period.last_day >= local_date(at):
        raise InvalidEntry([Fault("period", _("该时期尚未结束。"))])
    return asked, period


def _known_on(known_on: date | None, period: Period, at: datetime) -> date:
    """Return a day that is over: what is recorded later today would be left out."""
    yesterday = local_date(at) - timedelta(days=1)
    if known_on is None:
        return yesterday
    if not period.last_day <= known_on <= yesterday:
        text = _("请填写从时期最后一天到昨天之间的日期。")
        raise InvalidEntry([Fault("known_on", text)])
    return known_on


def _reason_faults(reason: str, before: Bulletin | None) -> list[Fault]:
    if before is not None and not reason:
        return [Fault("reason", _("该时期的简报已签发，请写明更正的理由。"))]
    if len(reason) > LONGEST_REASON:
        return [Fault("reason", _("请控制在 300 字以内。"))]
    return []


def _issued(kind: str, period: str) -> Any:
    return Bulletin.objects.issued().filter(kind=kind, period=period)


def _snapshot_for(day: date) -> Snapshot | None:
    """Return the last snapshot published up to a day's month."""
    found: Snapshot | None = (
        Snapshot.objects.published().filter(day__lte=day).order_by("-day").first()
    )
    return found


def _earlier(kind: Kind, period: Period, known_on: date) -> Earlier | None:
    """Return the bulletin before, in its last edition known by then."""
    rows = Bulletin.objects.issued().light()
    rows = rows.filter(kind=kind.value, day__lt=period.last_day, known_on__lte=known_on)
    found = rows.order_by("-day", "-edition").first()
    if found is None:
        return None
    titles = {}
    for name, language in LANGUAGES.items():
        with override(language):
            spoken = period_words(period_of(kind, found.period))
            titles[name] = gettext("%(title)s（%(period)s）") % {
                "title": title_of(kind),
                "period": spoken,
            }
    return Earlier(titles, found.day, found.known_on)


def _changes(before: Bulletin | None, content: Content) -> dict[str, Any]:
    if before is None:
        return {}
    old = before.read()
    return {
        "zh": encode(differences(old.zh, content.zh)),
        "en": encode(differences(old.en, content.en)),
    }


def _number(bulletin: Bulletin) -> int:
    first = _issued(bulletin.kind, bulletin.period).first()
    if first is not None:
        return int(first.number)
    rows = Bulletin.objects.filter(kind=bulletin.kind)
    last = rows.aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def _issuer(actor: User) -> str:
    membership = home_membership(actor)
    if membership is None:
        raise Forbidden
    return str(membership.organisation.name)


def _audit(action: str, bulletin: Bulletin, actor: User, at: datetime) -> None:
    record(
        action=action,
        actor=actor,
        organisation=None,
        subject=bulletin,
        at=at,
        detail={
            "kind": bulletin.kind,
            "period": bulletin.period,
            "edition": bulletin.edition,
            "sha256": bulletin.sha256,
        },
    )
