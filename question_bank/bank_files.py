"""A bank's source as the folder of YAML files that its authors keep.

The inverse of `load_folder`. Comments of hand-written files are not kept: they are no
part of the source.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final

from question_bank.engine.problems import Problem
from question_bank.source import MAX_FILES, MAX_FOLDER_BYTES, load_folder
from question_bank.yaml_reading import MAX_BYTES, Places, SourceError, load_file
from question_bank.yaml_writer import yaml_text

BANK_FILE: Final = "bank.yaml"
MAPS_KEY: Final = "maps"
"""Where maps from other banks travel with the source; `parse_bank` passes them by."""

MAX_QUESTIONS: Final = 100
"""Questions in one file, so that it stays within the bounds of a file that is read."""

_SPREAD = frozenset(["gates", "questions", "checks", "bands"])
_NUMBERED = re.compile(r"\d\d_(.+)", re.ASCII)


@dataclass
class _Part:
    """Questions that follow each other, and checks about them.

    They are of one section, or each names its own.
    """

    section: Any
    questions: list[Any] = field(default_factory=list)
    checks: list[Any] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """Return what the file of this part holds."""
        named = {} if self.section is None else {"section": self.section}
        lists = {"questions": self.questions, "checks": self.checks}
        return {**named, **{key: items for key, items in lists.items() if items}}


def folder_texts(
    source: Mapping[str, Any], names: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the files of a bank's folder, text by name.

    `names` maps section ids to the files they stand in now; a name is kept when that
    keeps the order of the questions. SourceError when a bank is too large for files.
    """
    parts = _parts(source)
    files = dict(zip(_file_names(parts, names or {}), parts, strict=True))
    texts = {BANK_FILE: yaml_text(_frame(source), _SPREAD)}
    texts |= {name: yaml_text(part.data(), _SPREAD) for name, part in files.items()}
    texts |= _map_texts(source.get(MAPS_KEY) or [], str(source.get("id", "")))
    _check_sizes(texts)
    return texts


def write_folder(source: Mapping[str, Any], path: Path) -> None:
    """Write the files into `path`, keeping file names; what is no longer there goes.

    Only `bank.yaml`, `sections/*.yaml` and `maps/*.yaml` are touched.
    """
    texts = folder_texts(source, section_files(path))
    for name, text in texts.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    kinds = ["sections", MAPS_KEY] if MAPS_KEY in source else ["sections"]
    for kind in kinds:
        for file in (path / kind).glob("*.yaml"):
            if f"{kind}/{file.name}" not in texts:
                file.unlink()


def section_files(path: Path) -> dict[str, str]:
    """Return which file of a folder holds which section, where one file does."""
    found: dict[str, str] = {}
    for file in sorted((path / "sections").glob("*.yaml")):
        content, _places = load_file(file, f"sections/{file.name}")
        if isinstance(content, dict) and isinstance(content.get("section"), str):
            found.setdefault(content["section"], file.name)
    return found


def load_with_maps(path: Path) -> tuple[dict[str, Any], Places]:
    """Return a folder's source as `load_folder` does, with its maps under `maps`."""
    source, places = load_folder(path)
    rows: list[Any] = []
    for file in sorted((path / MAPS_KEY).glob("*.yaml")):
        content, found = load_file(file, f"{MAPS_KEY}/{file.name}")
        entries = content.get("entries") if isinstance(content, dict) else None
        if not isinstance(entries, list):
            continue
        for index, entry in enumerate(entries):
            if isinstance(entry, dict):
                rows.append({"from_bank": content.get("from", ""), **entry})
                places[f"{MAPS_KEY}/{len(rows) - 1}"] = found[f"entries/{index}"]
    return ({**source, MAPS_KEY: rows} if rows else source), places


