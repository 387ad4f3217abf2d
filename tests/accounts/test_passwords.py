"""Passwords made of words of this service are refused, others are not."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import Membership
from accounts.passwords import ContextWordsValidator
from tests.factories.accounts import UserFactory

validator = ContextWordsValidator()


@pytest.mark.parametrize(
    "password",
    ["Yantai 2026", "烟台烟台烟台烟台烟台", "zhishichanquan1", "GB29490自评贯标"],
)
def test_words_of_the_service_make_no_password(password: str) -> None:
    with pytest.raises(ValidationError) as caught:
        validator.validate(password)
    assert caught.value.code == "password_context_words"


@pytest.mark.parametrize(
    "password", ["correct-horse-battery", "在烟台看过一次日出", "x7 Kq-29490-pw9 zz"]
)
def test_enough_of_its_own_makes_a_password(password: str) -> None:
    validator.validate(password)


@pytest.mark.django_db
def test_a_member_does_not_use_the_name_or_code_of_the_organisation(
    owner: Membership,
) -> None:
    owner.organisation.name = "渤海 精密制造"
    owner.organisation.save()
    for password in ("渤海精密制造123", owner.organisation.credit_code.lower()):
        with pytest.raises(ValidationError):
            validator.validate(password, owner.user)
        validator.validate(password, UserFactory())


@pytest.mark.django_db
@pytest.mark.parametrize("length", [10, 64, 200])
def test_long_passwords_with_blanks_are_welcome(length: int) -> None:
    text = "a quiet river under seven bridges and one red lantern " * 4
    validate_password(text[:length], UserFactory())
