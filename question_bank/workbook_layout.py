"""What stands in which sheet and column of a bank's workbook.

One line for every key of the source: a new key is a new line here. Columns are named by
their place in the source with dots between (`mandatory.min_level`, `text.zh`).
"""

from typing import Final, get_args

from question_bank.engine.definition import (
    STRENGTHS,
    Certainty,
    CheckKind,
    Pending,
    Scheme,
)
from question_bank.workbook_columns import (
    ID,
    KINDS,
    SOURCE,
    STATUSES,
    Column,
    SheetLayout,
    listing,
    number,
    rule,
    switch,
    texts,
)
from question_bank.workbook_question_layout import QUESTION_SHEETS

GUIDE: Final = "guide"
"""The sheet of explanations; it is written and never read."""

BANK: Final = "bank"
SCALE: Final = "scale"
BANDS: Final = "bands"
FACTS: Final = "facts"


_RELATIONS: Final = ("same", "narrower", "broader", "related", "dropped")

BANK_KEYS: Final = (
    Column("id", "题库编号", "id of the bank"),
    Column("edition", "标准的版", "edition of the standard", "exact"),
    Column("version", "版本号，如 1.2.0", "version, such as 1.2.0", "exact"),
    Column("locales", "语种", "languages", "list"),
    Column("title", "名称", "title", "texts"),
    Column("summary", "简介", "summary", "texts"),
    Column("mark", "处处显示的标注", "mark shown wherever the bank is", "texts"),
    Column("superseded.by", "被哪一题库取代", "bank that replaced it"),
    Column("superseded.on", "取代日期", "when it was replaced", "date"),
    Column(
        "superseded.applications_until",
        "申请截止日",
        "last day of applications",
        "date",
    ),
    Column(
        "superseded.certificates_until",
        "证书有效截止日",
        "last day of certificates",
        "date",
    ),
    Column("superseded.note", "取代说明", "note on the replacement", "texts"),
    Column("superseded.status", "取代信息是否核对", "verified?", words=STATUSES),
    Column("reviewed_by", "审阅的专家组织", "who reviewed it"),
    Column("reviewed_on", "审阅日期", "when it was reviewed", "date"),
    Column("quick_scan", "快速测评的题目", "questions of the quick scan", "list"),
    Column(
        "scheme",
        "计分办法：conformity 或 points",
        "how it is scored: conformity or points",
        words=get_args(Scheme),
    ),
    number("scale.conforming_level", "符合的等级", "level that conforms"),
    number("scale.nonconforming_below", "低于它为不符合", "below: nonconforming"),
    *(
        number(f"scale.evidence_caps.{name}", "证据强度上限", "cap by evidence")
        for name in STRENGTHS
    ),
    number("policy.completeness_min", "完整率下限", "least completeness"),
    number("policy.na_share_doubt", "不适用占比存疑", "share of N/A in doubt"),
    number("policy.weak_items_per_clause", "条款弱项数", "weak items in a clause"),
    number("policy.systemic_share", "系统性问题占比", "share that is systemic"),
    number("policy.evidence_gap", "证据落差（分）", "evidence gap in points"),
    number("round.excellent_share", "优秀占比", "share that is excellent"),
    number("round.quota", "推荐名额", "places for nominations"),
    number("round.district_quota", "每区市名额", "places for one district"),
    number("round.quota_share", "推荐占比上限", "most share nominated"),
)
"""The rows of the sheet `bank`: everything that is there once."""

BANK_COLUMNS: Final = (
    Column("key", "项目", "what it is", width=30),
    Column("value", "值", "value", "date", width=40),
    *texts("", "文字", "text", 60),
)

