"""Who may do what: the roles, the kinds they belong to and what each allows.

The table below is the whole policy for people and organisations. Everything in
this module is a pure predicate but `may`, which reads one membership.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import Organisation
    from accounts.querysets import Subject


class Kind(models.TextChoices):
    """What an organisation is."""

    ENTERPRISE = "enterprise", _("企业")
    AGENCY = "agency", _("服务机构")
    BUREAU = "bureau", _("知识产权主管部门")


class Role(models.TextChoices):
    """What a person is in an organisation."""

    OWNER = "owner", _("负责人")
    CONTRIBUTOR = "contributor", _("填报人")
    AGENCY_MANAGER = "agency_manager", _("机构负责人")
    REVIEWER = "reviewer", _("评审人")
    BUREAU_MANAGER = "bureau_manager", _("主管")
    ANALYST = "analyst", _("统计人员")
    OPERATOR = "operator", _("系统运维人员")


ROLES_OF_KIND: dict[str, tuple[Role, ...]] = {
    Kind.ENTERPRISE: (Role.OWNER, Role.CONTRIBUTOR),
    Kind.AGENCY: (Role.AGENCY_MANAGER, Role.REVIEWER),
    Kind.BUREAU: (Role.BUREAU_MANAGER, Role.ANALYST, Role.OPERATOR),
}
"""The roles that fit a kind of organisation; the first one manages it."""

MANAGING_ROLE: dict[str, Role] = {
    kind: roles[0] for kind, roles in ROLES_OF_KIND.items()
}
MANAGING_ROLES = frozenset(MANAGING_ROLE.values())

MANDATED_ROLES = (Role.AGENCY_MANAGER, Role.REVIEWER)
"""Who of an agency sees what a mandate shows."""

NAMED_ROLES = (Role.BUREAU_MANAGER, Role.ANALYST)
"""Who of a bureau may be named in an access to one enterprise's answers."""

WHAT_ROLES_DO = {
    Role.OWNER: _("管理成员、填写并提交自评、下载报告。"),
    Role.CONTRIBUTOR: _("填写自评、上传证明材料、查看结果。"),
    Role.AGENCY_MANAGER: _("管理本机构成员和客户分工，按授权评审客户的自评。"),
    Role.REVIEWER: _("按授权查看和评审客户的自评，提出意见和整改任务。"),
    Role.BUREAU_MANAGER: _("管理本部门成员、查看统计结果、编辑题库并批准发布。"),
    Role.ANALYST: _("查看统计结果、编辑题库并提请发布。"),
    Role.OPERATOR: _("维护系统、编辑题库并提请发布，不查看企业填报内容。"),
}


def role_fits(role: str, kind: str) -> bool:
    """Tell whether a member of an organisation of `kind` may have `role`."""
    return role in ROLES_OF_KIND.get(kind, ())


def manages(role: str) -> bool:
    """Tell whether `role` invites, changes and removes members."""
    return role in MANAGING_ROLES


def role_choices(kind: str) -> list[tuple[str, str]]:
    """Return the roles of `kind` as (value, label), the managing one first."""
    return [(role.value, str(role.label)) for role in ROLES_OF_KIND.get(kind, ())]


def may(user: "Subject", organisation: "Organisation | UUID", *roles: str) -> bool:
    """Tell whether `user` is an active member with one of `roles`.

    Without `roles` any membership counts. Costs one query; the answer is never
    kept, so a membership that ends is gone with the next request.
    """
    if not (user.is_authenticated and user.is_active):
        return False
    memberships = apps.get_model("accounts", "Membership").objects
    organisation_id = getattr(organisation, "pk", organisation)
    found = memberships.filter(user=user.pk, organisation=organisation_id)
    if roles:
        found = found.filter(role__in=roles)
    return bool(found.exists())
