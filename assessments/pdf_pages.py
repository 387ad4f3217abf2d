"""Pages of uploaded PDFs as pictures: drawn by a process that can do nothing else.

A PDF is a program somebody else wrote. `assessments.pdf_drawing` reads it, apart from
this process: without the service's environment, with bounded memory, time and output.
What comes back is numbers and raw pixels, looked at before they are believed.
"""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from django.core.cache import cache
from django.core.files.storage import default_storage
from PIL import Image

from assessments.models import Evidence
from assessments.pdf_drawing import BROKEN, ENCRYPTED, NO_SUCH_PAGE
from backend.errors import NotFound

LONGEST_SIDE = 1600
MAX_PAGES = 200
"""Later pages are read in the downloaded file."""

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
WALL_SECONDS = 10.0
OUTPUT = LONGEST_SIDE * (3 * LONGEST_SIDE + 4) + 64
AT_ONCE = 2
"""How many pages one process of the service has drawn at the same time."""

_PROGRAM = Path(__file__).with_name("pdf_drawing.py")
_DAY, _SOON = 24 * 3600, 600
_slots = threading.BoundedSemaphore(AT_ONCE)


class Problem(StrEnum):
    """Why a PDF, or a page of it, is not shown."""

    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    HEAVY = "heavy"
    BUSY = "busy"
    MISSING = "missing"


class CannotBeDrawn(Exception):
    """There is no picture of the page; the file can still be downloaded."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class _Drawn:
    """What the program wrote: how many pages there are, and the rows of one."""

    pages: int
    width: int
    height: int
    stride: int
    rows: bytes


def count_pages(evidence: Evidence) -> int:
    """Return how many pages a PDF has; CannotBeDrawn when nobody can tell.

    The answer is kept under the hash of the content: content never changes.
    """
    with _remembered(_key(evidence)) as known:
        if isinstance(known, int):
            return known
        pages = _drawn(evidence, 0).pages
        cache.set(_key(evidence), pages, _DAY)
        return pages


def draw_page(evidence: Evidence, page: int) -> Image.Image:
    """Return the picture of a page, counted from 1.

    Raises NotFound for pages that are not there or not shown, and CannotBeDrawn.
    """
    if not 1 <= page <= MAX_PAGES:
        raise NotFound
    with _remembered(_key(evidence, page)):
        drawn = _drawn(evidence, page)
        size = (drawn.width, drawn.height)
        return Image.frombuffer("RGB", size, drawn.rows, "raw", "RGB", drawn.stride, 1)


def known_problem(evidence: Evidence, page: int) -> Problem | None:
    """Return why a page could not be drawn a while ago, None when nothing is known."""
    known = cache.get(_key(evidence, page))
    return Problem(known) if isinstance(known, str) else None


def _key(evidence: Evidence, page: int = 0) -> str:
    return f"pdf-page:{evidence.sha256}:{page}"


@contextmanager
def _remembered(key: str) -> Iterator[object]:
    """Give what is known; do not try again at once what failed for its own sake."""
    known = cache.get(key)
    if isinstance(known, str):
        raise CannotBeDrawn(Problem(known))
    try:
        yield known
    except CannotBeDrawn as error:
        if error.problem in (Problem.ENCRYPTED, Problem.BROKEN):
            cache.set(key, error.problem.value, _DAY)
        elif error.problem is Problem.HEAVY:
            cache.set(key, error.problem.value, _SOON)
        raise


def _drawn(evidence: Evidence, page: int) -> _Drawn:
    if not _slots.acquire(timeout=WALL_SECONDS):
        raise CannotBeDrawn(Problem.BUSY)
    try:
        with default_storage.open(evidence.key) as file:
            return _parsed(_run(file, page))
    except FileNotFoundError as error:
        raise CannotBeDrawn(Problem.MISSING) from error
    finally:
        _slots.release()


def _run(file: IO[bytes], page: int) -> bytes:
    """Return what the program wrote about the file; files, so that no pipe fills."""
    limits = (LONGEST_SIDE, MEMORY, CPU_SECONDS, OUTPUT)
    command = [sys.executable, "-I", "-B", str(_PROGRAM), *map(str, (page, *limits))]
    with TemporaryFile() as given, TemporaryFile() as written:
        shutil.copyfileobj(file, given)
        given.seek(0)
        try:
            done = subprocess.run(
                command,
                stdin=given,
                stdout=written,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise CannotBeDrawn(Problem.HEAVY) from error
        _require_success(done.returncode)
        written.seek(0)
        return written.read(OUTPUT + 1)


def _require_success(code: int) -> None:
    if code == NO_SUCH_PAGE:
        raise NotFound
    if code in (ENCRYPTED, BROKEN):
        reason = Problem.ENCRYPTED if code == ENCRYPTED else Problem.BROKEN
        raise CannotBeDrawn(reason)
    if code:
        raise CannotBeDrawn(Problem.HEAVY)


def _parsed(written: bytes) -> _Drawn:
    """Return the numbers and rows, if they fit together and into the bounds."""
    head, _newline, rows = written.partition(b"\n")
    try:
        pages, width, height, stride = map(int, head.split())
    except ValueError as error:
        raise CannotBeDrawn(Problem.BROKEN) from error
    bounded = 0 <= width <= LONGEST_SIDE and 0 <= height <= LONGEST_SIDE
    whole = 3 * width <= stride < 3 * width + 4 and len(rows) == stride * height
    if pages < 1 or not (bounded and whole):
        raise CannotBeDrawn(Problem.BROKEN)
    return _Drawn(pages, width, height, stride, rows)
