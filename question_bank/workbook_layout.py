"""What stands in which sheet and column of a bank's workbook.

One line for every key of the source: a new key is a new line here. Columns are named by
their place in the source with dots between (`mandatory.min_level`, `text.zh`).
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from question_bank.engine.definition import (
    STRENGTHS,
    Certainty,
    CheckKind,
    Effort,
    Kind,
    LooksAt,
    Modality,
    VerificationStatus,
)

ColumnKind: TypeAlias = Literal["text", "list", "number", "exact", "date", "texts"]
"""`exact`: a text that looks like a number (7.10); `texts`: Chinese and English."""

GUIDE: Final = "guide"
"""The sheet of explanations; it is written and never read."""

BANK: Final = "bank"
SCALE: Final = "scale"
POINTS: Final = "points"
BANDS: Final = "bands"
QUESTIONS: Final = "questions"


@dataclass(frozen=True)
class Column:
    """A column (or a row of the sheet `bank`), with what it is for."""

    key: str
    zh: str
    en: str
    kind: ColumnKind = "text"
    words: tuple[str, ...] = ()
    width: int = 14
    always: bool = False
    """Whether an empty list is written down rather than left out."""


@dataclass(frozen=True)
class SheetLayout:
    """A sheet whose rows are the items of one list, or parts of a question."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    required: bool = False
    part_of_question: bool = False
    keyed_by: str = ""
    """The column that is the key when the parts are a mapping, as levels are."""
    places: tuple[str, ...] = ()
    """Columns that say where the row belongs, beside what it holds."""

    @property
    def content(self) -> dict[str, Column]:
        """The columns by name that hold what the row is about."""
        return {c.key: c for c in self.columns if c.key not in self.places}


_YES_NO: Final = ("yes", "no")
_KINDS: Final = tuple(str(kind) for kind in Kind)
_CELL_KINDS: Final = ("number", "text", "date", "yesno", "choice")
_STATUSES: Final = get_args(VerificationStatus)
_RELATIONS: Final = ("same", "narrower", "broader", "related", "dropped")


def _texts(key: str, zh: str, en: str, width: int = 44) -> tuple[Column, Column]:
    prefix = f"{key}." if key else ""
    return (
        Column(f"{prefix}zh", f"{zh}（中文）", f"{en} (Chinese)", width=width),
        Column(f"{prefix}en", f"{zh}（英文）", f"{en} (English)", width=width),
    )


def _number(key: str, zh: str, en: str) -> Column:
    return Column(key, zh, en, "number", width=10)


def _switch(key: str, zh: str, en: str) -> Column:
    return Column(key, f"{zh}；yes 或 no", f"{en}: yes or no", words=_YES_NO, width=9)


def _list(key: str, zh: str, en: str, *, always: bool = False) -> Column:
    more = ("；多个用逗号隔开", "; several with commas")
    return Column(key, zh + more[0], en + more[1], "list", width=22, always=always)


def _rule(key: str, zh: str, en: str) -> Column:
    return Column(key, f"{zh}（规则语言）", f"{en} (rule language)", width=36)


_ID = Column(
    "id", "编号，不变且不重复使用", "id: never changed, never reused", width=18
)
_QUESTION = Column("question", "属于哪一题", "the question it belongs to", width=22)
_SOURCE = Column(
    "source.status",
    "要求是否已核对",
    "whether the requirement is verified",
    words=_STATUSES,
)

BANK_KEYS: Final = (
    Column("id", "题库编号", "id of the bank"),
    Column("edition", "标准的版", "edition of the standard", "exact"),
    Column("version", "版本号，如 1.2.0", "version, such as 1.2.0", "exact"),
    Column("locales", "语种", "languages", "list"),
    Column("title", "名称", "title", "texts"),
    Column("summary", "简介", "summary", "texts"),
    Column("reviewed_by", "审阅的专家组织", "who reviewed it"),
    Column("reviewed_on", "审阅日期", "when it was reviewed", "date"),
    Column("quick_scan", "快速测评的题目", "questions of the quick scan", "list"),
    _number("scale.conforming_level", "符合的等级", "level that conforms"),
    _number("scale.nonconforming_below", "低于它为不符合", "below: nonconforming"),
    *(
        _number(f"scale.evidence_caps.{name}", "证据强度上限", "cap by evidence")
        for name in STRENGTHS
    ),
    _number("policy.completeness_min", "完整率下限", "least completeness"),
    _number("policy.na_share_doubt", "不适用占比存疑", "share of N/A in doubt"),
    _number("policy.weak_items_per_clause", "条款弱项数", "weak items in a clause"),
    _number("policy.systemic_share", "系统性问题占比", "share that is systemic"),
    _number("policy.evidence_gap", "证据落差（分）", "evidence gap in points"),
)
"""The rows of the sheet `bank`: everything that is there once."""

