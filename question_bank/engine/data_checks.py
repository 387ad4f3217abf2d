"""What is wrong or odd in a data sheet.

An error is a contradiction: nothing can be confirmed with it, and no rule reads the
values it concerns. A warning needs a note that explains it. An info says what is
still open. Limits that are custom and not rule are warnings.
"""

from collections.abc import Iterator
from datetime import date

from question_bank.engine.data_fields import FieldGroup, year_of
from question_bank.engine.data_figure_checks import figure_problems
from question_bank.engine.data_problems import SheetProblem, slot_problem
from question_bank.engine.data_record_checks import record_problems
from question_bank.engine.data_sheet import Sheet, group_progress


def check_sheet(sheet: Sheet, *, as_of: date) -> tuple[SheetProblem, ...]:
    """Return every problem of the sheet in its order, errors of a slot first."""
    found = [
        *figure_problems(sheet),
        *record_problems(sheet, as_of),
        *_unfilled(sheet),
    ]
    order = {slot: place for place, slot in enumerate(sheet.definition.slots)}
    ranks = ("error", "warning", "info")
    return tuple(
        sorted(
            found,
            key=lambda p: (order.get(p.slot, len(order)), ranks.index(p.severity)),
        )
    )


def doubtful_slots(problems: tuple[SheetProblem, ...]) -> frozenset[str]:
    """Return the slots that errors concern: no rule may read them."""
    return frozenset(
        slot
        for problem in problems
        if problem.severity == "error"
        for slot in (problem.slot, *problem.related)
    )


def _unfilled(sheet: Sheet) -> Iterator[SheetProblem]:
    for slot, item in sheet.definition.typed_slots.items():
        if item.required and slot not in sheet.entries:
            year = year_of(slot, item, sheet.year)
            when = f"（{year} 年）" if year else ""
            words = {
                "zh": f"{item.title['zh']}{when}还没有填写；没有或不适用也请写明。",
                "en": f"{item.title['en']}{f' ({year})' if year else ''} is not filled "
                "in; say so if there is none or it does not apply.",
            }
            yield slot_problem(sheet, "error", "required", slot, words)
    for group in sheet.definition.groups:
        yield from _optional_left(sheet, group)


def _optional_left(sheet: Sheet, group: FieldGroup) -> Iterator[SheetProblem]:
    progress = group_progress(sheet, group)
    still_open = progress.total - progress.done - progress.unconfirmed
    optional = still_open - progress.required_open
    if not optional:
        return
    first = next(
        slot
        for item in group.typed_fields
        for slot in item.slots
        if slot not in sheet.entries and not item.required
    )
    words = {
        "zh": f"{group.title['zh']}还有 {optional} 项选填内容未填。",
        "en": f"{group.title['en']}: {optional} optional values are open.",
    }
    yield slot_problem(sheet, "info", "optional_open", first, words)
