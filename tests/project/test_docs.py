"""What the documents say is so: links, files, commands, tests that are named."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MAKE = re.compile(r"(?:`(?:[A-Z_]+=\S+ )*|^)make ([a-z][a-z-]+)", re.MULTILINE)
MANAGE = re.compile(r"manage\.py (\w+)|`(\w+_\w+)` (?:command|stores|asks)")
TEST_FILE = re.compile(r"`(?:tests/)?([\w/]*test_\w+\.py)`")
TEST_FOLDER = re.compile(r"`(tests/[\w/]+/)`")
SOURCE = re.compile(r"`((?:" + "|".join((
    "backend", "accounts", "question_bank", "assessments", "reviews", "oversight",
    "reports", "frontend", "tools", "docs",
)) + r")/[\w./-]+)`")  # fmt: skip
ELSEWHERE = ("http://", "https://", "mailto:", "#")


def documents() -> list[Path]:
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(found)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def make_targets() -> set[str]:
    text = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-")
        for head in heads
    }


@pytest.mark.parametrize("path", documents(), ids=name)
def test_links_lead_somewhere(path: Path):
    broken = []
    for link in LINK.findall(path.read_text("utf-8")):
        if link.startswith(ELSEWHERE[:3]):
            continue
        target, _, anchor = link.partition("#")
        there = (path.parent / target).resolve() if target else path
        if not there.exists() or (
            anchor and there.suffix == ".md" and anchor not in anchors(there)
        ):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("path", documents(), ids=name)
def test_make_commands_that_are_named_exist(path: Path):
    assert set(MAKE.findall(path.read_text("utf-8"))) <= make_targets()


@pytest.mark.parametrize("path", documents(), ids=name)
def test_management_commands_that_are_named_exist(path: Path):
    found = MANAGE.findall(path.read_text("utf-8"))
    named = {word for pair in found for word in pair if word}
    assert named <= set(get_commands())


@pytest.mark.parametrize("path", documents(), ids=name)
def test_tests_that_are_named_exist(path: Path):
    text = path.read_text("utf-8")
    missing = [
        file for file in TEST_FILE.findall(text) if not [*(ROOT / "tests").rglob(file)]
    ]
    missing += [f for f in TEST_FOLDER.findall(text) if not [*(ROOT / f).glob("*.py")]]
    assert missing == []


@pytest.mark.parametrize("path", documents(), ids=name)
def test_files_that_are_named_exist(path: Path):
    named = SOURCE.findall(path.read_text("utf-8"))
    missing = [
        file
        for file in named
        if not (ROOT / file).exists() and not file.startswith("docs/decisions/")
    ]
    assert missing == []


def test_help_lists_every_command_once():
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    listed = re.findall(r"^  make ([a-z-]+) ", shown, re.MULTILINE)
    assert sorted(listed) == sorted(make_targets())


def test_the_readme_comes_down_to_two_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    [block] = re.findall(r"```bash\n(.+?)```", text, re.DOTALL)
    commands = [line.split("#")[0].strip() for line in block.splitlines()]
    assert commands == ["make run", "make test"]


def test_every_threat_names_where_it_is_tested():
    text = (ROOT / "docs" / "threats.md").read_text("utf-8")
    rows = [line.split("|") for line in text.splitlines() if re.match(r"\| \d+ ", line)]
    assert len(rows) >= 15
    assert [row[1].strip() for row in rows if "test" not in row[-2]] == []


def test_every_decision_says_what_was_decided_and_why():
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert path.read_text("utf-8").startswith("# "), path.name
        assert len(path.read_text("utf-8").split()) > 20, path.name
