"""Tell people that something happened: in their inbox and, if they wish, by mail.

Every room calls `notify` inside its own transaction. Nothing in a notice or a mail
says whom or what it is about: who wants to know signs in.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts import mails
from accounts.models import Notice, NoticePreference, Organisation, User
from accounts.notice_words import NEVER_OFF, TEXTS, default_channel, notice_text
from backend.errors import Invalid

Kind = Notice.Kind
Channel = NoticePreference.Channel


def notify(
    *,
    kind: Kind,
    url: str,
    at: datetime,
    users: Iterable[User | UUID] = (),
    organisation: Organisation | UUID | None = None,
    roles: Iterable[str] = (),
    text: str = "",
    parameters: Mapping[str, date | int] | None = None,
) -> int:
    """Tell these people, or those with these roles; return how many were told.

    `organisation` with `roles` means its members in those roles, `roles` alone
    everybody in them. `text` is an id of `notice_words.TEXTS`, by default the kind's.
    A line that still waits unread is replaced, without another mail: ten remarks do
    not make ten lines. The number of queries is the same for one person and for many.
    """
    words = text or kind.value
    plain = _plain(words, parameters or {})
    people = _recipients(users, organisation, tuple(roles))
    if not people:
        return 0
    with transaction.atomic():
        wanted = _channels(kind, people)
        told = {pk for pk in people if wanted[pk] != Channel.OFF}
        waiting = Notice.objects.filter(
            recipient__in=told, text=words, url=url, read_at=None
        )
        known = set(waiting.values_list("recipient_id", flat=True))
        waiting.delete()
        Notice.objects.bulk_create(
            Notice(
                recipient_id=pk, kind=kind, text=words, parameters=plain, url=url,
                created_at=at,
            )
            for pk in sorted(told)
        )  # fmt: skip
        addresses = [
            people[pk]
            for pk in sorted(told - known)
            if wanted[pk] == Channel.EMAIL and people[pk]
        ]
        transaction.on_commit(
            lambda: mails.send_notices("notices/email/notice", addresses)
        )
    return len(told)


def mark_read(*, user: User, notice: Notice | None = None, at: datetime) -> int:
    """Mark one of the person's notices read, or all of them; return how many."""
    rows = Notice.objects.visible_to(user).unread()
    if notice is not None:
        rows = rows.filter(pk=notice.pk)
    return int(rows.update(read_at=at))


@transaction.atomic
def choose_channels(*, user: User, channels: Mapping[str, str]) -> None:
    """Store how a person wants to hear of each kind.

    Raises Invalid for what does not exist and for silence about who may see data.
    """
    for kind, channel in channels.items():
        if kind not in Kind.values or channel not in Channel.values:
            raise Invalid
        if channel == Channel.OFF and kind in NEVER_OFF:
            raise Invalid
        NoticePreference.objects.update_or_create(
            person=user, kind=kind, defaults={"channel": channel}
        )


def channels_of(user: User, kinds: Iterable[str]) -> dict[str, str]:
    """Return the channel of each kind for one person; one query."""
    rows = NoticePreference.objects.visible_to(user)
    chosen = dict(rows.values_list("kind", "channel"))
    return {kind: chosen.get(kind, default_channel(kind)) for kind in kinds}


def _plain(text: str, parameters: Mapping[str, date | int]) -> dict[str, Any]:
    """Return parameters as JSON; only days and numbers can get in.

    An unknown text, or one that lacks a parameter, fails here and not at the reader.
    """
    if not all(isinstance(value, (date, int)) for value in parameters.values()):
        raise TypeError("only days and numbers may be put into a notice")
    plain = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in parameters.items()
    }
    if text not in TEXTS:
        raise KeyError(text)
    notice_text(text, plain)
    return plain


def _recipients(
    users: Iterable[User | UUID],
    organisation: Organisation | UUID | None,
    roles: tuple[str, ...],
) -> dict[UUID, str]:
    """Return the active people meant, with their addresses; one query."""
    meant = Q(pk__in=[getattr(user, "pk", user) for user in users])
    if roles:
        members = Q(membership__role__in=roles)
        if organisation is not None:
            members &= Q(membership__organisation=organisation)
        meant |= members
    rows = User.objects.get_queryset().filter(meant, is_active=True)
    return dict(rows.values_list("pk", "email"))


def _channels(kind: Kind, people: Iterable[UUID]) -> dict[UUID, str]:
    rows = NoticePreference.objects.filter(kind=kind, person__in=list(people))
    chosen = dict(rows.values_list("person_id", "channel"))
    return {pk: chosen.get(pk, default_channel(kind)) for pk in people}
