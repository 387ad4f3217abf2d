"""Shapes of what an enterprise hands in of its own; sent as forms with a scan."""

from typing import Any

from rest_framework import serializers

from backend.api import StrictSerializer
from oversight.api.serializers import MOST_SEQ, STAGES
from oversight.counting import facts
from oversight.entries import CertificateEntry, Holder, RecognitionEntry

ASIDE = ("file", "seq")


def _values(words: type) -> list[str]:
    return [item.value for item in words]  # type: ignore[attr-defined]


class _OwnWriter(StrictSerializer):
    def contents(self) -> dict[str, Any]:
        """Return what valid data says of the record; the holder is the enterprise."""
        found = self.validated_data.items()
        return {key: value for key, value in found if key not in ASIDE}


class OwnCertificateWriter(_OwnWriter):
    """A certificate of one's own enterprise."""

    number = serializers.CharField(max_length=60)
    body = serializers.UUIDField()
    standard = serializers.ChoiceField(_values(facts.Standard))
    issue = serializers.ChoiceField(_values(facts.Issue))
    first_issued_on = serializers.DateField()
    issued_on = serializers.DateField()
    expires_on = serializers.DateField()
    scope = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default=""
    )

    def entry(self) -> CertificateEntry:
        """Return the entry of valid data."""
        data = self.contents()
        words = {
            "standard": facts.Standard(data["standard"]),
            "issue": facts.Issue(data["issue"]),
        }
        return CertificateEntry(**data | words, holder=Holder(""))


class OwnTitleWriter(_OwnWriter):
    """A title of one's own enterprise; `round` is the batch of its document."""

    level = serializers.ChoiceField(_values(facts.Level))
    title = serializers.ChoiceField(_values(facts.Title))
    stage = serializers.ChoiceField(STAGES)
    name = serializers.CharField(max_length=120)
    document = serializers.CharField(max_length=120)
    since = serializers.DateField()
    round = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default=""
    )
    term_ends_on = serializers.DateField(required=False, allow_null=True, default=None)

    def entry(self) -> RecognitionEntry:
        """Return the entry of valid data."""
        data = self.contents()
        words = {
            "level": facts.Level(data["level"]),
            "title": facts.Title(data["title"]),
            "stage": facts.Stage(data["stage"]),
        }
        return RecognitionEntry(**data | words, holder=Holder(""))


class ScanWriter(StrictSerializer):
    """The scan that proves it."""

    file = serializers.FileField()


class MendingWriter(StrictSerializer):
    """On the ground of the revision `seq`; a scan only where there is another one."""

    seq = serializers.IntegerField(min_value=1, max_value=MOST_SEQ)
    file = serializers.FileField(required=False)


class HandedInWriter(ScanWriter, OwnCertificateWriter):
    """A certificate of one's own enterprise, with a scan; sent as a form."""


class HandedInTitleWriter(ScanWriter, OwnTitleWriter):
    """A title of one's own enterprise, with its document; sent as a form."""


class MendedCertificateWriter(MendingWriter, OwnCertificateWriter):
    """The certificate handed in, mended; sent as a form."""


class MendedTitleWriter(MendingWriter, OwnTitleWriter):
    """The title handed in, mended; sent as a form."""
