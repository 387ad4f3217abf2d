"""Who looked at an enterprise's data under a mandate."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.mandate_querysets import AccessRecordQuerySet
from accounts.models.mandate import Mandate


class AccessRecord(models.Model):
    """One person's reads of one object through one door on one day.

    Rows are only added and counted up. `door` is the name of the URL. `object_id`
    is empty when a list of several objects was read at once.
    """

    class What(models.TextChoices):
        ASSESSMENT = "assessment", _("自评")
        EVIDENCE = "evidence", _("证明材料")
        REPORT = "report", _("报告")
        DATA_SHEET = "data_sheet", _("企业数据表")
        LIST = "list", _("列表")

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="access_records")
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
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at"), count__gte=1),
                name="access_record_counts_up",
            ),
        ]
        indexes = [
            models.Index(fields=["mandate", "-last_at"], name="access_by_mandate"),
            models.Index(fields=["person", "day"], name="access_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.object_id} {self.day}"
