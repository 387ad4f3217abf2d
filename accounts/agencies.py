"""Find the agency an owner means, and notice when it looks too close.

There is no public list of agencies: an owner names one exactly.
"""

import re

from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.rules import Kind
from backend.errors import Invalid

_PLAIN = re.compile(
    r"[（(].*?[）)]|股份|有限|责任|公司|集团|事务所|中心|科技|技术|知识产权|专利|商标"
    r"|代理|服务|咨询|管理|企业|机构|山东省?|烟台市?|[省市区县\s]"
)
_LEAST_SHARED = 2
_BODY = slice(8, 17)
"""The part of a credit code that is the organisation's own number."""


def find_agency(text: str) -> Organisation:
    """Return the agency with exactly this name or credit code.

    Raises Invalid, in the same words for one that does not exist and for an
    organisation that is no agency.
    """
    wanted = " ".join(text.split())
    agencies = Organisation.objects.filter(kind=Kind.AGENCY)
    found: list[Organisation] = []
    if wanted:
        found = list(agencies.filter(credit_code=wanted.upper())[:1])
    found = found or list(agencies.filter(name=wanted).order_by("pk")[:2])
    if len(found) == 1:
        return found[0]
    problem = _("没有找到这家服务机构。请核对名称或统一社会信用代码，须完全一致。")
    if found:
        problem = _("有多家服务机构用这个名称。请改填统一社会信用代码。")
    raise Invalid(problem, fields={"agency": problem})


def closeness(enterprise: Organisation, agency: Organisation) -> str:
    """Return a warning when both seem to belong together, else an empty string."""
    shared_name = name_stem(enterprise.name) == name_stem(agency.name)
    code, other = enterprise.credit_code[_BODY], agency.credit_code[_BODY]
    if not (shared_name or (code and code == other)):
        return ""
    return _(
        "该机构与贵企业名称或代码相近，可能是关联单位。关联单位出具的评审意见不独立，"
        "请确认后再授权。"
    )


def name_stem(name: str) -> str:
    """Return what distinguishes a name: without place, trade and legal form.

    A stem shorter than two characters says nothing; the whole name is returned.
    """
    stem = _PLAIN.sub("", name)
    return stem if len(stem) >= _LEAST_SHARED else name
