"""What the registers knew on a day never changes by what is recorded later."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from oversight.counting.facts import CertificateState, StateChange, Verification
from oversight.known import facts_known_on
from oversight.models import Certificate, Recognition, Via
from oversight.services.certificates import (
    change_certificate_state,
    correct_certificate,
)
from oversight.services.recognitions import end_recognition
from oversight.services.series import correct_figure, enter_figure
from oversight.services.verifying import reject_record, void_record
from tests.oversight.registers import (
    DAY,
    FORM,
    NOON,
    certificate_entry,
    holder,
    make_bureau,
    series_entry,
)

TODAY = date(2026, 3, 2)


def test_facts_are_known_from_the_day_they_were_recorded(bureau):
    bureau.verified_certificate()
    assert facts_known_on(TODAY - DAY).certificates == ()
    (fact,) = facts_known_on(TODAY).certificates
    assert fact.number == "165IP250001R0M"
    assert fact.verification == Verification.VERIFIED


def test_the_day_ends_in_shanghai(bureau):
    late = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)
    bureau.certificate(at=late, number="165IP250001R0M")
    bureau.certificate(at=late + timedelta(minutes=1), number="165IP250002R0M")
    numbers = [fact.number for fact in facts_known_on(TODAY).certificates]
    assert numbers == ["165IP250001R0M"]


def test_a_correction_counts_only_once_it_is_verified(bureau):
    certificate = bureau.verified_certificate()
    entry = certificate_entry(bureau.body, scope="更正后")
    corrected = correct_certificate(
        certificate_id=certificate.pk,
        seq=2,
        entry=certificate_entry(bureau.body, number="165IP250009R0M"),
        reason="号码录错",
        actor=bureau.first.user,
        at=NOON + DAY,
        **FORM,
    )
    assert entry.scope == "更正后"
    assert facts_known_on(TODAY + DAY).certificates[0].number == "165IP250001R0M"
    bureau.verify(corrected, NOON + 2 * DAY)
    known = [facts_known_on(TODAY + n * DAY).certificates[0].number for n in range(4)]
    assert known == 2 * ["165IP250001R0M"] + 2 * ["165IP250009R0M"]


def test_a_pending_fact_is_there_as_pending(bureau):
    bureau.certificate()
    (fact,) = facts_known_on(TODAY).certificates
    assert fact.verification == Verification.PENDING


def test_facts_take_four_queries_however_many_there_are(
    bureau, django_assert_num_queries
):
    bureau.verified_certificate()
    with django_assert_num_queries(4):
        facts_known_on(TODAY)
    for number in range(2, 6):
        bureau.certificate(number=f"165IP25000{number}R0M", holder=holder(number))
        bureau.recognition(holder=holder(number))
    with django_assert_num_queries(4):
        assert len(facts_known_on(TODAY).enterprises) == 5


class Registers(RuleBasedStateMachine):
    """Officials work day after day; what was known on earlier days must stay."""

    def __init__(self):
        super().__init__()
        self.bureau = make_bureau()
        self.at = NOON
        self.known = {}
        self.number = 0

    @rule(verified=st.booleans())
    def enter(self, verified):
        self.number += 1
        entered = self.bureau.certificate(
            self.at,
            number=f"165IP25{self.number:04d}R0M",
            holder=holder(self.number % 3),
        )
        if verified:
            self.bureau.verify(entered, self.at)

    @rule(verified=st.booleans())
    def give_title(self, verified):
        self.number += 1
        title = self.bureau.recognition(
            self.at, document=f"示例〔2024〕{self.number}号"
        )
        if verified:
            self.bureau.verify(title, self.at)

    @rule(data=st.data(), verified=st.booleans())
    def withdraw(self, data, verified):
        rows = Certificate.objects.standing().filter(in_force__state="valid")
        if row := self.pick(data, rows.filter(latest__state="valid")):
            changed = change_certificate_state(
                certificate_id=row.pk,
                seq=row.latest.seq,
                change=StateChange(CertificateState.WITHDRAWN, self.at.date()),
                actor=self.bureau.first.user,
                at=self.at,
                **FORM,
            )
            if verified:
                self.bureau.verify(changed, self.at)

    @rule(data=st.data())
    def end_title(self, data):
        rows = Recognition.objects.standing().filter(latest__ended_on=None)
        if row := self.pick(data, rows):
            end_recognition(
                recognition_id=row.pk,
                seq=row.latest.seq,
                on=self.at.date(),
                end_reason="复核未通过",
                actor=self.bureau.first.user,
                at=self.at,
                **FORM,
            )

    @rule(data=st.data(), model=st.sampled_from([Certificate, Recognition]))
    def send_back(self, data, model):
        if row := self.pick(data, model.objects.awaiting()):
            self.act(reject_record, row)

    @rule(data=st.data(), model=st.sampled_from([Certificate, Recognition]))
    def take_out(self, data, model):
        rows = model.objects.standing().exclude(latest__is_void=True)
        if row := self.pick(data, rows):
            self.act(void_record, row)

    @rule(period=st.sampled_from(["2019", "2020"]))
    def figure(self, period):
        from oversight.models import SeriesFigure

        row = SeriesFigure.objects.filter(period=period).first()
        common = {"actor": self.bureau.first.user, "at": self.at, **FORM}
        if row is None:
            enter_figure(entry=series_entry(period=period), **common)
        else:
            self.number += 1
            entry = series_entry(value=row.latest.value + self.number)
            correct_figure(
                figure_id=row.pk,
                seq=row.latest.seq,
                entry=entry,
                reason="口径调整",
                **common,
            )

    @rule()
    def sleep(self):
        self.known[self.at.date()] = facts_known_on(self.at.date())
        self.at += DAY

    @invariant()
    def earlier_days_are_as_they_were(self):
        for day, facts in self.known.items():
            assert facts_known_on(day) == facts

    def act(self, verb, row):
        verb(
            model=type(row),
            record_id=row.pk,
            seq=row.latest.seq,
            reason="核对后不符",
            via=Via.FORM,
            actor=self.bureau.second.user,
            at=self.at,
        )

    @staticmethod
    def pick(data, rows):
        found = list(rows.order_by("pk"))
        return data.draw(st.sampled_from(found)) if found else None


@pytest.mark.django_db
def test_what_was_known_on_a_day_never_changes(django_db_blocker):
    from django.db import transaction

    class InTransaction(Registers):
        def __init__(self):
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            super().__init__()

        def teardown(self):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    run_state_machine_as_test(
        InTransaction,
        settings=settings(
            max_examples=15,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
