"""四、在途与就绪度 and 五、服务机构: out of the published snapshot and nothing else."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from oversight.bulletins.document import Part, Section, Table
from oversight.bulletins.material import Material
from oversight.bulletins.words import (
    Names,
    drawn_text,
    part_title,
    section_title,
    share_text,
)
from oversight.disclosure.tables import Entry, NoteCode, Table as Drawn
from oversight.shown import Shown
from oversight.standing import STANDARD_BANKS


def readiness_section(number: int, material: Material) -> Section:
    """Return the pipeline, readiness and the weakest requirements as published."""
    title = section_title(number, _("在途与就绪度"))
    shown = material.shown
    if shown is None:
        return Section(title, (), (_no_snapshot(),))
    found = _Drawing(shown, material.names)
    parts = (
        found.pipeline(1),
        found.readiness(2),
        *found.one_way(3),
        *found.two_way(7),
        found.gaps(9),
    )
    return Section(title, parts, (_ground(shown),))


def agencies_section(number: int, material: Material) -> Section:
    """Return the clients of agencies as published, and how many are certified."""
    title = section_title(number, _("服务机构"))
    if material.shown is None:
        return Section(title, (), (_no_snapshot(),))
    found = _Drawing(material.shown, material.names)
    table = found.lines("agency", "agency", _("服务机构的客户企业（家）"))
    certified = found.lines(
        "agency_certified", "agency", _("其中已获证的客户企业（家）")
    )
    parts = (
        Part(part_title(1, _("客户企业")), (), table),
        Part(part_title(2, _("已获证的客户企业")), (), certified),
    )
    return Section(title, parts)


def _no_snapshot() -> str:
    return _("截至本期没有已发布的统计快照，不列数字。")


def _ground(shown: Shown) -> str:
    return _(
        "本部分和下一部分只用第 %(number)s 号快照（%(month)s）"
        "已发布的数字，经保密处理。"
    ) % {"number": shown.number, "month": shown.month}


class _Drawing:
    """The tables of one snapshot in words."""

    def __init__(self, shown: Shown, names: Names) -> None:
        self._shown = shown
        self._names = names

    def lines(self, key: str, kind: str, title: str) -> Table:
        """Return a one-way table; shares are of the published numbers."""
        drawn = self._shown.table(key)
        with_shares = any(entry.share is not None for entry in drawn.entries)
        rows = []
        for entry in drawn.entries:
            row = [self._names.line(kind, entry.row), drawn_text(entry)]
            rows.append((*row, share_text(entry)) if with_shares else tuple(row))
        headers = [_("类别"), _("家数")]
        if with_shares:
            headers.append(_("占比"))
        return Table(key, title, tuple(headers), tuple(rows), self._notes(drawn, kind))

    def pipeline(self, number: int) -> Part:
        """Return how many stand at each stage and how long it took those before."""
        drawn = self._shown.table("stage")
        days = {one.stage: str(one.median_days) for one in self._shown.durations}
        rows = tuple(
            (
                self._names.line("stage", entry.row),
                drawn_text(entry),
                share_text(entry),
                days.get(entry.row[0], "–"),
            )
            for entry in drawn.entries
        )
        headers = (_("阶段"), _("家数"), _("占比"), _("停留中位天数"))
        notes = self._notes(drawn, "stage")
        title = _("各阶段的企业（家）")
        table = Table("stage", title, headers, rows, notes)
        return Part(part_title(number, _("在途企业")), self._total(drawn), table)

    def readiness(self, number: int) -> Part:
        """Return the bands, with mean and quartiles of scores."""
        average = self._shown.average
        text = _("得分的平均数和四分位数尚不满足公布条件。")
        if average is not None:
            text = _(
                "得分平均 %(mean)s 分，中位 %(median)s 分，"
                "下四分位 %(lower)s 分，上四分位 %(upper)s 分，由公布的分数段推算。"
            ) % {
                "mean": average.mean,
                "median": average.median,
                "lower": average.lower_quartile,
                "upper": average.upper_quartile,
            }
        table = self.lines("band", "band", _("就绪等级（家）"))
        return Part(part_title(number, _("就绪等级")), (text,), table)

    def one_way(self, number: int) -> Iterator[Part]:
        """Return scores, districts, sizes and industries."""
        titles = {
            "score": _("得分分布"),
            "district": _("按区市"),
            "size": _("按规模"),
            "industry": _("按行业"),
        }
        for place, (key, title) in enumerate(titles.items(), start=number):
            table = self.lines(key, key, _("已提交自评的企业，%s（家）") % title)
            yield Part(part_title(place, title), (), table)

    def two_way(self, number: int) -> Iterator[Part]:
        """Return zones by industry and by band; when they are not shown, why."""
        titles = {
            "zone_industry": ("industry", _("片区和行业")),
            "zone_band": ("band", _("片区和就绪等级")),
        }
        for place, (key, (kind, title)) in enumerate(titles.items(), start=number):
            drawn = self._shown.table(key)
            yield Part(part_title(place, title), *self._grid(drawn, kind, title))

    def _grid(
        self, drawn: Drawn, kind: str, title: str
    ) -> tuple[tuple[str, ...], Table | None]:
        if not drawn.rows:
            return self._notes(drawn, kind), None
        entries = {(entry.row, entry.column): entry for entry in drawn.entries}
        rows = tuple(
            (
                self._names.line("zone", row),
                *(_cell(entries.get((row, column))) for column in drawn.columns),
            )
            for row in drawn.rows
        )
        headers = [self._names.line(kind, column) for column in drawn.columns]
        named = _("已提交自评的企业，%s（家）") % title
        notes = self._notes(drawn, kind)
        return (), Table(drawn.key, named, (_("片区"), *headers), rows, notes)

    def gaps(self, number: int) -> Part:
        """Return the ten weakest requirements of the edition most are assessed by."""
        key = f"gaps:{STANDARD_BANKS[0]}"
        drawn = self._shown.table(key)
        title = part_title(number, _("薄弱条款前十"))
        if not drawn.entries:
            return Part(title, self._notes(drawn, key))
        table = self.lines(key, key, _("低于 2 级的企业最多的条款（家）"))
        return Part(title, (), table)

    def _total(self, drawn: Drawn) -> tuple[str, ...]:
        if drawn.total is None:
            return ()
        return (_("平台上共有企业约 %s 家。") % drawn.total,)

    def _notes(self, drawn: Drawn, kind: str) -> tuple[str, ...]:
        zoned = drawn.key.startswith("zone_")
        found = []
        for note in drawn.notes:
            is_zone = zoned and set(note.categories) <= set(self._names.of["zone"])
            merged = note.code is NoteCode.MERGED
            spoken = "zone" if merged and is_zone else kind
            found.append(self._names.note(spoken, note))
        return tuple(found)


def _cell(entry: Entry | None) -> str:
    return "–" if entry is None else drawn_text(entry)
