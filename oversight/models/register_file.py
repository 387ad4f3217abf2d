"""Files that prove what a register says."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models import Evidence
from oversight.models.certificate import Certificate
from oversight.models.recognition import Recognition
from oversight.querysets import FileQuerySet


class RegisterFile(models.Model):
    """A scan of a certificate or of the document of a title; never public.

    Rows are only added. Files lie under random keys like those of assessments.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, null=True, related_name="files"
    )
    recognition = models.ForeignKey(
        Recognition, models.PROTECT, null=True, related_name="files"
    )
    kind = models.CharField(max_length=8, choices=Evidence.Kind)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=128, unique=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()

    objects: ClassVar[FileQuerySet] = FileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(certificate=None, recognition__isnull=False)
                | Q(certificate__isnull=False, recognition=None),
                name="register_file_proves_one_record",
            ),
            models.UniqueConstraint(
                fields=["certificate", "sha256"], name="register_file_certificate_once"
            ),
            models.UniqueConstraint(
                fields=["recognition", "sha256"], name="register_file_recognition_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
