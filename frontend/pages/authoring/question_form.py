"""The form of a question: every field its type has, in the order experts think."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from frontend.components import Option
from frontend.pages.authoring.form_lines import Group, Line, Rows, pair
from frontend.templatetags.texts import localized
from question_bank.source_tree import Source

CREATABLE = (
    "level", "yesno", "choice", "choices", "number", "date", "text", "calculated",
    "table", "file",
)  # fmt: skip


def question_groups(source: Source, kind: str) -> tuple[Group, ...]:
    """Return the form of a question of type `kind` in this bank."""
    return tuple(_groups(source, kind))


def section_options(source: Source) -> tuple[Option, ...]:
    """Return the sections to choose from."""
    return _options(source, "sections", "id")


def clause_options(source: Source) -> tuple[Option, ...]:
    """Return the leaf clauses to choose from, with their numbers."""
    parents = {c.get("parent") for c in _items(source, "clauses")}
    return tuple(
        Option(key, f"{item.get('number') or key} {_title(item)}")
        for item in _items(source, "clauses")
        if (key := str(item.get("key", ""))) not in parents
    )


def department_options(source: Source) -> tuple[Option, ...]:
    """Return the departments to choose from."""
    return _options(source, "departments", "id")


def _groups(source: Source, kind: str) -> Iterator[Group]:
    yield _wording()
    yield _place(source)
    if kind == "level":
        yield _anchors(source)
    elif kind in ("choice", "choices"):
        yield _choices()
    elif kind in _VALUES:
        yield Group(_("回答的格式"), _VALUES[kind]())
    elif kind == "table":
        yield _columns()
    yield _condition(kind)
    yield _scoring(kind)
    if kind in ("number", "yesno", "calculated"):
        yield _points(kind)
    yield _evidence()
    if kind == "level":
        yield _guidance(source)
    yield _background()
    yield _laws()


def _wording() -> Group:
    return Group(
        _("题目"),
        (
            pair("text", _("题面"), required=True, hint=_("一句问话，只问一件事。")),
            pair(
                "help", _("说明"), required=True, height=5,
                hint=_("为什么问，审核员怎么看、抽什么；怎样不算。"),
            ),
        ),
    )  # fmt: skip


def _place(source: Source) -> Group:
    departments = department_options(source)
    looks = (
        Option("document", _("文件")),
        Option("record", _("记录")),
        Option("interview", _("访谈")),
        Option("site", _("现场")),
    )
    return Group(
        _("位置"),
        (
            (
                Line(
                    "section", _("部分"), "select", section_options(source),
                    required=True,
                ),
                Line(
                    "clause/first", _("主条款"), "select", clause_options(source),
                    required=True, hint=_("须为末级条款，题目按它分页。"),
                ),
            ),
            (
                Line(
                    "clause/rest", _("其他条款"), "list",
                    hint=_("条款编号，用逗号隔开。"),
                ),
            ),
            (
                Line(
                    "departments/first", _("主答部门"), "select", departments,
                ),
            ),
            (Line("departments/rest", _("协助部门"), "checks", departments),),
            (Line("looks_at", _("审核方式"), "checks", looks),),
        ),
    )  # fmt: skip


def _anchors(source: Source) -> Group:
    scale = source.get("scale")
    levels = scale.get("levels") if isinstance(scale, dict) else None
    marks = levels if isinstance(levels, dict) else {}
    numbers = sorted(key for key in marks if key.isdecimal()) or list("01234")
    lines = tuple(
        pair(
            f"levels/{level}",
            f"{level} {localized(marks.get(level))}".strip(),
            required=True,
            height=3,
        )
        for level in numbers
    )
    hint = _("写看得见的事实，相邻两级要能分得开；3 级是符合。")
    return Group(_("等级的锚点"), lines, hint=hint)


def _choices() -> Group:
    rows = Rows(
        "choices",
        _("选项"),
        _("增加一个选项"),
        (
            (
                Line("id", _("编号"), required=True),
                Line("points", _("得分"), "number", hint=_("0 到 1，不给分则留空。")),
            ),
            pair("text", _("文字"), "line", required=True),
        ),
    )
    return Group(_("选项"), rows=rows)


def _number() -> tuple[tuple[Line, ...], ...]:
    return (
        pair("unit", _("单位"), "line"),
        (
            Line("min", _("最小值"), "number"),
            Line("max", _("最大值"), "number"),
        ),
        (Line("integer", _("只收整数"), "flag"),),
    )


def _text() -> tuple[tuple[Line, ...], ...]:
    return ((Line("max_length", _("最多字数"), "number"),),)


def _calculated() -> tuple[tuple[Line, ...], ...]:
    hint = _("只能引用前面的题目和事实，例如 sampled / total。")
    return (
        (Line("rule", _("计算规则"), "rule", hint=hint, required=True),),
        pair("unit", _("单位"), "line"),
    )


_VALUES = {"number": _number, "text": _text, "calculated": _calculated}


def _columns() -> Group:
    kinds = (
        Option("text", _("文字")),
        Option("number", _("数字")),
        Option("date", _("日期")),
        Option("yesno", _("是或否")),
        Option("choice", _("单选")),
    )
    rows = Rows(
        "columns",
        _("列"),
        _("增加一列"),
        (
            (
                Line("id", _("编号"), required=True),
                Line("type", _("格式"), "select", kinds, required=True),
            ),
            pair("text", _("列名"), "line", required=True),
            (Line("optional", _("可以不填"), "flag"),),
        ),
        hint=_("单选列的选项请在 XLSX 或 YAML 文件里修改。"),
    )
    return Group(_("表格的列"), rows=rows)


def _condition(kind: str) -> Group:
    hint = _("留空则总是问。例如 has_export = 是；只能引用前面的题目。")
    lines: list[tuple[Line, ...]] = [
        (Line("applies_when", _("什么情况下问"), "rule", hint=hint),)
    ]
    if kind in ("number", "yesno", "date"):
        figures = _("只能引用企业数据表的数据，例如 staff；显示在题旁，由填报人决定。")
        lines.append((Line("suggest", _("数据表给出的答案"), "rule", hint=figures),))
    if kind == "level":
        event = _("这类事情可能没有发生：允许答“本期未发生”，仍问机制")
        lines.append((Line("event_based", event, "flag"),))
    lines += [
        (Line("na/allowed", _("允许答“不适用”"), "flag"),),
        (Line("na/reviewer_confirms", _("“不适用”须由评审人确认"), "flag"),),
        (Line("optional", _("可以不答"), "flag"),),
    ]
    return Group(_("什么时候问"), tuple(lines))


def _scoring(kind: str) -> Group:
    modalities = (
        Option("required", _("标准要求")),
        Option("optional", _("标准不强制")),
    )
    lines: list[tuple[Line, ...]] = [
        (
            Line(
                "weight", _("权重"), "number", required=True,
                hint=_("0 表示只收集事实，不计分。"),
            ),
            Line(
                "modality", _("要求程度"), "select", modalities, default="required"
            ),
        )
    ]  # fmt: skip
    if kind == "level":
        severities = (
            Option("major", _("严重不符合")),
            Option("minor", _("一般不符合")),
        )
        lines.append(
            (
                Line(
                    "mandatory/min_level", _("关键项：至少达到几级"), "number",
                    hint=_("不是关键项则留空。"),
                ),
                Line(
                    "mandatory/severity", _("达不到时"), "select", severities,
                    hint=_("不是关键项则留空。"),
                ),
                Line(
                    "mandatory/cap", _("总分上限"), "number",
                    hint=_("达不到时总分封顶，可留空。"),
                ),
            )
        )  # fmt: skip
    lines += [
        (Line("best_of", _("择优组"), hint=_("同组的题只取得分最高的一道。")),),
        (Line("expert", _("由专家评定，评定之前不计零分"), "flag"),),
    ]
    if kind == "yesno":
        lines.append(
            (Line("prohibited", _("禁止性行为：答“是”即为严重不符合"), "flag"),)
        )
    return Group(_("计分"), tuple(lines))


def _points(kind: str) -> Group:
    title, hint = _("按值给分"), _("得分在 0 到 1 之间；不给分则留空。")
    if kind == "yesno":
        lines = (
            (
                Line("points/yes", _("答“是”得分"), "number"),
                Line("points/no", _("答“否”得分"), "number"),
            ),
        )
        return Group(title, lines, hint=hint, open=False)
    rows = Rows(
        "points",
        title,
        _("增加一个节点"),
        ((Line("at", _("值"), "number"), Line("points", _("得分"), "number")),),
        key="at",
        hint=_("值由小到大，节点之间按直线取分。"),
    )
    steps = ((Line("stepped", _("按台阶取分，不按直线"), "flag"),),)
    return Group(title, steps, rows=rows, hint=hint, open=False)


def _evidence() -> Group:
    rows = Rows(
        "evidence",
        _("证据"),
        _("增加一条证据"),
        (
            (
                Line("id", _("编号"), required=True),
                Line("required_from", _("几级起应有"), "number", required=True),
            ),
            pair("text", _("名称"), "line", required=True),
        ),
    )
    return Group(_("证据"), rows=rows, hint=_("什么文件或记录能证明做到了。"))


def _guidance(source: Source) -> Group:
    efforts = (
        Option("S", _("S：不超过 3 人天")),
        Option("M", _("M：4–10 人天")),
        Option("L", _("L：10 人天以上")),
    )
    rows = Rows(
        "guidance",
        _("整改建议"),
        _("增加一条建议"),
        (
            (
                Line(
                    "levels", _("适用等级"), required=True, hint=_("如 0 或 1-2。")
                ),
                Line("effort", _("工作量"), "select", efforts, required=True),
                Line("days", _("人天"), "number", required=True),
                Line("weeks", _("周数"), "number", required=True),
                Line(
                    "owner", _("责任部门"), "select", department_options(source),
                    required=True,
                ),
            ),
            pair("", _("做什么"), required=True, height=3),
        ),
        key="levels",
    )  # fmt: skip
    hint = _("符合（3 级）以下的每一级都要有建议，写怎么做，不重复要求。")
    return Group(_("整改建议"), rows=rows, hint=hint)


def _background() -> Group:
    statuses = (Option("to_verify", _("待核")), Option("verified", _("已核对原文")))
    return Group(
        _("前后关系和不符合的表述"),
        (
            (
                Line(
                    "after", _("先做哪些题的整改"), "list",
                    hint=_("题目编号，用逗号隔开。"),
                ),
            ),
            pair("finding", _("不符合的表述"), height=3),
            (Line(
                    "source/status", _("依据的核对情况"), "select", statuses,
                    default="to_verify",
                ),),
        ),
    )  # fmt: skip


def _laws() -> Group:
    statuses = (Option("to_verify", _("待核")), Option("verified", _("已核对原文")))
    rows = Rows(
        "laws",
        _("相关法规"),
        _("增加一条法规"),
        (
            pair("", _("法规和条文号"), "line", required=True),
            (Line("status", _("核对情况"), "select", statuses, default="to_verify"),),
        ),
        key="zh",
    )
    return Group(_("相关法规"), rows=rows, open=False)


def _options(source: Source, name: str, key: str) -> tuple[Option, ...]:
    return tuple(
        Option(str(item.get(key, "")), _title(item) or str(item.get(key, "")))
        for item in _items(source, name)
    )


def _title(item: dict[str, Any]) -> str:
    title = item.get("title")
    return localized(title) if isinstance(title, dict) else ""


def _items(source: Source, name: str) -> list[dict[str, Any]]:
    found = source.get(name)
    items = found if isinstance(found, list) else []
    return [item for item in items if isinstance(item, dict)]
