"""Importing many records: dry run, faults by cell, one batch, and back again."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import AuditEvent
from backend.errors import Forbidden
from oversight.counting.facts import CertificateState, Verification
from oversight.importing.known import import_lists
from oversight.importing.reading import NoRegisterSheet, read_workbook
from oversight.importing.template import register_template
from oversight.known import facts_known_on
from oversight.models import (
    Certificate,
    CertificateRevision,
    ImportBatch,
    Recognition,
    RegisteredUnit,
    SeriesFigure,
    Via,
)
from oversight.services.batches import BatchMovedOn
from oversight.services.certificates import correct_certificate
from oversight.services.importing import (
    NotAsChecked,
    NothingToImport,
    apply_import,
    check_import,
)
from oversight.services.undoing import BuiltUpon, undo_import
from oversight.services.verifying import OwnEntry, verify_batch
from tests.factories.accounts import credit_code
from tests.oversight.registers import DAY, FORM, NOON, certificate_entry, holder
from tests.oversight.workbooks import (
    certificate_row,
    recognition_row,
    series_row,
    workbook,
)

TODAY = date(2026, 3, 2)


def check(bureau, data, at=NOON):
    return check_import(
        data=data, name="登记.xlsx", source="市局台账", actor=bureau.first.user, at=at
    )


def imported(bureau, data, at=NOON) -> ImportBatch:
    plan, batch = check(bureau, data, at)
    assert [(f.place, str(f.message)) for f in plan.faults] == []
    return apply_import(batch_id=batch.pk, actor=bureau.first.user, at=at)


def undone(bureau, batch, at=NOON):
    return undo_import(
        batch_id=batch.pk, reason="文件弄错了", actor=bureau.first.user, at=at
    )


def faults(bureau, data) -> list[tuple[str, str]]:
    plan, batch = check(bureau, data)
    assert batch is None
    return [(fault.place, str(fault.message)) for fault in plan.faults]


def test_a_dry_run_stores_no_record(bureau):
    data = workbook([certificate_row()], [recognition_row()], series=[series_row()])
    plan, batch = check(bureau, data)
    assert batch.state == "checked"
    assert plan.counts() == {
        "registeredunit": {"added": 1, "changed": 0, "same": 0},
        "certificate": {"added": 1, "changed": 0, "same": 0},
        "recognition": {"added": 1, "changed": 0, "same": 0},
        "seriesfigure": {"added": 1, "changed": 0, "same": 0},
    }
    models = (RegisteredUnit, Certificate, Recognition, SeriesFigure)
    assert [model.objects.count() for model in models] == [0, 0, 0, 0]


def test_applying_stores_all_rows_as_pending(bureau):
    imported(bureau, workbook([certificate_row(1), certificate_row(2)]))
    found = facts_known_on(TODAY).certificates
    assert {fact.verification for fact in found} == {Verification.PENDING}
    assert sorted(fact.number for fact in found) == [
        "165IP2500001R0M",
        "165IP2500002R0M",
    ]


def test_a_second_official_verifies_an_import_as_a_whole(bureau):
    batch = imported(bureau, workbook([certificate_row()], [recognition_row(2)]))
    with pytest.raises(OwnEntry):
        verify_batch(batch_id=batch.pk, actor=bureau.first.user, at=NOON)
    assert verify_batch(batch_id=batch.pk, actor=bureau.second.user, at=NOON) == 2
    facts = facts_known_on(TODAY)
    assert facts.certificates[0].verification == Verification.VERIFIED
    assert facts.recognitions[0].verification == Verification.VERIFIED


def test_the_same_workbook_again_has_nothing_to_import(bureau):
    data = workbook([certificate_row()], [recognition_row()], series=[series_row()])
    imported(bureau, data)
    with pytest.raises(NothingToImport):
        check(bureau, data)


def test_an_empty_cell_changes_nothing(bureau):
    imported(bureau, workbook([certificate_row(scope="研发")]))
    plan, _batch = check(bureau, workbook([certificate_row(expires_on="2028/5/4")]))
    (line,) = plan.lines
    assert line.changes == (("expires_on", "2028-05-05", "2028-05-04"),)


def test_a_state_of_the_sheet_is_added_to_the_history(bureau):
    row = certificate_row(state="暂停", state_on="2026-01-05", state_document="通知")
    imported(bureau, workbook([row]))
    (fact,) = facts_known_on(TODAY).certificates
    assert [(c.state, c.on) for c in fact.states] == [
        (CertificateState.SUSPENDED, date(2026, 1, 5))
    ]


def test_a_moved_and_renamed_unit_keeps_its_past(bureau):
    first = {"credit_code": credit_code(1), "name": "甲公司", "division": "蓬莱市"}
    imported(bureau, workbook(units=[first | {"since": "2016-01-01"}]))
    second = {"name": "乙公司", "division": "芝罘区", "since": "2019-03-01"}
    imported(bureau, workbook(units=[first | second]), NOON + DAY)
    (unit,) = facts_known_on(TODAY + DAY).enterprises
    assert unit.name == "乙公司"
    assert [(p.division, p.since, p.until) for p in unit.presences] == [
        ("370684", date(2016, 1, 1), date(2019, 3, 1)),
        ("370602", date(2019, 3, 1), None),
    ]
    latest = RegisteredUnit.objects.get().latest
    assert latest.former_names == [{"name": "甲公司", "until": "2019-03-01"}]


CELL_FAULTS = [
    ({"number": None}, "证书!A2", "这一格必填。"),
    ({"body": "无名机构"}, "证书!B2", "认证机构名录中没有这个机构，请先在名录中添加。"),
    ({"credit_code": "123"}, "证书!C2", "统一社会信用代码应为 18 位，现在是 3 位。"),
    ({"holder_name": ""}, "证书!D2", "登记库中还没有这个单位，请填写名称。"),
    ({"holder_division": "青岛"}, "证书!E2", "没有这个区市或功能区，请从列表中选择。"),
    ({"standard": "ISO 9001"}, "证书!F2", "请从列表中选择。"),
    ({"issued_on": "去年"}, "证书!I2", "日期写作 2025-12-31。"),
    ({"expires_on": date(2025, 1, 1)}, "证书!J2", "到期日不能早于发证日期。"),
    ({"state": "撤销"}, "证书!N2", "填写状态时，请填写状态日期。"),
]


@pytest.mark.parametrize(("change", "place", "message"), CELL_FAULTS)
def test_a_fault_names_its_cell_and_stores_nothing(bureau, change, place, message):
    rows = [certificate_row(**change), certificate_row(2)]
    assert faults(bureau, workbook(rows)) == [(place, message)]
    assert ImportBatch.objects.count() == 0


def test_faults_are_in_the_language_of_the_reader(bureau):
    with translation.override("en"):
        data = workbook([certificate_row(issued_on="last year")])
        assert faults(bureau, data) == [("证书!I2", "Write dates as 2025-12-31.")]


def test_a_record_twice_in_one_workbook_is_a_fault(bureau):
    rows = [certificate_row(), certificate_row()]
    assert faults(bureau, workbook(rows)) == [
        ("证书!A3", "表中第 2 行已经有同一条记录。")
    ]


def test_an_unknown_column_is_a_fault(bureau):
    data = workbook([certificate_row()], headers={"scope": "范围？"})
    assert faults(bureau, data) == [
        ("证书!K1", "不认识或重复的列标题，请使用模板中的列。")
    ]


def test_an_import_is_refused_when_the_registers_changed_since(bureau):
    _plan, batch = check(bureau, workbook([certificate_row()]))
    bureau.certificate(number="165IP2500001R0M")
    with pytest.raises(NotAsChecked):
        apply_import(batch_id=batch.pk, actor=bureau.first.user, at=NOON)
    assert Certificate.objects.count() == 1


def test_a_batch_is_applied_once(bureau):
    batch = imported(bureau, workbook([certificate_row()]))
    with pytest.raises(BatchMovedOn):
        apply_import(batch_id=batch.pk, actor=bureau.first.user, at=NOON)


def test_undo_takes_out_what_was_added(bureau):
    data = workbook([certificate_row()], [recognition_row(2)], series=[series_row()])
    undone(bureau, imported(bureau, data), NOON + DAY)
    known = facts_known_on(TODAY + DAY)
    assert (known.enterprises, known.certificates, known.recognitions) == ((), (), ())
    assert known.series == ()
    assert len(facts_known_on(TODAY).certificates) == 1


def test_undo_restores_what_was_there(bureau):
    bureau.verified_certificate(number="165IP2500001R0M", scope="原范围")
    code = holder().credit_code
    row = certificate_row(credit_code=code, scope="新范围")
    batch = imported(bureau, workbook([row]))
    undone(bureau, batch)
    certificate = Certificate.objects.get()
    assert certificate.latest.scope == "原范围"
    assert certificate.latest.change == "undone"
    assert certificate.in_force.verification == "verified"
    assert not certificate.latest.is_pending


def test_the_same_workbook_can_be_imported_after_undo(bureau):
    data = workbook([certificate_row()], [recognition_row(2)], series=[series_row()])
    undone(bureau, imported(bureau, data))
    imported(bureau, data)
    known = facts_known_on(TODAY)
    assert len(known.enterprises) == 2
    assert len(known.certificates) == len(known.series) == 1


def test_undo_is_refused_once_somebody_built_on_it(bureau):
    batch = imported(bureau, workbook([certificate_row()]))
    verify_batch(batch_id=batch.pk, actor=bureau.second.user, at=NOON)
    with pytest.raises(BuiltUpon) as caught:
        undone(bureau, batch)
    assert caught.value.extra == {"records": ["165IP2500001R0M：导入后已核实"]}
    assert ImportBatch.objects.get().state == "applied"


def test_undo_is_refused_while_other_records_need_its_units(bureau):
    batch = imported(bureau, workbook([certificate_row()]))
    owner = replace(holder(), credit_code=credit_code(910_001))
    bureau.certificate(number="165IP2509999R0M", holder=owner)
    with pytest.raises(BuiltUpon) as caught:
        undone(bureau, batch)
    assert caught.value.extra == {
        "records": ["导入企业1：后来登记的165IP2509999R0M用到了这个单位"]
    }


def test_an_import_writes_one_line_of_audit_a_step(bureau):
    undone(bureau, imported(bureau, workbook([certificate_row()])))
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["import.checked", "import.applied", "import.undone"]


def test_only_keepers_import(bureau, owner):
    with pytest.raises(Forbidden):
        check_import(
            data=workbook([certificate_row()]),
            name="x.xlsx",
            source="台账",
            actor=owner.user,
            at=NOON,
        )


def test_a_workbook_without_our_sheets_is_refused(bureau):
    import io

    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("别的")
    with pytest.raises(NoRegisterSheet):
        check(bureau, target.getvalue())


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_template_is_read_back_without_faults(bureau, locale):
    data = register_template(["示例认证机构"], locale=locale)
    reading = read_workbook(data, import_lists())
    assert (reading.faults, reading.rows) == (
        [],
        {"certificates": [], "recognitions": [], "units": [], "series": []},
    )


def test_reading_does_not_ask_more_for_more_rows(bureau):
    def asked(count):
        data = workbook([certificate_row(n) for n in range(1, count + 1)])
        with CaptureQueriesContext(connection) as queries:
            check(bureau, data)
        return len([q for q in queries if q["sql"].startswith("SELECT")])

    assert asked(200) == asked(2)


def test_an_import_costs_statements_by_the_batch_and_not_by_the_row(bureau):
    """How long ten thousand certificates take is for the benchmark to say."""
    asked = []
    for numbers in (range(1, 101), range(101, 1101)):
        with CaptureQueriesContext(connection) as queries:
            imported(bureau, workbook([certificate_row(n) for n in numbers]))
        asked.append(len(queries))
    assert CertificateRevision.objects.count() == 1_100
    assert asked[1] < asked[0] + 1_000 / 10


def test_a_correction_by_hand_after_an_import_blocks_its_undo(bureau):
    batch = imported(bureau, workbook([certificate_row()]))
    certificate = Certificate.objects.get()
    correct_certificate(
        certificate_id=certificate.pk,
        seq=1,
        entry=certificate_entry(bureau.body, number="165IP2500001R0M"),
        reason="更正",
        actor=bureau.second.user,
        at=NOON,
        **FORM,
    )
    assert Certificate.objects.get().latest.via == Via.FORM
    with pytest.raises(BuiltUpon):
        undone(bureau, batch)
