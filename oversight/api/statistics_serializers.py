"""Shapes of what the bureau's statistics show. Everything here is only read."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api import StrictSerializer
from oversight.counting.judging import Status
from oversight.counting.pipeline import PipelineStage
from oversight.counting.reasons import Flag, Outcome, Reason
from oversight.counting.wording import decimal_text
from oversight.waiting import Work

EARLIEST = date(2000, 1, 1)
PLACES = 6
_DAYS = ("day", "known_on")


def _values(words: type) -> list[str]:
    return [item.value for item in words]  # type: ignore[attr-defined]


@extend_schema_field(OpenApiTypes.STR)
class ExactNumber(serializers.Field[Any, Any, Any, Any]):
    """A number as a decimal text of at most six places."""

    def to_representation(self, value: Fraction) -> str:
        return decimal_text(value, PLACES)


class WordsReader(serializers.Serializer[Any]):
    """A text in Chinese and English."""

    zh = serializers.CharField()
    en = serializers.CharField()


class AsKnownQuery(StrictSerializer):
    """The day of a count, and the day it is known on; today when nothing is said."""

    day = serializers.DateField(required=False)
    known_on = serializers.DateField(required=False)

    def to_internal_value(self, data: Any) -> Any:
        """Read what is asked for; other parameters are other readers' business."""
        wanted = {name: data[name] for name in _DAYS if name in data}
        value = super().to_internal_value(wanted)
        today = timezone.localdate()
        for name in _DAYS:
            if not EARLIEST <= value.setdefault(name, today) <= today:
                text = _("须为 2000-01-01 至今天之间的日期。")
                raise serializers.ValidationError({name: [text]})
        return value


class UnitsQuery(serializers.Serializer[Any]):
    """Which units are wanted."""

    year = serializers.IntegerField(min_value=1, max_value=9999, required=False)
    outcome = serializers.ChoiceField(_values(Outcome), required=False)
    division = serializers.CharField(max_length=20, required=False)


class JudgementReader(serializers.Serializer[Any]):
    """How an indicator stands."""

    status = serializers.ChoiceField(_values(Status))
    value = ExactNumber(allow_null=True)
    target = ExactNumber(allow_null=True)
    percent_done = ExactNumber(allow_null=True)
    mean = ExactNumber(allow_null=True)
    even_pace = ExactNumber(source="even_pace_today", allow_null=True)
    still_needed = ExactNumber(allow_null=True)
    by_year = serializers.SerializerMethodField()

    def get_by_year(self, judged: Any) -> dict[str, str]:
        return {str(year): decimal_text(v, PLACES) for year, v in judged.by_year}


class CountReader(serializers.Serializer[Any]):
    """One indicator, counted and judged."""

    plan = serializers.CharField()
    indicator = serializers.CharField(source="indicator.id")
    title = WordsReader(source="indicator.title")
    unit = WordsReader(source="indicator.unit")
    operator = serializers.CharField(source="indicator.operator.value")
    judgement = JudgementReader()
    by_division = serializers.DictField(child=serializers.IntegerField())
    by_category = serializers.DictField(child=serializers.IntegerField())
    to_verify = serializers.IntegerField()


class HoldersReader(serializers.Serializer[Any]):
    """Enterprises with a valid certificate; exact."""

    total = serializers.IntegerField()
    by_division = serializers.DictField(child=serializers.IntegerField())
    by_edition = serializers.DictField(child=serializers.IntegerField())


class PlanCountsReader(serializers.Serializer[Any]):
    """A plan with all its indicators, as of a day and as known on a day."""

    plan = serializers.CharField()
    title = WordsReader()
    day = serializers.DateField()
    known_on = serializers.DateField()
    indicators = CountReader(many=True)


class CountedUnitReader(serializers.Serializer[Any]):
    """One certificate or title that was looked at, and what became of it."""

    holder = serializers.CharField()
    name = serializers.CharField()
    outcome = serializers.ChoiceField(_values(Outcome), source="reason.outcome")
    reason = serializers.ChoiceField(_values(Reason))
    words = WordsReader(source="reason.words")
    rests_on = serializers.CharField()
    on = serializers.DateField()
    division = serializers.CharField()
    division_now = serializers.CharField()
    category = serializers.CharField()
    flags = serializers.ListField(child=serializers.ChoiceField(_values(Flag)))
    detail = serializers.CharField()
    record = serializers.CharField(source="fact_id")


class EntryReader(serializers.Serializer[Any]):
    """A published number; a hidden one is null, a held one is of an earlier issue."""

    row = serializers.ListField(child=serializers.CharField())
    column = serializers.ListField(child=serializers.CharField())
    value = serializers.IntegerField(allow_null=True)
    share = serializers.IntegerField(allow_null=True)
    since = serializers.IntegerField()
    held = serializers.BooleanField()


