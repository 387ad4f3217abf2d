"""One enterprise with everything an agency could look at, and the agency's people."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.models import Membership
from assessments.models import Assessment, DataSheet
from assessments.services import (
    Declaration,
    add_evidence,
    save_answer,
    start_assessment,
    submit_assessment,
)
from reports.models import Report
from reports.services import Rendered, publish_report, request_report, take_report
from tests.fixtures_assessments import AT, COMPLETE
from tests.project.conftest import pdf


@dataclass(frozen=True)
class Owned:
    """What an enterprise has: a sealed assessment, a draft, files, a report."""

    owner: Membership
    sealed: Assessment
    draft: Assessment
    files: dict[str, UUID]
    draft_file: UUID
    report: Report
    sheet: DataSheet

    def values(self) -> dict[str, Any]:
        """Return the parts of addresses by name, for the sealed assessment."""
        return {
            "assessment_id": self.sealed.pk,
            "evidence_id": self.files["level_one"],
            "report_id": self.report.pk,
            "sheet_id": self.sheet.pk,
        }


def found(owner: Membership, version: Any, word: str = "") -> Owned:
    """Give the enterprise everything; `word` goes into every text it can hold."""
    sealed = _filled(owner, version, word)
    files = {
        question: _attach(owner, sealed, question, word)
        for question in ("level_one", "level_two")
    }
    sealed = submit_assessment(
        assessment_id=sealed.pk,
        declaration=Declaration(f"声明{word}", f"职务{word}", confirmed=True),
        actor=owner.user,
        at=AT,
    )
    report = request_report(assessment=sealed, locale="zh-hans", actor=None, at=AT)
    taken = take_report(report_id=report.pk, at=AT)
    assert taken is not None
    publish_report(report=taken, rendered=Rendered(pdf(f"report {word}"), 1), at=AT)
    draft = _filled(owner, version, word)
    draft_file = _attach(owner, draft, "level_one", word)
    sheet = DataSheet.objects.create(
        enterprise=owner.organisation,
        year=2025,
        revision=1,
        values={"staff": {"value": word}},
        rights=[
            {"kind": "software", "number": "2025SR1", "title": word, "note": ""},
        ],
        created_at=AT,
        updated_by=owner.user,
        updated_at=AT,
    )
    return Owned(owner, sealed, draft, files, draft_file, taken, sheet)


def _filled(owner: Membership, version: Any, word: str) -> Assessment:
    assessment = start_assessment(
        enterprise=owner.organisation, bank_version=version, actor=owner.user, at=AT
    )
    for question, data in COMPLETE.items():
        texts = {"note": f"备注{word}", "document": f"文件{word}"} if word else {}
        save_answer(
            assessment_id=assessment.pk,
            question_id=question,
            data=data | texts,
            revision=0,
            actor=owner.user,
            at=AT,
        )
    return assessment


def _attach(
    owner: Membership, assessment: Assessment, question: str, word: str
) -> UUID:
    key: UUID = add_evidence(
        assessment_id=assessment.pk,
        question_id=question,
        file=ContentFile(pdf(f"{assessment.pk}{question}{word}")),
        name=f"{question}{word}.pdf",
        actor=owner.user,
        at=AT,
    ).pk
    return key


def doors(owned: Owned) -> dict[str, str]:
    """Return the address of every door through which an agency could read."""
    sealed, draft = owned.sealed.pk, owned.draft.pk
    return {
        "answers page": reverse("client-assessment", args=[sealed]),
        "draft page": reverse("client-assessment", args=[draft]),
        "result": reverse("result", args=[sealed]),
        "api assessment": reverse("api-assessment", args=[sealed]),
        "api draft": reverse("api-assessment", args=[draft]),
        "api answers": reverse("api-answers", args=[sealed]),
        "api answer one": reverse("api-answer", args=[sealed, "level_one"]),
        "api answer two": reverse("api-answer", args=[sealed, "level_two"]),
        "api check": reverse("api-check", args=[sealed]),
        "api result": reverse("api-result", args=[sealed]),
        "api reports": reverse("api-assessment-reports", args=[sealed]),
        "file one": reverse("evidence-file", args=[owned.files["level_one"]]),
        "file two": reverse("api-evidence-file", args=[owned.files["level_two"]]),
        "draft file": reverse("evidence-file", args=[owned.draft_file]),
        "preview one": reverse("evidence-preview", args=[owned.files["level_one"]]),
        "draft preview": reverse("evidence-preview", args=[owned.draft_file]),
        "data sheet": reverse("client-data-sheet", args=[owned.sheet.pk]),
        "api data sheet": reverse("api-data-sheet", args=[owned.sheet.pk]),
        "report": reverse("report-status", args=[owned.report.pk]),
        "report file": reverse("report-file", args=[owned.report.pk]),
    }
