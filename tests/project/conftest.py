"""A small world with everybody in it, for tests that walk over the whole service."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfWriter
from rest_framework.throttling import SimpleRateThrottle

from accounts.mandates import grant_mandate, request_mandate
from accounts.models import Membership, Notice, User
from accounts.notices import notify
from accounts.rules import Kind, Role
from assessments.services import (
    Declaration,
    add_evidence,
    save_answer,
    start_assessment,
    submit_assessment,
)
from backend import triggers
from oversight.entries import Holder
from oversight.models import Bulletin, Certificate, CertificationBody, Via
from oversight.services.bulletins import issue_bulletin, make_bulletin
from oversight.services.certificates import enter_certificate
from oversight.services.filing import attach_file
from oversight.services.importing import check_import
from question_bank.publishing import publish
from question_bank.selectors import MAIN_BANK, pinned_sha256
from question_bank.services import open_draft
from reports.services import Rendered, publish_report, request_report, take_report
from reviews.services import TaskContent, add_remark, add_task, make_plan, open_review
from reviews.services.coaching import add_absence
from tests.assessments.data_sheets import save, typed
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.fixtures_assessments import AT, COMPLETE
from tests.fixtures_mandates import terms
from tests.fixtures_named_access import consented, new_official
from tests.oversight.registers import certificate_entry
from tests.oversight.workbooks import certificate_row, workbook

MISSING = UUID("00000000-0000-4000-8000-000000000000")
TOKEN = "a-token-of-an-open-invitation"


@dataclass(frozen=True)
class World:
    """People by part they play, and the owner's objects by the names in URLs."""

    people: dict[str, User | None]
    draft: dict[str, Any]
    sealed: dict[str, Any]

    def client(self, part: str) -> Client:
        """Return a client in which that person is signed in; CSRF is enforced."""
        client = Client(enforce_csrf_checks=True)
        if (person := self.people[part]) is not None:
            client.force_login(person)
        return client


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens inside, and what limits have counted."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


