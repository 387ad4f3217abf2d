"""Titles that enterprises were given."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from oversight.counting import facts
from oversight.models.recorded import CheckedRevision, Record, checked_constraints
from oversight.models.unit import RegisteredUnit
from oversight.querysets import CheckedRevisionQuerySet, HeldQuerySet


class Recognition(Record):
    """A title of one unit by the document that gave it.

    `latest` and `in_force` are as for certificates.
    """

    holder = models.ForeignKey(
        RegisteredUnit, models.PROTECT, related_name="recognitions"
    )
    level = models.CharField(max_length=12)
    stage = models.CharField(max_length=12)
    name = models.CharField(_("称号名称"), max_length=120)
    document = models.CharField(_("文号"), max_length=120)
    latest = models.OneToOneField(
        "RecognitionRevision", models.PROTECT, related_name="+"
    )
    in_force = models.OneToOneField(
        "RecognitionRevision", models.PROTECT, related_name="+"
    )

    objects: ClassVar[HeldQuerySet] = HeldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "level", "stage", "name", "document"],
                condition=Q(is_standing=True),
                name="recognition_once_a_document",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RecognitionRevision(CheckedRevision):
    """What was known of a title.

    `reviews` are {result, on, document, term_ends_on} by day; `name` is the title in
    the words of its document.
    """

    class Level(models.TextChoices):
        MUNICIPAL = facts.Level.MUNICIPAL.value, _("市级")
        PROVINCIAL = facts.Level.PROVINCIAL.value, _("省级")
        NATIONAL = facts.Level.NATIONAL.value, _("国家级")
        COUNTY = facts.Level.COUNTY.value, _("县级（不计入市级以上）")

    class Title(models.TextChoices):
        ADVANTAGE = facts.Title.ADVANTAGE.value, _("优势企业")
        DEMONSTRATION = facts.Title.DEMONSTRATION.value, _("示范企业")
        OTHER = facts.Title.OTHER.value, _("其他称号")

    class Stage(models.TextChoices):
        CULTIVATED = facts.Stage.CULTIVATED.value, _("培育")
        RECOGNISED = facts.Stage.RECOGNISED.value, _("认定")

    class Result(models.TextChoices):
        PASSED = facts.ReviewResult.PASSED.value, _("复核通过")
        FAILED = facts.ReviewResult.FAILED.value, _("复核未通过")
        MISSED = facts.ReviewResult.MISSED.value, _("未参加复核")

    content = (
        "holder_id",
        "level",
        "title",
        "stage",
        "name",
        "round",
        "document",
        "since",
        "term_ends_on",
        "reviews",
        "ended_on",
        "end_reason",
        "vetoed_on",
    )

    record = models.ForeignKey(Recognition, models.PROTECT, related_name="revisions")
    holder = models.ForeignKey(
        RegisteredUnit, models.PROTECT, related_name="recognition_revisions"
    )
    level = models.CharField(max_length=12, choices=Level)
    title = models.CharField(max_length=16, choices=Title)
    stage = models.CharField(max_length=12, choices=Stage)
    name = models.CharField(max_length=120)
    round = models.CharField(_("批次"), max_length=60, blank=True)
    document = models.CharField(max_length=120)
    since = models.DateField()
    term_ends_on = models.DateField(null=True)
    reviews = models.JSONField(default=list)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    vetoed_on = models.DateField(null=True)

    objects: ClassVar[CheckedRevisionQuerySet] = CheckedRevisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            *checked_constraints("recognition_revision"),
            models.CheckConstraint(
                condition=Q(term_ends_on=None) | Q(term_ends_on__gte=F("since")),
                name="recognition_revision_term_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="")
                | Q(ended_on__gte=F("since")) & ~Q(end_reason=""),
                name="recognition_revision_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    level__in=[item.value for item in facts.Level],
                    title__in=[item.value for item in facts.Title],
                    stage__in=[item.value for item in facts.Stage],
                ),
                name="recognition_revision_words_are_known",
            ),
        ]
        indexes = [
            models.Index(fields=["recorded_at"], name="recognition_revision_by_time"),
            models.Index(
                fields=["recorded_at"],
                condition=Q(verification="pending"),
                name="recognition_awaiting",
            ),
        ]
