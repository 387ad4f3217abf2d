"""Look inside an uploaded file: is it what its name says, and is it harmless?

The verdict comes from the structure of the content; the name's ending must agree
with it. Nothing is unpacked before its size is known.
"""

import hashlib
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from assessments.models import Evidence
from backend.errors import Invalid, TooLarge, UnsupportedType

MAX_NAME_BYTES = 200
MAX_PIXELS = 50_000_000
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_RATIO = 100
_ENTRY = b"PK\x01\x02"

Kind = Evidence.Kind

ENDINGS = {
    ".pdf": Kind.PDF,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
    ".png": Kind.PNG,
    ".docx": Kind.WORD,
    ".xlsx": Kind.EXCEL,
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WORD: f"{_OFFICE}wordprocessingml.document",
    Kind.EXCEL: f"{_OFFICE}spreadsheetml.sheet",
}
_MAIN_PART = {Kind.WORD: "word/document.xml", Kind.EXCEL: "xl/workbook.xml"}
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


class DisguisedFile(UnsupportedType):
    """The content is not what the name's ending says."""

    code = "disguised_file"
    message = _("文件内容与扩展名不符，或文件已损坏。请用原程序打开并重新保存后上传。")


class FileTooLarge(TooLarge):
    """The file is larger than announced."""

    code = "file_too_large"


class EmptyFile(Invalid):
    """The file has no content."""

    code = "empty_file"
    message = _("文件是空的，请重新选择。")


@dataclass(frozen=True)
class CheckedFile:
    """What is known of an accepted file: cleaned name, kind, bytes, SHA-256 hex."""

    name: str
    kind: Evidence.Kind
    size: int
    sha256: str


def check_file(file: IO[bytes], name: str, *, max_bytes: int) -> CheckedFile:
    """Return what the file is; the file is left at its start.

    Raises EmptyFile, FileTooLarge, UnsupportedType (ending) or DisguisedFile.
    """
    size, sha256 = _measure(file, max_bytes)
    cleaned = clean_name(name)
    kind = ENDINGS.get(PurePosixPath(cleaned).suffix.lower())
    if kind is None:
        raise UnsupportedType(_("只接受 PDF、JPG、PNG、DOCX、XLSX 文件。"))
    _INSPECTORS[kind](file)
    file.seek(0)
    return CheckedFile(cleaned, kind, size, sha256)


def clean_name(name: str) -> str:
    """Return a harmless form of a file name, Chinese characters intact.

    The folder part, control and direction characters go; the rest is NFC and cut
    to 200 bytes before the ending, between characters.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).split("/")[-1]
    name = _INVISIBLE.sub("", name).strip(" .") or "file"
    suffix = PurePosixPath(name).suffix[:12]
    stem = name.removesuffix(suffix).encode()[: MAX_NAME_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore") + suffix


def _measure(file: IO[bytes], max_bytes: int) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    file.seek(0)
    while chunk := file.read(65536):
        size += len(chunk)
        if size > max_bytes:
            raise FileTooLarge(
                _("文件超过 %(limit)s MiB。请压缩图片或拆分文件后再上传。")
                % {"limit": max_bytes // 1024 // 1024}
            )
        digest.update(chunk)
    if not size:
        raise EmptyFile
    return size, digest.hexdigest()


def _inspect_pdf(file: IO[bytes]) -> None:
    file.seek(0)
    head = file.read(1024)
    file.seek(-min(file.seek(0, 2), 2048), 2)
    if not head.startswith(b"%PDF-1.") and not head.startswith(b"%PDF-2."):
        raise DisguisedFile
    if b"%%EOF" not in file.read():
        raise DisguisedFile


def _inspect_image(expected: str) -> Callable[[IO[bytes]], None]:
    def inspect(file: IO[bytes]) -> None:
        file.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(file, formats=[expected]) as image:
                    if image.width * image.height > MAX_PIXELS:
                        raise DisguisedFile(
                            _("图片像素过多，请缩小到 5000 万像素以内。")
                        )
                    image.verify()
        except (
            UnidentifiedImageError,
            Image.DecompressionBombWarning,
            Image.DecompressionBombError,
            OSError,
            SyntaxError,
            ValueError,
        ) as error:
            raise DisguisedFile from error

    return inspect


def _inspect_office(kind: Evidence.Kind) -> Callable[[IO[bytes]], None]:
    def inspect(file: IO[bytes]) -> None:
        _require_few_entries(file)
        try:
            with zipfile.ZipFile(file) as archive:
                _require_modest(archive.infolist())
                _require_document(archive, kind)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise DisguisedFile from error

    return inspect


def _require_few_entries(file: IO[bytes]) -> None:
    """Refuse a table of contents that would cost seconds and memory to read.

    Every entry of it starts with the same four bytes, so nothing has to be parsed.
    """
    file.seek(0)
    found, tail = 0, b""
    while chunk := file.read(65536):
        found += (tail + chunk).count(_ENTRY)
        tail = chunk[1 - len(_ENTRY) :]
        if found > 2 * MAX_ENTRIES:
            raise DisguisedFile(_("文件解压后过大，无法接受。"))
    file.seek(0)


def _require_modest(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if (
        len(entries) > MAX_ENTRIES
        or unpacked > MAX_UNPACKED_BYTES
        or unpacked > MAX_RATIO * max(packed, 1024)
    ):
        raise DisguisedFile(_("文件解压后过大，无法接受。"))


def _require_document(archive: zipfile.ZipFile, kind: Evidence.Kind) -> None:
    names = set(archive.namelist())
    if not {"[Content_Types].xml", _MAIN_PART[kind]} <= names:
        raise DisguisedFile
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise DisguisedFile(_("文件含有宏，请另存为不含宏的格式后上传。"))


_INSPECTORS: dict[Evidence.Kind, Callable[[IO[bytes]], None]] = {
    Kind.PDF: _inspect_pdf,
    Kind.JPEG: _inspect_image("JPEG"),
    Kind.PNG: _inspect_image("PNG"),
    Kind.WORD: _inspect_office(Kind.WORD),
    Kind.EXCEL: _inspect_office(Kind.EXCEL),
}
