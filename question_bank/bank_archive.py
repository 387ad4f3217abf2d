"""A bank's folder of YAML files as one ZIP file, in and out.

What comes in is hostile until proven otherwise: names, number and size of the files
are checked before anything is unpacked, and nothing is unpacked outside a folder of
its own that goes away afterwards.
"""

import io
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

from question_bank.bank_files import folder_texts, load_with_maps
from question_bank.engine.definition import Localized
from question_bank.engine.problems import Problem
from question_bank.source import MAX_FILES
from question_bank.source_tree import Source
from question_bank.yaml_reading import MAX_BYTES, SourceError

MAX_TOTAL: Final = 2 * MAX_BYTES
_NAME = re.compile(
    r"(?:[^/\\.][^/\\]{0,63}/)?(bank\.yaml|(?:sections|maps)/[A-Za-z0-9_.-]{1,64}\.yaml)"
)
_FIXED_TIME = (2000, 1, 1, 0, 0, 0)


def write_archive(source: Source) -> bytes:
    """Return the folder as a ZIP file; the same source gives the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in folder_texts(source).items():
            archive.writestr(zipfile.ZipInfo(name, _FIXED_TIME), text.encode())
    return content.getvalue()


def read_archive(data: bytes) -> Source:
    """Return the source a ZIP file holds; SourceError says what is wrong with it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            texts = _contents(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _refused("not_an_archive", _NOT_AN_ARCHIVE) from error
    with tempfile.TemporaryDirectory(prefix="bank-") as place:
        folder = Path(place)
        for inner in ("sections", "maps"):
            (folder / inner).mkdir()
        for name, content in texts.items():
            (folder / name).write_bytes(content)
        source: dict[str, Any] = load_with_maps(folder)[0]
    return source


def _contents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the wanted files by name, reading no more than the limits allow."""
    texts: dict[str, bytes] = {}
    total = 0
    for entry in archive.infolist():
        match = _NAME.fullmatch(entry.filename)
        if match is None:
            continue
        if match[1] in texts or len(texts) > MAX_FILES:
            raise _refused("too_many_files", _TOO_MANY)
        with archive.open(entry) as file:
            # The size an archive claims may be a lie: what is read counts.
            content = file.read(MAX_BYTES + 1)
        total += len(content)
        if len(content) > MAX_BYTES or total > MAX_TOTAL:
            raise _refused("file_too_large", _TOO_LARGE)
        texts[match[1]] = content
    if "bank.yaml" not in texts:
        raise _refused("no_bank_file", _NO_BANK)
    return texts


def _refused(code: str, message: Localized) -> SourceError:
    return SourceError((Problem("error", code, message),))


_NOT_AN_ARCHIVE = {
    "zh": "文件不是可以读取的 ZIP 压缩包。",
    "en": "The file is no readable ZIP archive.",
}
_TOO_MANY = {
    "zh": f"压缩包里的分部文件超过 {MAX_FILES} 个，或有重名文件。",
    "en": f"The archive holds more than {MAX_FILES} files, or one twice.",
}
_TOO_LARGE = {
    "zh": "压缩包解开后过大。",
    "en": "The archive is too large when unpacked.",
}
_NO_BANK = {
    "zh": "压缩包里没有 bank.yaml。",
    "en": "There is no bank.yaml in the archive.",
}
