"""The files beside an answer: which can be looked at in the page, and which page."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.evidence_previews import IMAGES
from assessments.models import Evidence
from assessments.pdf_pages import (
    MAX_PAGES,
    CannotBeDrawn,
    Problem,
    count_pages,
    known_problem,
)
from backend.errors import NotFound

ANCHOR = "#pane-evidence"
PDF = Evidence.Kind.PDF


@dataclass(frozen=True)
class PdfView:
    """One page of a PDF with the way to the others; `problem` stands in its place.

    `pages` is how many there are, `last` the last that is shown here.
    """

    page: int = 1
    pages: int = 0
    last: int = 0
    problem: str = ""
    image_url: str = ""
    previous_url: str = ""
    next_url: str = ""

    @property
    def is_cut(self) -> bool:
        """Whether there are more pages than are shown here."""
        return self.pages > self.last


@dataclass(frozen=True)
class File:
    """A file as the page shows it: an image, an opened PDF, a link, or neither."""

    evidence: Evidence
    is_image: bool = False
    pdf: PdfView | None = None
    open_url: str = ""


def page_of(request: HttpRequest) -> int:
    """Return the page somebody asks for, the first unless they say; else NotFound."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise NotFound
    return int(text)


def shown_files(request: HttpRequest, rows: Sequence[Evidence]) -> tuple[File, ...]:
    """Return the files with one PDF opened: the one asked for, or else the first."""
    pdfs = [str(row.pk) for row in rows if row.kind == PDF]
    wanted = request.GET.get("file", "")
    opened = wanted if wanted in pdfs else next(iter(pdfs), "")
    page = page_of(request) if opened == wanted else 1
    return tuple(_file(request, row, opened, page) for row in rows)


def _file(request: HttpRequest, row: Evidence, opened: str, page: int) -> File:
    if row.kind != PDF:
        return File(row, is_image=row.kind in IMAGES)
    if str(row.pk) == opened:
        return File(row, pdf=pdf_view(request.path, row, page))
    return File(row, open_url=_url(request.path, row, 1))


def pdf_view(path: str, evidence: Evidence, page: int) -> PdfView:
    """Return a page of a PDF; pages that are not there lead to the nearest."""
    try:
        pages = count_pages(evidence)
    except CannotBeDrawn as error:
        return PdfView(problem=problem_words(error.problem))
    last = min(pages, MAX_PAGES)
    page = min(max(page, 1), last)
    found = known_problem(evidence, page)
    image = reverse("evidence-preview", args=[evidence.pk])
    return PdfView(
        page,
        pages,
        last,
        problem_words(found) if found else "",
        image_url=f"{image}?{urlencode({'page': page})}",
        previous_url=_url(path, evidence, page - 1) if page > 1 else "",
        next_url=_url(path, evidence, page + 1) if page < last else "",
    )


def _url(path: str, evidence: Evidence, page: int) -> str:
    file: UUID = evidence.pk
    return f"{path}?{urlencode({'file': file, 'page': page})}{ANCHOR}"


def problem_words(problem: Problem) -> str:
    """Return why a PDF is not shown, and what to do instead."""
    return {
        Problem.ENCRYPTED: _("文件有打开密码，不能在此预览。请下载后用密码打开。"),
        Problem.BROKEN: _("文件已损坏，或不是标准的 PDF，不能在此预览。请下载后查看。"),
        Problem.HEAVY: _("文件过于复杂，不能在此预览。请下载后查看。"),
        Problem.BUSY: _("现在预览的人较多。请稍后刷新，或下载后查看。"),
        Problem.MISSING: _("文件已丢失，请联系管理员。"),
    }[problem]
