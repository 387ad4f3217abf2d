"""From a report's content to a tagged PDF.

The document may use nothing but its own style sheet: the fetcher knows a fixed list
of assets and ends the rendering on any other address.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import ModuleType
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from reports.content import ReportContent
from reports.documents import TEMPLATES, report_of
from reports.fonts import configure_fonts
from reports.indicators import IndicatorReport
from reports.models import Report
from reports.queue import Rendered
from reports.verification import verify_url

ASSETS = {
    "asset:report.css": ("reports/report.css", "text/css"),
    "asset:bulletin.css": ("reports/bulletin.css", "text/css"),
}
HTML_LANGUAGES = {"zh-hans": "zh-CN", "en": "en"}


class RefusedAsset(RuntimeError):
    """The document asked for something that isn't one of its own assets."""


def render(report: Report) -> Rendered:
    """Return the PDF of a report, in the report's language."""
    at = report.requested_at
    with translation.override(report.locale):
        # The content is let go before the layout takes its memory.
        html = html_of(report_of(report, at=at), created=at)
        return pdf_of(html)


def html_of(
    content: ReportContent | IndicatorReport, *, created: datetime
) -> SafeString:
    """Return the document as HTML, in the active language."""
    return render_to_string(
        TEMPLATES[content.scheme],
        {
            "content": content,
            "html_language": HTML_LANGUAGES.get(get_language() or "", "zh-CN"),
            "created": timezone.localtime(created).isoformat(timespec="seconds"),
            "verify_url": verify_address(),
        },
    )


def verify_address() -> str:
    """Return the address of the verification form, without its scheme."""
    return verify_url().split("://", 1)[1]


def pdf_of(html: str) -> Rendered:
    """Return `html` as a tagged PDF (PDF/UA-1).

    Raises RefusedAsset when the document asks for a foreign address, FontsMissing
    when there is no Chinese font.
    """
    weasyprint = _weasyprint()
    urls = weasyprint.urls
    fetcher, refused = _fetcher(urls, _assets())
    source = weasyprint.HTML(string=html, url_fetcher=fetcher)
    try:
        with _no_garbage_collection():
            rendered = _lay_out(source)
    except urls.FatalURLFetchingError as error:
        # It is no Exception, so that nothing inside WeasyPrint swallows it.
        raise RefusedAsset(str(error)) from None
    if refused:
        # Inside an SVG even that exception is swallowed.
        raise RefusedAsset(refused[0])
    return rendered


def _lay_out(source: Any) -> Rendered:
    """Return the document laid out and printed.

    Its boxes end with this function: the collector, once it is back, would look
    through all of them, for half a second.
    """
    document = source.render(pdf_variant="pdf/ua-1")
    content = document.write_pdf(pdf_variant="pdf/ua-1")
    return Rendered(content=content, pages=len(document.pages))


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Let the collector rest: nearly all objects of a layout live until its end.

    It would look through some hundred thousand of them again and again, for a fifth
    of the time and no memory. What is garbage already makes room first.
    """
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _weasyprint() -> ModuleType:
    """Import WeasyPrint, with our fonts in place.

    Only here and not at the top: the import takes half a second, loads Pango, and
    fontconfig reads its configuration once, when Pango starts.
    """
    configure_fonts()
    import weasyprint  # noqa: PLC0415

    found: ModuleType = weasyprint
    return found


def _assets() -> dict[str, tuple[bytes, str]]:
    return {
        url: (render_to_string(template).encode(), content_type)
        for url, (template, content_type) in ASSETS.items()
    }


def _fetcher(
    urls: ModuleType, assets: Mapping[str, tuple[bytes, str]]
) -> tuple[Any, list[str]]:
    """Return a fetcher that serves `assets` alone, and the list of what it refused."""
    refused: list[str] = []

    class OwnAssets(urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url not in assets:
                refused.append(url[:200])
                raise urls.FatalURLFetchingError(f"not an own asset: {url[:200]}")
            content, content_type = assets[url]
            answer = {"Content-Type": content_type}
            return urls.URLFetcherResponse(url, content, answer)

    return OwnAssets(), refused
