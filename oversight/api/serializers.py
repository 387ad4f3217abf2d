"""Shapes of the registers: what is read, and what may be written."""

from typing import Any

from rest_framework import serializers

from backend.api import StrictSerializer
from oversight.counting import facts
from oversight.entries import (
    CertificateEntry,
    Holder,
    RecognitionEntry,
    SeriesEntry,
    UnitEntry,
)
from oversight.stored import FormerName

MOST_SEQ = 2**31 - 1


def _values(words: type) -> list[str]:
    return [item.value for item in words]  # type: ignore[attr-defined]


STATE_CHOICES = _values(facts.CertificateState)
STAGES = _values(facts.Stage)


class UnitSummaryReader(serializers.Serializer[Any]):
    """Whose a record is."""

    id = serializers.UUIDField()
    credit_code = serializers.CharField()
    name = serializers.CharField()
    division = serializers.CharField()


class BodyReader(serializers.Serializer[Any]):
    """A certification body of the bureau's list."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    approval_number = serializers.CharField()
    is_active = serializers.BooleanField()


class StateReader(serializers.Serializer[Any]):
    """A certificate enters a state on a day."""

    state = serializers.ChoiceField(STATE_CHOICES)
    on = serializers.DateField()
    fraud = serializers.BooleanField()
    document = serializers.CharField(allow_blank=True)


class TitleReviewReader(serializers.Serializer[Any]):
    """The result of a review of a title."""

    result = serializers.ChoiceField(_values(facts.ReviewResult))
    on = serializers.DateField()
    document = serializers.CharField(allow_blank=True)
    term_ends_on = serializers.DateField(allow_null=True)


class RevisionReader(serializers.Serializer[Any]):
    """Where a revision comes from; who recorded it is not said here."""

    seq = serializers.IntegerField()
    change = serializers.CharField()
    via = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    source = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.CharField()
    is_void = serializers.BooleanField()


class CheckedRevisionReader(RevisionReader):
    """A revision that holds once it is verified: pending, verified or rejected."""

    verification = serializers.CharField()


class CertificateRevisionReader(CheckedRevisionReader):
    """What a revision says of a certificate."""

    number = serializers.CharField()
    body = BodyReader()
    holder = UnitSummaryReader()
    group_holder = serializers.CharField()
    standard = serializers.CharField()
    issue = serializers.CharField()
    scope = serializers.CharField()
    first_issued_on = serializers.DateField()
    issued_on = serializers.DateField()
    expires_on = serializers.DateField()
    states = StateReader(many=True)


class CertificateReader(serializers.Serializer[Any]):
    """A certificate: what holds, and the latest revision where it waits beside."""

    id = serializers.UUIDField()
    is_standing = serializers.BooleanField()
    in_force = CertificateRevisionReader()
    latest = CertificateRevisionReader()


class TitleRevisionReader(CheckedRevisionReader):
    """What a revision says of a title; `round` is the batch of its document."""

    holder = UnitSummaryReader()
    level = serializers.CharField()
    title = serializers.CharField()
    stage = serializers.CharField()
    name = serializers.CharField()
    round = serializers.CharField()
    document = serializers.CharField()
    since = serializers.DateField()
    term_ends_on = serializers.DateField(allow_null=True)
    reviews = TitleReviewReader(many=True)
    ended_on = serializers.DateField(allow_null=True)
    end_reason = serializers.CharField()
    vetoed_on = serializers.DateField(allow_null=True)


class TitleReader(serializers.Serializer[Any]):
    """A title: what holds, and the latest revision where it waits beside."""

    id = serializers.UUIDField()
    is_standing = serializers.BooleanField()
    in_force = TitleRevisionReader()
    latest = TitleRevisionReader()


class PresenceReader(serializers.Serializer[Any]):
    """Where a unit was; an empty division is outside the city."""

    division = serializers.CharField(allow_blank=True, max_length=20)
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)


class FormerNameReader(serializers.Serializer[Any]):
    """A name a unit had until a day."""

    name = serializers.CharField(max_length=120)
    until = serializers.DateField()


class GroupReader(serializers.Serializer[Any]):
    """A unit under the control of a group; `until` is the first day without it."""

    name = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]


class UnitRevisionReader(RevisionReader):
    """What a revision says of a unit."""

    name = serializers.CharField()
    former_names = FormerNameReader(many=True)
    presences = PresenceReader(many=True)
    deregistered_on = serializers.DateField(allow_null=True)
    merged_into = serializers.CharField()
    groups = GroupReader(many=True)


class UnitReader(UnitSummaryReader):
    """A unit with its latest revision."""

    is_standing = serializers.BooleanField()
    latest = UnitRevisionReader()


class FigureRevisionReader(RevisionReader):
    """What a revision says of a figure; numbers are texts with their decimals."""

    value = serializers.DecimalField(24, 6)
    numerator = serializers.DecimalField(24, 6, allow_null=True)
    denominator = serializers.DecimalField(24, 6, allow_null=True)
    denominator_of = serializers.CharField()
    note = serializers.CharField()


class FigureReader(serializers.Serializer[Any]):
    """A figure of an indicator for a period."""

    id = serializers.UUIDField()
    indicator = serializers.CharField()
    period = serializers.CharField()
    latest = FigureRevisionReader()


class HolderWriter(StrictSerializer):
    """Whose a record is; name and division introduce a unit not known yet."""

    credit_code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    division = serializers.CharField(max_length=20, required=False, allow_blank=True)


class SourceWriter(StrictSerializer):
    """Where an entry comes from."""

    source = serializers.CharField(max_length=200)  # type: ignore[assignment]


class CertificateWriter(SourceWriter):
    """A certificate as printed."""

    number = serializers.CharField(max_length=60)
    body = serializers.UUIDField()
    holder = HolderWriter()
    group_holder = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default=""
    )
    standard = serializers.ChoiceField(_values(facts.Standard))
    issue = serializers.ChoiceField(_values(facts.Issue))
    scope = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default=""
    )
    first_issued_on = serializers.DateField()
    issued_on = serializers.DateField()
    expires_on = serializers.DateField()

    def entry(self, before: CertificateEntry | None = None) -> CertificateEntry:
        """Return the entry of valid data; states come from before."""
        aside = ("source", "seq", "reason")
        found = self.validated_data.items()
        data = {key: value for key, value in found if key not in aside}
        return CertificateEntry(
            **data
            | {
                "holder": Holder(**data["holder"]),
                "standard": facts.Standard(data["standard"]),
                "issue": facts.Issue(data["issue"]),
                "states": before.states if before else (),
            }
        )


class TitleWriter(SourceWriter):
    """A title as its document gives it; `round` is the batch."""

    holder = HolderWriter()
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
        aside = ("source", "seq", "reason")
        found = self.validated_data.items()
        data = {key: value for key, value in found if key not in aside}
        return RecognitionEntry(
            **data
            | {
                "holder": Holder(**data["holder"]),
                "level": facts.Level(data["level"]),
                "title": facts.Title(data["title"]),
                "stage": facts.Stage(data["stage"]),
            }
        )


class UnitWriter(SourceWriter):
    """A unit with its past."""

    credit_code = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120)
    presences = PresenceReader(many=True, required=False)
    former_names = FormerNameReader(many=True, required=False)
    deregistered_on = serializers.DateField(
        required=False, allow_null=True, default=None
    )
    merged_into = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default=""
    )

    def entry(self) -> UnitEntry:
        """Return the entry of valid data."""
        data = self.validated_data
        return UnitEntry(
            credit_code=data["credit_code"],
            name=data["name"],
            presences=tuple(facts.Presence(**row) for row in data.get("presences", ())),
            former_names=tuple(
                FormerName(**row) for row in data.get("former_names", ())
            ),
            deregistered_on=data["deregistered_on"],
            merged_into=data["merged_into"],
        )


class FigureWriter(SourceWriter):
    """A figure another office counted."""

    indicator = serializers.CharField(max_length=40)
    period = serializers.CharField(max_length=7)
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

    def entry(self) -> SeriesEntry:
        """Return the entry of valid data."""
        data = dict(self.validated_data)
        data.pop("source")
        return SeriesEntry(**data)


class StateWriter(StrictSerializer):
    """A change of state, on the ground of the revision `seq`."""

    seq = serializers.IntegerField(min_value=1, max_value=MOST_SEQ)
    state = serializers.ChoiceField(STATE_CHOICES)
    on = serializers.DateField()
    fraud = serializers.BooleanField(default=False)
    document = serializers.CharField(max_length=120)


class TitleReviewWriter(StrictSerializer):
    """A review of a title, on the ground of the revision `seq`."""

    seq = serializers.IntegerField(min_value=1, max_value=MOST_SEQ)
    result = serializers.ChoiceField(_values(facts.ReviewResult))
    on = serializers.DateField()
    document = serializers.CharField(max_length=120)
    term_ends_on = serializers.DateField(required=False, allow_null=True, default=None)


class DecisionWriter(StrictSerializer):
    """What a second official decides on the revision `seq`."""

    seq = serializers.IntegerField(min_value=1, max_value=MOST_SEQ)
    decision = serializers.ChoiceField(["verify", "reject", "void"])
    reason = serializers.CharField(
        max_length=300, required=False, allow_blank=True, default=""
    )
