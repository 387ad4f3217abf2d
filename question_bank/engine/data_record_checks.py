"""What dates, certificates, disqualifying matters and IP numbers say of each other."""

from collections.abc import Iterator
from datetime import date

from question_bank.engine.data_fields import FieldKind
from question_bank.engine.data_problems import (
    Severity,
    SheetProblem,
    ending,
    slot_problem,
)
from question_bank.engine.data_sheet import Sheet
from question_bank.engine.data_values import Entry
from question_bank.engine.identifiers import (
    InvalidIdentifier,
    is_expired,
    parse_certificate,
    parse_right,
)

FOUNDED_FROM = date(1980, 1, 1)
CERT_2013_ENDS = date(2025, 12, 31)
"""Certificates of the 2013 edition had to be converted by this day."""

NEEDS_VETO_ROW = (
    ("infringement_final", "infringement"),
    ("abnormal_upheld", "abnormal_filing"),
    ("bad_faith_marks", "bad_faith_mark"),
    ("abnormal_operation", "abnormal_operation_list"),
    ("serious_dishonesty", "dishonesty_list"),
    ("accident_3y", "major_accident"),
    ("tax_evasion_3y", "tax_evasion"),
)
"""Who says the first should list the matter as a row of the second kind: warning."""

NOT_BEFORE = (
    ("cert_first_issue", "cert_expiry"),
    ("founded_on", "cert_first_issue"),
    ("founded_on", "title_municipal_since"),
    ("founded_on", "title_national_since"),
    ("founded_on", "system_start_on"),
    ("agency_contract_start", "agency_contract_end"),
)
"""The second date can't lie before the first: error."""


def record_problems(sheet: Sheet, as_of: date) -> Iterator[SheetProblem]:
    """Yield what dates, certificate, vetoes and the list of numbers say."""
    yield from _dates(sheet, as_of)
    yield from _certificate(sheet, as_of)
    yield from _veto_rows(sheet, as_of)
    yield from _rights(sheet)


def _day(sheet: Sheet, slot: str) -> date | None:
    value = sheet.value(slot)
    return date.fromisoformat(value) if isinstance(value, str) else None


def _dates(sheet: Sheet, as_of: date) -> Iterator[SheetProblem]:
    for slot, item in sheet.definition.slots.items():
        if item.kind is not FieldKind.DATE:
            continue
        day = _day(sheet, slot)
        if day and day > as_of and (item.past or slot == "founded_on"):
            words = {
                "zh": f"{item.title['zh']}在今天之后，请核对。",
                "en": f"{item.title['en']} lies in the future; check it.",
            }
            yield slot_problem(sheet, "error", "future_date", slot, words)
    founded = _day(sheet, "founded_on")
    if founded and founded < FOUNDED_FROM:
        words = {
            "zh": "成立日期早于 1980 年，请核对或说明。",
            "en": "Founded before 1980: check or say why.",
        }
        yield slot_problem(sheet, "warning", "founded_early", "founded_on", words)
    for first, second in NOT_BEFORE:
        yield from _reversed(sheet, first, second)


def _reversed(sheet: Sheet, first: str, second: str) -> Iterator[SheetProblem]:
    one, two = _day(sheet, first), _day(sheet, second)
    if one is None or two is None or two >= one:
        return
    a, b = (sheet.definition.fields[name].title for name in (first, second))
    words = {
        "zh": f"{b['zh']}早于{a['zh']}，请核对两项。",
        "en": f"{b['en']} lies before {a['en']}; check both.",
    }
    yield slot_problem(sheet, "error", "dates_reversed", second, words, (first,))


def _certificate(sheet: Sheet, as_of: date) -> Iterator[SheetProblem]:
    edition, state = sheet.value("cert_edition"), sheet.value("cert_state")
    expiry = _day(sheet, "cert_expiry")
    if state == "valid" and edition == "e2013" and as_of > CERT_2013_ENDS:
        words = {
            "zh": "2013 版证书的转换期已于 2025 年 12 月 31 日结束，不可能仍为有效。"
            "请核对版本和状态。",
            "en": "Certificates of the 2013 edition could be converted until "
            "31 December 2025, so this one can't be valid. Check edition and state.",
        }
        related = ("cert_edition",)
        yield slot_problem(
            sheet, "error", "edition_ended", "cert_state", words, related
        )
    if state == "valid" and expiry and expiry < as_of:
        words = {
            "zh": "证书有效期已过，状态不可能为有效。请核对两项。",
            "en": "The certificate has run out, so it can't be valid. Check both.",
        }
        related = ("cert_expiry",)
        yield slot_problem(sheet, "error", "cert_expired", "cert_state", words, related)
    if edition == "none" and sheet.value("cert_number"):
        words = {
            "zh": "填写了证书编号，认证一项却选了“没有”，请核对。",
            "en": "There is a certificate number, yet no certificate; check both.",
        }
        yield slot_problem(sheet, "warning", "cert_without", "cert_number", words)
    number = sheet.value("cert_number")
    if isinstance(number, str):
        for place, doubt in enumerate(parse_certificate(number).doubts):
            code = f"cert_number_{place}"
            yield slot_problem(sheet, "warning", code, "cert_number", doubt)


