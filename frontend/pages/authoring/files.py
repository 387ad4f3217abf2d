"""A draft or a version as files: YAML in a ZIP, or a workbook; and back."""

from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backend.errors import ServiceError
from frontend.components import FileDrop
from frontend.pages.answering.doors import person, problem_text
from frontend.pages.authoring.doors import draft_or_404, for_experts
from frontend.pages.authoring.tree import draft_frame
from frontend.pages.authoring.words import Said, said
from question_bank.bank_archive import read_archive, write_archive
from question_bank.bank_workbook import from_workbook, to_workbook
from question_bank.drafting import checked_text
from question_bank.engine.problems import Problem
from question_bank.engine.source_writer import bank_source
from question_bank.models import BankVersion
from question_bank.selectors import compiled_bank, newest_version
from question_bank.services import SourceRefused, import_source, open_draft
from question_bank.source_tree import Source
from question_bank.yaml_reading import SourceError

MAX_UPLOAD = 4_000_000
KINDS = {
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def draft_files(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Offer the draft as files, and take a file in its place."""
    draft = draft_or_404(request, draft_id)
    problems: tuple[Said, ...] = ()
    if request.method == "POST":
        revision = request.POST.get("revision", "")

        def put(source: Source) -> object:
            return import_source(
                draft_id=draft.pk,
                source=source,
                revision=int(revision) if revision.isdecimal() else 0,
                actor=person(request),
                at=timezone.now(),
            )

        problems = _take(request, put)
        if not problems:
            messages.success(request, _("文件已导入草稿。"))
            return redirect("bank-draft", draft.pk)
    context = {
        **draft_frame(draft, "bank-files", checked_text(draft.source)),
        "problems": problems,
        "drop": _drop(problems),
    }
    return render(request, "authoring/files.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_experts
def upload(request: HttpRequest) -> HttpResponse:
    """Open a draft from a file: a new bank, or new content for one that is stored."""
    problems: tuple[Said, ...] = ()
    if request.method == "POST":
        made: list[Any] = []

        def put(source: Source) -> object:
            base = newest_version(str(source.get("id", "")).strip())
            made.append(
                open_draft(
                    base=base, source=source, actor=person(request), at=timezone.now()
                )
            )
            return made

        problems = _take(request, put)
        if not problems:
            messages.success(request, _("草稿已打开。"))
            return redirect("bank-draft", made[0].pk)
    context = {"problems": problems, "drop": _drop(problems)}
    return render(request, "authoring/upload.html", context)


def _take(request: HttpRequest, put: Any) -> tuple[Said, ...]:
    """Read the uploaded file and `put` its source; return what is wrong with it."""
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        return (Said("error", _("请选择一个文件。")),)
    try:
        put(_read(file))
    except SourceError as error:
        return _problems(error.problems)
    except SourceRefused as error:
        return _problems(error.problems)
    except ServiceError as error:
        return (Said("error", problem_text(error)),)
    return ()


def _read(file: "UploadedFile[Any]") -> Source:
    kind = PurePath(file.name or "").suffix.lower().lstrip(".")
    if kind not in KINDS:
        raise _refused(
            "unknown_kind", "只接受 .zip 和 .xlsx 文件。", "Only .zip, .xlsx."
        )
    if (file.size or 0) > MAX_UPLOAD:
        raise _refused("file_too_large", "文件超过 4 MB。", "The file exceeds 4 MB.")
    data = file.read(MAX_UPLOAD + 1)
    return read_archive(data) if kind == "zip" else from_workbook(data)[0]


def _refused(code: str, zh: str, en: str) -> SourceError:
    return SourceError((Problem("error", code, {"zh": zh, "en": en}),))


def _problems(problems: tuple[Problem, ...]) -> tuple[Said, ...]:
    return tuple(_placed(problem) for problem in problems[:MOST_SHOWN])


def _placed(problem: Problem) -> Said:
    """Return a problem that says where in the file it is."""
    found = said(problem)
    place = problem.path
    if problem.file:
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    text = f"{place} {found.text}" if place else found.text
    return Said(found.severity, text, found.hint)


def _drop(problems: tuple[Said, ...]) -> FileDrop:
    return FileDrop(
        id="file",
        name="file",
        label=_("题库文件"),
        limits=_("ZIP（YAML 文件夹）或 XLSX，不超过 4 MB。"),
        accept=".zip,.xlsx",
        error=_("文件没有导入，原因见上。") if problems else "",
    )


@require_safe
@for_experts
def draft_export(request: HttpRequest, draft_id: UUID, ending: str) -> HttpResponse:
    """Download the draft as it is stored."""
    draft = draft_or_404(request, draft_id)
    return _download(draft.data(), f"{draft.bank}-draft-{draft.revision}", ending)


@require_safe
@for_experts
def version_export(
    _request: HttpRequest, bank: str, version: str, ending: str
) -> HttpResponse:
    """Download a stored version."""
    rows = BankVersion.objects.open().light().filter(bank=bank, version=version)
    found: BankVersion | None = rows.first()
    if found is None:
        raise Http404
    source = bank_source(compiled_bank(found.sha256))
    return _download(source, f"{bank}-{version}", ending)


def _download(source: Source, name: str, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    content = write_archive(source) if kind == "zip" else to_workbook(source)
    response = HttpResponse(content, content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
