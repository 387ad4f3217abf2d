"""Open data: public register facts for everybody, as files at lasting addresses."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from rest_framework.throttling import SimpleRateThrottle

from assessments.local_day import local_date
from oversight.open_data import DATA_SETS, Rows, dictionary, rows_of

BOM = "\ufeff"
KEPT_SECONDS = 3600
DICTIONARY = (
    "data_set", "title_zh", "title_en", "column", "meaning_zh", "meaning_en",
)  # fmt: skip


class OpenDataThrottle(SimpleRateThrottle):
    """Sixty files a minute from one address."""

    scope = "open-data"
    rate = "60/min"

    def get_cache_key(self, request: object, view: object) -> str:
        """Return the counter of the client's address, signed in or not."""
        ident = self.get_ident(request)  # type: ignore[arg-type]
        return self.cache_format % {"scope": self.scope, "ident": ident}


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """List the data sets with what their columns mean."""
    context = {"data_sets": DATA_SETS.values(), "today": _today()}
    return render(request, "public/open_data.html", context)


@require_safe
def data_file(request: HttpRequest, data_set: str) -> HttpResponse:
    """Send one data set as CSV (UTF-8 with a byte order mark)."""
    if (found := DATA_SETS.get(data_set)) is None:
        raise Http404
    if (refused := _refused(request)) is not None:
        return refused
    headers = tuple(column.name for column in found.columns)
    return _csv(found.key, headers, rows_of(found, _today()))


@require_safe
def dictionary_file(request: HttpRequest) -> HttpResponse:
    """Send what every column of every data set means."""
    return _refused(request) or _csv("dictionary", DICTIONARY, dictionary())


def _refused(request: HttpRequest) -> HttpResponse | None:
    throttle = OpenDataThrottle()
    if throttle.allow_request(request, None):  # type: ignore[arg-type]
        return None
    answer = render(request, "429.html", status=429)
    answer["Retry-After"] = str(int(throttle.wait() or 1) + 1)
    return answer


def _csv(key: str, headers: Iterable[str], rows: Rows) -> HttpResponse:
    text = io.StringIO()
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(headers)
    writer.writerows(rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}.csv"'
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return response


def _today() -> date:
    return local_date(timezone.now())


urlpatterns = [
    path("open-data/", open_data, name="open-data"),
    path("open-data/dictionary.csv", dictionary_file, name="open-data-dictionary"),
    path("open-data/<slug:data_set>.csv", data_file, name="open-data-file"),
]