def _says_yes(entry: Entry | None) -> bool:
    value = entry.value if entry else None
    return value is True or (
        isinstance(value, int) and not isinstance(value, bool) and value > 0
    )


def _veto_rows(sheet: Sheet, as_of: date) -> Iterator[SheetProblem]:
    listed = {veto.kind for veto in sheet.vetoes}
    for slot, kind in NEEDS_VETO_ROW:
        if _says_yes(sheet.entries.get(slot)) and kind not in listed:
            words = {
                "zh": "请在“一票否决事项”中逐条登记认定机关、文号和日期。",
                "en": "List the matter with body, document and date on the page of "
                "disqualifying matters.",
            }
            yield slot_problem(sheet, "warning", "veto_row_missing", slot, words)
    for index, veto in enumerate(sheet.vetoes):
        decided = date.fromisoformat(veto.decided_on)
        where = f"vetoes/{index}"
        if decided > as_of:
            words = {
                "zh": f"第 {index + 1} 条的认定日期在今天之后。",
                "en": f"Row {index + 1}: decided in the future.",
            }
            yield SheetProblem("error", "future_date", where, "vetoes", words)
        if veto.effective_until and veto.effective_until < veto.decided_on:
            words = {
                "zh": f"第 {index + 1} 条的截止日期早于认定日期。",
                "en": f"Row {index + 1}: ends before it was decided.",
            }
            yield SheetProblem("error", "dates_reversed", where, "vetoes", words)


def _rights(sheet: Sheet) -> Iterator[SheetProblem]:
    for listed_right in sheet.rights:
        yield from _right(sheet, listed_right.kind, listed_right.number)
    kinds = [right.kind for right in sheet.rights]
    for slot, item in sheet.definition.typed_slots.items():
        listed = sum(kinds.count(kind) for kind in item.rights)
        if listed:
            yield from _count_differs(sheet, slot, listed)


def _right(sheet: Sheet, kind: str, number: str) -> Iterator[SheetProblem]:
    try:
        right = parse_right(kind, number)
    except InvalidIdentifier as error:
        where = f"rights/{number}"
        yield SheetProblem("error", error.code, where, "rights", error.message)
        return
    counts = tuple(
        slot for slot, f in sheet.definition.typed_slots.items() if kind in f.rights
    )
    if right.filed_year is not None and right.filed_year > sheet.year:
        words = {
            "zh": f"{number} 的申请年份晚于 {sheet.year} 年，不应列入本年清单。",
            "en": f"{number} was filed after {sheet.year} and doesn't belong here.",
        }
        yield SheetProblem(
            "error", "filed_later", f"rights/{number}", "rights", words, related=counts
        )
    elif is_expired(right, sheet.year):
        words = {
            "zh": f"{number} 的保护期到 {sheet.year} 年末已届满，不能计为有效。",
            "en": f"{number} had run out by the end of {sheet.year}; it isn't valid.",
        }
        yield SheetProblem(
            "error",
            "right_expired",
            f"rights/{number}",
            "rights",
            words,
            related=counts,
        )


def _count_differs(sheet: Sheet, slot: str, listed: int) -> Iterator[SheetProblem]:
    typed = sheet.number(slot)
    if typed is None or typed == listed:
        return
    item = sheet.definition.slots[slot]
    words = {
        "zh": f"{item.title['zh']}填写 {int(typed)}，清单中有 {listed} 个号码。",
        "en": f"{item.title['en']}: {int(typed)} typed, {listed} numbers listed.",
    }
    more = listed > typed
    zh, en = (
        ("请核对。", " Check.") if more else ("清单可以补全。", " Complete the list.")
    )
    severity: Severity = "warning" if more else "info"
    yield slot_problem(sheet, severity, "list_differs", slot, ending(words, zh, en))
