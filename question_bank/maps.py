"""The maps of a bank's folder: `maps/<other bank>.yaml`, read and checked."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from question_bank.bank_files import MAPS_KEY
from question_bank.data_sheet import known_facts
from question_bank.engine.definition import Bank
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.lint_map import lint_map, parse_map
from question_bank.engine.migration import BankMap
from question_bank.engine.problems import Origin, Origins, Problem
from question_bank.source import load_folder
from question_bank.yaml_reading import SourceError, load_file


def load_maps(
    folder: Path, bank: Bank
) -> tuple[tuple[BankMap, ...], tuple[Problem, ...]]:
    """Return the maps to `bank` that lie in its folder, with all problems.

    A map from `old` needs the folder of `old` beside this one. A map with an error is
    left out of the first part.
    """
    found: list[BankMap] = []
    problems: list[Problem] = []
    for path in sorted((folder / "maps").glob("*.yaml")):
        bank_map, faults = _load(path, bank, folder.parent)
        problems += faults
        if bank_map is not None and not any(p.severity == "error" for p in faults):
            found.append(bank_map)
    return tuple(found), tuple(problems)


def _load(
    path: Path, bank: Bank, banks: Path
) -> tuple[BankMap | None, tuple[Problem, ...]]:
    name = f"maps/{path.name}"
    try:
        data, places = load_file(path, name)
    except SourceError as error:
        return None, error.problems
    bank_map, faults = parse_map(data if isinstance(data, dict) else {}, places)
    if bank_map is None:
        return None, faults
    misnamed = tuple(_wrong_banks(bank_map, bank, path.stem, places))
    old = _neighbour(banks / path.stem)
    if old is None:
        missing = _problem(
            places,
            "from",
            f"没有能读的题库文件夹 {path.stem}。",
            f"There is no readable bank folder {path.stem}.",
        )
        return bank_map, (*faults, *misnamed, missing)
    return bank_map, (*faults, *misnamed, *lint_map(bank_map, old, bank, places))


def _wrong_banks(
    bank_map: BankMap, bank: Bank, stem: str, places: Origins
) -> Iterable[Problem]:
    if bank_map.source_bank != stem:
        yield _problem(
            places,
            "from",
            f"from 须与文件名相同：{stem}。",
            f"from must be the file's name, {stem}.",
        )
    if bank_map.target_bank != bank.id:
        yield _problem(
            places,
            "to",
            f"to 须为本题库：{bank.id}。",
            f"to must be this bank, {bank.id}.",
        )


def _problem(places: Origins, key: str, zh: str, en: str) -> Problem:
    place = places.get(key, Origin("", 1, 1))
    message = {"zh": zh, "en": en}
    return Problem(
        "error", "wrong_bank", message, place.file, place.line, place.column, path=key
    )


def _neighbour(folder: Path) -> Bank | None:
    """Return the bank of a folder without linting it: its own lint does that."""
    if not (folder / "bank.yaml").exists():
        return None
    try:
        data, places = load_folder(folder)
    except SourceError:
        return None
    return parse_bank(data, places, known_facts())[0]


def maps_of_source(
    source: Mapping[str, Any], bank: Bank, old_banks: Mapping[str, Bank]
) -> tuple[tuple[BankMap, ...], tuple[Problem, ...]]:
    """Return the maps that travel with a bank's source, with all problems.

    Each row of `maps` names the old bank in `from_bank`; `old_banks` are the stored
    ones by id. A map from a bank that is not stored is a problem.
    """
    rows: dict[str, list[Any]] = {}
    for row in source.get(MAPS_KEY) or ():
        entry = {key: value for key, value in row.items() if key != "from_bank"}
        rows.setdefault(str(row.get("from_bank", "")), []).append(entry)
    found: list[BankMap] = []
    problems: list[Problem] = []
    for old_id, entries in rows.items():
        if old_id not in old_banks:
            problems.append(_problem({}, MAPS_KEY, *_not_stored(old_id)))
            continue
        data = {"from": old_id, "to": bank.id, "entries": entries}
        bank_map, faults = parse_map(data, {})
        if bank_map is not None:
            faults = (*faults, *lint_map(bank_map, old_banks[old_id], bank, {}))
            found.append(bank_map)
        problems.extend(faults)
    return tuple(found), tuple(problems)


def _not_stored(bank_id: str) -> tuple[str, str]:
    return (
        f"没有已发布的题库 {bank_id}，对应表无从核对。",
        f"No bank {bank_id} is published: the map cannot be checked.",
    )
