"""What a change does to stored answers: the verdicts, each with its reason."""

from typing import Final, Literal, NamedTuple, TypeAlias

from question_bank.engine.basic_types import Localized

Effect: TypeAlias = Literal["identical", "compatible", "incompatible"]
Level: TypeAlias = Literal["none", "patch", "minor", "major"]


class Verdict(NamedTuple):
    """What a change does to stored answers, the version step it asks for, and why."""

    level: Level
    effect: Effect
    reason: Localized


def _verdict(level: Level, effect: Effect, zh: str, en: str) -> Verdict:
    return Verdict(level, effect, {"zh": zh, "en": en})


NO_MATTER: Final = _verdict(
    "none", "identical", "只是版本号，内容不变。", "The number of the version itself."
)
NOTATION: Final = _verdict(
    "patch", "identical", "规则写法不同，意思相同。", "The rule means the same."
)
RECORD: Final = _verdict(
    "patch",
    "compatible",
    "只是来源、审阅或变更的记录，不影响回答和计分。",
    "A record of source, review or changes; answers and scores stay.",
)
WORDING: Final = _verdict(
    "patch",
    "compatible",
    "只改文字，已有回答的含义不变。",
    "Wording only; stored answers keep their meaning.",
)
ADVICE: Final = _verdict(
    "patch",
    "compatible",
    "只影响整改建议，不影响回答和计分。",
    "Changes the advice only, neither answers nor scores.",
)
DISPLAY: Final = _verdict(
    "patch",
    "compatible",
    "只影响显示和分工，不影响回答和计分。",
    "Changes what is shown or who answers; answers and scores stay.",
)
MEANING: Final = _verdict(
    "minor",
    "compatible",
    "说明变了，这一档的含义可能移动，沿用的回答须确认。",
    "What the answer stands for may have moved; carried answers need confirming.",
)
SCORING: Final = _verdict(
    "minor",
    "compatible",
    "影响计分或结论，已有回答的含义不变。",
    "Changes scores or verdicts; stored answers keep their meaning.",
)
APPLYING: Final = _verdict(
    "minor",
    "compatible",
    "影响题目是否出现或能否提交，已有回答的含义不变。",
    "Changes what applies or blocks; stored answers keep their meaning.",
)
COMES: Final = _verdict(
    "minor", "compatible", "新增，尚无回答。", "New; there is no answer to it yet."
)
GOES: Final = _verdict(
    "minor",
    "compatible",
    "删除，其回答留在旧版本。",
    "Removed; its answers stay with the old version.",
)
WIDER: Final = _verdict(
    "minor",
    "compatible",
    "允许的回答变多，已有回答仍有效。",
    "More can be answered; stored answers stay valid.",
)
NARROWER: Final = _verdict(
    "major",
    "incompatible",
    "允许的回答变少，已有回答可能失效。",
    "Less can be answered; stored answers may be invalid.",
)
NO_CHOICE: Final = _verdict(
    "major",
    "incompatible",
    "选项、等级或列被删除，选过它的回答失效。",
    "A choice, level or column is gone; answers that used it are invalid.",
)
NEW_COLUMN: Final = _verdict(
    "major",
    "incompatible",
    "新增必填列，已有的行没有它。",
    "A required column is new; stored rows lack it.",
)
OTHER_TYPE: Final = _verdict(
    "major",
    "incompatible",
    "类型变了：同一题号不能表示另一种回答，须用新题号。",
    "Another type: an id cannot stand for another kind of answer; use a new id.",
)
OTHER_UNIT: Final = _verdict(
    "major",
    "incompatible",
    "计量单位变了，已有数值不再可比。",
    "Another unit; stored numbers cannot be compared.",
)
OTHER_SCALE: Final = _verdict(
    "major",
    "incompatible",
    "量尺变了，等级不再是原来的意思。",
    "The scale changed; levels no longer mean the same.",
)
OTHER_CLAUSES: Final = _verdict(
    "major",
    "incompatible",
    "条款键消失或改名，回答和发现失去所属条款。",
    "A clause key is gone or renamed; answers and findings lose their clause.",
)
OTHER_BANK: Final = _verdict(
    "major",
    "incompatible",
    "另一题库或另一版标准，回答只能经映射沿用。",
    "Another bank or edition; answers carry over by a map only.",
)
UNJUDGED: Final = _verdict(
    "major",
    "incompatible",
    "这一项的影响尚未判定，按不兼容处理。",
    "Nobody has judged this field; treated as incompatible.",
)
