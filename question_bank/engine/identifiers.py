"""Numbers of intellectual property rights, certificates and cases.

Each reader takes what people type or paste (blanks, full-width characters, lower
case) and returns the one form that is stored, or raises `InvalidIdentifier` with a
stable code and a message. Where a rule is only custom, the number is taken and
`doubts` says what looks unusual.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from question_bank.engine.definition import Localized

PATENT_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
PATENT_KINDS: Final[Mapping[str, str]] = {
    "1": "invention",
    "2": "utility_model",
    "3": "design",
    "8": "invention",
    "9": "utility_model",
}
"""The digit after the year; 8 and 9 came through the PCT."""

FIRST_PATENT_YEAR: Final = 1985
LAST_CLASS: Final = 45

_BLANKS = re.compile(r"[\s\u00a0\u200b-\u200f\u2060\ufeff]+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_PATENT = re.compile(r"(?:ZL|CN)?(\d{12}|\d{8})\.?([\dX])", re.ASCII)
_PATENT_UNCHECKED = re.compile(r"(?:ZL|CN)?(\d{12}|\d{8})\.?", re.ASCII)
_PUBLICATION = re.compile(r"(?:CN)?\d{6,9}[A-CSUY]\d?", re.ASCII)
_PCT = re.compile(r"PCT/?([A-Z]{2})/?(\d{4}|\d{2})/?(\d{5,6})", re.ASCII)
_TRADEMARK = re.compile(
    r"(?:第)?(\d{1,8}[A-Z]?)(?:号)?(?:[/\-,，]?第?(\d{1,2})类?)?", re.ASCII
)
_MADRID = re.compile(
    r"(?:G|IR)[.\-]?([0-9]{6,7}[A-Z]?)(?:[/\-,，]?第?([0-9]{1,2})类?)?"
)
_SOFTWARE = re.compile(r"(\d{4})SR(\d{6,7})", re.ASCII)
_SOFTWARE_CERTIFICATE = re.compile(r"软著登字第?\d{6,8}号?", re.ASCII)
_WORK = re.compile(r"(\w)作登字-?([0-9]{4})-?([A-L])-?([0-9]{5,8})")
_VARIETY = re.compile(r"CNA\d{8}(?:\.\d|\d{1,3})?", re.ASCII)
_LAYOUT = re.compile(r"BS\.?(\d{9}(?:\.?[\dX])?)", re.ASCII)
_CERTIFICATE = re.compile(r"[0-9A-Z][0-9A-Z\-/]{7,29}", re.ASCII)
_HIGH_TECH = re.compile(r"GR(\d{4})(\d{2})(\d{6})", re.ASCII)
_CASE = re.compile(
    r"\(([0-9]{4})\)(\w{1,12}?)(第?[0-9]{1,6}号(?:之[一二三四五六七八九十]+)?)"
)
_BODY_APPROVAL = re.compile(r"CNCA-RF?-\d{4}-\d{2,4}", re.ASCII)


class InvalidIdentifier(ValueError):
    """The text is no such number; `code` is stable, `message` is for people."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.message: Localized = {"zh": zh, "en": en}


@dataclass(frozen=True)
class Right:
    """One number in its stored form.

    `kind` is what it stands for, `filed_year` the year in a patent's number,
    `doubts` what looks unusual though it is taken.
    """

    kind: str
    number: str
    filed_year: int | None = None
    doubts: tuple[Localized, ...] = ()


def normalise(text: str) -> str:
    """Return `text` half-width and in upper case, without blanks, one kind of dash."""
    plain = unicodedata.normalize("NFKC", text)
    return _DASHES.sub("-", _BLANKS.sub("", plain)).upper()


def patent_check_digit(body: str) -> str:
    """Return the check character for the 8 or 12 digits of an application number."""
    total = sum(int(digit) * weight for digit, weight in zip(body, PATENT_WEIGHTS))  # noqa: B905 - an old number is shorter
    return "0123456789X"[total % 11]


