"""Words of authoring: kinds of questions and parts, problems, effects."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

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
    "veto": gettext_lazy("否决事项"),
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


FIELD_WORDS = {
    "text": gettext_lazy("题面"),
    "help": gettext_lazy("说明"),
    "title": gettext_lazy("名称"),
    "summary": gettext_lazy("简介"),
    "meaning": gettext_lazy("含义"),
    "section": gettext_lazy("部分"),
    "clause": gettext_lazy("条款"),
    "clauses": gettext_lazy("条款"),
    "weight": gettext_lazy("权重"),
    "modality": gettext_lazy("要求程度"),
    "looks_at": gettext_lazy("审核方式"),
    "mandatory": gettext_lazy("关键项"),
    "event_based": gettext_lazy("本期未发生"),
    "na": gettext_lazy("不适用"),
    "applies_when": gettext_lazy("什么情况下问"),
    "departments": gettext_lazy("部门"),
    "levels": gettext_lazy("等级的锚点"),
    "evidence": gettext_lazy("证据"),
    "guidance": gettext_lazy("整改建议"),
    "after": gettext_lazy("先做哪些题的整改"),
    "finding": gettext_lazy("不符合的表述"),
    "laws": gettext_lazy("相关法规"),
    "source": gettext_lazy("依据的核对情况"),
    "unit": gettext_lazy("单位"),
    "min": gettext_lazy("最小值"),
    "max": gettext_lazy("最大值"),
    "integer": gettext_lazy("只收整数"),
    "optional": gettext_lazy("可以不答"),
    "choices": gettext_lazy("选项"),
    "points": gettext_lazy("按值给分"),
    "columns": gettext_lazy("表格的列"),
    "rule": gettext_lazy("规则"),
    "when": gettext_lazy("什么情况下提示"),
    "max_length": gettext_lazy("最多字数"),
    "prohibited": gettext_lazy("禁止性行为"),
    "bands": gettext_lazy("就绪等级"),
    "policy": gettext_lazy("阈值"),
    "quick_scan": gettext_lazy("快速测评的题目"),
    "number": gettext_lazy("编号"),
    "certainty": gettext_lazy("可信度"),
    "questions": gettext_lazy("涉及的题目"),
    "kind": gettext_lazy("性质"),
}


def field_word(field: str) -> str:
    """Return a field in words: levels.2.text is 等级的锚点 2."""
    first, *inner = field.split(".")
    word = str(FIELD_WORDS.get(first, first))
    rest = [step for step in inner if step not in ("text", "zh", "en")]
    return " ".join((word, *rest))


def readable(text: str) -> str:
    """Return a stored value without the marks of its structure."""
    try:
        value = json.loads(text) if text[:1] in ("{", "[") else text
    except ValueError:
        return text
    return "\n".join(_lines(value))


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        # Chinese stands first, whatever order a stored document has.
        for key in sorted(value, key=lambda name: name != "zh"):
            texts = list(_lines(value[key]))
            if key in ("zh", "en"):
                yield from texts
            else:
                yield f"{field_word(key)}{_('：')}{_('；').join(texts)}"
    elif isinstance(value, list):
        for inner in value:
            yield "; ".join(_lines(inner))
    else:
        yield str(value)


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
