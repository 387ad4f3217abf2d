"""A draft's source compiled and checked, once for each content and process.

Reading and checking the largest bank takes about a tenth of a second; a page that
shows a draft nobody changed asks for the same content and gets what is known.
"""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache

from question_bank.data_sheet import known_facts
from question_bank.engine.definition import Bank
from question_bank.engine.definition_source import parse_bank
from question_bank.engine.lint import lint
from question_bank.engine.problems import Problem
from question_bank.source_limits import limit_problems
from question_bank.source_tree import Source, text_of


@dataclass(frozen=True)
class Checked:
    """A source with its bank (None when it cannot be built) and all its problems."""

    bank: Bank | None
    problems: tuple[Problem, ...]

    @cached_property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the bank from being published."""
        return tuple(p for p in self.problems if p.severity == "error")

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that do not."""
        return tuple(p for p in self.problems if p.severity == "warning")

    def under(self, path: str) -> tuple[Problem, ...]:
        """Return the problems at a path or below it."""
        inside = f"{path}/"
        return tuple(
            p for p in self.problems if p.path == path or p.path.startswith(inside)
        )


@lru_cache(maxsize=8)
def checked_text(text: str) -> Checked:
    """Return what a draft's stored source comes to."""
    return _check(json.loads(text))


def checked(source: Source) -> Checked:
    """Return what a source about to be stored comes to; unfit ones are not read."""
    unfit = limit_problems(source)
    return Checked(None, unfit) if unfit else checked_text(text_of(source))


def checked_once(source: Source) -> Checked:
    """Return what a source typed just now comes to: nobody asks for it again."""
    unfit = limit_problems(source)
    return Checked(None, unfit) if unfit else _check(source)


def _check(source: Source) -> Checked:
    bank, problems = parse_bank(source, {}, known_facts())
    if bank is None:
        return Checked(None, problems)
    return Checked(bank, (*problems, *lint(bank, {})))
