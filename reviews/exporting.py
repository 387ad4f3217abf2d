"""The application papers as one ZIP, written while it is sent.

Nothing is kept in memory but one piece of one file. Names inside are made here from
cleaned parts: no path, no separator, no name a system reserves.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assessments.evidence_files import clean_name
from assessments.models import Evidence
from backend.errors import NotFound, TooLarge

MOST_BYTES = 300 * 1024 * 1024
MOST_FILES = 500
PIECE = 64 * 1024
_RESERVED = str.maketrans(dict.fromkeys('<>:"|?*/\\', "_"))


@dataclass(frozen=True)
class Folder:
    """One item of the checklist as a folder, with what the index says of it."""

    number: int
    title: str
    state: str
    reason: str
    note: str
    files: tuple[Evidence, ...]


@dataclass(frozen=True)
class Entry:
    """One file in the archive: under which name, for which item."""

    name: str
    folder: Folder
    file: Evidence


def entries(folders: Iterable[Folder]) -> list[Entry]:
    """Return every file with its name in the archive; names never repeat."""
    return [
        Entry(f"{_folder(folder)}/{number:02}_{safe_name(file.name)}", folder, file)
        for folder in folders
        for number, file in enumerate(folder.files, 1)
    ]


def safe_name(name: str) -> str:
    """Return a name that every system can store, Chinese characters intact."""
    return clean_name(clean_name(name.translate(_RESERVED)))


def _folder(folder: Folder) -> str:
    return f"{folder.number:02}_{safe_name(folder.title)}"


def require_possible(found: list[Entry]) -> None:
    """Raise TooLarge or NotFound before the first byte is sent."""
    size = sum(entry.file.size for entry in found)
    if len(found) > MOST_FILES or size > MOST_BYTES:
        raise TooLarge(_("材料超过 300 MiB 或 500 个文件，请减少关联的文件后再导出。"))
    if not all(default_storage.exists(entry.file.key) for entry in found):
        raise NotFound(_("文件已丢失，请联系管理员。"), code="file_missing")


def archive(folders: Iterable[Folder], index: str, *, at: datetime) -> Iterator[bytes]:
    """Return the ZIP in pieces: index.html, index.csv, SHA256SUMS.txt, the files.

    Its texts are made at once, while the reader's language is active.
    """
    rows = list(folders)
    found = entries(rows)
    texts = {
        "index.html": index.encode(),
        "index.csv": _table(rows, found),
        "SHA256SUMS.txt": _sums(found),
    }
    return _pieces(texts, found, timezone.localtime(at).timetuple()[:6])


def _pieces(
    texts: dict[str, bytes], found: list[Entry], moment: tuple[int, ...]
) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as packed:
        for name, data in texts.items():
            packed.writestr(zipfile.ZipInfo(name, moment), data)  # type: ignore[arg-type]
            yield sink.taken()
        for entry in found:
            yield from _packed(packed, sink, entry, moment)
    yield sink.taken()


def _packed(
    packed: zipfile.ZipFile, sink: "_Sink", entry: Entry, moment: tuple[int, ...]
) -> Iterator[bytes]:
    info = zipfile.ZipInfo(entry.name, moment)  # type: ignore[arg-type]
    with default_storage.open(entry.file.key) as stored, packed.open(info, "w") as out:
        while piece := stored.read(PIECE):
            out.write(piece)
            yield sink.taken()
    yield sink.taken()


def _table(folders: list[Folder], found: list[Entry]) -> bytes:
    """Return the index for spreadsheets; a row a file, items without files too."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        [
            gettext("序号"),
            gettext("材料"),
            gettext("状态"),
            gettext("原因"),
            gettext("备注"),
            gettext("文件"),
            "SHA-256",
        ]
    )
    for folder in folders:
        own = [entry for entry in found if entry.folder is folder]
        stored = [(entry.name, entry.file.sha256) for entry in own]
        row = [folder.title, folder.state, folder.reason, folder.note]
        for name, sha256 in stored or [("", "")]:
            table.writerow([folder.number, *map(_cell, [*row, name]), sha256])
    return text.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") and text else text


def _sums(found: list[Entry]) -> bytes:
    lines = [f"{entry.file.sha256}  {entry.name}\n" for entry in found]
    return "".join(lines).encode()


class _Sink(io.RawIOBase):
    """A place to write to that is emptied after each piece; it can't be rewound."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
