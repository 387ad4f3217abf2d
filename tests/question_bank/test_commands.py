"""The commands that lint and publish bank folders."""

import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from question_bank import publishing
from question_bank.models import BankVersion
from tests.conftest import BANKS
from tests.fixtures_assessments import AT


def run(name: str, *arguments: object, **options: object) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small bank that a test may break."""
    copy = tmp_path / "banks" / "small"
    shutil.copytree(BANKS / "small", copy)
    return copy


def break_in(folder: Path, file: str, old: str, new: str) -> int:
    """Replace `old` once in a file of the bank; return its line from 1."""
    path = folder / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def test_lint_prints_nothing_for_the_banks_that_ship():
    assert run("lint_banks") == ""


BROKEN = [
    (
        "sections/30_two.yaml",
        "applies_when: has_export = 是",
        "applies_when: has_exports = 是",
    ),
    ("sections/20_one.yaml", "when: sampled > total", "when: sampled >> total"),
    ("bank.yaml", "quick_scan: [level_one]", "quick_scan: [level_none]"),
    ("bank.yaml", "edition: TEST-1", "edition: TEST-1\nedition: TEST-2"),
    ("bank.yaml", "facts: []", "facts: &a []"),
    ("bank.yaml", "weight: 60}", "weight: [60}"),
    ("bank.yaml", "weight: 40, na_allowed", "weight: .nan, na_allowed"),
]


@pytest.mark.parametrize(("file", "old", "new"), BROKEN, ids=lambda text: text[:30])
def test_lint_names_file_and_line_of_a_mistake(folder, file, old, new):
    line = break_in(folder, file, old, new)
    out = io.StringIO()
    with pytest.raises(CommandError, match="problem"):
        call_command("lint_banks", folder, stdout=out)
    places = re.findall(r"^(\S+?):(\d+):(\d+): ", out.getvalue(), re.MULTILINE)
    added = new.count("\n")
    assert any(
        found == file and line <= int(at) <= line + added for found, at, _ in places
    ), out.getvalue()


@pytest.mark.django_db
def test_publish_stores_the_folders_once(folder, monkeypatch):
    monkeypatch.setattr(publishing, "BANKS_DIR", folder.parent)
    assert run("publish_banks").startswith("small 1.0.0 ")
    run("publish_banks", verbosity=0)
    assert [row.version for row in BankVersion.objects.all()] == ["1.0.0"]


@pytest.mark.django_db
def test_publish_refuses_a_broken_folder_with_file_and_line(folder, monkeypatch):
    monkeypatch.setattr(publishing, "BANKS_DIR", folder.parent)
    old = "applies_when: has_export = 是"
    line = break_in(folder, "sections/30_two.yaml", old, "applies_when: no_such = 是")
    with pytest.raises(CommandError, match=rf"sections/30_two\.yaml:{line}:\d+: "):
        run("publish_banks")
    assert not BankVersion.objects.exists()


@pytest.mark.django_db
def test_publish_refuses_other_content_under_a_known_version(folder, monkeypatch):
    monkeypatch.setattr(publishing, "BANKS_DIR", folder.parent)
    run("publish_banks", verbosity=0)
    break_in(folder, "bank.yaml", "edition: TEST-1", "edition: TEST-2")
    with pytest.raises(CommandError, match=r"raise `version` in bank\.yaml"):
        run("publish_banks")
    assert BankVersion.objects.get().edition == "TEST-1"


@pytest.mark.django_db
def test_publish_never_goes_back_behind_what_experts_published(
    folder, monkeypatch, small_bank
):
    publishing.publish(bank=replace(small_bank, version="1.1.0"), at=AT)
    monkeypatch.setattr(publishing, "BANKS_DIR", folder.parent)
    run("publish_banks", stderr=io.StringIO())
    offered = BankVersion.objects.get(status="published")
    assert offered.version == "1.1.0"
    assert not BankVersion.objects.filter(version="1.0.0").exists()
