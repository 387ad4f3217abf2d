"""Words of authoring: kinds of questions and parts, problems, effects."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.templatetags.texts import localized
from question_bank.engine.problems import Problem


def kind_words() -> dict[str, str]:
    """Return what each type of question is called."""
    return {
        "level": _("等级题"),
        "yesno": _("是否题"),
        "choice": _("单选题"),
        "choices": _("多选题"),
        "number": _("数字题"),
        "date": _("日期题"),
        "text": _("文字题"),
        "table": _("表格题"),
        "file": _("文件题"),
        "calculated": _("计算题"),
    }


PART_WORDS = {
    "question": gettext_lazy("题目"),
    "section": gettext_lazy("部分"),
    "clause": gettext_lazy("条款"),
    "gate": gettext_lazy("申请前提"),
    "check": gettext_lazy("一致性检查"),
    "frame": gettext_lazy("题库说明"),
}
SUBJECT_WORDS = {
    **PART_WORDS,
    "bank": gettext_lazy("题库说明"),
    "department": gettext_lazy("部门"),
    "fact": gettext_lazy("企业事实"),
    "band": gettext_lazy("就绪等级"),
}
EFFECT_WORDS = {
    "incompatible": gettext_lazy("已有回答不能直接沿用"),
    "compatible": gettext_lazy("已有回答含义不变，可以沿用"),
    "identical": gettext_lazy("与已有回答无关"),
}
LEVEL_WORDS = {
    "none": gettext_lazy("没有差别"),
    "patch": gettext_lazy("修订（第三段数字）"),
    "minor": gettext_lazy("次版本（第二段数字）"),
    "major": gettext_lazy("主版本（第一段数字）"),
}
SHORT_LEVELS = {
    "none": gettext_lazy("不升"),
    "patch": gettext_lazy("修订"),
    "minor": gettext_lazy("次版本"),
    "major": gettext_lazy("主版本"),
}
KIND_OF_CHANGE = {
    "added": gettext_lazy("新增"),
    "removed": gettext_lazy("删除"),
    "changed": gettext_lazy("修改"),
}


@dataclass(frozen=True)
class Said:
    """A problem in the reader's language."""

    severity: str
    text: str
    hint: str = ""
    control: str = ""


def said(problem: Problem, control: str = "") -> Said:
    """Return a problem with its hint, ready to show."""
    return Said(
        problem.severity,
        localized(problem.message),
        localized(problem.hint) if problem.hint else "",
        control,
    )
