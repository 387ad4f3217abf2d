"""Pages of PDFs: drawn apart, within bounds, whatever the file says."""

import hashlib
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assessments import pdf_drawing, pdf_pages
from assessments.models import Evidence
from assessments.pdf_pages import (
    LONGEST_SIDE,
    MAX_PAGES,
    CannotBeDrawn,
    Problem,
    count_pages,
    draw_page,
    known_problem,
)
from backend.errors import NotFound
from tests.assessments import pdf_files
from tests.assessments.pdf_files import one_page, stream, written

PROGRAM = Path(pdf_drawing.__file__)
MIB = 1024 * 1024


def kept(content: bytes) -> Evidence:
    """Return evidence that is stored, without a row."""
    key = default_storage.save("evidence/test.pdf", ContentFile(content))
    digest = hashlib.sha256(content).hexdigest()
    return Evidence(key=key, sha256=digest, kind="pdf", name="制度.pdf")


def problem_of(content: bytes, page: int = 1) -> Problem:
    with pytest.raises(CannotBeDrawn) as caught:
        draw_page(kept(content), page)
    return caught.value.problem


def dark(picture: Any) -> int:
    """Return how many points of a picture are dark."""
    return sum(picture.convert("L").histogram()[:128])


# --- What is shown ----------------------------------------------------------------


def test_a_page_is_drawn_as_large_as_the_bound_allows():
    evidence = kept(pdf_files.chinese(3))
    assert count_pages(evidence) == 3
    picture = draw_page(evidence, 2)
    assert picture.size == (1131, LONGEST_SIDE)
    assert 2_000 < dark(picture) < 40_000


def test_chinese_without_an_embedded_font_is_drawn_too():
    assert dark(draw_page(kept(pdf_files.not_embedded()), 1)) > 1_000


def test_a_small_page_is_not_blown_up():
    assert draw_page(kept(pdf_files.blank(1)), 1).size == (400, 400)


def test_pages_that_are_not_there_are_not_found():
    evidence = kept(pdf_files.blank(2))
    for page in (0, -1, 3, MAX_PAGES + 1):
        with pytest.raises(NotFound):
            draw_page(evidence, page)


def test_scripts_links_and_attachments_do_nothing():
    """Endless scripts on opening and showing: the page is there all the same."""
    assert "V8" not in pypdfium2.PDFIUM_INFO.flags
    assert "XFA" not in pypdfium2.PDFIUM_INFO.flags
    picture = draw_page(kept(pdf_files.with_script()), 1)
    assert picture.getpixel((500, 500)) == (255, 0, 0)


def test_an_owners_password_alone_hides_nothing():
    assert count_pages(kept(pdf_files.encrypted(""))) == 1


# --- Hostile files ----------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(one_page(b"", box="0 0 1e9 1e9"), id="huge"),
        pytest.param(one_page(b"", box="0 0 100000 1"), id="thin"),
        pytest.param(one_page(b"", box="0 0 0 0"), id="nothing"),
        pytest.param(one_page(b"", box=f"0 0 {'9' * 60} 10"), id="endless"),
        pytest.param(one_page(b"", count=2_000_000_000), id="lying count"),
        pytest.param(one_page(b"[" * MIB + b"]" * MIB + b" TJ"), id="deep content"),
        pytest.param(
            one_page(b"", catalogue=f"/X {'[' * MIB}{']' * MIB}"), id="deep objects"
        ),
    ],
)
def test_sizes_counts_and_depths_stay_within_the_bound(content: bytes):
    evidence = kept(content)
    assert count_pages(evidence) >= 1
    assert max(draw_page(evidence, 1).size) <= LONGEST_SIDE


def test_thousands_of_pages_are_counted_and_only_the_first_are_shown():
    evidence = kept(pdf_files.blank(3_000))
    assert count_pages(evidence) == 3_000
    draw_page(evidence, MAX_PAGES)
    with pytest.raises(NotFound):
        draw_page(evidence, MAX_PAGES + 1)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"%PDF-1.7\nhello\n%%EOF", Problem.BROKEN),
        (b"", Problem.BROKEN),
        (pdf_files.chinese()[:20_000] + b"%%EOF", Problem.BROKEN),
        (
            written(
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>",
            ),
            Problem.BROKEN,
        ),
        (pdf_files.encrypted("secret"), Problem.ENCRYPTED),
        (pdf_files.laughs(), Problem.HEAVY),
        (one_page(b"0 0 595 842 re f\n" * 60_000_000, packed=True), Problem.HEAVY),
    ],
    ids=["text", "empty", "cut", "circle", "encrypted", "laughs", "inflating"],
)
def test_what_can_not_be_drawn_says_why(content: bytes, problem: Problem):
    assert problem_of(content) == problem


