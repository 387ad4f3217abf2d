"""Banks on their way out of the service and into it: folders, workbooks, versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.errors import Invalid, NotFound
from question_bank.bank_files import load_with_maps, write_folder
from question_bank.bank_workbook import from_workbook, to_workbook
from question_bank.data_sheet import known_facts
from question_bank.engine.definition import Bank
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.differences import Differences, compare_banks
from question_bank.engine.lint import lint
from question_bank.engine.problems import Problem
from question_bank.engine.source_writer import bank_source
from question_bank.models import BankVersion
from question_bank.publishing import BANKS_DIR
from question_bank.selectors import compiled_bank
from question_bank.yaml_reading import Places, SourceError

WORKBOOK = ".xlsx"


class NoSuchBank(NotFound):
    """Neither a folder, nor a workbook, nor a stored version has that name."""

    code = "no_such_bank"


class FaultyBank(Invalid):
    """The source has errors; `problems` names them with their places."""

    code = "faulty_bank"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Imported:
    """A bank that was read, with what lint warns about."""

    bank: Bank
    source: Mapping[str, Any]
    warnings: tuple[Problem, ...]


def load_source(name: str) -> tuple[dict[str, Any], Places]:
    """Return the source of a bank by any name it goes by.

    A path of a folder or workbook, the id of a stored bank (its published version), or
    `id@version`; at last the folder of a bank that ships with the service. NoSuchBank
    when nothing has that name, FaultyBank when it cannot be read.
    """
    path = Path(name)
    try:
        if path.suffix == WORKBOOK and path.is_file():
            return from_workbook(path.read_bytes())
        if (path / "bank.yaml").is_file():
            return load_with_maps(path)
        stored = _stored(name)
        if stored is not None:
            return bank_source(stored, known_facts()), {}
        if (BANKS_DIR / name / "bank.yaml").is_file():
            return load_with_maps(BANKS_DIR / name)
    except SourceError as error:
        raise FaultyBank(error.problems) from error
    raise NoSuchBank(f"no bank {name}")


def load_bank_by_name(name: str) -> Imported:
    """Return a bank by any name it goes by; FaultyBank when lint finds errors."""
    return _checked(*load_source(name))


def export_bank(*, name: str, target: Path) -> None:
    """Write a bank to a workbook or, when `target` is no .xlsx, to a folder."""
    source, _places = load_source(name)
    try:
        if target.suffix == WORKBOOK:
            target.write_bytes(to_workbook(source))
        else:
            write_folder(source, target)
    except SourceError as error:
        raise FaultyBank(error.problems) from error


def import_workbook(*, workbook: Path, folder: Path | None) -> Imported:
    """Check a workbook and write it to a folder; None writes nothing.

    FaultyBank when there is any error: nothing is written then.
    """
    found = load_bank_by_name(str(workbook))
    if folder is not None:
        write_folder(found.source, folder)
    return found


def compare_by_name(old: str, new: str) -> Differences:
    """Return the differences of two banks by any names they go by."""
    return compare_banks(load_bank_by_name(old).bank, load_bank_by_name(new).bank)


def _checked(source: Mapping[str, Any], places: Places) -> Imported:
    bank, problems = parse_bank(source, places, known_facts())
    if bank is not None:
        problems = (*problems, *lint(bank, places))
    errors = tuple(p for p in problems if p.severity == "error")
    if bank is None or errors:
        raise FaultyBank(errors)
    return Imported(bank, source, problems)


def _stored(name: str) -> Bank | None:
    bank, _, version = name.partition("@")
    rows = BankVersion.objects.light().filter(bank=bank)
    rows = rows.open().filter(version=version) if version else rows.offered()
    row = rows.first()
    return None if row is None else compiled_bank(row.sha256)