BANK_COLUMNS: Final = (
    Column("key", "项目", "what it is", width=30),
    Column("value", "值", "value", "date", width=40),
    *_texts("", "文字", "text", 60),
)

SHEETS: Final = (
    SheetLayout(
        "changelog",
        "变更记录",
        "changes of the bank by version",
        (
            Column("version", "版本号", "version", "exact"),
            Column("date", "日期，如 2026-01-31", "date, such as 2026-01-31", "date"),
            *_texts("text", "改了什么", "what changed"),
        ),
    ),
    SheetLayout(
        "departments",
        "答题部门",
        "departments that answer",
        (_ID, *_texts("title", "名称", "title", 30)),
        required=True,
    ),
    SheetLayout(
        "facts",
        "企业事实（不在题目中）",
        "facts of the enterprise outside the questions",
        (
            _ID,
            Column("type", "类型", "type", words=_KINDS),
            *_texts("title", "名称", "title", 30),
            *_texts("unit", "单位", "unit", 12),
        ),
    ),
    SheetLayout(
        SCALE,
        "等级与分值",
        "levels and what each is worth",
        (
            Column("level", "等级，从 0 起", "level, from 0", "number"),
            *_texts("title", "名称", "title", 30),
            _number("points", "分值（0 到 1）", "points from 0 to 1"),
        ),
        required=True,
        places=("level", "points"),
    ),
    SheetLayout(
        BANDS,
        "就绪等级，从好到差",
        "bands from best to worst",
        (
            Column(
                "role",
                "申请前提未满足时的等级写 gate，其余留空",
                "gate = the band when a prerequisite is open; else empty",
                words=("gate",),
                width=8,
            ),
            Column("id", "编号", "id", width=8),
            *_texts("title", "名称", "title", 20),
            *_texts("meaning", "含义", "meaning"),
            _number("min_self", "自评得分下限", "least self score"),
            _number("min_evidenced", "可证得分下限", "least evidenced score"),
            _number("max_major", "严重发现上限", "most major findings"),
            _number("max_minor_share", "一般发现占比上限", "most share of minors"),
        ),
        required=True,
        places=("role",),
    ),
    SheetLayout(
        "gates",
        "申请前提",
        "prerequisites outside the score",
        (
            _ID,
            *_texts("title", "名称", "title", 30),
            *_texts("help", "说明", "explanation"),
            _rule("rule", "成立才算满足", "met when true"),
            Column(
                "wait.question", "等待期从哪道日期题起算", "date a wait counts from"
            ),
            _number("wait.months", "等待月数", "months to wait"),
            _list("clause", "条款", "clauses"),
            *_texts("guidance", "怎样满足", "how to meet it"),
            _SOURCE,
        ),
    ),
    SheetLayout(
        "clauses",
        "条款树，上级在前",
        "the tree of clauses, parents first",
        (
            Column("key", "条款键，不变", "key, never changed", width=18),
            Column("parent", "上级条款键", "key of the parent", width=18),
            Column("number", "条款号，如 7.10", "number, such as 7.10", "exact"),
            *_texts("title", "标题", "title", 36),
            Column(
                "certainty",
                "把握：A 两处一致，B 一处，C 凭记忆",
                "A two sources, B one, C from memory",
                words=get_args(Certainty),
            ),
            Column(
                "number_status", "条款号是否核对", "number checked?", words=_STATUSES
            ),
            _switch("normative", "规范性条款", "normative"),
        ),
        required=True,
    ),
    SheetLayout(
        "sections",
        "部分（计分单元）",
        "sections, the units of the score",
        (
            _ID,
            Column("chapter", "章", "chapter", "exact", width=9),
            *_texts("title", "名称", "title", 30),
            _number("weight", "权重，0 为不计分", "weight, 0 = not scored"),
            _switch("na_allowed", "可有不适用的题目", "questions may be N/A"),
        ),
        required=True,
    ),
    SheetLayout(
        QUESTIONS,
        "题目，按先后顺序",
        "questions in their order",
        (
            _ID,
            Column("section", "部分", "section", width=12),
            _list(
                "clause", "条款键，末级条款在前", "clause keys, leaf first", always=True
            ),
            Column("type", "题型", "type", words=_KINDS, width=10),
            *_texts("text", "题目", "question"),
            *_texts("help", "说明：为何问、看什么", "why it is asked, what is sampled"),
            *_texts("unit", "单位", "unit", 10),
            _number("min", "最小值", "least value"),
            _number("max", "最大值", "greatest value"),
            _switch("integer", "须为整数", "whole numbers only"),
            _number("max_length", "最多字数", "most characters"),
            _rule("rule", "计算题的算法", "what a calculated question is worth"),
            _number("weight", "权重", "weight"),
            Column(
                "modality",
                "要求或可选（可选者权重 0）",
                "required or optional (then weight 0)",
                words=get_args(Modality),
            ),
            Column(
                "looks_at",
                f"审核看什么：{'、'.join(get_args(LooksAt))}；多个用逗号隔开",
                f"what an auditor looks at: {', '.join(get_args(LooksAt))}",
                "list",
            ),
            _number("mandatory.min_level", "关键项最低等级", "critical: least level"),
            Column(
                "mandatory.severity",
                "关键项的严重程度",
                "critical: severity",
                words=("major", "minor"),
            ),
            _number("mandatory.cap", "关键项封顶分", "critical: cap of the total"),
            _switch("prohibited", "答“是”为禁止行为", "yes = a prohibited act"),
            _switch("event_based", "可答“本期未发生”", "may not have occurred"),
            _switch("optional", "可以不答", "may stay open"),
            _switch("na.allowed", "可答不适用", "may be N/A"),
            _switch(
                "na.reviewer_confirms", "不适用须审核确认", "reviewer confirms N/A"
            ),
            _rule("applies_when", "何时出现", "when it applies"),
            _list("departments", "部门，第一个负责", "departments, first one answers"),
            _list("after", "应先补的题目", "questions to mend first"),
            *_texts("finding", "审核发现的写法", "the finding in an auditor's words"),
            _SOURCE,
        ),
        required=True,
    ),
    SheetLayout(
        "levels",
        "每题各等级的锚点",
        "the anchors of each question",
        (
            _QUESTION,
            Column("level", "等级", "level", "number", width=8),
            *_texts("", "锚点", "anchor", 70),
        ),
        part_of_question=True,
        keyed_by="level",
        places=("question", "level"),
    ),
    SheetLayout(
        "evidence",
        "证据",
        "evidence",
        (
            _QUESTION,
            _ID,
            *_texts("text", "证据", "evidence", 50),
            _number("required_from", "从哪一等级起需要", "required from level"),
        ),
        part_of_question=True,
        places=("question",),
    ),
    SheetLayout(
        "guidance",
        "整改建议",
        "advice by level",
        (
            _QUESTION,
            Column("levels", "等级或等级段，如 1-2", "level or range, such as 1-2"),
            *_texts("", "建议", "advice", 70),
            Column("effort", "工作量", "effort", words=get_args(Effort), width=8),
            _number("days", "人日", "person-days"),
            Column("owner", "负责部门", "department in charge"),
            _number("weeks", "周数", "weeks"),
        ),
        part_of_question=True,
        keyed_by="levels",
        places=("question", "levels"),
    ),
    SheetLayout(
        "laws",
        "相关法律",
        "laws behind a question",
        (
            _QUESTION,
            *_texts("", "法律条文名称", "law"),
            Column("status", "是否核对", "verified?", words=_STATUSES),
        ),
        part_of_question=True,
        places=("question",),
    ),
    SheetLayout(
        "columns",
        "表格题的列",
        "columns of table questions",
        (
            _QUESTION,
            _ID,
            Column("type", "类型", "type", words=_CELL_KINDS),
            *_texts("text", "列名", "heading"),
            _switch("optional", "可以不填", "may stay empty"),
        ),
        part_of_question=True,
        places=("question",),
    ),
    SheetLayout(
        "choices",
        "选项",
        "choices",
        (
            _QUESTION,
            Column("column", "表格题的哪一列", "which column of a table question"),
            _ID,
            *_texts("text", "选项", "choice"),
            _number("points", "分值（0 到 1）", "points from 0 to 1"),
        ),
        part_of_question=True,
        places=("question", "column"),
    ),
    SheetLayout(
        POINTS,
        "数值或是非题的分值",
        "points of number and yes/no questions",
        (
            _QUESTION,
            Column("at", "取值；是非题写 yes 或 no", "value; yes or no", width=10),
            _number("points", "分值（0 到 1）", "points from 0 to 1"),
        ),
        part_of_question=True,
        places=("question",),
    ),
    SheetLayout(
        "checks",
        "矛盾检查",
        "checks of answers against each other",
        (
            _ID,
            _rule("when", "成立即有问题", "wrong when true"),
            Column("kind", "矛盾或薄弱", "kind", words=get_args(CheckKind)),
            _list("questions", "涉及的题目", "questions concerned", always=True),
            *_texts("text", "提示", "message"),
        ),
    ),
    SheetLayout(
        "maps",
        "从其他题库沿用回答的映射",
        "maps from other banks",
        (
            Column("from_bank", "来源题库", "bank it leads from", width=20),
            Column("from", "旧题", "old question", width=22),
            Column("to", "新题", "new question", width=22),
            Column("relation", "关系", "relation", words=_RELATIONS),
            *_texts("note", "说明", "note"),
        ),
    ),
)
"""Every sheet but `bank` and the guide, in the order in which they are written."""
