"""A bank as a ZIP file: nothing is lost, and hostile archives are refused."""

import io
import zipfile
from typing import Any

import pytest

from question_bank.bank_archive import read_archive, write_archive
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.source_writer import bank_source
from question_bank.yaml_reading import MAX_BYTES, SourceError


def archive(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return content.getvalue()


def codes(error: SourceError) -> list[str]:
    return [problem.code for problem in error.problems]


def test_a_bank_goes_out_and_comes_back(small_bank: Any):
    data = write_archive(bank_source(small_bank))
    bank, problems = parse_bank(read_archive(data), {})
    assert problems == ()
    assert bank is not None
    assert bank.sha256 == small_bank.sha256


def test_the_same_bank_gives_the_same_bytes(small_bank: Any):
    source = bank_source(small_bank)
    assert write_archive(source) == write_archive(source)


def test_a_folder_inside_the_archive_is_fine(small_bank: Any):
    plain = zipfile.ZipFile(io.BytesIO(write_archive(bank_source(small_bank))))
    moved = {f"small/{name}": plain.read(name) for name in plain.namelist()}
    assert read_archive(archive(moved))["id"] == "small"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_an_archive"),
        (b"PK\x03\x04 broken", "not_an_archive"),
        (archive({"readme.txt": b"x"}), "no_bank_file"),
        (archive({"../bank.yaml": b"id: x", "/bank.yaml": b"id: x"}), "no_bank_file"),
        (archive({"bank.yaml": b"x" * (MAX_BYTES + 1)}), "file_too_large"),
        (archive({"bank.yaml": b"a: &b [1]\nc: *b"}), "alias"),
        (archive({"bank.yaml": b"\xff\xfe\x00"}), "not_utf8"),
        (archive({"bank.yaml": b"id: [" * 400}), None),
        (
            archive({f"sections/{n}.yaml": b"x: y" for n in range(200)}),
            "too_many_files",
        ),
    ],
)  # fmt: skip
def test_a_hostile_archive_is_refused(data: bytes, code: str | None):
    with pytest.raises(SourceError) as caught:
        read_archive(data)
    assert code is None or code in codes(caught.value)


def test_an_archive_that_unpacks_to_much_is_refused():
    bomb = archive({
        f"sections/{n}.yaml": b"# " + b"x" * 1_500_000 for n in range(4)
    } | {"bank.yaml": b"id: x"})  # fmt: skip
    assert len(bomb) < 50_000
    with pytest.raises(SourceError):
        read_archive(bomb)
