"""Bulletins: what the bureau tells of a month or a year, frozen when it is issued."""

import json
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oversight.bulletins.document import Content, Difference, content_from
from oversight.models.snapshot import Snapshot
from oversight.querysets import BulletinQuerySet
from question_bank.engine.codec import decode


class Bulletin(models.Model):
    """One edition of the bulletin of a period; an issued one never changes.

    `content` are the canonical bytes of `bulletins.document.Content`, `sha256` their
    hash: made of the registers as known at the end of `known_on` and of `snapshot`.
    A later edition has the `number` of the first, says why in `reason` and what is
    different in `changes`, by language.
    """

    class Kind(models.TextChoices):
        MONTHLY = "monthly", _("月度简报")
        ANNUAL = "annual", _("年度报告")

    class State(models.TextChoices):
        DRAFT = "draft", _("拟稿")
        ISSUED = "issued", _("已签发")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    period = models.CharField(_("时期"), max_length=7)
    edition = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    day = models.DateField()
    known_on = models.DateField()
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, related_name="bulletins"
    )
    issuer = models.CharField(max_length=120)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)

    objects: ClassVar[BulletinQuerySet] = BulletinQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period", "edition"], name="bulletin_edition_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "number", "edition"], name="bulletin_number_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="monthly", period__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
                | Q(kind="annual", period__regex=r"^[0-9]{4}$"),
                name="bulletin_period_form",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number=None, issued_at=None)
                | Q(state="issued", number__isnull=False, issued_at__isnull=False),
                name="bulletin_issued_has_number",
            ),
            models.CheckConstraint(
                condition=Q(edition=1) | Q(edition__gt=1) & ~Q(reason=""),
                name="bulletin_correction_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(known_on__gte=models.F("day")),
                name="bulletin_known_after_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}/{self.edition} {self.state}"

    @property
    def is_issued(self) -> bool:
        """Whether it is final."""
        return self.state == self.State.ISSUED

    def read(self) -> Content:
        """Return the frozen content."""
        return content_from(json.loads(self.content))

    def changed(self, language: str) -> tuple[Difference, ...]:
        """Return what differs from the edition before, in a Django language code."""
        key = "en" if language.startswith("en") else "zh"
        return tuple(decode(Difference, one) for one in self.changes.get(key, ()))
