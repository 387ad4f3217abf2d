"""What a person is told: that something happened, and where to look."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.querysets import NoticePreferenceQuerySet, NoticeQuerySet


class Notice(models.Model):
    """One line in a person's inbox.

    `text` names a sentence of `accounts.notice_words`; `parameters` are the days and
    numbers put into it, nothing else. `url` is a path of this service. What an
    enterprise answered, scores and names are never in a notice.
    """

    class Kind(models.TextChoices):
        MANDATE_GRANTED = "mandate_granted", _("新的授权")
        MANDATE_CHANGED = "mandate_changed", _("授权变更")
        MANDATE_ENDING = "mandate_ending", _("授权即将到期")
        MANDATE_REVOKED = "mandate_revoked", _("授权撤销")
        ACCESS_ASKED = "access_asked", _("具名查阅待决定")
        ACCESS_OPENED = "access_opened", _("具名查阅开始")
        ACCESS_CHANGED = "access_changed", _("具名查阅变更")
        CLAIM_DECIDED = "claim_decided", _("企业认领结果")
        SUBMISSION = "submission", _("客户提交自评")
        CLIENT_ASSIGNED = "client_assigned", _("客户分工")
        REVIEW_RETURNED = "review_returned", _("评审退回修改")
        REVIEW_ACCEPTED = "review_accepted", _("评审完成")
        REMARK = "remark", _("评审意见和答复")
        REPORT_READY = "report_ready", _("报告生成")
        TASK_DUE = "task_due", _("整改任务到期")
        DOWNLOADS = "downloads", _("下载量异常")
        REGISTER = "register", _("证书与称号登记")
        STATISTICS = "statistics", _("统计快照")
        BANK_PUBLISHED = "bank_published", _("题库发布新版本")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=24, choices=Kind)
    text = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    url = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"),
                name="notice_leads_into_the_service",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(
                fields=["recipient"],
                condition=Q(read_at=None),
                name="notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.recipient_id}"


class NoticePreference(models.Model):
    """How a person wants to hear of one kind; without a row the default holds."""

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("站内消息")
        EMAIL = "email", _("站内消息和邮件")
        OFF = "off", _("不提醒")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=24, choices=Notice.Kind)
    channel = models.CharField(max_length=8, choices=Channel)

    objects: ClassVar[NoticePreferenceQuerySet] = NoticePreferenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], name="notice_preference_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"
