"""Reading a bank's folder of YAML files as the source of one bank."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from question_bank.data_sheet import known_facts
from question_bank.engine.definition import Bank
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.lint import lint
from question_bank.engine.problems import Origin, Problem
from question_bank.yaml_reading import (
    Places,
    SourceError,
    join_path,
    load_file,
    source_error,
)

MAX_FILES: Final = 100
MAX_FOLDER_BYTES: Final = 10_000_000


def load_folder(path: Path) -> tuple[dict[str, Any], dict[str, Origin]]:
    """Return the source data of a bank's folder and the place of every value.

    `bank.yaml` and `sections/*.yaml` (by file name) become one object, as
    `parse_bank` takes it. SourceError when a file cannot be read.
    """
    data, places = load_file(path / "bank.yaml", "bank.yaml")
    if not isinstance(data, dict):
        raise _not_a_mapping("bank.yaml")
    data["clauses"], places = _flat_clauses(data.get("clauses"), places)
    data["questions"], data["checks"] = [], []
    files = sorted((path / "sections").glob("*.yaml"))
    if len(files) > MAX_FILES:
        raise source_error("bank.yaml", 1, 1, "too_many_files", _TOO_MANY_FILES)
    if sum(file.stat().st_size for file in files) > MAX_FOLDER_BYTES:
        raise source_error("bank.yaml", 1, 1, "folder_too_large", _FOLDER_TOO_LARGE)
    for file in files:
        _add_section(data, places, file)
    return data, places


def load_bank(path: Path) -> tuple[Bank | None, tuple[Problem, ...]]:
    """Return the bank of a folder with all problems; None when it cannot be built."""
    try:
        data, places = load_folder(path)
    except SourceError as error:
        return None, error.problems
    bank, problems = parse_bank(data, places, known_facts())
    return bank, problems if bank is None else (*problems, *lint(bank, places))


def _add_section(data: dict[str, Any], places: Places, file: Path) -> None:
    """Append a section file's questions and checks, moving their places along."""
    name = f"sections/{file.name}"
    content, found = load_file(file, name)
    if not isinstance(content, dict):
        raise _not_a_mapping(name)
    unknown = [key for key in content if key not in ("section", "questions", "checks")]
    if unknown:
        place = found[unknown[0]]
        message = {
            "zh": f"没有 {unknown[0]} 这个键；可用：section, questions, checks。",
            "en": f"There is no key {unknown[0]}; known: section, questions, checks.",
        }
        raise source_error(name, place.line, place.column, "unknown_key", message)
    for kind in ("questions", "checks"):
        _append(data[kind], content.get(kind) or [], kind, places, found)
    _set_section(data["questions"], content, places, found.get("section"))


def _append(
    target: list[Any], items: Any, kind: str, places: Places, found: Places
) -> None:
    if not isinstance(items, list):
        place = found[kind]
        raise source_error(place.file, place.line, place.column, "not_a_list", _LIST)
    start = len(target)
    target.extend(items)
    for path, place in found.items():
        head, _, rest = path.partition("/")
        if head == kind and rest:
            index, _, tail = rest.partition("/")
            places[join_path(f"{kind}/{start + int(index)}", tail).rstrip("/")] = place


def _set_section(
    questions: list[Any], content: dict[str, Any], places: Places, place: Origin | None
) -> None:
    added = content.get("questions") or []
    for index in range(len(questions) - len(added), len(questions)):
        if isinstance(questions[index], dict) and "section" in content:
            questions[index]["section"] = content["section"]
            if place:
                places[f"questions/{index}/section"] = place


def _flat_clauses(tree: Any, places: Places) -> tuple[Any, Places]:
    """Return the nested clauses as a list, parents first, each with its `parent`.

    What is no list or no mapping is kept as it is, for the reader to complain about.
    """
    if not isinstance(tree, list):
        return tree, places
    flat: list[Any] = []
    index_of: dict[str, int] = {}
    for path, clause, parent in _walk_clauses(tree, "clauses", None):
        nested = isinstance(clause, dict) and isinstance(clause.get("children"), list)
        index_of[path] = len(flat)
        flat.append(_with_parent(clause, parent, nested=nested))
    moved = {_moved_path(path, index_of): place for path, place in places.items()}
    return flat, moved


def _moved_path(path: str, index_of: dict[str, int]) -> str:
    """Return where a path of the clause tree leads in the flat list."""
    if not path.startswith("clauses/"):
        return path
    steps = path.split("/")
    end = 2
    while "/".join(steps[: end + 2]) in index_of and end + 2 <= len(steps):
        end += 2
    index = index_of["/".join(steps[:end])]
    return "/".join(["clauses", str(index), *steps[end:]])


def _with_parent(clause: Any, parent: str | None, *, nested: bool) -> Any:
    if not isinstance(clause, dict):
        return clause
    left_out = ("children",) if nested else ()
    plain = {key: value for key, value in clause.items() if key not in left_out}
    return plain if parent is None else {**plain, "parent": parent}


def _walk_clauses(
    tree: list[Any], path: str, parent: str | None
) -> Iterator[tuple[str, Any, str | None]]:
    for index, clause in enumerate(tree):
        here = f"{path}/{index}"
        yield here, clause, parent
        children = clause.get("children") if isinstance(clause, dict) else None
        if isinstance(children, list):
            key = str(clause.get("key", ""))
            yield from _walk_clauses(children, f"{here}/children", key)


def _not_a_mapping(name: str) -> SourceError:
    return source_error(name, 1, 1, "not_an_object", _MAPPING)


_MAPPING = {"zh": "文件须为键值对。", "en": "The file must be a mapping."}
_LIST = {"zh": "此处须为列表。", "en": "Must be a list."}
_TOO_MANY_FILES = {
    "zh": f"分部文件超过 {MAX_FILES} 个。",
    "en": f"More than {MAX_FILES} section files.",
}
_FOLDER_TOO_LARGE = {
    "zh": f"分部文件合计超过 {MAX_FOLDER_BYTES} 字节。",
    "en": f"The section files exceed {MAX_FOLDER_BYTES} bytes.",
}
