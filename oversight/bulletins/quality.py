"""七、数据质量与口径: what is unverified or old, what was corrected, what it means."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from textwrap import wrap

from django.utils.translation import gettext as _

from oversight.bulletins.document import Part, Section, Table
from oversight.bulletins.material import (
    Earlier,
    Kind,
    Material,
    certified_by,
    titled_by,
)
from oversight.bulletins.progress import is_running
from oversight.bulletins.words import (
    day_words,
    number_text,
    part_title,
    said,
    section_title,
)
from oversight.count_book import Count, book_for
from oversight.counting.facts import Facts
from oversight.counting.figures import figures_of
from oversight.counting.valid_stock import count_valid_stock
from oversight.divisions import reporting_years, successors
from oversight.known import end_of, facts_known_on
from oversight.models import CertificateRevision, RecognitionRevision
from oversight.plan_files import shipped_plans

YEAR = timedelta(days=365)


def quality_section(number: int, material: Material) -> Section:
    """Return data quality, definitions, corrections and how numbers are protected."""
    parts = (
        Part(part_title(1, _("待核和陈旧的数据")), (), _quality(material)),
        Part(part_title(2, _("口径")), tuple(_definitions(material))),
        _corrections(3, material),
        Part(part_title(4, _("保密处理和依据")), tuple(_protection(material))),
    )
    return Section(section_title(number, _("数据质量与口径")), parts)


def _quality(material: Material) -> Table:
    rows = [
        (_("证书"), *_waiting(CertificateRevision, material)),
        (_("称号"), *_waiting(RecognitionRevision, material)),
        (_("指标数值"), "–", str(_stale_series(material))),
    ]
    return Table(
        key="quality",
        title=_("数据质量"),
        headers=(_("登记"), _("待核（不计入）"), _("超过 12 个月未更新")),
        rows=tuple(rows),
        notes=(
            _("证书和称号：仍为待核且登记已满 12 个月的条数。"),
            _("指标数值：现行规划中没有近 12 个月数值的指标数。"),
        ),
    )


def _waiting(
    revisions: type[CertificateRevision | RecognitionRevision], material: Material
) -> tuple[str, str]:
    """Return what was never verified by the day of knowledge, and the old of it."""
    known = revisions.objects.known_before(end_of(material.known_on))
    pending = known.filter(is_void=False, verification="pending")
    old = pending.filter(recorded_at__lt=end_of(material.known_on) - YEAR)
    return str(pending.count()), str(old.count())


def _stale_series(material: Material) -> int:
    stale = 0
    for plan in shipped_plans():
        if not is_running(plan, material.day):
            continue
        for indicator in plan.indicators:
            if indicator.rule.counts:
                continue
            name = indicator.series_name
            figures = figures_of(material.facts.series, name, material.day)
            stale += not figures or figures[-1].as_of < material.day - YEAR
    return stale


def _definitions(material: Material) -> Iterator[str]:
    yield _(
        "首次获证企业：以统一社会信用代码认企业，以其首张 GB/T 29490 证书的"
        "初次发证日期所在年份计一次；"
        "以不正当手段取得的剔除，待核的不计。"
    )
    yield _(
        "优势企业：当日持有市级以上优势或示范称号的企业，每家一次；培育企业和县级称号不计，"
        "期满待复核的继续计入。"
    )
    yield _("百分比的变化用“%”，比率之差用“个百分点”，两者不混用。")
    for years in reporting_years():
        if years.covers(material.day.year):
            yield _("考核单位（待核）：%s。") % said(years.notes)
    for plan in shipped_plans():
        if is_running(plan, material.day) or material.kind is Kind.ANNUAL:
            for count in material.book.of_plan(plan.id):
                yield from _changes(count)


def _changes(count: Count) -> Iterator[str]:
    for change in count.judgement.changes:
        mark = _("（待核）") if change.certainty.to_verify else ""
        yield _("口径变更%(mark)s：%(title)s自%(day)s起，%(note)s。") % {
            "mark": mark,
            "title": said(count.indicator.title),
            "day": day_words(change.on),
            "note": said(change.note).rstrip("。."),
        }


def _corrections(number: int, material: Material) -> Part:
    title = part_title(number, _("上期以来的更正"))
    earlier = material.earlier
    if earlier is None:
        return Part(title, (_("没有已签发的上期简报可比。"),))
    rows = [*_corrected_counts(earlier, material), *_corrected(earlier, material)]
    if not rows:
        text = _("《%s》所列各指标没有更正。") % said(earlier.title)
        return Part(title, (text,))
    table = Table(
        key="corrections",
        title=_("对《%s》的更正") % said(earlier.title),
        headers=(_("指标"), _("时期"), _("原数"), _("更正后")),
        rows=tuple(rows),
    )
    return Part(title, (), table)


def _corrected(earlier: Earlier, material: Material) -> Iterator[tuple[str, ...]]:
    """Yield what the plans' indicators were said to be, where it is otherwise."""
    then = book_for(earlier.day, known_on=earlier.known_on)
    now = book_for(earlier.day, known_on=material.known_on)
    for before in then.counts:
        after = now.count(before.plan, before.indicator.id)
        old, new = dict(before.judgement.by_year), dict(after.judgement.by_year)
        for year in sorted({*old, *new}):
            if old.get(year) != new.get(year):
                texts = number_text(old.get(year)), number_text(new.get(year))
                yield (said(before.indicator.title), str(year), *texts)


def _corrected_counts(
    earlier: Earlier, material: Material
) -> Iterator[tuple[str, ...]]:
    """Yield what was counted of the registers for that day, where it is otherwise."""
    old = _register_counts(facts_known_on(earlier.known_on), earlier, earlier.known_on)
    new = _register_counts(material.facts, earlier, material.known_on)
    for key in sorted({*old, *new}, key=lambda key: (key[1], key[0])):
        if old.get(key, 0) != new.get(key, 0):
            yield (*key, str(old.get(key, 0)), str(new.get(key, 0)))


def _register_counts(
    facts: Facts, earlier: Earlier, known_on: date
) -> Counter[tuple[str, str]]:
    day = earlier.day
    found = Counter(
        (_("首次获证企业"), str(line.year)) for line in certified_by(facts, day)
    )
    valid = count_valid_stock(facts, day, successors()).total
    found[_("有效持证企业"), day.isoformat()] = valid
    titled = titled_by(day, known_on=known_on)
    found[_("市级以上优势企业"), day.isoformat()] = len(titled)
    return found


def _protection(material: Material) -> Iterator[str]:
    yield _("登记事实（证书、称号）如实列出，以%s当日所知为准。") % day_words(
        material.known_on
    )
    if material.shown is None:
        return
    yield _(
        "参与和就绪度只经统计快照公布：以控制集团为单位，少于 5 家的不显示，"
        "平均数须满 10 家，"
        "数字取 5 的整倍数，变化不足的沿用以往数字（标†），每期发布前经披露审核。"
    )
    yield _("第 %(number)s 号快照，SHA-256 %(hash)s。") % {
        "number": material.shown.number,
        "hash": " ".join(wrap(material.shown.sha256, 8)),
    }