def parse_patent(text: str) -> Right:
    """Return a Chinese patent by its application number, in any usual form."""
    plain = normalise(text)
    match = _PATENT.fullmatch(plain)
    if match is None:
        raise _no_patent(plain)
    body, check = match.groups()
    year, kind = _patent_year(body), PATENT_KINDS.get(body[_kind_place(body)])
    if kind is None or year is None:
        raise InvalidIdentifier(
            "patent_form",
            "专利号中的年份或种类位不对：年份之后的一位应为 1（发明）、2（实用新型）、"
            "3（外观设计）、8 或 9（PCT）。",
            "Year or kind digit is wrong: after the year stands 1 (invention), "
            "2 (utility model), 3 (design), 8 or 9 (PCT).",
        )
    if patent_check_digit(body) != check:
        raise InvalidIdentifier(
            "patent_check_digit",
            "校验位不符，说明专利号中有输错的数字，请对照证书核对。",
            "The check digit does not fit: a digit is mistyped. "
            "Compare with the certificate.",
        )
    return Right(kind, f"{body}.{check}", year)


def _kind_place(body: str) -> int:
    return 4 if len(body) == 12 else 2


def _patent_year(body: str) -> int | None:
    if len(body) == 12:
        year = int(body[:4])
        return year if 2003 <= year < 2100 else None
    year = int(body[:2])
    # Numbers of eight digits were given from April 1985 to September 2003.
    if year >= FIRST_PATENT_YEAR - 1900:
        return 1900 + year
    return 2000 + year if year <= 3 else None


def _no_patent(plain: str) -> InvalidIdentifier:
    if _PATENT_UNCHECKED.fullmatch(plain):
        return InvalidIdentifier(
            "patent_check_missing",
            "缺少校验位：请填写完整的专利号，例如 ZL201310699744.2。",
            "The check digit is missing: give the whole number, "
            "such as ZL201310699744.2.",
        )
    if _PUBLICATION.fullmatch(plain):
        return InvalidIdentifier(
            "publication_number",
            "这是公开号或公告号（CN 开头、字母结尾），不是专利号。"
            "请填写申请号，例如 ZL201310699744.2。",
            "This is a publication number (CN…, ending in a letter), not a patent "
            "number. Give the application number, such as ZL201310699744.2.",
        )
    return InvalidIdentifier(
        "patent_form",
        "不是专利号：应为 12 位数字（2003 年 10 月以前 8 位）加校验位，"
        "例如 ZL201310699744.2。",
        "Not a patent number: 12 digits (8 before October 2003) and a check digit, "
        "such as ZL201310699744.2.",
    )


def patent_life(kind: str, filed_year: int) -> int:
    """Return for how many years from filing a patent lasts at most.

    Designs filed from 1 June 2021 on last 15 years; of 2021 the longer is assumed.
    """
    if kind == "invention":
        return 20
    return 15 if kind == "design" and filed_year >= 2021 else 10


def is_expired(right: Right, end_of: int) -> bool:
    """Tell whether a patent can't be in force any more at the end of that year."""
    if right.filed_year is None:
        return False
    return right.filed_year + patent_life(right.kind, right.filed_year) <= end_of


def parse_pct(text: str) -> Right:
    """Return an international application: PCT/CN2019/081234, PCT/CN03/00123."""
    match = _PCT.fullmatch(normalise(text))
    if match is None:
        raise InvalidIdentifier(
            "pct_form",
            "不是 PCT 国际申请号，应如 PCT/CN2019/081234。",
            "Not an international application number such as PCT/CN2019/081234.",
        )
    office, year, serial = match.groups()
    return Right("pct", f"PCT/{office}{year}/{serial}")


def parse_trademark(text: str) -> Right:
    """Return a mark as number/class; the class (1 to 45) must be given."""
    match = _TRADEMARK.fullmatch(normalise(text))
    if match is None:
        raise InvalidIdentifier(
            "trademark_form",
            "不是商标注册号，应为 1 至 8 位数字加类别，例如 12345678/9。",
            "Not a trade mark number: 1 to 8 digits and the class, such as 12345678/9.",
        )
    number, mark_class = match.groups()
    return Right("trademark", f"{number}/{_mark_class(mark_class)}")


