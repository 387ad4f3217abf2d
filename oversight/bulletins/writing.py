"""Write a bulletin: gather once, say it in both languages."""

from collections import Counter
from collections.abc import Callable

from django.utils.translation import gettext as _, override

from oversight.bulletins.certified import certified_section
from oversight.bulletins.document import LANGUAGES, Content, Document, Section
from oversight.bulletins.leagues import leagues_section
from oversight.bulletins.material import Kind, Material
from oversight.bulletins.progress import is_running, progress_section
from oversight.bulletins.quality import quality_section
from oversight.bulletins.readiness import agencies_section, readiness_section
from oversight.bulletins.titles import titles_section
from oversight.bulletins.words import day_words, period_words, said
from oversight.bulletins.yearly import change_words, yearly_section
from oversight.counting.judging import Status
from oversight.plan_files import shipped_plans

_SECTIONS: tuple[Callable[[int, Material], Section], ...] = (
    progress_section,
    certified_section,
    titles_section,
    readiness_section,
    agencies_section,
    leagues_section,
    quality_section,
)


def content_of(material: Material) -> Content:
    """Return the content of a bulletin; the same material gives the same bytes."""
    documents = {}
    for name, language in LANGUAGES.items():
        with override(language):
            documents[name] = _document(material)
    return Content(**documents)


def title_of(kind: Kind) -> str:
    """Return the title of all bulletins of a kind, in the active language."""
    if kind is Kind.ANNUAL:
        return _("知识产权监测年报")
    return _("知识产权监测简报")


def _document(material: Material) -> Document:
    sections = list(_SECTIONS)
    if material.kind is Kind.ANNUAL:
        sections.insert(-1, yearly_section)
    return Document(
        title=title_of(material.kind),
        period=period_words(material.period),
        headline=_headline(material),
        sections=tuple(
            write(number, material) for number, write in enumerate(sections, start=1)
        ),
    )


def _headline(material: Material) -> tuple[str, ...]:
    return tuple(
        text
        for text in (_counts(material), _standings(material), _participation(material))
        if text
    )


def _counts(material: Material) -> str:
    day = material.day
    now = material.certified_in(day.year, until=day)
    before = material.certified_in(day.year - 1, until=material.day_before)
    return _(
        "截至%(day)s，本年首次获证企业 %(first)s 家"
        "（上年同期 %(before)s 家，%(change)s），"
        "持有有效证书的企业 %(valid)s 家，市级以上优势企业 %(titled)s 家。"
    ) % {
        "day": day_words(day),
        "first": now,
        "before": before,
        "change": change_words(now, before),
        "valid": len(material.valid),
        "titled": len(material.titled),
    }


def _standings(material: Material) -> str:
    running = [plan for plan in shipped_plans() if is_running(plan, material.day)]
    counts = [one for plan in running for one in material.book.of_plan(plan.id)]
    if not counts:
        return ""
    found = Counter(one.judgement.status for one in counts)
    each = _("、").join(
        _("%(status)s %(count)s 项")
        % {"status": said(status.words), "count": found[status]}
        for status in Status
        if found[status]
    )
    return _("现行规划共 %(total)s 项指标：%(each)s。") % {
        "total": len(counts),
        "each": each,
    }


def _participation(material: Material) -> str:
    if material.shown is None:
        return ""
    total = material.shown.table("stage").total
    if total is None:
        return ""
    return _("平台上共有企业约 %(total)s 家（第 %(number)s 号快照，经保密处理）。") % {
        "total": total,
        "number": material.shown.number,
    }
