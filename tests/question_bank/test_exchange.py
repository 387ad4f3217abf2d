"""Banks go out and come in by commands, and are compared by any name."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from question_bank import exchange
from question_bank.bank_files import MAPS_KEY, load_with_maps, write_folder
from question_bank.bank_workbook import from_workbook, to_workbook
from question_bank.exchange import NoSuchBank, load_source
from question_bank.publishing import BANKS_DIR, publish
from question_bank.source import load_bank, load_folder
from question_bank.yaml_reading import load_file
from tests.conftest import BANKS

SMALL = BANKS / "small"

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: object) -> str:
    out = io.StringIO()
    call_command(name, *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A copy of the small bank, one weight and one text further on."""
    copy = tmp_path / "newer"
    shutil.copytree(SMALL, copy)
    change(copy / "bank.yaml", "version: 1.0.0", "version: 1.1.0")
    change(copy / "bank.yaml", "weight: 60", "weight: 55")
    change(copy / "sections/10_start.yaml", "含间接出口。", "也含间接出口。")
    return copy


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


def test_a_folder_becomes_a_workbook_and_a_folder_again(tmp_path):
    book, folder = tmp_path / "small.xlsx", tmp_path / "again"

    assert run("export_bank", SMALL, "--to", book) == f"{book}\n"
    printed = run("import_bank", book, "--to", folder)

    of = load_bank(SMALL)[0]
    assert load_bank(folder)[0].sha256 == of.sha256
    assert printed.splitlines()[-1] == f"small 1.0.0 {of.sha256}"
    assert "sections!A4: warning section_can_be_empty" in printed


def test_a_stored_version_is_exported_by_its_name(tmp_path, newer):
    first, second = load_bank(SMALL)[0], load_bank(newer)[0]
    publish(bank=first, at=timezone.now())
    publish(bank=second, at=timezone.now())

    run("export_bank", "small", "--to", tmp_path / "a")
    run("export_bank", "small@1.0.0", "--to", tmp_path / "b")

    assert load_bank(tmp_path / "a")[0].sha256 == second.sha256
    assert load_bank(tmp_path / "b")[0].sha256 == first.sha256


def test_a_bank_that_ships_needs_no_stored_version(tmp_path):
    run("export_bank", "gbt29490_2023", "--to", tmp_path / "bank.xlsx")

    source = from_workbook((tmp_path / "bank.xlsx").read_bytes())[0]
    assert source["id"] == "gbt29490_2023"


@pytest.mark.parametrize(
    "name", ["nothing", "small@9.9.9", "no/such/folder", "no.xlsx"]
)
def test_a_bank_that_is_not_there_is_told(name, tmp_path):
    with pytest.raises(NoSuchBank):
        load_source(name)
    with pytest.raises(CommandError, match="no bank"):
        run("export_bank", name, "--to", tmp_path / "x")


def test_a_dry_run_writes_nothing(tmp_path):
    book = tmp_path / "small.xlsx"
    book.write_bytes(to_workbook(load_folder(SMALL)[0]))

    run("import_bank", book)

    assert [path.name for path in tmp_path.iterdir()] == ["small.xlsx"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("weight", "two", "not_a_number"), ("section", "NONE", "unknown_section")],
)
def test_a_faulty_workbook_is_refused_with_its_cells(tmp_path, field, value, code):
    source = load_folder(SMALL)[0]
    source["questions"][2][field] = value
    book = tmp_path / "small.xlsx"
    book.write_bytes(to_workbook(source))

    with pytest.raises(CommandError, match=rf"questions!\w+4: error {code}"):
        run("import_bank", book, "--to", tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"x")

    with pytest.raises(CommandError, match="unreadable_workbook"):
        run("import_bank", tmp_path / "x.xlsx")


def test_what_fits_no_workbook_is_refused(tmp_path, newer):
    change(newer / "bank.yaml", "facts: []", "facts: []\ncolour: red")

    with pytest.raises(CommandError, match="unwritable"):
        run("export_bank", newer, "--to", tmp_path / "x.xlsx")


def test_two_banks_are_compared_line_by_line(newer):
    publish(bank=load_bank(SMALL)[0], at=timezone.now())

    lines = run("compare_banks", "small", newer).splitlines()

    both = "含间接出口。 / Indirect export too. → 也含间接出口。 / Indirect export too."
    assert [line.split("（")[0] for line in lines] == [
        "none identical changed bank small version: 1.0.0 → 1.1.0",
        "minor compatible changed section ONE weight: 60 → 55",
        f"patch compatible changed question has_export help: {both}",
        "level: minor",
    ]


def test_a_bank_with_errors_is_not_compared(newer):
    change(newer / "bank.yaml", "weight: 55", "weight: much")

    with pytest.raises(CommandError, match=r"bank\.yaml:\d+:\d+: error not_a_number"):
        run("compare_banks", SMALL, newer)


def test_maps_of_a_folder_travel_in_the_workbook(newer, tmp_path):
    maps = newer / "maps"
    maps.mkdir()
    text = (
        "from: old\nto: small\n\nentries:\n  - {from: a, to: words, relation: same}\n"
    )
    (maps / "old.yaml").write_text(text, "utf-8")
    book, folder = tmp_path / "x.xlsx", tmp_path / "again"

    exchange.export_bank(name=str(newer), target=book)
    exchange.import_workbook(workbook=book, folder=folder)

    again = load_folder(folder)[0]
    assert (folder / "maps/old.yaml").read_text("utf-8") == text
    assert again["id"] == "small"


def test_a_stored_indicator_bank_names_its_facts(tmp_path):
    of = load_bank(BANKS_DIR / "advantage_national")[0]
    publish(bank=of, at=timezone.now())

    run("export_bank", "advantage_national", "--to", tmp_path / "bank.xlsx")
    run("import_bank", tmp_path / "bank.xlsx", "--to", tmp_path / "bank")

    source = load_folder(tmp_path / "bank")[0]
    assert {type(fact) for fact in source["facts"]} == {str}
    assert load_bank(tmp_path / "bank")[0].sha256 == of.sha256


def test_maps_that_ship_survive_both_doors(tmp_path):
    source, _places = load_with_maps(BANKS_DIR / "gbt29490_2023")
    assert len(source[MAPS_KEY]) > 100

    again, places = from_workbook(to_workbook(source))
    write_folder(again, tmp_path)

    assert again[MAPS_KEY] == source[MAPS_KEY]
    assert places[f"{MAPS_KEY}/0/relation"].file == "maps!D2"
    name = "maps/gbt29490_2013.yaml"
    before, after = (
        load_file(folder / name, name)[0]
        for folder in (BANKS_DIR / "gbt29490_2023", tmp_path)
    )
    assert after == before
