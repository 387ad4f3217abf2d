"""Contradictions and oddities between the figures of a data sheet."""

import itertools
from collections.abc import Iterator
from fractions import Fraction

from question_bank.engine.data_fields import COLUMNS, DataField, FieldKind
from question_bank.engine.data_problems import (
    SheetProblem,
    ending,
    number_text,
    slot_problem,
)
from question_bank.engine.data_sheet import Sheet, typed_parts
from question_bank.engine.definition import Localized

RD_SHARE_DOUBTED = Fraction(60, 100)
IP_STAFF_SHARE_DOUBTED = Fraction(5, 100)
JUMP = 3
SAME_COUNT_FROM = 10
"""Small counts are often equal three years running; larger ones seldom are."""

NOT_ABOVE = (
    ("patent_product_revenue", "revenue"),
    ("rd_staff", "staff"),
    ("ip_staff_full", "staff"),
    ("ip_staff_part", "staff"),
    ("core_staff", "staff"),
    ("other_staff", "staff"),
    ("core_trained", "core_staff"),
    ("other_trained", "other_staff"),
    ("high_value_inventions", "inventions_valid"),
    ("patents_implemented", "patents_valid"),
    ("open_licences", "patents_valid"),
    ("patents_granted", "patents_closed"),
    ("pct_filed_3y", "pct_filed"),
    ("abnormal_upheld", "abnormal_notified"),
)
"""The first can't be above the second: error."""

SELDOM_ABOVE = (("rd_cost", "revenue"), ("ip_cost", "rd_cost"))
"""The first is seldom above the second: warning."""

GO_TOGETHER = (
    ("licences", "licence_income"),
    ("transfers", "transfer_income"),
    ("pledges", "pledge_amount"),
    ("insurance_policies", "insurance_amount"),
)
"""An amount without a case is odd: warning."""

JUMPING = ("revenue", "rd_cost", "patent_product_revenue")
KINDS_OF_PATENT = ("inventions", "utility_models", "designs")


def figure_problems(sheet: Sheet) -> Iterator[SheetProblem]:
    """Yield what figures say against each other."""
    yield from _limits(sheet)
    yield from _shares(sheet)
    yield from _series(sheet)
    yield from _people(sheet)
    yield from _usual(sheet)
    yield from _conversions(sheet)


def _pairs(sheet: Sheet, one: str, other: str) -> Iterator[tuple[str, str]]:
    """Yield the slots of two fields that belong together, year by year."""
    first, second = sheet.definition.fields[one], sheet.definition.fields[other]
    columns = COLUMNS if first.yearly else ("",)
    for column in columns:
        yield first.slot(column), second.slot(column)


def _above(sheet: Sheet, slot: str, limit: str) -> Localized | None:
    """Return the words for a slot that is above its limit, None when it isn't."""
    value, most = sheet.number(slot), sheet.number(limit)
    if value is None or most is None or value <= most:
        return None
    one, other = sheet.definition.slots[slot], sheet.definition.slots[limit]
    a, b = number_text(value, one), number_text(most, other)
    return {
        "zh": f"{one.title['zh']}（{a}）大于{other.title['zh']}（{b}）",
        "en": f"{one.title['en']} ({a}) is above {other.title['en']} ({b})",
    }


def _limits(sheet: Sheet) -> Iterator[SheetProblem]:
    for one, other in NOT_ABOVE:
        for slot, limit in _pairs(sheet, one, other):
            if words := _above(sheet, slot, limit):
                words = ending(words, "，请核对两项。", "; check both.")
                shown, related = _typed_places(sheet, slot, limit)
                yield slot_problem(
                    sheet, "error", f"above_{other}", shown, words, related
                )
    for one, other in SELDOM_ABOVE:
        for slot, limit in _pairs(sheet, one, other):
            if words := _above(sheet, slot, limit):
                words = ending(words, "，请说明原因。", "; say why.")
                yield slot_problem(sheet, "warning", f"above_{other}", slot, words)


def _typed_places(sheet: Sheet, slot: str, limit: str) -> tuple[str, tuple[str, ...]]:
    """Return where a contradiction shows and which other slots it concerns.

    It shows at a slot people fill in: at the limit when the first is a total.
    """
    parts = typed_parts(sheet.definition, slot)
    limits = typed_parts(sheet.definition, limit)
    shown = slot if parts == (slot,) else limits[0]
    return shown, tuple(s for s in (*parts, *limits) if s != shown)


def _shares(sheet: Sheet) -> Iterator[SheetProblem]:
    for slot in sheet.definition.fields["rd_ratio"].slots:
        share = sheet.number(slot)
        if share is not None and RD_SHARE_DOUBTED < share <= 1:
            text = number_text(share, sheet.definition.slots[slot])
            yield slot_problem(
                sheet,
                "warning",
                "rd_share",
                slot,
                {
                    "zh": f"研发费用占营业收入 {text}，超过 60%，请核对或说明。",
                    "en": f"R&D is {text} of revenue, above 60%: check or say why.",
                },
            )