def test_a_lost_file_is_told_apart():
    evidence = Evidence(key="evidence/lost.pdf", sha256="0" * 64, kind="pdf")
    with pytest.raises(CannotBeDrawn) as caught:
        count_pages(evidence)
    assert caught.value.problem is Problem.MISSING


# --- The limits are there ---------------------------------------------------------

TILES = one_page(
    b"/Pattern cs /P scn 0 0 595 842 re f",
    stream(
        b"0 0 1 1 re f",
        "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]"
        "/XStep 0.001/YStep 0.001/Resources<<>>",
    ),
    resources="/Pattern<</P 5 0 R>>",
)
"""A page that takes minutes of the processor and no memory."""


@dataclass(frozen=True)
class Limits:
    memory: int = 512 * MIB
    seconds: int = 5
    output: int = 16 * MIB


def exit_code(content: bytes, limits: Limits) -> int:
    numbers = (1, LONGEST_SIDE, limits.memory, limits.seconds, limits.output)
    command = [sys.executable, "-I", "-B", PROGRAM, *map(str, numbers)]
    done = subprocess.run(
        command, input=content, stdout=subprocess.DEVNULL, env={}, check=False
    )
    return done.returncode


def test_memory_is_bounded():
    page = pdf_files.blank(1)
    assert exit_code(page, Limits()) == 0
    assert exit_code(page, Limits(memory=24 * MIB)) != 0


def test_time_on_the_processor_is_bounded():
    began = time.monotonic()
    assert exit_code(TILES, Limits(seconds=1)) < 0
    assert time.monotonic() - began < 30


def test_output_is_bounded(tmp_path: Path):
    path = tmp_path / "given.pdf"
    path.write_bytes(pdf_files.blank(1))
    numbers = map(str, (1, LONGEST_SIDE, 512 * MIB, 5, 1000))
    with path.open("rb") as given, (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-I", "-B", PROGRAM, *numbers],
            stdin=given, stdout=out, stderr=subprocess.DEVNULL, env={}, check=False,
        )  # fmt: skip
    assert done.returncode != 0
    assert (tmp_path / "out").stat().st_size <= 1000


def test_the_clock_on_the_wall_ends_it_and_it_is_not_tried_again_at_once(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(pdf_pages, "WALL_SECONDS", 0.01)
    evidence = kept(one_page(b"% the wall\n"))
    with pytest.raises(CannotBeDrawn) as caught:
        draw_page(evidence, 1)
    assert caught.value.problem is Problem.HEAVY
    assert known_problem(evidence, 1) is Problem.HEAVY
    monkeypatch.setattr(pdf_pages, "_run", lambda *_args: pytest.fail("tried again"))
    with pytest.raises(CannotBeDrawn):
        draw_page(evidence, 1)


def test_only_so_many_are_drawn_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf_pages, "WALL_SECONDS", 0.01)
    taken = [pdf_pages._slots.acquire(blocking=False) for _ in range(2)]
    try:
        assert taken == [True, True]
        evidence = kept(one_page(b"% busy\n"))
        with pytest.raises(CannotBeDrawn) as caught:
            draw_page(evidence, 1)
    finally:
        for _slot in range(2):
            pdf_pages._slots.release()
    assert caught.value.problem is Problem.BUSY
    assert known_problem(evidence, 1) is None


def test_nothing_of_the_service_reaches_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """No secret in its environment, nothing but standard input and output open."""
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import os, sys\n"
        "names = sorted(set(os.environ) - {'LC_CTYPE'})\n"
        "open_files = [n for n in os.listdir('/proc/self/fd') if int(n) > 3]\n"
        "sys.exit(0 if not names and not open_files and os.getcwd() == '/' else 9)\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("SECRET_KEY", "a-secret")
    monkeypatch.setattr(pdf_pages, "_PROGRAM", spy)
    with default_storage.open(kept(pdf_files.blank(1)).key) as file:
        assert pdf_pages._run(file, 1) == b""


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"1 2 3\n",
        b"one 1 1 3\nabc",
        b"0 1 1 3\nabc",
        b"1 1 1 3\nab",
        b"1 1 1 3\nabcd",
        b"1 1601 1 4803\n" + bytes(4803),
        b"1 -1 -1 -3\nabc",
        b"1 1 1 1000\n" + bytes(1000),
    ],
)
def test_an_answer_that_does_not_fit_together_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
):
    monkeypatch.setattr(pdf_pages, "_run", lambda *_args: answer)
    assert problem_of(one_page(answer)) == Problem.BROKEN
