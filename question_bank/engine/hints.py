"""What to say to an author whose rule cannot be read."""

import re

from question_bank.engine.definition import Localized

# Tried in order at the place where reading stopped, then one character before it
# (the first character of && or == is often read as something else).
_HINTS: tuple[tuple[str, str, str], ...] = (
    (r"==", "等于写一个 =。", "Equality is a single =."),
    (r"&&|&", "“并且”写 and 或 且。", "Write and (or 且)."),
    (r"\|\|?", "“或者”写 or 或 或。", "Write or (or 或)."),
    (r"<>", "不等于写 != 或 ≠。", "Inequality is != (or ≠)."),
    (r"=[<>]", "写成 <= 或 >=。", "Write <= or >=."),
    (r"!(?!=)", "“不”写 not 或 非。", "Write not (or 非)."),
    (r"%|mod\b", "没有取余运算。", "There is no remainder operator."),
    (
        r"(true|false|TRUE|FALSE|True|False)\b",
        "是非值写 yes/no 或 是/否。",
        "Yes/no values are yes and no (or 是 and 否).",
    ),
    (
        r"(null|none|None|NULL)\b",
        "判断有没有回答用 answered(题号)。",
        "Use answered(id) to ask whether there is an answer.",
    ),
    (r"[A-Z]", "题号和关键字用小写字母。", "Ids and words are in lower case."),
    (
        r"[0-9.]",
        "数字写作 50 或 0.5，不带单位、千分位或字母。",
        "Numbers are written 50 or 0.5, without units, separators or letters.",
    ),
    (r"['\"“‘”’]", "字符串的引号没有成对。", "A quotation mark has no partner."),
    (r"并且|而且|和|与", "“并且”写 且 或 and。", "Write and (or 且)."),
    (r"或者", "“或者”写 或 或 or。", "Write or (or 或)."),
    (r"等于|为", "等于写 =。", "Equality is =."),
    (r"大于|小于|不少于|不超过", "比较写 > < >= <=。", "Compare with > < >= <=."),
    (
        r"[\u4e00-\u9fff]",
        "可用的中文词只有 且 或 非 是 否 包含；文字要加引号。",
        "The Chinese words are 且 或 非 是 否 包含; text needs quotation marks.",
    ),
    (
        r"[<>=≤≥≠]",
        "比较不能连写：a < b < c 写成 a < b and b < c。",
        "Comparisons do not chain: write a < b and b < c.",
    ),
    (r"\)", "右括号多了一个，或括号前缺内容。", "A closing bracket too many?"),
)
_COMPILED = tuple((re.compile(p), {"zh": zh, "en": en}) for p, zh, en in _HINTS)

_UNFINISHED = {
    "zh": "结尾缺右括号，或运算符后面缺内容。",
    "en": "A closing bracket or the operand after the last operator is missing.",
}
_GENERAL = {
    "zh": "形如 has_rd = 是 且 employees >= 50；选项代码要加单引号。",
    "en": "Like has_rd = yes and employees >= 50; choice codes stand in quotes.",
}


def hint_for(text: str, position: int) -> Localized:
    """Return advice for a rule that cannot be read from `position` (from 0) on."""
    if position >= len(text.rstrip()):
        return _UNFINISHED
    if position:
        for pattern, advice in _COMPILED[:5]:
            if pattern.match(text, position - 1):
                return advice
    for pattern, advice in _COMPILED:
        if pattern.match(text, position):
            return advice
    return _GENERAL
