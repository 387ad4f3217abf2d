"""From an issued bulletin to its PDF in the layout of official papers (GB/T 9704).

Always Chinese. What is printed is the frozen content and nothing else.
"""

import re
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from oversight.bulletins.document import Difference, Document
from oversight.models import Bulletin
from reports.models import BulletinPrint
from reports.queue import Rendered
from reports.rendering import pdf_of
from reports.wording import day_words

LANGUAGE = "zh-hans"
_CJK = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef"
_GAP = re.compile(f"(?<=[{_CJK}]) (?=[0-9A-Za-z‹])|(?<=[0-9A-Za-z%†]) (?=[{_CJK}])")


@dataclass(frozen=True)
class Masthead:
    """What stands above the text, and the ground it rests on."""

    title: str
    issue: str
    issuer: str
    issued: str
    period: str
    known_on: str
    day: str
    sha256: str
    reason: str
    changes: tuple[Difference, ...]


def render_bulletin(printed: BulletinPrint) -> Rendered:
    """Return the PDF of an issued bulletin."""
    with translation.override(LANGUAGE):
        return pdf_of(html_of_bulletin(printed.bulletin))


def html_of_bulletin(bulletin: Bulletin) -> SafeString:
    """Return an issued bulletin as HTML; call it with Chinese active."""
    if bulletin.issued_at is None:
        raise ValueError("A draft is not printed.")
    document = closed_up(bulletin.read().zh)
    issued = timezone.localtime(bulletin.issued_at)
    return render_to_string(
        "reports/bulletin.html",
        {
            "document": document,
            "masthead": masthead(bulletin, document),
            "created": issued.isoformat(timespec="seconds"),
        },
    )


def closed_up(document: Document) -> Document:
    """Return a document without blanks between Chinese and digits in its sentences.

    Papers are set so, and justified lines would stretch the blanks.
    """
    return replace(
        document,
        headline=_closed_up(document.headline),
        sections=tuple(
            replace(
                section,
                paragraphs=_closed_up(section.paragraphs),
                parts=tuple(
                    replace(part, paragraphs=_closed_up(part.paragraphs))
                    for part in section.parts
                ),
            )
            for section in document.sections
        ),
    )


def _closed_up(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_GAP.sub("", text) for text in texts)


def masthead(bulletin: Bulletin, document: Document) -> Masthead:
    """Return the masthead of an issued bulletin."""
    issued = timezone.localtime(bulletin.issued_at)
    return Masthead(
        title=document.title,
        issue=issue_words(bulletin),
        issuer=bulletin.issuer,
        issued=day_words(issued.date()),
        period=document.period,
        known_on=day_words(bulletin.known_on),
        day=day_words(bulletin.day),
        sha256=bulletin.sha256,
        reason=bulletin.reason,
        changes=bulletin.changed(LANGUAGE),
    )


def issue_words(bulletin: Bulletin) -> str:
    """Return "总第3期", and for a correction "总第3期（第1次更正）"."""
    if bulletin.edition == 1:
        return _("总第%s期") % bulletin.number
    return _("总第%(number)s期（第%(times)s次更正）") % {
        "number": bulletin.number,
        "times": bulletin.edition - 1,
    }
