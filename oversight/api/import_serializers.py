"""Shapes of imports: what a workbook would add and change, and what is wrong in it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.api import StrictSerializer
from backend.schema import ProblemSerializer
from oversight.models import ImportBatch

STATES = ImportBatch.State.values
NAMES = {
    "registeredunit": "units",
    "certificate": "certificates",
    "recognition": "titles",
    "seriesfigure": "figures",
}
"""The registers by the names they have in addresses."""


class ImportCountReader(serializers.Serializer[Any]):
    """How many records of a register are added, changed and left as they are."""

    register = serializers.CharField()
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()


class CellFaultReader(serializers.Serializer[Any]):
    """What is wrong, or doubtful, with a cell: D12 of a sheet, and what it says."""

    sheet = serializers.CharField()
    cell = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class ChangeReader(serializers.Serializer[Any]):
    """A field the workbook changes."""

    field = serializers.CharField()
    old = serializers.CharField(allow_blank=True)
    new = serializers.CharField(allow_blank=True)


class LineReader(serializers.Serializer[Any]):
    """A record the workbook adds, or changes in these fields."""

    sheet = serializers.CharField()
    cell = serializers.CharField()
    title = serializers.CharField()
    is_new = serializers.BooleanField()
    changes = ChangeReader(many=True)


class ImportReader(serializers.Serializer[Any]):
    """A workbook: checked, applied or undone."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    sha256 = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    counts = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    applied_at = serializers.DateTimeField(allow_null=True)
    undone_at = serializers.DateTimeField(allow_null=True)
    undo_reason = serializers.CharField(allow_blank=True)

    @extend_schema_field(ImportCountReader(many=True))
    def get_counts(self, batch: ImportBatch) -> list[dict[str, Any]]:
        """Return the counts by the names of registers in addresses, in their order."""
        return [
            {"register": NAMES[key], **batch.counts[key]}
            for key in NAMES
            if key in batch.counts
        ]


class ImportPreviewReader(ImportReader):
    """A workbook with the first of its changes and of its warnings."""

    lines = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    more_warnings = serializers.SerializerMethodField()

    @extend_schema_field(LineReader(many=True))
    def get_lines(self, batch: ImportBatch) -> list[dict[str, Any]]:
        """Return the first records the workbook touches."""
        return [_line(line) for line in batch.preview.get("lines", ())]

    @extend_schema_field(CellFaultReader(many=True))
    def get_warnings(self, batch: ImportBatch) -> list[dict[str, Any]]:
        """Return what is doubtful, by sheet and cell."""
        return [
            {**_place(row), "text": row["text"], "message": row["message"]}
            for row in batch.preview.get("warnings", ())
        ]

    def get_more_warnings(self, batch: ImportBatch) -> int:
        """Return how many warnings there are beyond these."""
        return int(batch.preview.get("more_warnings", 0))


class ImportProblemSerializer(ProblemSerializer):
    """What is wrong with a workbook: the first cells, and how many more."""

    faults = CellFaultReader(many=True, required=False)
    more_faults = serializers.IntegerField(required=False)


class ImportWriter(StrictSerializer):
    """A workbook and where its data come from; sent as a form."""

    file = serializers.FileField()
    source = serializers.CharField(max_length=200)  # type: ignore[assignment]


class UndoingWriter(StrictSerializer):
    """Why an import is taken back."""

    reason = serializers.CharField(max_length=300)


class VerifiedReader(serializers.Serializer[Any]):
    """How many records of an import were verified."""

    verified = serializers.IntegerField()


def _line(line: dict[str, Any]) -> dict[str, Any]:
    changes = [
        {"field": name.removesuffix("_id"), "old": old, "new": new}
        for name, old, new in line["changes"]
    ]
    shown = {"title": line["title"], "is_new": line["is_new"], "changes": changes}
    return _place(line) | shown


def _place(row: dict[str, Any]) -> dict[str, str]:
    sheet, _mark, cell = row["place"].rpartition("!")
    return {"sheet": sheet, "cell": cell}
