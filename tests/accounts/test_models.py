"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, Membership, Organisation, User
from accounts.rules import ROLES_OF_KIND, Kind, Role
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    credit_code,
)

pytestmark = pytest.mark.django_db
MISFITS = [
    (kind, role) for kind in Kind for role in Role if role not in ROLES_OF_KIND[kind]
]


def event() -> AuditEvent:
    return audit.record(
        action="test.happened",
        actor=UserFactory(),
        organisation=OrganisationFactory(),
        subject=None,
        at=timezone.now(),
    )


def test_the_audit_trail_takes_new_lines() -> None:
    line = event()
    assert AuditEvent.objects.get() == line


def test_a_line_of_the_audit_trail_is_never_changed() -> None:
    event()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(action="test.forged")


def test_a_line_of_the_audit_trail_is_never_deleted() -> None:
    event()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEvent.objects.all().delete()


@pytest.mark.parametrize(
    ("kind", "role"), [(kind, role) for kind in Kind for role in ROLES_OF_KIND[kind]]
)
def test_a_role_that_fits_is_stored(kind: Kind, role: Role) -> None:
    organisation = OrganisationFactory(kind=kind)
    assert MembershipFactory(organisation=organisation, role=role).pk


@pytest.mark.parametrize(("kind", "role"), MISFITS)
def test_a_role_that_does_not_fit_is_refused(kind: Kind, role: Role) -> None:
    organisation, person = OrganisationFactory(kind=kind), UserFactory()
    with pytest.raises(IntegrityError, match="does not fit"), transaction.atomic():
        Membership.objects.create(user=person, organisation=organisation, role=role)


def test_a_role_cannot_be_changed_to_one_that_does_not_fit() -> None:
    MembershipFactory()
    with pytest.raises(IntegrityError, match="does not fit"), transaction.atomic():
        Membership.objects.update(role=Role.OPERATOR)


def test_an_invitation_offers_only_a_role_that_fits() -> None:
    organisation, person = OrganisationFactory(), UserFactory()
    with pytest.raises(IntegrityError, match="does not fit"), transaction.atomic():
        InvitationFactory(
            organisation=organisation, created_by=person, role=Role.ANALYST
        )


def test_the_kind_of_an_organisation_is_fixed() -> None:
    OrganisationFactory()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Organisation.objects.update(kind=Kind.BUREAU)


def test_the_name_of_an_organisation_may_change() -> None:
    OrganisationFactory()
    assert Organisation.objects.update(name="新名称") == 1


def test_a_person_belongs_to_one_organisation() -> None:
    member = MembershipFactory()
    other = OrganisationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipFactory(user=member.user, organisation=other)


def test_a_credit_code_is_stored_once() -> None:
    OrganisationFactory(credit_code=credit_code(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationFactory(credit_code=credit_code(1))


def test_several_organisations_may_have_no_credit_code() -> None:
    OrganisationFactory.create_batch(2, kind=Kind.AGENCY)
    assert Organisation.objects.filter(credit_code="").count() == 2


@pytest.mark.parametrize("code", ["", "91370600", "91370600ma3qy001xa", "I" * 18])
def test_an_enterprise_without_a_credit_code_is_refused(code: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationFactory(credit_code=code)


def test_an_enterprise_without_a_district_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationFactory(district="")


def test_an_email_address_is_stored_in_lower_case() -> None:
    assert (
        User.objects.create_user("Li.Ming@Example.com").email == "li.ming@example.com"
    )


def test_an_email_address_in_another_case_is_refused() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="Li.Ming@example.com")


def test_an_email_address_is_unique() -> None:
    User.objects.create_user("li@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("LI@example.com")


def test_a_person_is_found_by_email_in_any_case() -> None:
    person = UserFactory(email="li@example.com")
    assert User.objects.get_by_natural_key(" LI@example.com ") == person


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_may_write_the_audit_trail() -> None:
    event()
    assert AuditEvent.objects.count() == 1
