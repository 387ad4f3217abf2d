"""The queue of papers to print: take one in hand, publish it or give it up.

The database row is the queue. Every function answers by what the database did, so
two workers can't both believe they hold a paper.
"""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F

from reports.models import Printed
from reports.querysets import PrintQuerySet, ReportQuerySet

Rows: TypeAlias = PrintQuerySet | ReportQuerySet

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rendered:
    """A finished PDF: its bytes and its number of pages."""

    content: bytes
    pages: int


def take(rows: Rows, paper_id: UUID, at: datetime) -> bool:
    """Lease a paper for one attempt; False when another has it or it is done.

    One that has used up its attempts is marked failed instead.
    """
    due = rows.due(at).filter(pk=paper_id)
    if due.filter(attempt__gte=settings.REPORT_MAX_ATTEMPTS).update(
        state=Printed.State.FAILED, error="attempts_used_up", lease_until=None
    ):
        logger.error("%s %s failed: attempts used up", _noun(rows), paper_id)
        return False
    taken = due.update(
        state=Printed.State.RENDERING,
        attempt=F("attempt") + 1,
        lease_until=at + timedelta(seconds=settings.REPORT_LEASE_SECONDS),
    )
    return bool(taken)


def publish(
    rows: Rows,
    paper: Printed,
    rendered: Rendered,
    at: datetime,
    *,
    folder: str,
    then: Callable[[], None] | None = None,
) -> bool:
    """Store the file and mark the paper ready; False when the lease was lost.

    The file is complete before the row names it. It is always written anew, under
    a free name: what a worker that died left under the wanted one may be half a
    file. A file that no row came to name is taken away again. `then` is done in the
    same transaction.
    """
    sha256 = hashlib.sha256(rendered.content).hexdigest()
    wanted = f"{folder}/{paper.pk.hex}-{sha256[:16]}.pdf"
    key = default_storage.save(wanted, ContentFile(rendered.content))
    with transaction.atomic():
        published = _in_hand(rows, paper).update(
            state=Printed.State.READY,
            ready_at=at,
            key=key,
            sha256=sha256,
            size=len(rendered.content),
            pages=rendered.pages,
            lease_until=None,
            error="",
        )
        if published and then is not None:
            then()
    if not published:
        default_storage.delete(key)
    return bool(published)


def give_up(rows: Rows, paper: Printed, error: str) -> None:
    """Let the attempt go: the sweep tries again while attempts are left."""
    final = paper.attempt >= settings.REPORT_MAX_ATTEMPTS
    _in_hand(rows, paper).update(
        state=Printed.State.FAILED if final else Printed.State.PENDING,
        error=error[:64],
        lease_until=None,
    )


def _in_hand(rows: Rows, paper: Printed) -> Rows:
    return rows.filter(pk=paper.pk, state="rendering", attempt=paper.attempt)


def _noun(rows: Rows) -> str:
    return str(rows.model._meta.verbose_name)  # noqa: SLF001 - Django's own word
