"""Shapes of corrections, and of what becomes of a title."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rest_framework import serializers

from backend.api import StrictSerializer
from oversight.api.serializers import (
    MOST_SEQ,
    CertificateWriter,
    FormerNameReader,
    PresenceReader,
    SourceWriter,
    TitleWriter,
)
from oversight.counting import facts
from oversight.entries import RecognitionEntry, SeriesEntry, UnitEntry
from oversight.stored import FormerName, GroupMembership


class SeqWriter(StrictSerializer):
    """On the ground of which revision something is recorded: `seq` of the latest."""

    seq = serializers.IntegerField(min_value=1, max_value=MOST_SEQ)


class CorrectionWriter(SeqWriter):
    """Why what was recorded is corrected."""

    reason = serializers.CharField(max_length=300)


class CertificateCorrectionWriter(CorrectionWriter, CertificateWriter):
    """What a certificate really says, on the ground of the revision `seq`."""


class TitleCorrectionWriter(CorrectionWriter, TitleWriter):
    """What a title really is; its reviews, end and veto stay."""

    def entry_after(self, before: RecognitionEntry) -> RecognitionEntry:
        """Return the entry of valid data; what happened since comes from before."""
        return replace(
            self.entry(),
            reviews=before.reviews,
            ended_on=before.ended_on,
            end_reason=before.end_reason,
            vetoed_on=before.vetoed_on,
        )


class TitleEndWriter(SeqWriter):
    """From when a title no longer holds, and why."""

    on = serializers.DateField()
    end_reason = serializers.CharField(max_length=200)


class TitleVetoWriter(SeqWriter):
    """A disqualifying event; no day says that it was answered."""

    on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(max_length=300)


class GroupWriter(StrictSerializer):
    """A unit under the control of a group; `until` is the first day without it."""

    name = serializers.CharField(max_length=120)
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(required=False, allow_null=True, default=None)
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]


class UnitCorrectionWriter(CorrectionWriter, SourceWriter):
    """What is known of a unit now; what is left out stays, a list comes whole."""

    name = serializers.CharField(max_length=120, required=False)
    presences = PresenceReader(many=True, required=False)
    former_names = FormerNameReader(many=True, required=False)
    groups = GroupWriter(many=True, required=False)
    deregistered_on = serializers.DateField(required=False, allow_null=True)
    merged_into = serializers.CharField(max_length=40, required=False, allow_blank=True)

    def entry_after(
        self, before: UnitEntry, group_of: Callable[[str], Any]
    ) -> UnitEntry:
        """Return what was known before with what valid data changes."""
        data = self.validated_data
        plain = ("name", "deregistered_on", "merged_into")
        changed = {name: data[name] for name in plain if name in data}
        if "presences" in data:
            rows = data["presences"]
            changed["presences"] = tuple(facts.Presence(**row) for row in rows)
        if "former_names" in data:
            rows = data["former_names"]
            changed["former_names"] = tuple(FormerName(**row) for row in rows)
        if "groups" in data:
            rows = data["groups"]
            changed["groups"] = tuple(_membership(row, group_of) for row in rows)
        return replace(before, **changed)


class FigureCorrectionWriter(CorrectionWriter, SourceWriter):
    """What a figure really is; its indicator and period stay."""

    value = serializers.DecimalField(24, 6)
    numerator = serializers.DecimalField(
        24, 6, required=False, allow_null=True, default=None
    )
    denominator = serializers.DecimalField(
        24, 6, required=False, allow_null=True, default=None
    )
    denominator_of = serializers.CharField(
        max_length=60, required=False, allow_blank=True, default=""
    )
    note = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default=""
    )

    def entry_after(self, before: SeriesEntry) -> SeriesEntry:
        """Return the entry of valid data for the same indicator and period."""
        aside = ("source", "seq", "reason")
        found = self.validated_data.items()
        changed = {key: value for key, value in found if key not in aside}
        return replace(before, **changed)


def _membership(row: dict[str, Any], group_of: Callable[[str], Any]) -> GroupMembership:
    group = group_of(row["name"])
    return GroupMembership(
        str(group.pk), group.name, row["since"], row["source"], row["until"]
    )
