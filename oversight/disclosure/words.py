"""What notes and refusals say, in both languages."""

from oversight.disclosure.publish import Reason, Refused
from oversight.disclosure.tables import Note, NoteCode

_NOTES = {
    NoteCode.SHOWN_FROM: (
        "满 {number} 家后显示。",
        "Shown from {number} groups on.",
    ),
    NoteCode.MERGED: (
        "已合并：{categories}。",
        "Merged: {categories}.",
    ),
    NoteCode.HIDDEN: (
        "少于 {number} 家的数字不显示。",
        "Numbers below {number} are not shown.",
    ),
    NoteCode.HELD: (
        "† 沿用以往一期的数字：此后变化不足以更新。",
        "† Kept from an earlier issue: too little has changed since.",
    ),
    NoteCode.ROUNDED: (
        "数字经保密处理并取 5 的整倍数，各项之和可与合计不等。",
        "Numbers are blurred and rounded to 5; they need not add up to the total.",
    ),
    NoteCode.FROM_CLASSES: (
        "由公布的分数段推算。",
        "Worked out from the published classes of scores.",
    ),
    NoteCode.OTHERS: (
        "公布数不足 {number} 的服务机构合并为“其他”。",
        "Agencies below {number} are pooled as “others”.",
    ),
}

_REFUSALS = {
    Reason.UNKNOWN_CATEGORY: (
        "参考数据中没有“{about}”。",
        "The reference data do not know “{about}”.",
    ),
    Reason.DOUBLE_UNIT: (
        "有企业重复出现。",
        "A firm occurs twice.",
    ),
    Reason.OUT_OF_ORDER: (
        "第 {about} 期不在上一期之后。",
        "Issue {about} does not follow the last one.",
    ),
    Reason.AT_EDGE: (
        "“{about}”的数字会使了解其余全部企业的人确定一家企业的情况。",
        "The number of “{about}” would tell one who knows all firms but one about it.",
    ),
    Reason.DETERMINED: (
        "“{about}”中企业的情况可被确定。",
        "Something about a firm of “{about}” could be determined.",
    ),
    Reason.NARROW: (
        "未显示的数字可被推算：{about}",
        "A hidden number can be worked out: {about}",
    ),
}


def note_words(note: Note) -> dict[str, str]:
    """Say a note; names of categories are the codes of the reference data."""
    zh, en = _NOTES[note.code]
    return {
        "zh": zh.format(number=note.number, categories="、".join(note.categories)),
        "en": en.format(number=note.number, categories=", ".join(note.categories)),
    }


def refusal_words(refused: Refused) -> dict[str, str]:
    """Say why nothing is published, to the bureau's managers."""
    zh, en = _REFUSALS[refused.reason]
    return {"zh": zh.format(about=refused.about), "en": en.format(about=refused.about)}