def _series(sheet: Sheet) -> Iterator[SheetProblem]:
    for field_id in JUMPING:
        yield from _jumps(sheet, sheet.definition.fields[field_id])
    for item in sheet.definition.fields.values():
        if item.yearly and item.is_typed:
            yield from _same_three(sheet, item)
    for kind in KINDS_OF_PATENT:
        yield from _granted_above_filed(sheet, kind)


def _jumps(sheet: Sheet, item: DataField) -> Iterator[SheetProblem]:
    for before, after in itertools.pairwise(COLUMNS):
        slot = item.slot(after)
        old, new = sheet.number(item.slot(before)), sheet.number(slot)
        if not old or not new or old < 0 or new < 0:
            continue
        if new > JUMP * old or old > JUMP * new:
            a, b = number_text(old, item), number_text(new, item)
            yield slot_problem(
                sheet,
                "warning",
                "jump",
                slot,
                {
                    "zh": f"{item.title['zh']}从 {a} 变为 {b}，相差三倍以上，"
                    "请核对单位或说明原因。",
                    "en": f"{item.title['en']} went from {a} to {b}, more than "
                    "threefold: check the unit or say why.",
                },
            )


def _same_three(sheet: Sheet, item: DataField) -> Iterator[SheetProblem]:
    values = {sheet.number(slot) for slot in item.slots}
    value = next(iter(values))
    least = 0 if item.kind is FieldKind.MONEY else SAME_COUNT_FROM - 1
    if len(values) == 1 and value is not None and value > least:
        yield slot_problem(
            sheet,
            "warning",
            "all_the_same",
            item.slot("y0"),
            {
                "zh": f"{item.title['zh']}三年完全相同，请核对或说明。",
                "en": f"{item.title['en']} is the same in all three years: check or "
                "say why.",
            },
        )


def _granted_above_filed(sheet: Sheet, kind: str) -> Iterator[SheetProblem]:
    filed, granted = (
        sheet.definition.fields[f"{kind}_{w}"] for w in ("filed", "granted")
    )
    sums = [[sheet.number(slot) for slot in item.slots] for item in (filed, granted)]
    if any(value is None for row in sums for value in row):
        return
    total_filed, total_granted = (sum(v for v in row if v is not None) for row in sums)
    if total_granted > total_filed:
        yield slot_problem(
            sheet,
            "warning",
            "granted_above_filed",
            granted.slot("y0"),
            {
                "zh": f"三年{granted.title['zh']}（{total_granted}）大于三年"
                f"{filed.title['zh']}（{total_filed}），请核对或说明。",
                "en": f"{granted.title['en']} in three years ({total_granted}) exceed "
                f"{filed.title['en']} ({total_filed}): check or say why.",
            },
        )


def _people(sheet: Sheet) -> Iterator[SheetProblem]:
    staff, rd = sheet.number("staff"), sheet.number("rd_staff")
    ip = sheet.number("ip_staff_full")
    if not staff or ip is None or ip > staff:
        return
    # One person is more than 5 % of any firm below twenty: nothing odd in that.
    if ip > 1 and ip / staff > IP_STAFF_SHARE_DOUBTED:
        yield slot_problem(
            sheet,
            "warning",
            "many_ip_staff",
            "ip_staff_full",
            {
                "zh": "专职知识产权人员超过从业人员的 5%，请核对或说明。",
                "en": "Full-time IP staff exceed 5% of all staff: check or say why.",
            },
        )
    if rd is not None and rd <= staff < rd + ip:
        yield slot_problem(
            sheet,
            "warning",
            "parts_above_staff",
            "rd_staff",
            {
                "zh": "研发人员与专职知识产权人员之和大于从业人员，"
                "请核对是否重复计入。",
                "en": "R&D and full-time IP staff together exceed all staff: is "
                "anybody counted twice?",
            },
        )


def _usual(sheet: Sheet) -> Iterator[SheetProblem]:
    for slot, item in sheet.definition.slots.items():
        value = sheet.number(slot)
        if item.usual_max is None or value is None or value <= item.usual_max:
            continue
        words = {
            "zh": f"{item.title['zh']}超过 {item.usual_max}，极少见，请核对或说明。",
            "en": f"{item.title['en']} above {item.usual_max} is very rare: check or "
            "say why.",
        }
        yield slot_problem(sheet, "warning", "unusual", slot, words)


def _conversions(sheet: Sheet) -> Iterator[SheetProblem]:
    for count, amount in GO_TOGETHER:
        number = sheet.number(count)
        money = [sheet.number(s) for s in sheet.definition.fields[amount].slots]
        if number == 0 and any(value for value in money):
            titles = [sheet.definition.fields[name].title for name in (count, amount)]
            words = {
                "zh": f"{titles[0]['zh']}为 0，{titles[1]['zh']}却不为 0，请核对。",
                "en": f"{titles[0]['en']} is 0 while {titles[1]['en']} is not; check.",
            }
            yield slot_problem(sheet, "warning", "amount_without_case", count, words)
