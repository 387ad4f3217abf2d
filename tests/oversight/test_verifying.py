"""Four eyes: who may verify what, and what holds meanwhile."""

import pytest

from accounts.models import AuditEvent
from accounts.rules import Role
from backend.errors import Forbidden
from oversight.models import Certificate, Via
from oversight.services.certificates import (
    DuplicateCertificate,
    correct_certificate,
    enter_certificate,
)
from oversight.services.verifying import (
    NothingPending,
    OwnEntry,
    reject_record,
    verify_record,
    void_record,
)
from tests.factories.accounts import MembershipFactory
from tests.oversight.registers import FORM, NOON, certificate_entry, holder


def decide(verb, record, who, **more):
    return verb(
        model=Certificate,
        record_id=record.pk,
        seq=Certificate.objects.get(pk=record.pk).latest.seq,
        via=Via.FORM,
        actor=who.user,
        at=NOON,
        **more,
    )


def test_nobody_verifies_their_own_entry(bureau):
    with pytest.raises(OwnEntry):
        decide(verify_record, bureau.certificate(), bureau.first)


def test_nobody_verifies_a_record_they_corrected(bureau):
    certificate = bureau.certificate()
    correct_certificate(
        certificate_id=certificate.pk,
        seq=1,
        entry=certificate_entry(bureau.body, scope="更正"),
        reason="更正",
        actor=bureau.second.user,
        at=NOON,
        **FORM,
    )
    for who in (bureau.first, bureau.second):
        with pytest.raises(OwnEntry):
            decide(verify_record, certificate, who)


def test_an_operator_verifies_nothing(bureau):
    operator = MembershipFactory(
        organisation=bureau.first.organisation, role=Role.OPERATOR
    )
    with pytest.raises(Forbidden):
        decide(verify_record, bureau.certificate(), operator)


def test_what_is_verified_is_not_verified_twice(bureau):
    with pytest.raises(NothingPending):
        decide(verify_record, bureau.verified_certificate(), bureau.first)


def test_sending_back_frees_the_number(bureau):
    decide(reject_record, bureau.certificate(), bureau.second, reason="查不到")
    again = bureau.certificate(holder=holder(2))
    assert again.is_standing


def test_a_freed_number_is_not_verified_twice(bureau):
    sent_back = bureau.certificate()
    decide(reject_record, sent_back, bureau.second, reason="查不到")
    bureau.certificate(holder=holder(2))
    with pytest.raises(DuplicateCertificate):
        correct_certificate(
            certificate_id=sent_back.pk,
            seq=2,
            entry=certificate_entry(bureau.body),
            reason="补正",
            actor=bureau.first.user,
            at=NOON,
            **FORM,
        )


def test_taking_out_what_was_verified_waits_for_a_second_official(bureau):
    certificate = bureau.verified_certificate()
    decide(void_record, certificate, bureau.first, reason="录错")
    assert Certificate.objects.get().is_standing
    decide(verify_record, certificate, bureau.second)
    assert not Certificate.objects.get().is_standing


def test_taking_out_what_was_never_verified_is_done_at_once(bureau):
    decide(void_record, bureau.certificate(), bureau.first, reason="录错")
    assert not Certificate.objects.get().is_standing


def test_every_step_is_one_line_of_audit(bureau):
    bureau.verified_certificate()
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["certificate.entered", "certificate.verified"]


@pytest.mark.django_db(transaction=True)
def test_of_two_that_enter_one_number_at_once_one_is_told(transactional_db):
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    from django.db import connection

    from tests.oversight.registers import make_bureau

    bureau = make_bureau()
    together = Barrier(2)

    def enter(number: int) -> str:
        together.wait()
        try:
            enter_certificate(
                entry=certificate_entry(bureau.body, holder=holder(number)),
                actor=bureau.first.user,
                at=NOON,
                **FORM,
            )
        except DuplicateCertificate as error:
            return error.code
        finally:
            connection.close()
        return "entered"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(enter, (1, 2)))
    assert outcomes == ["duplicate_certificate", "entered"]
    assert Certificate.objects.count() == 1
