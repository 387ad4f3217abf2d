"""The sheets of a bank's workbook that hold the questions and their parts."""

from typing import Final, get_args

from question_bank.engine.definition import Effort, LooksAt, Modality
from question_bank.workbook_columns import (
    CELL_KINDS,
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

QUESTIONS: Final = "questions"
POINTS: Final = "points"

QUESTION = Column("question", "属于哪一题", "the question it belongs to", width=22)

QUESTION_SHEETS: Final = (
    SheetLayout(
        QUESTIONS,
        "题目，按先后顺序",
        "questions in their order",
        (
            ID,
            Column("section", "部分", "section", width=12),
            listing(
                "clause", "条款键，末级条款在前", "clause keys, leaf first", always=True
            ),
            Column("type", "题型", "type", words=KINDS, width=10),
            *texts("text", "题目", "question"),
            *texts("help", "说明：为何问、看什么", "why it is asked, what is sampled"),
            *texts("unit", "单位", "unit", 10),
            number("min", "最小值", "least value"),
            number("max", "最大值", "greatest value"),
            switch("integer", "须为整数", "whole numbers only"),
            number("max_length", "最多字数", "most characters"),
            rule("rule", "计算题的算法", "what a calculated question is worth"),
            switch("stepped", "分值为台阶而非直线", "points are steps, no line"),
            Column("best_of", "同组只计最高一项", "of this group the best counts"),
            switch("expert", "由专家评定", "an expert judges it"),
            rule("suggest", "数据表给出的答案", "what the data sheet says already"),
            number("weight", "权重", "weight"),
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
            number("mandatory.min_level", "关键项最低等级", "critical: least level"),
            Column(
                "mandatory.severity",
                "关键项的严重程度",
                "critical: severity",
                words=("major", "minor"),
            ),
            number("mandatory.cap", "关键项封顶分", "critical: cap of the total"),
            switch("prohibited", "答“是”为禁止行为", "yes = a prohibited act"),
            switch("event_based", "可答“本期未发生”", "may not have occurred"),
            switch("optional", "可以不答", "may stay open"),
            switch("na.allowed", "可答不适用", "may be N/A"),
            switch("na.reviewer_confirms", "不适用须审核确认", "reviewer confirms N/A"),
            rule("applies_when", "何时出现", "when it applies"),
            listing(
                "departments", "部门，第一个负责", "departments, first one answers"
            ),
            listing("after", "应先补的题目", "questions to mend first"),
            *texts("finding", "审核发现的写法", "the finding in an auditor's words"),
            SOURCE,
        ),
        required=True,
    ),
    SheetLayout(
        "levels",
        "每题各等级的锚点",
        "the anchors of each question",
        (
            QUESTION,
            Column("level", "等级", "level", "number", width=8),
            *texts("", "锚点", "anchor", 70),
        ),
        owner=QUESTIONS,
        keyed_by="level",
        places=("question", "level"),
    ),
    SheetLayout(
        "evidence",
        "证据",
        "evidence",
        (
            QUESTION,
            ID,
            *texts("text", "证据", "evidence", 50),
            number("required_from", "从哪一等级起需要", "required from level"),
        ),
        owner=QUESTIONS,
        places=("question",),
    ),
    SheetLayout(
        "guidance",
        "整改建议",
        "advice by level",
        (
            QUESTION,
            Column("levels", "等级或等级段，如 1-2", "level or range, such as 1-2"),
            *texts("", "建议", "advice", 70),
            Column("effort", "工作量", "effort", words=get_args(Effort), width=8),
            number("days", "人日", "person-days"),
            Column("owner", "负责部门", "department in charge"),
            number("weeks", "周数", "weeks"),
        ),
        owner=QUESTIONS,
        keyed_by="levels",
        places=("question", "levels"),
    ),
    SheetLayout(
        "laws",
        "相关法律",
        "laws behind a question",
        (
            QUESTION,
            *texts("", "法律条文名称", "law"),
            Column("status", "是否核对", "verified?", words=STATUSES),
        ),
        owner=QUESTIONS,
        places=("question",),
    ),
    SheetLayout(
        "columns",
        "表格题的列",
        "columns of table questions",
        (
            QUESTION,
            ID,
            Column("type", "类型", "type", words=CELL_KINDS),
            *texts("text", "列名", "heading"),
            switch("optional", "可以不填", "may stay empty"),
        ),
        owner=QUESTIONS,
        places=("question",),
    ),
    SheetLayout(
        "choices",
        "选项",
        "choices",
        (
            QUESTION,
            Column("column", "表格题的哪一列", "which column of a table question"),
            ID,
            *texts("text", "选项", "choice"),
            number("points", "分值（0 到 1）", "points from 0 to 1"),
        ),
        owner=QUESTIONS,
        places=("question", "column"),
    ),
    SheetLayout(
        POINTS,
        "数值或是非题的分值",
        "points of number and yes/no questions",
        (
            QUESTION,
            Column("at", "取值；是非题写 yes 或 no", "value; yes or no", width=10),
            number("points", "分值（0 到 1）", "points from 0 to 1"),
        ),
        owner=QUESTIONS,
        places=("question",),
    ),
)
