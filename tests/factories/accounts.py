"""People and organisations for tests."""

from datetime import timedelta
from hashlib import sha256

import factory
from django.utils import timezone

from accounts.credit_code import complete
from accounts.models import EnterpriseClaim, Invitation, Membership, Organisation, User
from accounts.rules import MANAGING_ROLE, Kind, Role

PASSWORD = "correct-horse-battery"


def credit_code(number: int) -> str:
    """Return a valid enterprise credit code; another one for each number."""
    return complete("91370600", f"MA{number:06d}")


class UserFactory(factory.django.DjangoModelFactory):
    """A person who signs in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.com")
    name = factory.Sequence(lambda number: f"测试人员{number}")
    password = factory.django.Password(PASSWORD)


class OrganisationFactory(factory.django.DjangoModelFactory):
    """An enterprise whose claim is proven; with `kind=` an agency or a bureau."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    kind = Kind.ENTERPRISE
    name = factory.Sequence(lambda number: f"测试单位{number}")
    credit_code = factory.Maybe(
        factory.LazyAttribute(lambda row: row.kind == Kind.ENTERPRISE),
        factory.Sequence(credit_code),
        "",
    )
    district = factory.LazyAttribute(
        lambda row: "370602" if row.kind == Kind.ENTERPRISE else ""
    )

    @factory.post_generation
    def claim(self, create, extracted, **_kwargs):
        """Claim an enterprise; `claim="pending"` leaves it to be decided."""
        if not create or self.kind != Kind.ENTERPRISE:
            return
        proven = (extracted or "proven") == "proven"
        EnterpriseClaim.objects.create(
            enterprise=self,
            state="proven" if proven else "pending",
            proof="bureau" if proven else "",
            created_at=self.created_at,
            decided_at=self.created_at if proven else None,
        )


class MembershipFactory(factory.django.DjangoModelFactory):
    """A person in an organisation; by default in the role that manages it."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = factory.LazyAttribute(lambda row: MANAGING_ROLE[row.organisation.kind])


class InvitationFactory(factory.django.DjangoModelFactory):
    """An open invitation whose link ends in `token`."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda number: f"token-{number}")

    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.CONTRIBUTOR
    token_hash = factory.LazyAttribute(
        lambda row: sha256(row.token.encode()).hexdigest()
    )
    created_by = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda row: row.created_at + timedelta(days=7))