def _mark_class(text: str | None) -> int:
    if text is None:
        raise InvalidIdentifier(
            "trademark_class_missing",
            "缺少类别：商标按“注册号/类别”填写，例如 12345678/9。",
            "The class is missing: give number/class, such as 12345678/9.",
        )
    number = int(text)
    if not 1 <= number <= LAST_CLASS:
        raise InvalidIdentifier(
            "trademark_class",
            "类别应为 1 至 45。",
            "The class is a number from 1 to 45.",
        )
    return number


def parse_madrid(text: str) -> Right:
    """Return an international registration, G or IR and 6 to 7 digits."""
    match = _MADRID.fullmatch(normalise(text))
    if match is None:
        raise InvalidIdentifier(
            "madrid_form",
            "不是马德里国际注册号，应如 G1234567。",
            "Not an international registration number such as G1234567.",
        )
    number, mark_class = match.groups()
    if mark_class is None:
        return Right("madrid", f"G{number}")
    return Right("madrid", f"G{number}/{_mark_class(mark_class)}")


def parse_software(text: str) -> Right:
    """Return a software registration, 2019SR0123456."""
    plain = normalise(text)
    match = _SOFTWARE.fullmatch(plain)
    if match:
        return Right("software", f"{match[1]}SR{match[2]}")
    if _SOFTWARE_CERTIFICATE.fullmatch(plain):
        raise InvalidIdentifier(
            "software_certificate",
            "这是证书号。请填写证书上的登记号，例如 2019SR0123456。",
            "This is the number of the certificate. Give the registration number on "
            "it, such as 2019SR0123456.",
        )
    raise InvalidIdentifier(
        "software_form",
        "不是软件著作权登记号，应如 2019SR0123456。",
        "Not a software registration number such as 2019SR0123456.",
    )


def parse_work(text: str) -> Right:
    """Return a registered work, 国作登字-2020-F-00123456."""
    match = _WORK.fullmatch(normalise(text))
    if match is None:
        raise InvalidIdentifier(
            "work_form",
            "不是作品登记号，应如 国作登字-2020-F-00123456。",
            "Not a registration number of a work such as 国作登字-2020-F-00123456.",
        )
    place, year, kind, serial = match.groups()
    return Right("work", f"{place}作登字-{year}-{kind}-{serial}")


def parse_plant_variety(text: str) -> Right:
    """Return a plant variety, CNA20151234.5; the form is known loosely only."""
    plain = normalise(text)
    if _VARIETY.fullmatch(plain) is None:
        raise InvalidIdentifier(
            "variety_form",
            "不是植物新品种权号，应如 CNA20151234.5。",
            "Not a plant variety number such as CNA20151234.5.",
        )
    return Right("plant_variety", plain)


def parse_layout(text: str) -> Right:
    """Return a layout design, BS.yyxxxxxxx; the form is known loosely only."""
    match = _LAYOUT.fullmatch(normalise(text))
    if match is None:
        raise InvalidIdentifier(
            "layout_form",
            "不是布图设计登记号，应如 BS.195001234。",
            "Not a layout design number such as BS.195001234.",
        )
    return Right("ic_layout", f"BS.{match[1]}")


def parse_certificate(text: str) -> Right:
    """Return the number of a management system certificate.

    Each certification body sets its own form, so an unusual one only raises doubts.
    """
    plain = normalise(text)
    if _CERTIFICATE.fullmatch(plain) is None:
        raise InvalidIdentifier(
            "certificate_form",
            "证书编号应为 8 至 30 位字母、数字、连字符或斜线。",
            "A certificate number has 8 to 30 letters, digits, hyphens or slashes.",
        )
    doubts: list[Localized] = []
    if "IP" not in plain:
        doubts.append(
            {
                "zh": "编号中通常含“IP”，请核对是否为知识产权管理体系证书。",
                "en": "The number usually contains “IP”; is it a GB/T 29490 "
                "certificate?",
            }
        )
    if not re.search(r"R\d", plain):
        doubts.append(
            {
                "zh": "编号中通常含 R0、R1 等认证轮次，请核对。",
                "en": "The number usually contains the round R0, R1 …; please check.",
            }
        )
    return Right("certificate", plain, doubts=tuple(doubts))


