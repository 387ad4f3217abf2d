"""What is new at a client since one's last visit, in words with links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from accounts.mandate_scope import Scope
from frontend.pages.mandates.words import scope_words
from frontend.templatetags.texts import short_time
from reviews.changes import Change

DOORS = {
    "submitted": "client-assessment",
    "started": "client-assessment",
    "answers": "client-assessment",
    "files": "client-assessment",
    "remarks": "review",
    "tasks_done": "plan",
    "plan": "plan",
    "sheet": "client-data-sheet",
    "sheet_confirmed": "client-data-sheet",
    "mandate": "mandate",
}


@dataclass(frozen=True)
class ChangeLine:
    """One change as the page shows it."""

    text: str
    url: str
    when: str
    date: str


@dataclass(frozen=True)
class News:
    """Everything new since a moment; `since` is empty on the first visit."""

    since: str = ""
    lines: tuple[ChangeLine, ...] = ()


def news(changes: Iterable[Change], since: datetime | None) -> News:
    """Return what changed since the last visit in words."""
    if since is None:
        return News()
    return News(short_time(since), tuple(_line(change) for change in changes))


def _line(change: Change) -> ChangeLine:
    return ChangeLine(
        text=_text(change),
        url=reverse(DOORS[change.kind], args=[change.about]),
        when=short_time(change.at),
        date=change.at.isoformat(),
    )


def _text(change: Change) -> str:
    number, words = change.number, {"title": change.title, "number": change.number}
    match change.kind:
        case "submitted":
            return _("提交了新的自评（%(title)s）") % words
        case "started":
            return _("开始填写新的自评（%(title)s）") % words
        case "sheet":
            return _("修改了 %(title)s 年企业数据表") % words
        case "sheet_confirmed":
            return _("确认了 %(title)s 年企业数据表") % words
        case "mandate":
            return _mandate_text(change)
        case _:
            return _counted(change.kind, number) % words


def _counted(kind: str, number: int) -> str:
    return {
        "answers": ngettext(
            "改了 %(number)s 道题的回答（%(title)s）",
            "改了 %(number)s 道题的回答（%(title)s）",
            number,
        ),
        "files": ngettext(
            "新传了 %(number)s 个证明文件（%(title)s）",
            "新传了 %(number)s 个证明文件（%(title)s）",
            number,
        ),
        "remarks": ngettext(
            "答复了评审意见 %(number)s 次", "答复了评审意见 %(number)s 次", number
        ),
        "tasks_done": ngettext(
            "完成了 %(number)s 项整改任务", "完成了 %(number)s 项整改任务", number
        ),
        "plan": ngettext(
            "更新了整改计划 %(number)s 次", "更新了整改计划 %(number)s 次", number
        ),
    }[kind]


def _mandate_text(change: Change) -> str:
    if change.event is None or not change.event.after:
        return _("授权有变化")
    return _("授权变化（%(what)s），现在可以看：%(scope)s") % {
        "what": change.event.get_kind_display(),
        "scope": scope_words(Scope.from_json(change.event.after)),
    }
