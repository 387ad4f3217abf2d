"""Where something stands in a bank's source, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from question_bank.engine.characters import visible
from question_bank.engine.definition import Localized


@dataclass(frozen=True)
class Origin:
    """A place in a source file; lines and columns count from 1.

    A cell of a workbook has no line: `Origin("questions!F12", 0, 1)`.
    """

    file: str
    line: int
    column: int


Origins: TypeAlias = Mapping[str, Origin]
"""Places by path, such as "questions/3/levels/2/zh" (lists count from 0)."""


@dataclass(frozen=True)
class Problem:
    """A fault of a bank. An error keeps it from being published, a warning does not."""

    severity: Literal["error", "warning"]
    code: str
    message: Localized
    file: str = ""
    line: int = 0
    column: int = 0
    hint: Localized | None = None
    path: str = ""

    @property
    def place(self) -> str:
        """Where it is: file:line:column, sheet!cell, or the path in the data.

        A column inside a cell counts its characters, as for a rule.
        """
        if not self.file:
            return self.path
        if self.line:
            return f"{self.file}:{self.line}:{self.column}"
        return f"{self.file}:{self.column}" if self.column > 1 else self.file

    def __str__(self) -> str:
        """Return one line as compilers print it."""
        text = f"{self.place}: {self.severity} {self.code}: {self.message['zh']}"
        return visible(f"{text}（{self.hint['zh']}）" if self.hint else text)


class Report:
    """Collects problems and gives each the place that its path points to."""

    def __init__(self, origins: Origins) -> None:
        self._origins = origins
        self.problems: list[Problem] = []

    def error(
        self,
        path: str,
        code: str,
        message: Localized,
        hint: Localized | None = None,
        *,
        column: int = 0,
    ) -> None:
        """Note an error; `column` (from 0) moves the place along the line."""
        self._add("error", path, code, message, hint, column)

    def warning(
        self, path: str, code: str, message: Localized, hint: Localized | None = None
    ) -> None:
        """Note a warning."""
        self._add("warning", path, code, message, hint, 0)

    def _add(
        self,
        severity: Literal["error", "warning"],
        path: str,
        code: str,
        message: Localized,
        hint: Localized | None,
        column: int,
    ) -> None:
        place = self._place(path)
        file, line, start = (
            (place.file, place.line, place.column) if place else _NOWHERE
        )
        self.problems.append(
            Problem(
                severity, code, message, file, line, start + column, hint, path=path
            )
        )

    def _place(self, path: str) -> Origin | None:
        """Return the place of a path, or of the nearest thing around it."""
        while path and path not in self._origins:
            path = path.rpartition("/")[0]
        return self._origins.get(path)

    @property
    def has_errors(self) -> bool:
        """Whether any problem is an error."""
        return any(problem.severity == "error" for problem in self.problems)


_NOWHERE = ("", 0, 0)