@pytest.fixture(scope="module")
def _founded(
    django_db_setup: None, django_db_blocker: Any, small_bank: Any
) -> Iterator[World]:
    """The world, made once for a module; hundreds of tests look at it."""
    with django_db_blocker.unblock():
        pinned_sha256.cache_clear()
        yield _found(publish(bank=replace(small_bank, id=MAIN_BANK), at=AT))
        triggers.remove(connection, triggers.all_guards())
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def world(
    _founded: World, db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """The world as it was made, whatever other tests did with it.

    Requests are not limited: these tests ask more often than people may.
    """
    monkeypatch.setattr(SimpleRateThrottle, "rate", "1000000/min", raising=False)
    with undone():
        yield _founded


def _found(version: Any) -> World:
    """Make an enterprise with a draft and a sealed assessment, and those around it."""
    owner = MembershipFactory()
    enterprise = owner.organisation
    contributor = MembershipFactory(organisation=enterprise, role=Role.CONTRIBUTOR)
    stranger = MembershipFactory()
    sealed = _assessment(owner, version)
    _submit(sealed, owner)
    made = make_plan(assessment_id=sealed["assessment_id"], actor=owner.user, at=AT)
    sealed["task_id"] = _task(made, owner)
    draft = _assessment(owner, version)
    _assessment(stranger, version)
    invitation = InvitationFactory(
        organisation=enterprise, created_by=owner.user, token=TOKEN
    )
    draft |= _mandated(owner)
    draft["access_id"] = consented(owner, new_official()).pk
    draft |= {
        "membership_id": contributor.pk,
        "task_id": sealed["task_id"],
        "invitation_id": invitation.pk,
        "token": TOKEN,
        "sheet_id": save(owner, typed(staff="350")).pk,
    }
    bureau_manager = _member_of(Kind.BUREAU)
    draft |= registered(owner, bureau_manager)
    draft |= {"bulletin_id": _bulletin("2025-12", bureau_manager).pk}
    sealed |= {"bulletin_id": _issued(_bulletin("2025-11", bureau_manager)).pk}
    _review(owner, draft, sealed)
    draft["draft_id"] = open_draft(base=version, actor=bureau_manager, at=AT).pk
    people = {
        "anonymous": None,
        "owner": owner.user,
        "contributor": contributor.user,
        "stranger": stranger.user,
        "agency_manager": _member_of(Kind.AGENCY),
        "bureau_manager": bureau_manager,
        "loner": UserFactory(),
    }
    for person in filter(None, people.values()):
        EmailAddress.objects.create(
            user=person, email=person.email, primary=True, verified=True
        )
    return World(people, draft, sealed)


def registered(owner: Membership, keeper: User) -> dict[str, Any]:
    """Let the registers hold a certificate of the enterprise, with a scan."""
    body = CertificationBody.objects.create(name="示例认证机构", created_at=AT)
    now = timezone.now()
    code = owner.organisation.credit_code
    entry = certificate_entry(body, holder=Holder(code, "示例企业", "370602"))
    certificate = enter_certificate(
        entry=entry, source="证书", via=Via.FORM, actor=keeper, at=now
    )
    file = attach_file(
        model=Certificate,
        record_id=certificate.pk,
        file=ContentFile(pdf("certificate"), "证书.pdf"),
        name="证书.pdf",
        actor=keeper,
        at=now,
    )
    _plan, batch = check_import(
        data=workbook([certificate_row()]),
        name="台账.xlsx",
        source="台账",
        actor=keeper,
        at=now,
    )
    return {"record_id": certificate.pk, "file_id": file.pk, "batch_id": batch.pk}


def _bulletin(period: str, manager: User) -> Bulletin:
    return make_bulletin(
        kind="monthly", period=period, actor=manager, at=timezone.now()
    )


def _issued(bulletin: Bulletin) -> Bulletin:
    return issue_bulletin(
        bulletin_id=bulletin.pk,
        digest=bulletin.sha256,
        actor=bulletin.made_by,
        at=timezone.now(),
    )


def _mandated(owner: Membership) -> dict[str, Any]:
    """Let another agency in than the one of `agency_manager`, and let it ask again."""
    agency = MembershipFactory(organisation=OrganisationFactory(kind=Kind.AGENCY))
    now = timezone.now()
    mandate = grant_mandate(
        enterprise=owner.organisation,
        agency=agency.organisation,
        terms=terms(at=now),
        actor=owner.user,
        at=now,
    )
    asked = request_mandate(agency=agency.organisation, actor=agency.user, at=now)
    pending = OrganisationFactory(claim="pending").claim
    deputy = MembershipFactory(organisation=agency.organisation, role=Role.REVIEWER)
    absence = add_absence(
        person=agency.user,
        deputy=deputy.user,
        first_day=timezone.localdate(),
        last_day=timezone.localdate(),
        actor=agency.user,
        at=now,
    )
    notify(kind=Notice.Kind.REPORT_READY, users=[owner.user], url="/home/", at=now)
    return {
        "absence_id": absence.pk,
        "notice_id": Notice.objects.get(recipient=owner.user, url="/home/").pk,
        "mandate_id": mandate.pk,
        "request_id": asked.invitation.pk,
        "claim_id": pending.pk,
    }


def _task(plan: Any, owner: Membership) -> UUID:
    content = TaskContent("建立软件台账")
    return add_task(assessment_id=plan.pk, content=content, actor=owner.user, at=AT).pk


def _member_of(kind: Kind) -> User:
    return MembershipFactory(organisation=OrganisationFactory(kind=kind)).user


def _assessment(owner: Membership, version: Any) -> dict[str, Any]:
    assessment = start_assessment(
        enterprise=owner.organisation, bank_version=version, actor=owner.user, at=AT
    )
    for question_id, data in COMPLETE.items():
        save_answer(
            assessment_id=assessment.pk,
            question_id=question_id,
            data=data,
            revision=0,
            actor=owner.user,
            at=AT,
        )
    evidence = add_evidence(
        assessment_id=assessment.pk,
        question_id="level_one",
        file=ContentFile(pdf(str(assessment.pk))),
        name="制度.pdf",
        actor=owner.user,
        at=AT,
    )
    return {"assessment_id": assessment.pk, "evidence_id": evidence.pk}


def _review(owner: Membership, *reviewed: dict[str, Any]) -> None:
    """Let an agency of its own review what the enterprise answered."""
    reviewer = _member_of(Kind.AGENCY)
    now = timezone.now()
    grant_mandate(
        enterprise=owner.organisation,
        agency=reviewer.membership.organisation,
        terms=terms(at=now),
        actor=owner.user,
        at=now,
    )
    for made in reviewed:
        review = open_review(
            assessment_id=made["assessment_id"], actor=reviewer, at=now
        )
        remark = add_remark(
            review_id=review.pk, question_id="", text="请补充。",
            actor=reviewer, at=now,
        )  # fmt: skip
        made |= {"review_id": review.pk, "remark_id": remark.pk}


def _submit(made: dict[str, Any], owner: Membership) -> None:
    """Seal it, with a finished report that did not take seconds to render."""
    assessment = submit_assessment(
        assessment_id=made["assessment_id"],
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner.user,
        at=AT,
    )
    asked = request_report(assessment=assessment, locale="zh-hans", actor=None, at=AT)
    taken = take_report(report_id=asked.pk, at=AT)
    assert taken is not None
    publish_report(report=taken, rendered=Rendered(pdf("report"), 1), at=AT)
    made |= {"report_id": taken.pk, "code": taken.code}


def pdf(title: str) -> bytes:
    """Return a small PDF; another one for each title."""
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    writer.add_metadata({"/Title": title})
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()
