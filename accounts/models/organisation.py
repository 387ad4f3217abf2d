"""An enterprise, a service agency or a bureau."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.districts import DISTRICT_CHOICES
from accounts.querysets import OrganisationQuerySet
from accounts.rules import Kind

CREDIT_CODE_PATTERN = r"^[0-9A-HJ-NPQRTUWXY]{18}$"


class Organisation(models.Model):
    """Whom people work for. The kind never changes once it is stored.

    An enterprise has a credit code and a district; for the others both may be
    empty. A credit code that is present is unique. A certification body is kept
    as an agency that can never hold a mandate: who certifies does not coach.
    """

    Kind = Kind

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类型"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    district = models.CharField(
        _("所属区市"), max_length=20, blank=True, choices=DISTRICT_CHOICES
    )
    is_certification_body = models.BooleanField(_("认证机构"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[OrganisationQuerySet] = OrganisationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~models.Q(credit_code=""),
                name="organisation_credit_code_is_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(credit_code="")
                | models.Q(credit_code__regex=CREDIT_CODE_PATTERN),
                name="organisation_credit_code_is_well_formed",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values),
                name="organisation_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.ENTERPRISE)
                | ~models.Q(credit_code="") & ~models.Q(district=""),
                name="enterprise_has_credit_code_and_district",
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="organisation_has_a_name"
            ),
            models.CheckConstraint(
                condition=models.Q(is_certification_body=False)
                | models.Q(kind=Kind.AGENCY),
                name="certification_body_is_an_agency",
            ),
        ]

    def __str__(self) -> str:
        return self.name