def parse_high_tech(text: str) -> Right:
    """Return a high-tech certificate: GR, year, province, six digits."""
    plain = normalise(text)
    match = _HIGH_TECH.fullmatch(plain)
    if match is None or not 2008 <= int(match[1]) < 2100:
        raise InvalidIdentifier(
            "high_tech_form",
            "高新技术企业证书编号应为 GR＋年份＋2 位省份代码＋6 位数字，"
            "例如 GR202037001234。",
            "A high-tech certificate is GR, year, 2-digit province and 6 digits, "
            "such as GR202037001234.",
        )
    return Right("high_tech", plain)


def parse_case(text: str) -> Right:
    """Return a court case number, （2020）鲁06民初123号."""
    plain = normalise(text).replace("〔", "(").replace("〕", ")")
    match = _CASE.fullmatch(plain.replace("[", "(").replace("]", ")"))
    if match is None:
        raise InvalidIdentifier(
            "case_form",
            "不是案号，应如 （2020）鲁06民初123号。",
            "Not a case number such as （2020）鲁06民初123号.",
        )
    year, court, serial = match.groups()
    return Right("case", f"（{year}）{court}{serial}")


def parse_body_approval(text: str) -> Right:
    """Return the approval number of a certification body, CNCA-R-2014-165."""
    plain = normalise(text)
    if _BODY_APPROVAL.fullmatch(plain) is None:
        raise InvalidIdentifier(
            "body_approval_form",
            "认证机构批准号应如 CNCA-R-2014-165。",
            "A certification body's approval is like CNCA-R-2014-165.",
        )
    return Right("body_approval", plain)


REGISTER_READERS: Mapping[str, Callable[[str], Right]] = {
    "patent": parse_patent,
    "pct": parse_pct,
    "trademark": parse_trademark,
    "madrid": parse_madrid,
    "software": parse_software,
    "work": parse_work,
    "plant_variety": parse_plant_variety,
    "ic_layout": parse_layout,
}
"""The kinds a person may choose in the list of IP numbers."""

_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("pct", re.compile(r"PCT")),
    ("software", re.compile(r"[0-9]{4}SR|软著")),
    ("work", re.compile(r"\w作登字")),
    ("plant_variety", re.compile(r"CNA")),
    ("ic_layout", re.compile(r"BS")),
    ("madrid", re.compile(r"G[0-9]|IR")),
    ("patent", re.compile(r"ZL|CN|[0-9]{12}|[0-9]{8}\.?[0-9X]")),
)


def parse_right(kind: str, text: str) -> Right:
    """Return a number of a chosen kind; kind "auto" goes by what it looks like.

    Raises InvalidIdentifier. A patent comes back as invention, utility model or
    design: its number says which.
    """
    if kind in ("invention", "utility_model", "design"):
        right = parse_patent(text)
        if right.kind != kind:
            raise InvalidIdentifier(
                "patent_kind",
                "专利号中的种类与所选类型不一致。",
                "The kind in the patent number is not the kind chosen.",
            )
        return right
    if kind == "auto":
        kind = guess_kind(text)
    reader = REGISTER_READERS.get(kind)
    if reader is None:
        raise InvalidIdentifier(
            "unknown_kind", "请选择权利的类型。", "Choose the kind of right."
        )
    return reader(text)


def guess_kind(text: str) -> str:
    """Return the kind a number looks like; plain short numbers look like marks."""
    plain = normalise(text)
    for kind, mark in _MARKS:
        if mark.match(plain):
            return kind
    return "trademark"
