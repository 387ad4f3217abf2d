"""What the sheets of an import workbook hold, column by column.

The template, the reader and the guide are all made from this list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from oversight.counting import facts

Words: TypeAlias = Mapping[str, str]
"""A text in "zh" and "en"."""


class Kind(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    DATE = "date"
    CODE = "code"
    NUMBER = "number"
    CHOICE = "choice"
    BODY = "body"
    DIVISION = "division"


@dataclass(frozen=True)
class Column:
    """One column: `key` names the field of the entry it fills."""

    key: str
    title: Words
    kind: Kind = Kind.TEXT
    required: bool = False
    note: Words | None = None
    choices: Mapping[str, Words] = field(default_factory=dict)
    width: int = 18


@dataclass(frozen=True)
class Sheet:
    """One sheet; `key` names the register it fills."""

    key: str
    title: Words
    columns: tuple[Column, ...]

    def column(self, key: str) -> int:
        """Return the place of a column in the template."""
        return next(n for n, item in enumerate(self.columns) if item.key == key)


STANDARDS: Mapping[str, Words] = {
    item.value: {"zh": item.value, "en": item.value} for item in facts.Standard
}
ISSUES: Mapping[str, Words] = {
    "initial": {"zh": "初次认证", "en": "Initial"},
    "recertification": {"zh": "再认证", "en": "Recertification"},
    "upgrade": {"zh": "换版", "en": "Edition upgrade"},
    "change_of_body": {"zh": "更换认证机构", "en": "Change of body"},
}
STATES: Mapping[str, Words] = {
    "valid": {"zh": "有效", "en": "Valid"},
    "suspended": {"zh": "暂停", "en": "Suspended"},
    "withdrawn": {"zh": "撤销", "en": "Withdrawn"},
    "cancelled": {"zh": "注销", "en": "Cancelled"},
}
LEVELS: Mapping[str, Words] = {
    "municipal": {"zh": "市级", "en": "Municipal"},
    "provincial": {"zh": "省级", "en": "Provincial"},
    "national": {"zh": "国家级", "en": "National"},
    "county": {"zh": "县级", "en": "County"},
}
TITLES: Mapping[str, Words] = {
    "advantage": {"zh": "优势企业", "en": "Advantage enterprise"},
    "demonstration": {"zh": "示范企业", "en": "Demonstration enterprise"},
    "other": {"zh": "其他称号", "en": "Other title"},
}
STAGES: Mapping[str, Words] = {
    "cultivated": {"zh": "培育", "en": "Cultivated"},
    "recognised": {"zh": "认定", "en": "Recognised"},
}

_CODE = Column(
    "credit_code",
    {"zh": "统一社会信用代码", "en": "Credit code"},
    Kind.CODE,
    required=True,
    width=22,
)
_HOLDER_NAME = Column(
    "holder_name",
    {"zh": "单位名称", "en": "Name of the unit"},
    note={
        "zh": "登记库中还没有的单位必填。",
        "en": "Needed for units the registers do not know yet.",
    },
    width=34,
)
_HOLDER_DIVISION = Column(
    "holder_division",
    {"zh": "所在区市", "en": "Division"},
    Kind.DIVISION,
    note={
        "zh": "新单位所在的区市或功能区；不在本市的留空。不要按信用代码推断。",
        "en": "Where a new unit is; empty when outside the city. Never read it from "
        "the credit code.",
    },
)

CERTIFICATES = Sheet(
    "certificates",
    {"zh": "证书", "en": "Certificates"},
    (
        Column(
            "number",
            {"zh": "证书编号", "en": "Certificate number"},
            required=True,
            note={
                "zh": "与认证机构一起确定一张证书；已有的视为更正。",
                "en": "With the body it names one certificate; a known one is "
                "corrected.",
            },
            width=24,
        ),
        Column(
            "body",
            {"zh": "认证机构", "en": "Certification body"},
            Kind.BODY,
            required=True,
            note={
                "zh": "名录中的名称或批准号。",
                "en": "Name or approval number as in the bureau's list.",
            },
            width=30,
        ),
        _CODE,
        _HOLDER_NAME,
        _HOLDER_DIVISION,
        Column(
            "standard",
            {"zh": "标准", "en": "Standard"},
            Kind.CHOICE,
            required=True,
            choices=STANDARDS,
        ),
        Column(
            "issue",
            {"zh": "发证类型", "en": "Kind of issue"},
            Kind.CHOICE,
            required=True,
            choices=ISSUES,
        ),
        Column(
            "first_issued_on",
            {"zh": "初次发证日期", "en": "First issued on"},
            Kind.DATE,
            required=True,
        ),
        Column(
            "issued_on",
            {"zh": "发证日期", "en": "Issued on"},
            Kind.DATE,
            required=True,
        ),
        Column(
            "expires_on",
            {"zh": "到期日", "en": "Expires on"},
            Kind.DATE,
            required=True,
            note={
                "zh": "有效的最后一天；换版证书沿用原到期日。",
                "en": "The last valid day; an upgrade keeps the old one.",
            },
        ),
        Column("scope", {"zh": "认证范围", "en": "Scope"}, width=40),
        Column(
            "group_holder",
            {"zh": "集团证书持有人代码", "en": "Credit code of the group's holder"},
            Kind.CODE,
            width=22,
        ),
        Column(
            "state",
            {"zh": "状态", "en": "State"},
            Kind.CHOICE,
            choices=STATES,
            note={
                "zh": "只在有暂停、撤销、注销或恢复时填写，并填状态日期。",
                "en": "Only when suspended, withdrawn, cancelled or resumed, with "
                "the day.",
            },
        ),
        Column("state_on", {"zh": "状态日期", "en": "State since"}, Kind.DATE),
        Column("state_document", {"zh": "状态依据", "en": "Document of the state"}),
    ),
)
RECOGNITIONS = Sheet(
    "recognitions",
    {"zh": "称号", "en": "Titles"},
    (
        _CODE,
        _HOLDER_NAME,
        _HOLDER_DIVISION,
        Column(
            "level",
            {"zh": "级别", "en": "Level"},
            Kind.CHOICE,
            required=True,
            choices=LEVELS,
        ),
        Column(
            "title",
            {"zh": "类别", "en": "Kind of title"},
            Kind.CHOICE,
            required=True,
            choices=TITLES,
        ),
        Column(
            "stage",
            {"zh": "阶段", "en": "Stage"},
            Kind.CHOICE,
            required=True,
            choices=STAGES,
            note={
                "zh": "培育企业不计入优势企业数。",
                "en": "Cultivated enterprises are not counted.",
            },
        ),
        Column(
            "name",
            {"zh": "称号全称", "en": "Title in full"},
            required=True,
            width=34,
        ),
        Column("round", {"zh": "批次", "en": "Batch"}),
        Column("document", {"zh": "文号", "en": "Document"}, required=True, width=28),
        Column(
            "since",
            {"zh": "认定日期", "en": "Given on"},
            Kind.DATE,
            required=True,
            note={"zh": "文件的日期。", "en": "The day of the document."},
        ),
        Column("term_ends_on", {"zh": "期满日", "en": "Term ends on"}, Kind.DATE),
        Column("ended_on", {"zh": "终止日期", "en": "Ended on"}, Kind.DATE),
        Column("end_reason", {"zh": "终止原因", "en": "Reason of the end"}, width=28),
    ),
)
UNITS = Sheet(
    "units",
    {"zh": "单位", "en": "Units"},
    (
        _CODE,
        Column(
            "name",
            {"zh": "单位名称", "en": "Name of the unit"},
            note={
                "zh": "新单位必填；与原名称不同时，原名称记为曾用名。",
                "en": "Needed for a new unit; another name makes the old one a "
                "former name.",
            },
            width=34,
        ),
        Column(
            "division",
            {"zh": "所在区市", "en": "Division"},
            Kind.DIVISION,
            note={
                "zh": "迁出本市的填“市外”。",
                "en": "“Outside” when it left the city.",
            },
        ),
        Column(
            "since",
            {"zh": "变更日期", "en": "Since"},
            Kind.DATE,
            note={
                "zh": "迁入该区市或改名的日期；单位变更时必填。",
                "en": "When it moved there or took the name; needed for a change.",
            },
        ),
        Column(
            "deregistered_on", {"zh": "注销日期", "en": "Deregistered on"}, Kind.DATE
        ),
        Column(
            "merged_into",
            {"zh": "并入单位代码", "en": "Merged into (credit code)"},
            Kind.CODE,
            width=22,
        ),
    ),
)
SERIES = Sheet(
    "series",
    {"zh": "数值", "en": "Figures"},
    (
        Column("indicator", {"zh": "指标编号", "en": "Indicator"}, required=True),
        Column(
            "period",
            {"zh": "时期", "en": "Period"},
            required=True,
            note={
                "zh": "2017、2017Q3 或 2017-12。",
                "en": "2017, 2017Q3 or 2017-12.",
            },
        ),
        Column("value", {"zh": "数值", "en": "Value"}, Kind.NUMBER, required=True),
        Column("numerator", {"zh": "分子", "en": "Numerator"}, Kind.NUMBER),
        Column("denominator", {"zh": "分母", "en": "Denominator"}, Kind.NUMBER),
        Column(
            "denominator_of",
            {"zh": "分母所指", "en": "Denominator of"},
            note={
                "zh": "分母是哪一天或哪一年的什么数。",
                "en": "Of which day or year, and of what.",
            },
            width=28,
        ),
        Column("source", {"zh": "来源", "en": "Source"}, required=True, width=34),
        Column("note", {"zh": "备注", "en": "Note"}, width=30),
    ),
)
SHEETS = (CERTIFICATES, RECOGNITIONS, UNITS, SERIES)
OUTSIDE: Words = {"zh": "市外", "en": "Outside"}
