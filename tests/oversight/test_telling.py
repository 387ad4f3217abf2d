"""Who hears of what happens to the registers and the statistics."""

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership, Notice
from oversight.models import Certificate, Via
from oversight.services.handing_in import hand_in_certificate
from oversight.services.verifying import reject_record, verify_record
from oversight.telling import tell_refused
from tests.oversight.registers import NOON, Bureau, certificate_entry
from tests.project.conftest import pdf


def told(member: Membership) -> list[str]:
    rows = Notice.objects.filter(recipient=member.user).order_by("created_at", "pk")
    return list(rows.values_list("text", flat=True))


def handed_in(owner: Membership, bureau: Bureau) -> Certificate:
    return hand_in_certificate(
        enterprise=owner.organisation,
        entry=certificate_entry(bureau.body),
        file=SimpleUploadedFile("scan.pdf", pdf("scan"), "application/pdf"),
        actor=owner.user,
        at=NOON,
    )


def test_the_bureau_hears_of_a_record_and_the_owner_of_the_decision(
    owner: Membership, bureau: Bureau
):
    record = handed_in(owner, bureau)
    assert told(bureau.first) == told(bureau.second) == ["register_handed_in"]
    assert told(owner) == []
    verify_record(
        model=Certificate, record_id=record.pk, seq=1, via=Via.FORM,
        actor=bureau.first.user, at=NOON,
    )  # fmt: skip
    assert told(owner) == ["register_verified"]


def test_the_owner_hears_that_a_record_was_sent_back(owner, bureau: Bureau):
    record = handed_in(owner, bureau)
    reject_record(
        model=Certificate, record_id=record.pk, seq=1, reason="看不清编号",
        via=Via.FORM, actor=bureau.first.user, at=NOON,
    )  # fmt: skip
    assert told(owner) == ["register_rejected"]


def test_the_bureaus_own_entries_are_told_to_nobody(owner, bureau: Bureau):
    bureau.verified_certificate()
    assert not Notice.objects.exists()


def test_who_reads_statistics_hears_of_a_refusal(owner, bureau: Bureau):
    tell_refused(NOON)
    assert told(bureau.first) == told(bureau.second) == ["statistics_refused"]
    assert told(owner) == []
