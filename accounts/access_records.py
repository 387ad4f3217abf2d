"""Store who looked at an enterprise's data: one row a person, object, door and day."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.mandated_reads import Read, noticed
from accounts.models import AccessRecord, User
from backend.middleware import busy_page


class MandatedReadsMiddleware:
    """Record what a successful answer showed of an enterprise to an agency.

    Without the record there is no answer: the enterprise's owner relies on it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with noticed() as reads:
            response = self.get_response(request)
        if not reads or not 200 <= response.status_code < 300:
            return response
        try:
            _store(request, response, reads)
        except OperationalError:
            _close_file(response)
            return busy_page()
        except BaseException:
            _close_file(response)
            raise
        return response


def _close_file(response: HttpResponse) -> None:
    """Let go of a download nobody gets; `close()` would end the whole request."""
    if file := getattr(response, "file_to_stream", None):
        file.close()


def _store(request: HttpRequest, response: HttpResponse, reads: Iterable[Read]) -> None:
    # A mandate lets only people in.
    assert isinstance(request.user, User)  # noqa: S101
    match = request.resolver_match
    disposition = response.headers.get("Content-Disposition", "")
    record_reads(
        reads=reads,
        person=request.user,
        door=(match.url_name or "") if match else "",
        is_download=disposition.startswith("attachment"),
        at=timezone.now(),
    )


@transaction.atomic
def record_reads(
    *,
    reads: Iterable[Read],
    person: User,
    door: str,
    is_download: bool,
    at: datetime,
) -> None:
    """Add the reads of one request; what was read before that day counts up."""
    for read in dict.fromkeys(reads):
        key = {
            "mandate_id": read.mandate_id,
            "person": person,
            "what": read.what,
            "object_id": read.object_id,
            "door": door,
            "day": timezone.localdate(at),
        }
        if not _count_up(key, at):
            _add(key, is_download, at)


def _count_up(key: dict[str, object], at: datetime) -> bool:
    rows = AccessRecord.objects.filter(**key)
    return bool(rows.update(count=F("count") + 1, last_at=at))


def _add(key: dict[str, object], is_download: bool, at: datetime) -> None:  # noqa: FBT001
    try:
        with transaction.atomic():
            AccessRecord.objects.create(
                **key, is_download=is_download, first_at=at, last_at=at
            )
    except IntegrityError:
        # Two requests at once: the other one made the row.
        if not _count_up(key, at):
            raise
