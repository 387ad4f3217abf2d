"""Notice every row that is read from outside, so that none goes unrecorded.

A queryset's `visible_to` puts into `mandate_id` under which mandate a row is seen, and
into `access_id` under which named access; both are None for one's own.
Whatever such a queryset fetches during a request is noted here;
`MandatedReadsMiddleware` stores it once the request is answered. Doors need not think
of it, so nobody can forget.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db import models


@dataclass(frozen=True)
class Read:
    """One object, or with an empty id several of them, read through an opening."""

    mandate_id: UUID | None
    what: str
    object_id: str
    access_id: UUID | None = None


_reads: ContextVar[list[Read] | None] = ContextVar("mandated_reads", default=None)


@contextmanager
def noticed() -> Iterator[list[Read]]:
    """Collect what is read under a mandate inside."""
    reads: list[Read] = []
    token = _reads.set(reads)
    try:
        yield reads
    finally:
        _reads.reset(token)


@contextmanager
def as_lists(mandates: Iterable[UUID] = ()) -> Iterator[None]:
    """Note what is read inside as one list for each mandate; `mandates` in any case.

    For a table over many clients: it tells of each a line, and opens nothing.
    """
    with noticed() as reads:
        yield
    outer = _reads.get()
    if outer is not None:
        seen = dict.fromkeys(
            [(read.mandate_id, read.access_id) for read in reads]
            + [(mandate_id, None) for mandate_id in mandates]
        )
        outer += [Read(first, "list", "", second) for first, second in seen]


def accesses_read() -> list[UUID]:
    """Return the named accesses under which the running request has read so far."""
    return list({read.access_id: None for read in _reads.get() or () if read.access_id})


class MandatedQuerySet(models.QuerySet[Any]):
    """A queryset over an enterprise's data: what it fetches is noticed.

    `what` is one of `AccessRecord.What`; `noted` names the attribute that holds the
    key of what was read, where that isn't the row itself. Rows as dicts or tuples
    can't be noticed: pages for agencies read objects.
    """

    what: ClassVar[str]
    noted: ClassVar[str] = "pk"

    def _fetch_all(self) -> None:
        fetched_before = self._result_cache is not None
        super()._fetch_all()
        if not fetched_before:
            self._notice(self._result_cache or [])

    def _notice(self, rows: list[Any]) -> None:
        reads = _reads.get()
        if reads is None:
            return
        seen: dict[tuple[UUID | None, UUID | None], list[Any]] = {}
        for row in rows:
            if isinstance(row, models.Model) and any(key := _opening(row)):
                seen.setdefault(key, []).append(getattr(row, self.noted))
        for (mandate_id, access_id), keys in seen.items():
            one = len(set(keys)) == 1
            what = self.what if one else "list"
            reads.append(Read(mandate_id, what, str(keys[0]) if one else "", access_id))


def _opening(row: models.Model) -> tuple[UUID | None, UUID | None]:
    """Return under what a row was fetched; a mandate goes before a named access."""
    found = row.__dict__
    mandate_id = found.get("mandate_id")
    return mandate_id, None if mandate_id else found.get("access_id")
