"""三、优势企业: who holds a title, by the highest tier and by place."""

from collections import Counter

from django.utils.translation import gettext as _

from oversight.bulletins.document import Part, Section, Table
from oversight.bulletins.material import Material, in_order
from oversight.bulletins.progress import tier_name
from oversight.bulletins.words import part_title, place_name, section_title
from oversight.counting.advantage import Tier
from oversight.counting.reasons import Flag


def titles_section(number: int, material: Material) -> Section:
    """Return the exclusive split by tier and division."""
    counts = Counter((line.division_now, line.category) for line in material.titled)
    tiers = [tier.value for tier in Tier]
    places = in_order({place for place, _tier in counts})
    rows = [
        (place_name(code), *_with_sum([counts[code, tier] for tier in tiers]))
        for code in places
    ]
    sums = [sum(counts[code, tier] for code in places) for tier in tiers]
    rows.append((_("全市"), *_with_sum(sums)))
    table = Table(
        key="titles",
        title=_("优势企业数，按最高级别和现行区划（家）"),
        headers=(_("区市"), *(tier_name(tier) for tier in tiers), _("合计")),
        rows=tuple(rows),
        notes=(_("每家企业只按最高级别计一次，各级相加等于合计。培育企业不计。"),),
    )
    part = Part(part_title(1, _("级别和区市")), _paragraphs(material), table)
    return Section(section_title(number, _("优势企业")), (part,))


def _with_sum(numbers: list[int]) -> tuple[str, ...]:
    return tuple(str(number) for number in (*numbers, sum(numbers)))


def _paragraphs(material: Material) -> tuple[str, ...]:
    flags = Counter(flag for line in material.titled for flag in line.flags)
    review, veto = flags[Flag.UNDER_REVIEW], flags[Flag.VETO_ALERT]
    return (
        _(
            "其中期满正在复核的 %(review)s 家，有一票否决事项而尚无撤销文件的 "
            "%(veto)s 家，均仍计入。"
        )
        % {"review": review, "veto": veto},
    )
