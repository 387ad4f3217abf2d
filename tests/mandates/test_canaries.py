"""Words of one enterprise never reach people without its mandate, by any door."""

import io
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from rest_framework.throttling import SimpleRateThrottle

from accounts.mandates import revoke_mandate
from accounts.models import Membership
from tests.fixtures_mandates import EVERYTHING
from tests.mandates.test_access_records import body_of
from tests.mandates.world import Owned, doors, found
from tests.project.test_access_matrix import FIXED_PARTS
from tests.project.url_map import addresses

WORD = "鸣禽九四七"
ADDRESSES = addresses()


@pytest.fixture
def owned(small_version: Any, owner: Membership) -> Owned:
    """An enterprise whose name, people, answers, files and sheet hold the word."""
    enterprise = owner.organisation
    enterprise.name = f"测试{WORD}有限公司"
    enterprise.save()
    owner.user.name = f"负责{WORD}"
    owner.user.save()
    return found(owner, small_version, WORD)


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "rate", "1000000/min", raising=False)


def text_of(answer: Any) -> str:
    """Return headers and body as text, of PDFs the words and the metadata too."""
    body = body_of(answer)
    text = body.decode(errors="replace") + str(dict(answer.items()))
    if body.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(body))
        text += str(reader.metadata) + "".join(p.extract_text() for p in reader.pages)
    return text


def shown_to(person: Membership, owned: Owned, **more: Any) -> set[str]:
    """Return the doors through which the person meets the word."""
    client = Client()
    client.force_login(person.user)
    parts = FIXED_PARTS | owned.values() | more
    paths = {
        name: address.path(parts)
        for name, address in ADDRESSES.items()
        if address.parts <= set(parts)
    } | doors(owned)
    return {name for name, path in paths.items() if WORD in text_of(client.get(path))}


def test_a_mandate_does_show_the_word(owned: Owned, grant: Any, reviewer: Membership):
    """The control: with everything granted the same walk finds it."""
    assert shown_to(reviewer, owned, mandate_id=grant().pk) >= {
        "client-assessment", "api-answers", "evidence-file", "report-file",
        "client-data-sheet", "api-data-sheet",
    }  # fmt: skip


@pytest.mark.parametrize("part", ["reviewer", "agency_manager", "stranger",
                                  "bureau_manager"])  # fmt: skip
def test_without_a_mandate_nobody_meets_it(part: str, owned: Owned, request: Any):
    person = request.getfixturevalue(part)
    mail.outbox.clear()
    assert shown_to(person, owned) == set()
    assert WORD not in "".join(m.subject + m.body for m in mail.outbox)


def test_another_agencys_mandate_shows_nothing(
    owned: Owned, grant: Any, stranger: Membership
):
    from tests.factories.accounts import MembershipFactory, OrganisationFactory

    mandate = grant()
    other = MembershipFactory(organisation=OrganisationFactory(kind="agency"))
    for person in (other, stranger):
        assert shown_to(person, owned, mandate_id=mandate.pk) == set()


def test_after_revoking_only_the_name_of_the_client_is_left(
    owned: Owned, grant: Any, owner: Membership, reviewer: Membership
):
    mandate = revoke_mandate(mandate=grant(), actor=owner.user, at=timezone.now())
    left = shown_to(reviewer, owned, mandate_id=mandate.pk)
    assert left <= {"mandate", "clients", "api-mandates", "api-mandate"}


def test_the_mails_of_mandates_hold_no_word(
    owned: Owned, grant: Any, owner: Membership,
    django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        revoke_mandate(mandate=grant(EVERYTHING), actor=owner.user, at=timezone.now())
    assert len(mail.outbox) == 4
    assert WORD not in "".join(m.subject + m.body for m in mail.outbox)
