"""Find who a named access is about and who is to read: named exactly, never listed."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rules import NAMED_ROLES, Kind
from backend.errors import Invalid


def find_enterprise(text: str) -> Organisation:
    """Return the enterprise with exactly this name or credit code, or raise Invalid."""
    wanted = " ".join(text.split())
    rows = Organisation.objects.filter(kind=Kind.ENTERPRISE)
    found: list[Organisation] = []
    if wanted:
        found = list(rows.filter(credit_code=wanted.upper())[:1])
    found = found or list(rows.filter(name=wanted).order_by("pk")[:2])
    if len(found) == 1:
        return found[0]
    problem = _("没有找到这家企业。请核对名称或统一社会信用代码，须完全一致。")
    if found:
        problem = _("有多家企业用这个名称。请改填统一社会信用代码。")
    raise Invalid(problem, fields={"enterprise": problem})


def find_officials(addresses: Iterable[str]) -> tuple[User, ...]:
    """Return the officials with exactly these addresses, or raise Invalid.

    In the same words for an address nobody has and for one of somebody else.
    """
    wanted = {address.strip().lower() for address in addresses if address.strip()}
    rows = User.objects.get_queryset().filter(
        email__in=wanted, is_active=True, membership__role__in=NAMED_ROLES
    )
    found = tuple(rows.order_by("pk"))
    if not found or len(found) != len(wanted):
        problem = _("没有找到这位工作人员。请核对邮箱，须完全一致。")
        raise Invalid(problem, fields={"readers": problem})
    return found


def officials_of(bureau: Organisation) -> tuple[User, ...]:
    """Return who of a bureau may be named as a reader, by name."""
    rows = User.objects.get_queryset().filter(
        membership__organisation=bureau,
        membership__role__in=NAMED_ROLES,
        is_active=True,
    )
    return tuple(rows.select_related("membership").order_by("name", "pk"))
