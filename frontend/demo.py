"""The demo: three enterprises at different stages, an agency and the bureau.

Accounts are named after roles, addresses end in `.example`, passwords are random.
Everything goes through the services that people use.
"""

import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from pypdf import PdfWriter

from accounts.credit_code import complete
from accounts.mandate_scope import Scope
from accounts.mandates import DEFAULT_DAYS, Terms, grant_mandate
from accounts.models import (
    EnterpriseClaim,
    Mandate,
    Membership,
    Organisation,
    User,
)
from accounts.rules import Kind, Role
from assessments.models import Assessment
from assessments.services import (
    Declaration,
    add_evidence,
    save_answer,
    start_assessment,
    submit_assessment,
)
from frontend.demo_access import begin_accesses
from frontend.demo_answers import plausible_answers
from frontend.demo_reviews import begin_review
from frontend.demo_sheets import fill_sheet
from question_bank.engine.answers import answer_to_json
from question_bank.engine.definition import Bank
from question_bank.selectors import compiled_bank, offered_version
from reviews.models.coaching import Stage as CoachingStage
from reviews.services.coaching import Team, assign_team, plan_dates, set_stage

DOMAIN = "demo.example"
PARTS_SHOWN = frozenset({"GATE", "CTX"})
"""The sections of which the third enterprise shows its draft."""


@dataclass(frozen=True)
class Account:
    """One demo account as it is printed once."""

    organisation: str
    role: str
    email: str
    password: str


@dataclass(frozen=True)
class Stage:
    """One demo enterprise: how far it got and how good it is (0 … 1)."""

    slug: str
    name: str
    district: str
    quality: float
    share: float
    submits: bool


STAGES = (
    Stage("a", "演示企业甲（精密制造）", "370611", 0.75, 1.0, submits=True),
    Stage("b", "演示企业乙（软件服务）", "370602", 0.55, 0.6, submits=False),
    Stage("c", "演示企业丙（食品加工）", "370685", 0.35, 0.12, submits=False),
)


def is_empty() -> bool:
    """Whether nobody has ever been registered."""
    return not User.objects.get_queryset().exists()


def seed(*, at: datetime) -> list[Account]:
    """Fill an empty service with the demo; return the accounts."""
    version = offered_version()
    bank = compiled_bank(version.sha256)
    accounts: list[Account] = []
    owners: dict[str, User] = {}
    for number, stage in enumerate(STAGES):
        enterprise = Organisation.objects.create(
            kind=Kind.ENTERPRISE,
            name=stage.name,
            credit_code=complete("91370600", f"MADEM0{number}0"),
            district=stage.district,
        )
        _claim(enterprise, at)
        owner = _person(accounts, enterprise, Role.OWNER, f"owner-{stage.slug}")
        owners[stage.slug] = owner
        _person(accounts, enterprise, Role.CONTRIBUTOR, f"contributor-{stage.slug}")
        assessment = start_assessment(
            enterprise=enterprise,
            bank_version=version,
            actor=owner,
            at=at - timedelta(days=20),
        )
        _answer(assessment, bank, stage, owner, at)
        fill_sheet(stage.slug, enterprise, owner, at)
        if stage.submits:
            _submit(assessment, owner, at)
    agency = Organisation.objects.create(kind=Kind.AGENCY, name="演示服务机构")
    _person(accounts, agency, Role.AGENCY_MANAGER, "agency-manager")
    _person(accounts, agency, Role.REVIEWER, "reviewer")
    _mandate(agency, at)
    bureau = Organisation.objects.create(kind=Kind.BUREAU, name="演示知识产权主管部门")
    manager = _person(accounts, bureau, Role.BUREAU_MANAGER, "bureau-manager")
    # Two people publish a bank, and approve a ground to read: one asks, one approves.
    _person(accounts, bureau, Role.BUREAU_MANAGER, "bureau-manager-b", "（二）")
    analyst = _person(accounts, bureau, Role.ANALYST, "analyst")
    begin_accesses(owners, manager, analyst, at)
    return accounts


def _claim(enterprise: Organisation, at: datetime) -> None:
    EnterpriseClaim.objects.create(
        enterprise=enterprise,
        state=EnterpriseClaim.State.PROVEN,
        proof=EnterpriseClaim.Proof.DEMO,
        created_at=at,
        decided_at=at,
    )


