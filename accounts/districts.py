"""The districts, cities and functional zones of Yantai an enterprise may name.

Codes of six digits are the division codes of the state (boundaries since June
2020) or the numbers the statistics office gives to zones; three zones have no
such number and get a key of ours. The district is always asked: the credit code
names the registering authority, which is often the city or the province.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class District:
    """One place that reports on its own; `zone` marks functional zones."""

    code: str
    name: Promise
    zone: bool = False


DISTRICTS = (
    District("370602", _("芝罘区")),
    District("370611", _("福山区")),
    District("370612", _("牟平区")),
    District("370613", _("莱山区")),
    District("370614", _("蓬莱区")),
    District("370681", _("龙口市")),
    District("370682", _("莱阳市")),
    District("370683", _("莱州市")),
    District("370685", _("招远市")),
    District("370686", _("栖霞市")),
    District("370687", _("海阳市")),
    District("370672", _("烟台经济技术开发区（黄渤海新区）"), zone=True),
    District("370671", _("烟台高新技术产业开发区"), zone=True),
    District("bonded", _("烟台综合保税区"), zone=True),
    District("kunyu", _("昆嵛山自然保护区"), zone=True),
    District("changdao", _("长岛海洋生态文明综合试验区"), zone=True),
)
DISTRICT_CHOICES = [(district.code, district.name) for district in DISTRICTS]
GROUPED_CHOICES = [
    (_("区市"), [(d.code, d.name) for d in DISTRICTS if not d.zone]),
    (_("功能区"), [(d.code, d.name) for d in DISTRICTS if d.zone]),
]
DISTRICT_CODES = frozenset(district.code for district in DISTRICTS)