class NoteReader(serializers.Serializer[Any]):
    """A note below a table."""

    code = serializers.CharField()
    number = serializers.IntegerField(allow_null=True)
    categories = serializers.ListField(child=serializers.CharField())


class TableReader(serializers.Serializer[Any]):
    """A table of a snapshot, as published."""

    key = serializers.CharField()
    entries = EntryReader(many=True)
    total = serializers.IntegerField(allow_null=True)
    notes = NoteReader(many=True)


class SnapshotSummaryReader(serializers.Serializer[Any]):
    """Which snapshot the numbers are of."""

    number = serializers.IntegerField()
    month = serializers.CharField()
    day = serializers.DateField()
    sha256 = serializers.CharField()


class SnapshotReader(serializers.Serializer[Any]):
    """A snapshot of the list: published with a number, or refused."""

    number = serializers.IntegerField(allow_null=True)
    month = serializers.CharField()
    day = serializers.DateField()
    state = serializers.CharField()
    reason = serializers.CharField()
    sha256 = serializers.CharField()
    taken_at = serializers.DateTimeField()


class DocumentReader(SnapshotReader):
    """A published snapshot whole. `document` is what was published."""

    document = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_document(self, snapshot: Any) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.context["document"]
        return found


class GrowthPointReader(serializers.Serializer[Any]):
    """First certifications of the year by the end of a month."""

    month = serializers.CharField()
    total = serializers.IntegerField()


class FanReader(serializers.Serializer[Any]):
    """What is forecast for the end of a month."""

    month = serializers.CharField()
    low = serializers.IntegerField()
    middle = serializers.IntegerField()
    high = serializers.IntegerField()


class BackTestReader(serializers.Serializer[Any]):
    """How forecasts of the past did."""

    cases = serializers.IntegerField()
    months = serializers.IntegerField()
    coverage = ExactNumber()
    pinball = ExactNumber()
    naive_pinball = ExactNumber()


class GrowthReader(serializers.Serializer[Any]):
    """The running year, and what is likely to come; no fan when data are too few."""

    year = serializers.IntegerField()
    target = serializers.IntegerField()
    points = GrowthPointReader(many=True)
    fan = FanReader(many=True)
    probability = serializers.SerializerMethodField()
    back_test = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_probability(self, growth: Any) -> str | None:
        found = growth.outlook.forecast.probability if growth.outlook else None
        return None if found is None else decimal_text(found, PLACES)

    @extend_schema_field(BackTestReader(allow_null=True))
    def get_back_test(self, growth: Any) -> Any:
        found = growth.outlook.back_test if growth.outlook else None
        return BackTestReader(found).data if found else None


class StageReader(serializers.Serializer[Any]):
    """A stage of the way to a certificate; published numbers."""

    stage = serializers.ChoiceField(_values(PipelineStage))
    now = EntryReader(allow_null=True)
    median_days = serializers.IntegerField(allow_null=True)
    moved = serializers.IntegerField(allow_null=True)
    waiting_long = serializers.IntegerField()


class DistrictReader(serializers.Serializer[Any]):
    """Districts shown together: holders exact, submitted as published."""

    codes = serializers.ListField(child=serializers.CharField())
    holders = serializers.ListField(child=serializers.IntegerField())
    submitted = EntryReader(allow_null=True)


class NeedsReader(serializers.Serializer[Any]):
    """What waits for the caller."""

    work = serializers.SerializerMethodField()
    refused_month = serializers.SerializerMethodField()
    missing_month = serializers.CharField()

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_work(self, needs: Any) -> dict[str, int]:
        return {work.value: needs.work[work] for work in Work}

    def get_refused_month(self, needs: Any) -> str:
        return needs.refused.month if needs.refused else ""


class DashboardReader(serializers.Serializer[Any]):
    """The numbers of the dashboard."""

    day = serializers.DateField()
    snapshot = SnapshotSummaryReader(allow_null=True)
    before = SnapshotSummaryReader(allow_null=True)
    certified = CountReader()
    advantage = CountReader()
    holders = HoldersReader(source="book.holders")
    indicators = CountReader(many=True)
    growth = GrowthReader()
    stages = StageReader(many=True, source="pipeline.stages")
    districts = DistrictReader(many=True)
    tables = serializers.SerializerMethodField()
    needs = NeedsReader()

    @extend_schema_field(TableReader(many=True))
    def get_tables(self, board: Any) -> Any:
        tables = board.snapshot.tables if board.snapshot else ()
        return TableReader(tables, many=True).data
