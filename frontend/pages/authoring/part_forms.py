"""The forms of everything that is no question: frame, section, clause, gate, check."""

from django.utils.translation import gettext as _

from frontend.components import Option
from frontend.pages.authoring.form_lines import Group, Line, Rows, pair
from frontend.pages.authoring.question_form import question_groups
from question_bank.source_tree import Part, Source, find


def groups_of(source: Source, part: Part) -> tuple[Group, ...]:
    """Return the form of a part as it stands in the source."""
    if part.kind == "question":
        return question_groups(source, str(find(source, part).get("type", "")))
    return (*_FORMS[part.kind](),)


def _frame() -> tuple[Group, ...]:
    return (
        _identity(),
        _policy(),
        Group(_("就绪等级"), rows=_bands(), hint=_("由高到低排列。")),
        Group(_("部门"), rows=_departments()),
    )


def _identity() -> Group:
    return Group(
        _("题库说明"),
        (
            pair("title", _("名称"), required=True),
            pair("summary", _("简介"), required=True, height=4),
            (
                Line("reviewed_by", _("审定的专家组"), hint=_("未审定则留空。")),
                Line("reviewed_on", _("审定日期"), hint=_("例如 2026-01-05。")),
            ),
            (
                Line(
                    "quick_scan", _("快速测评的题目"), "list",
                    hint=_("题目编号，用逗号隔开。"),
                ),
            ),
        ),
    )  # fmt: skip


def _policy() -> Group:
    return Group(
        _("阈值"),
        (
            (
                Line("policy/completeness_min", _("完整度至少"), "number"),
                Line("policy/na_share_doubt", _("“不适用”占比存疑"), "number"),
                Line("policy/weak_items_per_clause", _("同条款弱项数"), "number"),
            ),
            (
                Line("policy/systemic_share", _("系统性问题占比"), "number"),
                Line("policy/evidence_gap", _("证据差距（分）"), "number"),
            ),
        ),
        hint=_(
            "占比写作 0 到 1 的小数。留空用默认值：完整度 0.9，不适用占比 0.25，"
            "弱项数 3，系统性问题占比 0.5，证据差距 10 分。"
        ),
    )


def _bands() -> Rows:
    return Rows(
        "bands",
        _("就绪等级"),
        _("增加一个等级"),
        (
            (
                Line("id", _("编号"), required=True),
                *pair("title", _("名称"), "line", required=True),
            ),
            pair("meaning", _("含义"), required=True),
            (
                Line("min_self", _("自评得分至少"), "number"),
                Line("min_evidenced", _("可证得分至少"), "number"),
                Line("max_major", _("严重不符合至多"), "number"),
                Line("max_minor_share", _("一般不符合占比至多"), "number"),
            ),
        ),
    )


def _departments() -> Rows:
    return Rows(
        "departments",
        _("部门"),
        _("增加一个部门"),
        (
            (
                Line("id", _("编号"), required=True),
                *pair("title", _("名称"), "line", required=True),
            ),
        ),
    )


def _section() -> tuple[Group, ...]:
    return (
        Group(
            _("部分"),
            (
                pair("title", _("名称"), "line", required=True),
                (
                    Line(
                        "weight", _("权重"), "number", required=True,
                        hint=_("0 表示只收集事实，不计分。"),
                    ),
                    Line("chapter", _("标准的章"), required=True),
                ),
                (Line("na_allowed", _("本部分允许答“不适用”"), "flag"),),
                (Line("bonus", _("加分部分：加在 100 分之上"), "flag"),),
            ),
        ),
    )  # fmt: skip


def _clause() -> tuple[Group, ...]:
    certainties = (
        Option("A", _("A：已对照原文")),
        Option("B", _("B：两处以上公开资料一致")),
        Option("C", _("C：仅一处资料或推断")),
    )
    normative = (Option("yes", _("是")), Option("no", _("否，仅供参考")))
    return (
        Group(
            _("条款"),
            (
                (
                    Line("number", _("编号"), hint=_("不确定则留空。")),
                    Line(
                        "certainty", _("可信度"), "select", certainties, required=True
                    ),
                    Line("normative", _("是要求"), "select", normative, default="yes"),
                ),
                pair("title", _("标题"), "line", required=True),
            ),
        ),
    )


def _gate() -> tuple[Group, ...]:
    return (
        Group(
            _("申请前提"),
            (
                pair("title", _("名称"), "line", required=True),
                pair("help", _("说明"), required=True, height=4),
                (Line("rule", _("满足的条件"), "rule", required=True),),
                (
                    Line("wait/question", _("从哪道日期题起算")),
                    Line("wait/months", _("满几个月"), "number"),
                ),
                (Line("clause", _("条款"), "list"),),
                pair("guidance", _("没有满足时怎么办"), height=3),
            ),
        ),
    )


def _check() -> tuple[Group, ...]:
    kinds = (
        Option("contradiction", _("矛盾：改正或说明之后才能提交")),
        Option("weak", _("薄弱：只提示")),
    )
    return (
        Group(
            _("一致性检查"),
            (
                (Line("when", _("什么情况下提示"), "rule", required=True),),
                (Line("kind", _("性质"), "select", kinds, required=True),),
                (
                    Line(
                        "questions", _("涉及的题目"), "list", required=True,
                        hint=_("题目编号，用逗号隔开。"),
                    ),
                ),
                pair("text", _("提示的文字"), required=True, height=3),
            ),
        ),
    )  # fmt: skip


_FORMS = {
    "frame": _frame,
    "section": _section,
    "clause": _clause,
    "gate": _gate,
    "check": _check,
}
