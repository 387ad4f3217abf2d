"""What can be wrong with a certificate, and what only looks odd."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from oversight.counting.facts import CertificateState, Issue, Standard, StateChange
from oversight.entries import CertificateEntry
from oversight.faults import Fault
from oversight.unit_checks import FUTURE, code_faults, is_enterprise_code

NEW_EDITION_FROM = date(2024, 1, 1)
OLD_APPLICATIONS_UNTIL = date(2024, 12, 31)
OLD_EDITION_UNTIL = date(2025, 12, 31)
VALID_YEARS = 3
FIRST_EVER = date(2013, 3, 1)
"""GB/T 29490-2013 came into force; no certificate of it is older."""

PUBLIC_LOOKUP = "cx.cnca.cn"

_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z\-/.]{3,29}", re.ASCII)
_USUAL = re.compile(r"[0-9A-Z][0-9A-Z\-/]{7,29}", re.ASCII)
_FINAL = (CertificateState.WITHDRAWN, CertificateState.CANCELLED)


def certificate_faults(entry: CertificateEntry, today: date) -> Iterator[Fault]:
    """Yield what forbids recording the certificate; the holder is looked at apart."""
    if not _NUMBER.fullmatch(entry.number):
        text = _("证书编号由 4 至 30 位数字、大写字母和 - / . 组成，请对照证书填写。")
        yield Fault("number", text)
    if entry.group_holder:
        yield from code_faults(entry.group_holder, "group_holder")
        if entry.group_holder == entry.holder.credit_code:
            yield Fault("group_holder", _("持证单位与集团证书的持有人不能相同。"))
    yield from _day_faults(entry, today)
    yield from _edition_faults(entry)
    yield from state_faults(entry, today)


def certificate_warnings(entry: CertificateEntry) -> Iterator[Fault]:
    """Yield what is odd and should be looked up again."""
    if not _USUAL.fullmatch(entry.number) or not _has_usual_parts(entry.number):
        text = _("证书编号不像常见的样式（如 165IP182034R0M），请到 {site} 核对。")
        yield Fault("number", format_lazy(text, site=PUBLIC_LOOKUP))
    if entry.issue == Issue.INITIAL and entry.first_issued_on != entry.issued_on:
        text = _("初次认证的证书，初次发证日期通常就是发证日期。")
        yield Fault("first_issued_on", text)
    if entry.issue != Issue.INITIAL and entry.first_issued_on == entry.issued_on:
        text = _("不是初次认证，初次发证日期通常早于发证日期。")
        yield Fault("first_issued_on", text)
    if entry.issue != Issue.UPGRADE and not _is_three_years(entry):
        text = _("有效期通常为 3 年，请对照证书核对。换版证书沿用原到期日。")
        yield Fault("expires_on", text)
    yield from _old_edition_warnings(entry)
    if is_enterprise_code(entry.holder.credit_code) is not True:
        text = _("持证单位的代码不以 91 开头，不是企业，不计入企业贯标数。")
        yield Fault("holder", text)


def state_faults(entry: CertificateEntry, today: date) -> Iterator[Fault]:
    """Yield what is wrong with the history of states."""
    ordered = sorted(entry.states, key=lambda change: change.on)
    for change in ordered:
        if change.on > today:
            yield Fault("states", FUTURE)
        if change.on < entry.issued_on:
            yield Fault("states", _("状态变化不能早于发证日期。"))
        yield from _one_state_faults(change, entry.standard)
    for before, after in pairwise(ordered):
        if before.state in _FINAL:
            yield Fault("states", _("撤销或注销之后不能再有状态变化。"))
        if before.on == after.on or before.state == after.state:
            yield Fault("states", _("同一天或前后相同的状态只登记一次。"))


def upgraded_expiry_differs(entry: CertificateEntry, earlier: set[date]) -> bool:
    """Tell whether an upgrade has another end than all certificates before it."""
    return (
        entry.issue == Issue.UPGRADE
        and bool(earlier)
        and entry.expires_on not in earlier
    )


def _one_state_faults(change: StateChange, standard: Standard) -> Iterator[Fault]:
    if change.fraud and change.state != CertificateState.WITHDRAWN:
        yield Fault("states", _("以欺骗手段取得的证书，状态应为撤销。"))
    resumed = change.state == CertificateState.VALID and change.on > OLD_EDITION_UNTIL
    if resumed and standard == Standard.ENTERPRISE_2013:
        text = _("2013 版证书在 2025 年 12 月 31 日后不能恢复有效。")
        yield Fault("states", text)


def _day_faults(entry: CertificateEntry, today: date) -> Iterator[Fault]:
    if entry.first_issued_on > today:
        yield Fault("first_issued_on", FUTURE)
    if entry.issued_on > today:
        yield Fault("issued_on", FUTURE)
    if entry.first_issued_on > entry.issued_on:
        yield Fault("first_issued_on", _("初次发证日期不能晚于发证日期。"))
    if entry.expires_on < entry.issued_on:
        yield Fault("expires_on", _("到期日不能早于发证日期。"))
    # A re-certification before the old end may keep the old cycle.
    most = VALID_YEARS + (entry.issue == Issue.RECERTIFICATION)
    if entry.expires_on > years_after(entry.issued_on, most):
        yield Fault("expires_on", _("有效期超过 3 年，请对照证书核对。"))


def _edition_faults(entry: CertificateEntry) -> Iterator[Fault]:
    if entry.standard == Standard.ENTERPRISE_2023:
        if entry.issued_on < NEW_EDITION_FROM:
            text = _("2023 版自 2024 年 1 月 1 日起实施，发证日期不能更早。")
            yield Fault("issued_on", text)
        return
    if entry.standard != Standard.ENTERPRISE_2013:
        return
    if entry.first_issued_on < FIRST_EVER:
        text = _("2013 版自 2013 年 3 月 1 日起实施，初次发证日期不能更早。")
        yield Fault("first_issued_on", text)
    if entry.issued_on > OLD_EDITION_UNTIL:
        text = _("2025 年 12 月 31 日后不再发放 2013 版证书，请核对标准版本。")
        yield Fault("issued_on", text)


def _old_edition_warnings(entry: CertificateEntry) -> Iterator[Fault]:
    if entry.standard != Standard.ENTERPRISE_2013:
        return
    initial = entry.issue == Issue.INITIAL
    if initial and entry.issued_on > OLD_APPLICATIONS_UNTIL:
        text = _("2025 年起认证申请只按 2023 版受理，请核对标准版本。")
        yield Fault("standard", text)
    closed = any(change.state in _FINAL for change in entry.states)
    if entry.expires_on > OLD_EDITION_UNTIL and not closed:
        text = _("2013 版证书最迟有效至 2025 年 12 月 31 日，未换版的应被暂停或撤销。")
        yield Fault("expires_on", text)


def _has_usual_parts(number: str) -> bool:
    return "IP" in number and re.search(r"R\d", number, re.ASCII) is not None


def _is_three_years(entry: CertificateEntry) -> bool:
    end = years_after(entry.issued_on, VALID_YEARS)
    return entry.expires_on in (end, end - timedelta(days=1))


def years_after(day: date, years: int) -> date:
    """Return the same day of a later year; the 1st of March for a 29th of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