SHEETS: Final = (
    SheetLayout(
        "changelog",
        "变更记录",
        "changes of the bank by version",
        (
            Column("version", "版本号", "version", "exact"),
            Column("date", "日期，如 2026-01-31", "date, such as 2026-01-31", "date"),
            *texts("text", "改了什么", "what changed"),
        ),
    ),
    SheetLayout(
        "departments",
        "答题部门",
        "departments that answer",
        (ID, *texts("title", "名称", "title", 30)),
        required=True,
    ),
    SheetLayout(
        FACTS,
        "企业事实；企业数据表已有的只写编号",
        "facts outside the questions; an id alone names one of the data sheet",
        (
            ID,
            Column("type", "类型", "type", words=KINDS),
            *texts("title", "名称", "title", 30),
            *texts("unit", "单位", "unit", 12),
        ),
    ),
    SheetLayout(
        "fact_choices",
        "企业事实的选项",
        "choices of facts",
        (
            Column("fact", "属于哪一项事实", "the fact it belongs to", width=22),
            ID,
            *texts("text", "选项", "choice"),
            number("points", "分值（0 到 1）", "points from 0 to 1"),
        ),
        owner=FACTS,
        part="choices",
        places=("fact",),
    ),
    SheetLayout(
        SCALE,
        "等级与分值",
        "levels and what each is worth",
        (
            Column("level", "等级，从 0 起", "level, from 0", "number"),
            *texts("title", "名称", "title", 30),
            number("points", "分值（0 到 1）", "points from 0 to 1"),
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
            *texts("title", "名称", "title", 20),
            *texts("meaning", "含义", "meaning"),
            number("min_self", "自评得分下限", "least self score"),
            number("min_evidenced", "可证得分下限", "least evidenced score"),
            number("max_major", "严重发现上限", "most major findings"),
            number("max_minor_share", "一般发现占比上限", "most share of minors"),
        ),
        required=True,
        places=("role",),
    ),
    SheetLayout(
        "gates",
        "申请前提",
        "prerequisites outside the score",
        (
            ID,
            *texts("title", "名称", "title", 30),
            *texts("help", "说明", "explanation"),
            rule("rule", "成立才算满足", "met when true"),
            Column(
                "wait.question", "等待期从哪道日期题起算", "date a wait counts from"
            ),
            number("wait.months", "等待月数", "months to wait"),
            listing("clause", "条款", "clauses"),
            *texts("guidance", "怎样满足", "how to meet it"),
            SOURCE,
        ),
    ),
    SheetLayout(
        "vetoes",
        "一票否决",
        "findings on record that bar an application",
        (
            ID,
            *texts("title", "名称", "title", 30),
            *texts("help", "说明", "explanation"),
            listing("kinds", "记录的种类", "kinds of records", always=True),
            number("months", "自决定起的月数", "months from the decision"),
            Column(
                "pending",
                "申诉未决时：open 待定，blocks 仍否决",
                "while an appeal is undecided",
                words=get_args(Pending),
            ),
            *texts("guidance", "怎样解除", "how to lift it"),
            SOURCE,
        ),
    ),
    SheetLayout(
        "pass_lines",
        "历年分数线",
        "pass lines by year",
        (
            Column("year", "年度", "year", "number"),
            number("value", "分数线", "the score asked for"),
            *texts("title", "名称", "title", 30),
            Column("document", "文号", "document", width=30),
            SOURCE,
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
            *texts("title", "标题", "title", 36),
            Column(
                "certainty",
                "把握：A 两处一致，B 一处，C 凭记忆",
                "A two sources, B one, C from memory",
                words=get_args(Certainty),
            ),
            Column(
                "number_status", "条款号是否核对", "number checked?", words=STATUSES
            ),
            switch("normative", "规范性条款", "normative"),
        ),
        required=True,
    ),
    SheetLayout(
        "sections",
        "部分（计分单元）",
        "sections, the units of the score",
        (
            ID,
            Column("chapter", "章", "chapter", "exact", width=9),
            *texts("title", "名称", "title", 30),
            number("weight", "权重，0 为不计分", "weight, 0 = not scored"),
            switch("na_allowed", "可有不适用的题目", "questions may be N/A"),
            switch("bonus", "加分部分", "adds to the total as a bonus"),
        ),
        required=True,
    ),
    *QUESTION_SHEETS,
    SheetLayout(
        "checks",
        "矛盾检查",
        "checks of answers against each other",
        (
            ID,
            rule("when", "成立即有问题", "wrong when true"),
            Column("kind", "矛盾或薄弱", "kind", words=get_args(CheckKind)),
            listing("questions", "涉及的题目", "questions concerned", always=True),
            *texts("text", "提示", "message"),
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
            *texts("note", "说明", "note"),
        ),
    ),
)
"""Every sheet but `bank` and the guide, in the order in which they are written."""
