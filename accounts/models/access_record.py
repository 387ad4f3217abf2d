"""Who looked at an enterprise's data under a mandate or a named access."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.mandate_querysets import AccessRecordQuerySet
from accounts.models.mandate import Mandate
from accounts.models.named_access import NamedAccess
from accounts.models.organisation import Organisation


class AccessRecord(models.Model):
    """One person's reads of one object through one door on one day.

    Rows are only added and counted up. `door` is the name of the URL. `object_id`
    is empty when a list of several objects was read at once. Either `mandate` or
    `access` says what opened the door.
    """

    class What(models.TextChoices):
        ASSESSMENT = "assessment", _("自评")
        EVIDENCE = "evidence", _("证明材料")
        REPORT = "report", _("报告")
        DATA_SHEET = "data_sheet", _("企业数据表")
        LIST = "list", _("列表")

    mandate = models.ForeignKey(
        Mandate, models.PROTECT, null=True, related_name="access_records"
    )
    access = models.ForeignKey(
        NamedAccess, models.PROTECT, null=True, related_name="access_records"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    what = models.CharField(max_length=16, choices=What)
    object_id = models.CharField(max_length=36, blank=True)
    door = models.CharField(max_length=60)
    is_download = models.BooleanField()
    day = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    objects: ClassVar[AccessRecordQuerySet] = AccessRecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "person", "object_id", "what", "door", "day"],
                name="access_record_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["access", "person", "object_id", "what", "door", "day"],
                name="named_record_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(mandate__isnull=False, access=None)
                | Q(mandate=None, access__isnull=False),
                name="access_record_has_one_opening",
            ),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at"), count__gte=1),
                name="access_record_counts_up",
            ),
        ]
        indexes = [
            models.Index(fields=["mandate", "-last_at"], name="access_by_mandate"),
            models.Index(fields=["access", "-last_at"], name="access_by_named"),
            models.Index(fields=["person", "day"], name="access_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.object_id} {self.day}"

    @property
    def side(self) -> Organisation:
        """The agency or the bureau of the person who read."""
        if self.access is not None:
            return self.access.bureau
        assert self.mandate is not None  # noqa: S101 - the constraint says so
        return self.mandate.agency
