"""An enterprise hands in and mends its own records over the API."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import EnterpriseClaim
from accounts.rules import Role
from oversight.models import Certificate, Recognition, RegisterFile
from tests.factories.accounts import MembershipFactory
from tests.oversight.test_api import CERTIFICATE, TITLE, decide, first, problem

__all__ = ["first"]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ASIDE = ("holder", "source")
OWN = {
    "certificate": {k: v for k, v in CERTIFICATE.items() if k not in ASIDE},
    "title": {k: v for k, v in TITLE.items() if k not in ASIDE},
}
NOUNS = ("certificate", "title")
MODELS = {"certificate": Certificate, "title": Recognition}
MENDED = {"certificate": ("scope", "生产"), "title": ("document", "示例〔2024〕2号")}


def scan(content: bytes = PDF, name: str = "证书.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def form(bureau, noun, **changes) -> dict:
    body = {"body": str(bureau.body.pk)} if noun == "certificate" else {}
    return OWN[noun] | body | changes


def hand_in(client, bureau, noun, **changes):
    data = form(bureau, noun, **changes)
    data.setdefault("file", scan())
    return client.post(reverse(f"api-{noun}s-handed-in"), data)


def mend(client, bureau, noun, pk, seq=1, **changes):
    name, value = MENDED[noun]
    data = form(bureau, noun, seq=seq, **{name: value} | changes)
    return client.post(reverse(f"api-{noun}-mending", args=[pk]), data)


@pytest.fixture
def enterprise(owner, signed_in):
    """A client of an enterprise's owner whose claim is proven."""
    return signed_in(owner)


@pytest.mark.parametrize("noun", NOUNS)
def test_what_is_handed_in_waits_with_its_scan(noun, bureau, owner, enterprise):
    answer = hand_in(enterprise, bureau, noun)
    assert answer.status_code == 201, answer.json()
    latest = answer.json()["latest"]
    assert (latest["via"], latest["verification"]) == ("enterprise", "pending")
    assert latest["holder"]["credit_code"] == owner.organisation.credit_code
    assert RegisterFile.objects.count() == 1


@pytest.mark.parametrize("noun", NOUNS)
def test_what_is_handed_in_needs_a_scan(noun, bureau, enterprise):
    url = reverse(f"api-{noun}s-handed-in")
    answer = enterprise.post(url, form(bureau, noun))
    assert problem(answer) == (400, "invalid", ["file"])
    lying = hand_in(enterprise, bureau, noun, file=scan(b"MZ program"))
    assert lying.status_code == 415
    assert MODELS[noun].objects.count() == 0


@pytest.mark.parametrize("noun", NOUNS)
def test_what_was_sent_back_is_mended(noun, bureau, enterprise, first):
    pk = hand_in(enterprise, bureau, noun).json()["id"]
    sent = decide(first, f"api-{noun}-verification", pk, 1, "reject", "看不清")
    assert sent.json()["is_standing"] is False
    answer = mend(enterprise, bureau, noun, pk, seq=2, file=scan(PDF + b"\n"))
    assert answer.status_code == 201, answer.json()
    body, (name, value) = answer.json(), MENDED[noun]
    assert (body["latest"][name], body["latest"]["seq"]) == (value, 3)
    assert body["latest"]["verification"] == "pending"
    assert RegisterFile.objects.count() == 2


@pytest.mark.parametrize("noun", NOUNS)
def test_what_was_verified_is_the_bureaus(noun, bureau, enterprise, first):
    pk = hand_in(enterprise, bureau, noun).json()["id"]
    assert decide(first, f"api-{noun}-verification", pk).status_code == 201
    answer = mend(enterprise, bureau, noun, pk, seq=2)
    assert problem(answer) == (409, "in_the_bureaus_hands", [])


@pytest.mark.parametrize("noun", NOUNS)
def test_who_mends_an_older_revision_is_told_the_latest(noun, bureau, enterprise):
    pk = hand_in(enterprise, bureau, noun).json()["id"]
    assert mend(enterprise, bureau, noun, pk).status_code == 201
    answer = mend(enterprise, bureau, noun, pk, seq=1)
    assert problem(answer) == (412, "stale_record", [])
    assert answer.json()["seq"] == 2


@pytest.mark.parametrize("noun", NOUNS)
def test_a_foreign_record_is_mended_by_nobody(noun, bureau, enterprise, signed_in):
    pk = hand_in(enterprise, bureau, noun).json()["id"]
    stranger = signed_in(MembershipFactory())
    foreign = mend(stranger, bureau, noun, pk)
    assert problem(foreign) == (404, "not_found", [])
    assert foreign.json() == mend(stranger, bureau, noun, uuid.uuid4()).json()
    assert MODELS[noun].objects.get().latest.seq == 1


@pytest.mark.parametrize("noun", NOUNS)
def test_only_an_owner_hands_in(noun, bureau, owner, enterprise, first, signed_in):
    pk = hand_in(enterprise, bureau, noun).json()["id"]
    helper = MembershipFactory(organisation=owner.organisation, role=Role.CONTRIBUTOR)
    client = signed_in(helper)
    assert problem(hand_in(client, bureau, noun)) == (403, "forbidden", [])
    assert problem(mend(client, bureau, noun, pk)) == (403, "forbidden", [])
    # Who keeps the registers enters and corrects; handing in is the enterprise's.
    assert problem(hand_in(first, bureau, noun)) == (404, "not_found", [])
    assert problem(mend(first, bureau, noun, pk)) == (404, "not_found", [])
    assert MODELS[noun].objects.get().latest.seq == 1


@pytest.mark.parametrize("noun", NOUNS)
def test_an_unproven_claim_hands_in_nothing(noun, bureau, owner, enterprise):
    EnterpriseClaim.objects.all().delete()
    answer = hand_in(enterprise, bureau, noun)
    assert problem(answer) == (409, "claim_not_proven", [])


def test_an_enterprise_can_not_record_what_became_of_its_title(bureau, enterprise):
    answer = hand_in(enterprise, bureau, "title", vetoed_on="2025-01-01")
    assert problem(answer) == (400, "invalid", ["vetoed_on"])
