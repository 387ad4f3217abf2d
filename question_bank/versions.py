"""Version numbers of banks: three whole numbers, raised by what changed."""

import re
from typing import Final, Literal, TypeAlias

Level: TypeAlias = Literal["none", "patch", "minor", "major"]
Number: TypeAlias = tuple[int, int, int]

LEVELS: Final[tuple[Level, ...]] = ("none", "patch", "minor", "major")
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", re.ASCII)


def version_number(text: str) -> Number | None:
    """Return "1.2.3" as numbers, None when it is written in another way."""
    match = _VERSION.fullmatch(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def raised_by(old: Number, new: Number) -> Level:
    """Return which part of the number was raised first; "none" when it is not higher."""
    if new <= old:
        return "none"
    if new[0] != old[0]:
        return "major"
    return "minor" if new[1] != old[1] else "patch"


def suffices(old: Number, new: Number, level: Level) -> bool:
    """Whether a new number says at least that changes of `level` were made."""
    return LEVELS.index(raised_by(old, new)) >= LEVELS.index(level)


def next_version(old: Number, level: Level) -> str:
    """Return the smallest number that suffices for changes of `level`."""
    major, minor, patch = old
    if level == "major":
        return f"{major + 1}.0.0"
    return (
        f"{major}.{minor + 1}.0" if level == "minor" else f"{major}.{minor}.{patch + 1}"
    )
