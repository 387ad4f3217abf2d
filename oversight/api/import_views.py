"""Doors to imports: check a workbook, apply it, verify it as a whole, undo it."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.api import Pages
from backend.errors import Invalid
from backend.workbooks import MAX_BYTES, WorkbookTooLarge
from oversight.api import import_serializers as serializers
from oversight.api.doors import made, one, paged, person, valid
from oversight.importing.plan import Plan
from oversight.models import ImportBatch
from oversight.services.importing import apply_import, check_import
from oversight.services.recording import require_keeper
from oversight.services.undoing import undo_import
from oversight.services.verifying import verify_batch


class FaultyWorkbook(Invalid):
    """Cells of the workbook are wrong; `extra["faults"]` says which and why."""

    code = "faulty_workbook"
    message = _("表中有内容需要修改，什么都没有导入。请按单元格改正后重新上传。")

    def __init__(self, plan: Plan) -> None:
        faults = [
            {
                "sheet": fault.sheet,
                "cell": fault.cell,
                "text": fault.text,
                "message": str(fault.message),
            }
            for fault in plan.faults
        ]
        super().__init__(extra={"faults": faults, "more_faults": plan.more_faults})


def _imports(request: Request) -> Any:
    return ImportBatch.objects.visible_to(request.user)


def _act(request: Request, batch_id: UUID) -> dict[str, Any]:
    require_keeper(person(request))
    return {"batch_id": batch_id, "actor": person(request), "at": timezone.now()}


class Imports(APIView):
    """The imports of the bureau; checking another workbook, which stores no record."""

    pagination_class = Pages
    parser_classes = (MultiPartParser,)

    @extend_schema(responses=serializers.ImportReader(many=True))
    def get(self, request: Request) -> Response:
        rows = _imports(request).newest_first()
        return paged(self, request, rows, serializers.ImportReader)

    @extend_schema(
        request=serializers.ImportWriter,
        responses={
            201: serializers.ImportPreviewReader,
            (400, "application/problem+json"): serializers.ImportProblemSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        require_keeper(person(request))
        data = valid(serializers.ImportWriter, request).validated_data
        file = data["file"]
        if file.size > MAX_BYTES:
            raise WorkbookTooLarge
        plan, batch = check_import(
            data=file.read(),
            name=file.name,
            source=data["source"],
            actor=person(request),
            at=timezone.now(),
        )
        if batch is None:
            raise FaultyWorkbook(plan)
        return made(serializers.ImportPreviewReader, batch)


class ImportDetail(APIView):
    """One import with the first of its changes."""

    @extend_schema(responses=serializers.ImportPreviewReader)
    def get(self, request: Request, batch_id: UUID) -> Response:
        found = one(_imports(request), batch_id)
        return Response(serializers.ImportPreviewReader(found).data)


class ImportApplication(APIView):
    """Store all rows of a checked workbook, or none."""

    @extend_schema(request=None, responses={201: serializers.ImportPreviewReader})
    def post(self, request: Request, batch_id: UUID) -> Response:
        batch = apply_import(**_act(request, batch_id))
        return made(serializers.ImportPreviewReader, batch)


class ImportVerification(APIView):
    """A second official confirms all that an import left pending."""

    @extend_schema(request=None, responses={201: serializers.VerifiedReader})
    def post(self, request: Request, batch_id: UUID) -> Response:
        count = verify_batch(**_act(request, batch_id))
        return made(serializers.VerifiedReader, {"verified": count})


class ImportUndoing(APIView):
    """Record the state before an import again, for all of its records at once."""

    @extend_schema(
        request=serializers.UndoingWriter,
        responses={201: serializers.ImportPreviewReader},
    )
    def post(self, request: Request, batch_id: UUID) -> Response:
        said = _act(request, batch_id)
        data = valid(serializers.UndoingWriter, request).validated_data
        batch = undo_import(**said, reason=data["reason"])
        return made(serializers.ImportPreviewReader, batch)