def _mandate(agency: Organisation, at: datetime) -> None:
    """Let the demo agency in: all of the first enterprise, a part of the third.

    The first has come far and is assigned; the third has just begun.
    """
    manager, reviewer = (
        User.objects.get_by_natural_key(f"{slug}@{DOMAIN}")
        for slug in ("agency-manager", "reviewer")
    )
    scopes = {
        "a": Scope(evidence=True, report=True, data_sheet=True),
        "c": Scope(drafts=True, sections=PARTS_SHOWN),
    }
    first, third = (
        _grant(slug, scope, agency, days, at)
        for (slug, scope), days in zip(scopes.items(), (DEFAULT_DAYS, 12), strict=True)
    )
    for mandate, stage, days in (
        (first, CoachingStage.RUN, 40),
        (third, CoachingStage.DIAGNOSIS, 5),
    ):
        set_stage(
            mandate=mandate,
            stage=stage,
            reached_on=at.date() - timedelta(days=10),
            actor=manager,
            at=at,
        )
        plan_dates(
            mandate=mandate,
            due={stage.value: at.date() + timedelta(days=days)},
            actor=manager,
            at=at,
        )
    assign_team(mandate=first, team=Team(reviewer.pk), actor=manager, at=at)
    owner = first.granted_by
    assessment = Assessment.objects.own_of(owner).get(status="submitted")
    begin_review(assessment, reviewer, owner, at)


def _grant(
    slug: str, scope: Scope, agency: Organisation, days: int, at: datetime
) -> Mandate:
    owner = User.objects.get_by_natural_key(f"owner-{slug}@{DOMAIN}")
    return grant_mandate(
        enterprise=owner.membership.organisation,
        agency=agency,
        terms=Terms(
            scope=scope,
            purpose=Mandate.Purpose.COACHING,
            ends_at=at + timedelta(days=days),
        ),
        actor=owner,
        at=at,
    )


def _person(
    accounts: list[Account],
    organisation: Organisation,
    role: Role,
    slug: str,
    suffix: str = "",
) -> User:
    password = secrets.token_urlsafe(9)
    email = f"{slug}@{DOMAIN}"
    name = f"{organisation.name.split('（')[0]} {role.label}{suffix}"
    user = User.objects.create_user(email, password, name=name)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    accounts.append(
        Account(organisation.name, f"{role.label}{suffix}", email, password)
    )
    return user


def _answer(
    assessment: Assessment, bank: Bank, stage: Stage, owner: User, at: datetime
) -> None:
    answers = plausible_answers(
        bank, seed=stage.slug, quality=stage.quality, as_of=at.date()
    )
    wanted = int(len(bank.questions) * stage.share)
    for number, question in enumerate(bank.questions[:wanted]):
        if question.id not in answers:
            continue
        document = _document(number, at.date()) if number % 3 else ""
        data = {**answer_to_json(answers[question.id]), "document": document}
        save_answer(
            assessment_id=assessment.pk,
            question_id=question.id,
            data=data,
            revision=0,
            actor=owner,
            at=at - timedelta(days=10) + timedelta(minutes=number),
        )
        if question.evidence and not number % 6:
            name = f"{question.evidence[0].text['zh']}.pdf"
            _attach(assessment, question.id, name, owner, at)


def _document(number: int, day: date) -> str:
    return f"QP-{number:03d} {day - timedelta(days=150 + number % 30):%Y-%m-%d}"


def _attach(
    assessment: Assessment, question_id: str, name: str, owner: User, at: datetime
) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": f"{question_id} demo"})
    content = io.BytesIO()
    writer.write(content)
    add_evidence(
        assessment_id=assessment.pk,
        question_id=question_id,
        file=ContentFile(content.getvalue()),
        name=name,
        actor=owner,
        at=at - timedelta(days=9),
    )


def _submit(assessment: Assessment, owner: User, at: datetime) -> None:
    submit_assessment(
        assessment_id=assessment.pk,
        declaration=Declaration("演示声明人", "总经理", confirmed=True),
        actor=owner,
        at=at - timedelta(days=1),
    )


def lines(accounts: list[Account]) -> Iterator[str]:
    """Yield the accounts as lines for the console."""
    for account in accounts:
        yield (
            f"  {account.email:<30} {account.password:<14} "
            f"{account.organisation} · {account.role}"
        )
