"""What stands in the controls of one question, and what it says to the service.

Names of controls: `a-<id>` the answer, `state-<id>` what is said instead of a
value, `reason-<id>`, `note-<id>`, `document-<id>`, and `revision-<id>`, the
revision the person saw. A question without `revision-<id>` wasn't on the page.
Radios that stand for a state carry its name after "~".
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import QueryDict
from django.utils.translation import gettext as _

from backend.errors import Invalid
from question_bank.engine.definition import Kind, Question

RADIO_KINDS = frozenset({Kind.LEVEL, Kind.YESNO, Kind.CHOICE})
STATES = frozenset({"dont_know", "not_applicable", "not_occurred"})
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class Stored(Protocol):
    """The content of an answer or of one of its earlier revisions."""

    @property
    def state(self) -> str: ...
    @property
    def value(self) -> Any: ...
    @property
    def reason(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def document(self) -> str: ...


@dataclass(frozen=True)
class Typed:
    """The controls' content: `values` are raw texts, `states` are ticked states."""

    values: tuple[str, ...] = ()
    states: frozenset[str] = frozenset()
    reason: str = ""
    note: str = ""
    document: str = ""

    @property
    def text(self) -> str:
        """The content of a single line, empty when nothing is typed."""
        return self.values[0] if self.values else ""


def from_post(question: Question, post: QueryDict) -> Typed | None:
    """Return what was typed for a question, None when it wasn't on the page."""
    key = question.id
    if f"revision-{key}" not in post:
        return None
    raw = [_clean(value) for value in post.getlist(f"a-{key}")]
    states = {value[1:] for value in raw if value.startswith("~")}
    states.update(post.getlist(f"state-{key}"))
    values = (v for v in raw if v and not v.startswith("~"))
    known = frozenset(states & STATES)
    return Typed(
        values=tuple(sorted(values)),
        states=known,
        reason=_clean(post.get(f"reason-{key}", ""))
        if "not_applicable" in known
        else "",
        note=_clean(post.get(f"note-{key}", "")),
        document=_clean(post.get(f"document-{key}", "")),
    )


def from_stored(question: Question, stored: Stored | None) -> Typed:
    """Return the controls' content that shows a stored answer."""
    if stored is None:
        return Typed()
    states = frozenset({stored.state}) & STATES
    return Typed(
        values=raw_values(question, stored.value),
        states=states,
        reason=stored.reason,
        note=stored.note,
        document=stored.document,
    )


def raw_values(question: Question, value: Any) -> tuple[str, ...]:
    """Return what the controls of a question hold for a value."""
    if value is None:
        return ()
    if question.type is Kind.YESNO:
        return ("yes" if value else "no",)
    if question.type is Kind.CHOICES:
        return tuple(sorted(value))
    return (str(value),)


def answer_data(question: Question, typed: Typed) -> dict[str, Any]:
    """Return `typed` as `save_answer` takes it; Invalid when it can't be read."""
    texts = {"note": typed.note, "document": typed.document}
    states = typed.states - {"not_occurred"}
    if states and (len(states) > 1 or _is_contradictory(question, typed)):
        problem = _("既填写了内容，又勾选了别的回答。请只保留一种。")
        raise Invalid(problem, fields={"value": problem})
    if "not_applicable" in states:
        return {"state": "not_applicable", "reason": typed.reason, **texts}
    if "dont_know" in states:
        return {"state": "dont_know", **texts}
    value = _value(question, typed)
    if "not_occurred" in typed.states:
        return {"state": "not_occurred", "value": value, **texts}
    if value is None:
        return {"state": "unanswered", **texts}
    return {"state": "answered", "value": value, **texts}


def _is_contradictory(question: Question, typed: Typed) -> bool:
    """Tell whether a value stands beside a tick; radios exclude each other."""
    return bool(typed.values) and question.type not in RADIO_KINDS


def _value(question: Question, typed: Typed) -> Any:
    if not typed.values:
        return None
    text = typed.text
    if question.type is Kind.LEVEL:
        # The engine says what is wrong with any other text, however long it is.
        return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else text
    if question.type is Kind.YESNO:
        return {"yes": True, "no": False}.get(text, text)
    if question.type is Kind.CHOICES:
        return list(typed.values)
    if question.type is Kind.NUMBER:
        return _number(text)
    return _iso_date(text) if question.type is Kind.DATE else text


def _number(text: str) -> int | float:
    """Read a number with full-width digits or grouped thousands; Invalid if none."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        problem = _("请只填数字，例如 12。")
        raise Invalid(problem, fields={"value": problem})
    return float(plain) if "." in plain else int(plain)


def _iso_date(text: str) -> str:
    """Return YYYY-MM-DD for the usual ways to write a date, else the text itself."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = _DATE.fullmatch(plain)
    if match is None:
        return plain
    year, month, day = match.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
