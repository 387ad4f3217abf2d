"""Store who looked at an enterprise's data: one row a person, object, door and day."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.downloads import (
    DownloadLimit,
    habits_of,
    lock_person,
    require_within_limits,
    takes_away,
    tell_when_unusual,
)
from accounts.mandated_reads import Read, noticed
from accounts.models import AccessRecord, User
from backend.errors import PROBLEM_TYPE
from backend.middleware import busy_page


class MandatedReadsMiddleware:
    """Record what a successful answer showed of an enterprise to an outsider.

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
        except DownloadLimit as limit:
            _close_file(response)
            return _refused(request, limit)
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
    # An opening lets only people in.
    assert isinstance(request.user, User)  # noqa: S101
    match = request.resolver_match
    disposition = response.headers.get("Content-Disposition", "")
    door = (match.url_name or "") if match else ""
    is_download = disposition.startswith("attachment")
    store = (
        record_takings if takes_away(door, is_download=is_download) else record_reads
    )
    store(
        reads=reads,
        person=request.user,
        door=door,
        is_download=is_download,
        at=timezone.now(),
    )


def _refused(request: HttpRequest, limit: DownloadLimit) -> HttpResponse:
    """Answer 429 and say when downloads are open again, as page or problem+json."""
    if request.path.startswith("/api/"):
        body = {
            "type": f"/api/docs/errors#{limit.code}",
            "title": str(limit.message),
            "status": limit.status,
            "code": limit.code,
        }
        answer: HttpResponse = JsonResponse(
            body, status=limit.status, content_type=PROBLEM_TYPE
        )
    else:
        context = {"message": limit.message}
        page = "mandates/download_limit.html"
        answer = render(request, page, context, status=limit.status)
    answer["Retry-After"] = str(limit.wait)
    return answer


@transaction.atomic
def record_takings(
    *,
    reads: Iterable[Read],
    person: User,
    door: str,
    is_download: bool,
    at: datetime,
) -> None:
    """Record what one request hands out, within the day's bounds.

    Raises DownloadLimit, and then nothing is recorded or handed out. Tells managers
    and owners when the day becomes unusual.
    """
    lock_person(person)
    before = habits_of(person.pk, timezone.localdate(at))
    require_within_limits(before, door, at)
    wanted = set(reads)
    record_reads(reads=wanted, person=person, door=door, is_download=is_download, at=at)
    mandates = {read.mandate_id for read in wanted if read.mandate_id}
    tell_when_unusual(person=person, before=before, mandates=mandates, at=at)


@transaction.atomic
def record_reads(
    *,
    reads: Iterable[Read],
    person: User,
    door: str,
    is_download: bool,
    at: datetime,
) -> None:
    """Add the reads of one request; what was read before that day counts up.

    Few queries however many clients a list shows: three, and three more for each
    object that is new that day when it is one alone.
    """
    shared = {"person": person, "door": door, "day": timezone.localdate(at)}
    wanted = set(reads)
    rows = AccessRecord.objects.filter(**shared)
    known = {
        Read(*key): pk
        for pk, *key in rows.values_list(
            "pk", "mandate_id", "what", "object_id", "access_id"
        )
    }
    again = [known[read] for read in wanted if read in known]
    if again:
        AccessRecord.objects.filter(pk__in=again).update(
            count=F("count") + 1, last_at=Greatest("last_at", Value(at))
        )
    new = [
        AccessRecord(
            **shared, mandate_id=read.mandate_id, access_id=read.access_id,
            what=read.what, object_id=read.object_id, is_download=is_download,
            first_at=at, last_at=at,
        )
        for read in sorted(wanted - known.keys(), key=str)
    ]  # fmt: skip
    if len(new) == 1:
        _add(new[0], at)
    else:
        # Of two first requests at once that show the same list, one is counted.
        AccessRecord.objects.bulk_create(new, ignore_conflicts=True)


def _add(row: AccessRecord, at: datetime) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Two requests at once: the other one made the row.
        key = (
            "mandate_id", "access_id", "person_id", "what", "object_id", "door", "day",
        )  # fmt: skip
        rows = AccessRecord.objects.filter(**{name: getattr(row, name) for name in key})
        # The clock was read before: the other one may have been a little later.
        latest = Greatest("last_at", Value(at))
        if not rows.update(count=F("count") + 1, last_at=latest):
            raise
