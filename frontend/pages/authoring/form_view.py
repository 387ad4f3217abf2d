"""A form ready to show: controls with their content and what lint says of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from frontend.components import Option
from frontend.pages.authoring.form_lines import Group, Line, Rows
from frontend.pages.authoring.form_values import Values, row_numbers
from frontend.pages.authoring.words import Said, said
from question_bank.engine.problems import Problem


@dataclass(frozen=True)
class Control:
    """One control with its content."""

    name: str
    line: Line
    value: str
    options: tuple[Option, ...]
    problems: tuple[Said, ...]

    @property
    def id(self) -> str:
        """The control's id in the page."""
        return control_id(self.name)

    @property
    def has_error(self) -> bool:
        """Whether an error was found at this control."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True)
class RowView:
    """One row of a list with the number that names it."""

    number: int
    lines: tuple[tuple[Control, ...], ...]


@dataclass(frozen=True)
class GroupView:
    """A group with its controls."""

    group: Group
    lines: tuple[tuple[Control, ...], ...]
    rows: tuple[RowView, ...]

    @property
    def has_problem(self) -> bool:
        """Whether anything in the group needs attention."""
        inside = [c for line in self.lines for c in line]
        inside += [c for row in self.rows for line in row.lines for c in line]
        return any(control.problems for control in inside)

    @property
    def is_open(self) -> bool:
        """Whether the group is shown unfolded."""
        return self.group.open or self.has_problem or bool(self.rows)


@dataclass(frozen=True)
class FormView:
    """A whole form; `general` are problems that belong to no control."""

    groups: tuple[GroupView, ...]
    general: tuple[Said, ...]
    problems: tuple[Said, ...]

    @property
    def errors(self) -> tuple[Said, ...]:
        """The errors of the part, each with its control."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def warnings(self) -> tuple[Said, ...]:
        """The warnings of the part."""
        return tuple(p for p in self.problems if p.severity == "warning")


def control_id(name: str) -> str:
    """Return the id of the control with this name."""
    return "f-" + name.replace("/", "-")


def build_form(
    groups: Iterable[Group], values: Values, problems: Iterable[Problem], path: str
) -> FormView:
    """Return a form with its content; `path` is where the part stands in the source."""
    wanted = tuple(groups)
    names = _names(wanted, values)
    placed: dict[str, list[Said]] = {}
    for problem in problems:
        inner = problem.path.removeprefix(path).strip("/")
        name = _control_of(inner, problem.code, names, values)
        placed.setdefault(name, []).append(said(problem, control_id(name)))
    views = tuple(_group(group, values, placed) for group in wanted)
    everything = tuple(one for found in placed.values() for one in found)
    return FormView(views, tuple(placed.get("", ())), everything)


def _group(group: Group, values: Values, placed: Mapping[str, list[Said]]) -> GroupView:
    rows: tuple[RowView, ...] = ()
    if group.rows:
        rows = tuple(
            RowView(
                number,
                _controls(
                    group.rows.lines, f"{group.rows.path}/{number}/", values, placed
                ),
            )
            for number in row_numbers(group.rows.path, values)
        )
    return GroupView(group, _controls(group.lines, "", values, placed), rows)


def _controls(
    lines: Iterable[tuple[Line, ...]],
    start: str,
    values: Values,
    placed: Mapping[str, list[Said]],
) -> tuple[tuple[Control, ...], ...]:
    return tuple(
        tuple(_control(f"{start}{line.path}", line, values, placed) for line in beside)
        for beside in lines
    )


def _control(
    name: str, line: Line, values: Values, placed: Mapping[str, list[Said]]
) -> Control:
    given = values.get(name, [])
    value = given[0] if given else ""
    return Control(
        name=name,
        line=line,
        value=value,
        options=_options(line, given),
        problems=tuple(placed.get(name, ())),
    )


def _options(line: Line, given: list[str]) -> tuple[Option, ...]:
    """Return the options with what is chosen; a value nobody offers stays visible."""
    if line.kind not in ("select", "checks"):
        return ()
    known = {option.value for option in line.options}
    extra = tuple(Option(value, value) for value in given if value not in known)
    return tuple(
        Option(option.value, option.label, option.text, option.value in given)
        for option in (*line.options, *(e for e in extra if e.value))
    )


def _names(groups: Iterable[Group], values: Values) -> tuple[str, ...]:
    """Return the names of all controls, in the order of the page."""
    names: list[str] = []
    for group in groups:
        names += [line.path for beside in group.lines for line in beside]
        if group.rows:
            names += _row_names(group.rows, values)
    return tuple(names)


def _row_names(rows: Rows, values: Values) -> list[str]:
    return [
        f"{rows.path}/{number}/{line.path}"
        for number in row_numbers(rows.path, values)
        for beside in rows.lines
        for line in beside
    ]


def _control_of(path: str, code: str, names: tuple[str, ...], values: Values) -> str:
    """Return the control nearest to a problem's path, empty when there is none."""
    path = _row_path(path.removesuffix("/text"), values)
    language = "en" if code == "missing_en" else "zh"
    while path:
        for name in (path, f"{path}/{language}", f"{path}/text/{language}"):
            if name in names:
                return name
        inside = next((n for n in names if n.startswith(f"{path}/")), "")
        if inside:
            return inside
        path = path.rpartition("/")[0]
    return ""


def _row_path(path: str, values: Values) -> str:
    """Turn guidance/1-2/… into the row whose levels are written so."""
    head, _slash, rest = path.partition("/")
    key, _slash, inner = rest.partition("/")
    if head != "guidance" or not key:
        return path
    for number in row_numbers("guidance", values):
        if values.get(f"guidance/{number}/levels") == [key]:
            return f"guidance/{number}/{inner}".rstrip("/")
    return path
