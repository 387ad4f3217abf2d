"""Reading the plans and the known figures from their YAML files."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from oversight.counting.plans import KnownFigure, Plan
from oversight.plan_lint import lint_figures, lint_plan
from oversight.plan_source import read_figures, read_plan, report_for
from question_bank.engine.problems import Problem
from question_bank.yaml_reading import SourceError, load_file

FOLDER: Final = Path(__file__).parent / "plans"
FIGURES_FILE: Final = "known_figures.yaml"


class FaultyPlans(Exception):
    """The files that ship with the product have problems."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))


@cache
def shipped_plans() -> tuple[Plan, ...]:
    """Return the plans of the product, by their first year."""
    plans, problems = load_plans(FOLDER)
    if problems:
        raise FaultyPlans(problems)
    return plans


@cache
def shipped_figures() -> tuple[KnownFigure, ...]:
    """Return the published figures that the product knows."""
    figures, problems = load_figures(FOLDER, shipped_plans())
    if problems:
        raise FaultyPlans(problems)
    return figures


def load_plans(folder: Path) -> tuple[tuple[Plan, ...], tuple[Problem, ...]]:
    """Return the plans of a folder with everything that is wrong with them.

    A plan with a problem is left out.
    """
    plans: list[Plan] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == FIGURES_FILE:
            continue
        plan, found = load_plan(path)
        problems += found
        if plan is not None:
            plans.append(plan)
    return tuple(sorted(plans, key=lambda p: (p.first_year, p.id))), tuple(problems)


def load_plan(path: Path) -> tuple[Plan | None, tuple[Problem, ...]]:
    """Return the plan of one file, None when anything is wrong with it."""
    try:
        data, places = load_file(path, path.name)
    except SourceError as error:
        return None, error.problems
    report = report_for(places)
    plan = read_plan(data, report)
    if not report.problems:
        lint_plan(plan, report)
    return None if report.problems else plan, tuple(report.problems)


def load_figures(
    folder: Path, plans: tuple[Plan, ...]
) -> tuple[tuple[KnownFigure, ...], tuple[Problem, ...]]:
    """Return the known figures of a folder with everything that is wrong with them."""
    try:
        data, places = load_file(folder / FIGURES_FILE, FIGURES_FILE)
    except SourceError as error:
        return (), error.problems
    report = report_for(places)
    figures = read_figures(data, report)
    if not report.problems:
        lint_figures(figures, plans, report)
    return () if report.problems else figures, tuple(report.problems)