def _frame(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return what bank.yaml holds, the clauses as a tree."""
    elsewhere = ("questions", "checks", MAPS_KEY)
    frame = {key: value for key, value in source.items() if key not in elsewhere}
    clauses = frame.get("clauses")
    if isinstance(clauses, list) and all(isinstance(c, Mapping) for c in clauses):
        frame["clauses"] = _clause_tree(clauses)
    return frame


def _clause_tree(clauses: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Nest clauses under their parents as far as that keeps their order.

    A clause that comes after its parent's branch has ended stays at the top and names
    its parent.
    """
    top: list[dict[str, Any]] = []
    branch: list[dict[str, Any]] = []
    for clause in clauses:
        parent = clause.get("parent")
        while branch and branch[-1].get("key") != parent:
            branch.pop()
        if not branch or len(branch) >= _MAX_NESTING:
            branch = []
            node = dict(clause)
            top.append(node)
        else:
            node = {key: value for key, value in clause.items() if key != "parent"}
            branch[-1].setdefault("children", []).append(node)
        branch.append(node)
    return top


_MAX_NESTING: Final = 4


def _parts(source: Mapping[str, Any]) -> list[_Part]:
    questions = source.get("questions") or []
    parts = [*_section_parts(questions)]
    if len(parts) > MAX_FILES:
        size = max(MAX_QUESTIONS, -(-len(questions) // MAX_FILES))
        parts = [_Part(None, [*some]) for some in _chunks(questions, size)]
    part_of: dict[Any, int] = {
        str(question.get("id")): index
        for index, part in enumerate(parts)
        for question in part.questions
        if isinstance(question, Mapping)
    }
    checks = source.get("checks") or []
    if checks and not parts:
        parts.append(_Part(None))
    for check, index in zip(checks, _check_parts(checks, part_of), strict=True):
        parts[index].checks.append(check)
    return parts


def _section_parts(questions: list[Any]) -> Iterator[_Part]:
    """Yield questions of one section that follow each other, without naming it."""
    for section, run in groupby(questions, _section):
        for some in _chunks([_without_section(question) for question in run]):
            yield _Part(section, some)


def _chunks(items: list[Any], size: int = MAX_QUESTIONS) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _section(question: Any) -> Any:
    return question.get("section") if isinstance(question, Mapping) else None


def _without_section(question: Any) -> Any:
    if not isinstance(question, Mapping):
        return question
    own = {key: value for key, value in question.items() if key != "section"}
    return own or question


def _check_parts(checks: list[Any], part_of: Mapping[Any, int]) -> list[int]:
    """Return the part of each check: that of its last question where order allows.

    The order of the checks must come out of the order of the files, so most stay at
    home and the few that stand out of line follow the one before them.
    """
    homes = [_home(check, part_of) for check in checks]
    at_home = set(_longest_rise(homes))
    found: list[int] = []
    for index, home in enumerate(homes):
        found.append(home if index in at_home else found[-1] if found else 0)
    return found


def _home(check: Any, part_of: Mapping[Any, int]) -> int:
    named = check.get("questions") if isinstance(check, Mapping) else None
    names = named if isinstance(named, list) else []
    return max((part_of.get(str(name), 0) for name in names), default=0)


def _longest_rise(values: list[int]) -> list[int]:
    """Return the positions of a longest subsequence that never falls."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for position, value in enumerate(values):
        length = bisect_right(tails, value)
        before.append(ends[length - 1] if length else None)
        tails[length:] = [value, *tails[length + 1 :]]
        ends[length:] = [position, *ends[length + 1 :]]
    chain: list[int] = []
    at = ends[-1] if ends else None
    while at is not None:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def _file_names(parts: list[_Part], names: Mapping[str, str]) -> list[str]:
    """Return a rising name for each part, known ones when they rise."""
    known = [names.get(str(part.section)) for part in parts]
    kept = [name for name in known if name]
    if None not in known and all(a < b for a, b in pairwise(kept)):
        return [f"sections/{name}" for name in kept]
    step = max(1, min(10, MAX_FILES // max(len(parts), 1)))
    return [
        f"sections/{index * step:02}_{_slug(part, names)}.yaml"
        for index, part in enumerate(parts)
    ]


def _slug(part: _Part, names: Mapping[str, str]) -> str:
    """Return the part's name: what its file was called, or its section's id."""
    old = _NUMBERED.fullmatch(names.get(str(part.section), "").removesuffix(".yaml"))
    if old:
        return old[1]
    words = re.sub(r"[^a-z0-9]+", "_", str(part.section or "").lower()).strip("_")
    return words[:40].strip("_") or "section"


def _map_texts(rows: Iterable[Mapping[str, Any]], target: str) -> dict[str, str]:
    """Return one file for each bank that maps lead from."""
    entries: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        entry = {key: value for key, value in row.items() if key != "from_bank"}
        entries.setdefault(str(row.get("from_bank", "")), []).append(entry)
    return {
        f"{MAPS_KEY}/{_file_stem(bank)}.yaml": yaml_text(
            {"from": bank, "to": target, "entries": found}
        )
        for bank, found in entries.items()
    }


def _file_stem(bank: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", bank, re.ASCII):
        raise _error(MAPS_KEY, "bad_bank_id", _BAD_BANK)
    return bank


def _check_sizes(texts: Mapping[str, str]) -> None:
    sizes = {name: len(text.encode()) for name, text in texts.items()}
    for name, size in sizes.items():
        if size > MAX_BYTES:
            raise _error(name, "file_too_large", _TOO_LARGE)
    sections = [size for name, size in sizes.items() if name.startswith("sections/")]
    if sum(sections) > MAX_FOLDER_BYTES:
        raise _error("sections", "folder_too_large", _FOLDER_TOO_LARGE)


def _error(path: str, code: str, message: Mapping[str, str]) -> SourceError:
    return SourceError((Problem("error", code, message, path=path),))


_BAD_BANK = {
    "zh": "映射的来源题库须写题库编号。",
    "en": "A map names the id of the bank it leads from.",
}
_FOLDER_TOO_LARGE = {
    "zh": f"分部文件合计超过 {MAX_FOLDER_BYTES} 字节。",
    "en": f"The section files exceed {MAX_FOLDER_BYTES} bytes.",
}
_TOO_LARGE = {
    "zh": f"一个文件超过 {MAX_BYTES} 字节。",
    "en": f"One file exceeds {MAX_BYTES} bytes.",
}
