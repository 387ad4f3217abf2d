"""Bulletins: frozen numbers of registers and snapshots, and what may become of them."""

import json
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent
from accounts.rules import Role
from backend.errors import Forbidden, NotFound
from oversight.bulletins.document import (
    Document,
    Part,
    Section,
    Table,
    differences,
)
from oversight.bulletins.leagues import DENOMINATORS, units_for
from oversight.counting.facts import CertificateState, StateChange
from oversight.counting.ranking import Rate
from oversight.entries import SeriesEntry
from oversight.faults import InvalidEntry
from oversight.models import Bulletin, Certificate, Via
from oversight.services.bulletins import (
    AlreadyIssued,
    NothingChanged,
    OtherDraft,
    discard_bulletin,
    issue_bulletin,
)
from oversight.services.certificates import change_certificate_state
from oversight.services.series import enter_figure
from oversight.shown import shown
from tests.oversight.bulletin_world import (
    AT,
    KNOWN_ON,
    drafted,
    fill_registers,
    issued,
    publish_snapshot,
)
from tests.oversight.registers import Bureau

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=5)


@pytest.fixture
def certificates(bureau: Bureau) -> list[Any]:
    return fill_registers(bureau)


def table(document: Document, key: str) -> Table:
    return next(one for one in document.tables if one.key == key)


def row(document: Document, key: str, name: str) -> tuple[str, ...]:
    return next(cells for cells in table(document, key).rows if cells[0] == name)


def withdraw_for_fraud(bureau: Bureau, certificate: Certificate, at: Any) -> None:
    found = Certificate.objects.get(pk=certificate.pk)
    change = StateChange(
        CertificateState.WITHDRAWN, at.date(), fraud=True, document="示例〔2026〕9号"
    )
    changed = change_certificate_state(
        certificate_id=found.pk,
        seq=found.latest.seq,
        change=change,
        source=change.document,
        via=Via.FORM,
        actor=bureau.first.user,
        at=at,
    )
    bureau.verify(changed, at)


def test_first_certifications_stand_in_their_year_and_division(
    bureau: Bureau, certificates: Any
) -> None:
    said = drafted(bureau).read().zh
    headers = ("区市", "2022", "2023", "2024", "2025", "2026", "合计")
    assert table(said, "first_then").headers == headers
    assert table(said, "first_then").rows == (
        ("芝罘区", "0", "0", "0", "4", "3", "7"),
        ("福山区", "0", "0", "0", "3", "2", "5"),
        ("牟平区", "0", "0", "0", "4", "1", "5"),
        ("莱山区", "0", "0", "0", "1", "1", "2"),
        ("全市", "0", "0", "0", "12", "7", "19"),
    )
    assert "本年首次获证企业 7 家（上年同期 12 家，下降 41.7%）" in said.headline[0]


def test_tiers_are_exclusive_and_add_up(bureau: Bureau, certificates: Any) -> None:
    said = drafted(bureau).read().zh
    assert row(said, "titles", "全市") == ("全市", "0", "1", "0", "1", "2")


def test_expiries_of_the_next_months(bureau: Bureau, certificates: Any) -> None:
    said = drafted(bureau, kind="annual", period="2025", known_on=date(2026, 3, 2))
    annual = said.read().zh
    assert row(annual, "expiring", "全市") == ("全市", "0", "0")
    stock = table(annual, "valid_stock")
    assert row(annual, "valid_stock", "合计")[-2:] == ("12", "12")
    assert stock.headers[1:3] == ("2025Q4", "2026Q1")


def test_equal_counts_share_a_rank_and_few_have_none(
    bureau: Bureau, certificates: Any
) -> None:
    said = drafted(bureau).read().zh
    assert table(said, "league:valid").rows[:4] == (
        ("芝罘区", "1", "7", ""),
        ("福山区", "2", "5", ""),
        ("牟平区", "2", "5", ""),
        ("莱山区", "–", "2", "不足 5 家，不排名"),
    )


def test_a_rate_needs_every_denominator(bureau: Bureau, certificates: Any) -> None:
    names = [unit.code for unit in units_for(2026)]
    for code in names[:-1]:
        _firms_above_size(bureau, code)
    assert "家数" in table(drafted(bureau).read().zh, "league:valid").title
    _firms_above_size(bureau, names[-1])
    said = table(drafted(bureau).read().zh, "league:valid")
    assert said.headers[3:5] == ("每百家规上企业", "分母")
    assert said.rows[0][:5] == ("芝罘区", "1", "7", "3.5", "200（2025）")


def _firms_above_size(bureau: Bureau, code: str) -> None:
    name = f"{DENOMINATORS[Rate.PER_100_FIRMS]}.{code}"
    enter_figure(
        entry=SeriesEntry(indicator=name, period="2025", value=Decimal(200)),
        source="示例统计",
        via=Via.FORM,
        actor=bureau.first.user,
        at=AT - timedelta(days=20),
    )


def test_readiness_is_what_the_snapshot_shows(
    bureau: Bureau, certificates: Any
) -> None:
    snapshot = publish_snapshot()
    bulletin = drafted(bureau)
    assert bulletin.snapshot == snapshot
    said, published = bulletin.read().zh, shown(snapshot)
    for key in ("stage", "band", "score", "district", "size", "industry", "agency"):
        expected = [
            "‹5" if entry.value is None else str(entry.value)
            for entry in published.table(key).entries
        ]
        assert [cells[1] for cells in table(said, key).rows] == expected, key
    grid = published.table("zone_band")
    assert len(table(said, "zone_band").rows) == len(grid.rows)
    gaps = published.table("gaps:gbt29490_2023").entries
    assert len(table(said, "gaps:gbt29490_2023").rows) == len(gaps) == 10
    assert any(snapshot.sha256[:8] in text for text in _sentences(said))


def _sentences(document: Document) -> list[str]:
    parts = [part for section in document.sections for part in section.parts]
    return [text for part in parts for text in part.paragraphs]


def test_without_a_snapshot_no_number_of_readiness_is_said(
    bureau: Bureau, certificates: Any
) -> None:
    said = drafted(bureau).read().zh
    keys = {one.key for one in said.tables}
    assert keys & {"stage", "band", "agency", "score"} == set()


def test_both_languages_carry_the_same_numbers(
    bureau: Bureau, certificates: Any
) -> None:
    publish_snapshot()
    content = drafted(bureau).read()
    for zh, en in zip(content.zh.tables, content.en.tables, strict=True):
        assert zh.key == en.key
        numbers = [
            [cell for cell in cells if cell.isdecimal()]
            for document in (zh, en)
            for cells in document.rows
        ]
        half = len(numbers) // 2
        assert numbers[:half] == numbers[half:]


def test_last_bulletin_is_reproduced_after_a_correction(
    bureau: Bureau, certificates: Any
) -> None:
    publish_snapshot()
    first = issued(bureau)
    withdraw_for_fraud(bureau, certificates[2], AT + timedelta(days=1))
    with pytest.raises(NothingChanged):
        drafted(bureau, reason="重做", at=LATER)
    other = drafted(bureau, reason="更正", known_on=date(2026, 11, 14), at=LATER)
    assert other.edition == 2
    assert row(other.read().zh, "first_then", "全市")[-2:] == ("6", "18")
    assert row(first.read().zh, "first_then", "全市")[-2:] == ("7", "19")


def test_the_hash_is_that_of_the_content(bureau: Bureau) -> None:
    bulletin = drafted(bureau)
    assert bulletin.sha256 == sha256(bulletin.content.encode()).hexdigest()
    again = drafted(bureau)
    assert (again.pk, again.sha256) == (bulletin.pk, bulletin.sha256)


def test_a_correction_says_what_changed(bureau: Bureau, certificates: Any) -> None:
    first = issued(bureau)
    withdraw_for_fraud(bureau, certificates[2], AT + timedelta(days=1))
    second = issued(
        bureau, reason="一张证书系骗取", known_on=date(2026, 11, 14), at=LATER
    )
    assert (second.edition, second.number) == (2, first.number)
    assert second.reason == "一张证书系骗取"
    changed = {
        (one.row, one.column): (one.before, one.after)
        for one in second.changed("zh-hans")
        if one.table == "首次获证企业数，按当时区划（家）"
    }
    assert changed == {
        ("芝罘区", "2026"): ("3", "2"),
        ("芝罘区", "合计"): ("7", "6"),
        ("全市", "2026"): ("7", "6"),
        ("全市", "合计"): ("19", "18"),
    }


def test_the_next_bulletin_names_what_the_last_one_had_wrong(
    bureau: Bureau, certificates: Any
) -> None:
    issued(bureau, period="2026-09")
    withdraw_for_fraud(bureau, certificates[2], AT + timedelta(days=1))
    said = drafted(bureau, known_on=date(2026, 11, 14), at=LATER).read().zh
    found = table(said, "corrections")
    assert "2026年9月" in found.title
    assert ("首次获证企业", "2026", "7", "6") in found.rows


def test_a_correction_needs_a_reason(bureau: Bureau) -> None:
    issued(bureau)
    with pytest.raises(InvalidEntry) as refused:
        drafted(bureau, known_on=date(2026, 11, 9))
    assert set(refused.value.fields) == {"reason"}


def test_issued_bulletins_never_change(bureau: Bureau) -> None:
    bulletin = issued(bureau)
    rows = Bulletin.objects.filter(pk=bulletin.pk)
    for change in (
        lambda: rows.update(content="{}"),
        lambda: rows.update(state="draft", number=None, issued_at=None),
        rows.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(AlreadyIssued):
        discard_bulletin(bulletin_id=bulletin.pk, actor=bureau.second.user, at=AT)


def test_a_draft_is_issued_as_it_was_looked_at(
    bureau: Bureau, certificates: Any
) -> None:
    seen = drafted(bureau)
    withdraw_for_fraud(bureau, certificates[2], AT - timedelta(days=9))
    drafted(bureau, known_on=date(2026, 11, 9))
    with pytest.raises(OtherDraft):
        issue_bulletin(
            bulletin_id=seen.pk, digest=seen.sha256, actor=bureau.second.user, at=AT
        )


def test_analysts_draft_and_managers_issue(bureau: Bureau, owner: Any) -> None:
    assert bureau.first.role == Role.ANALYST
    with pytest.raises(Forbidden):
        drafted(bureau, actor=owner.user)
    bulletin = drafted(bureau, actor=bureau.first.user)
    with pytest.raises(Forbidden):
        issue_bulletin(
            bulletin_id=bulletin.pk,
            digest=bulletin.sha256,
            actor=bureau.first.user,
            at=AT,
        )
    assert not Bulletin.objects.visible_to(owner.user).exists()
    assert Bulletin.objects.visible_to(bureau.first.user).get() == bulletin


def test_a_draft_can_be_discarded(bureau: Bureau, owner: Any) -> None:
    bulletin = drafted(bureau)
    with pytest.raises(Forbidden):
        discard_bulletin(bulletin_id=bulletin.pk, actor=owner.user, at=AT)
    discard_bulletin(bulletin_id=bulletin.pk, actor=bureau.first.user, at=AT)
    assert not Bulletin.objects.exists()
    with pytest.raises(NotFound):
        discard_bulletin(bulletin_id=bulletin.pk, actor=bureau.first.user, at=AT)


def test_every_act_leaves_one_line(bureau: Bureau) -> None:
    issued(bureau)
    other = drafted(bureau, period="2026-09")
    discard_bulletin(bulletin_id=other.pk, actor=bureau.first.user, at=AT)
    found = AuditEvent.objects.filter(action__startswith="bulletin.")
    assert list(found.order_by("pk").values_list("action", flat=True)) == [
        "bulletin.made",
        "bulletin.issued",
        "bulletin.made",
        "bulletin.discarded",
    ]


def test_numbers_run_on_within_a_kind(bureau: Bureau) -> None:
    numbers = [
        issued(bureau, period=period, kind=kind).number
        for kind, period in (
            ("monthly", "2026-08"),
            ("monthly", "2026-09"),
            ("annual", "2025"),
        )
    ]
    assert numbers == [1, 2, 1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "weekly"}, "kind"),
        ({"period": "2026"}, "period"),
        ({"period": "2026-11"}, "period"),
        ({"kind": "annual", "period": "2015"}, "period"),
        ({"known_on": date(2026, 10, 30)}, "known_on"),
        ({"known_on": date(2026, 11, 10)}, "known_on"),
    ],
)
def test_what_cannot_be_told_is_refused(
    bureau: Bureau, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidEntry) as refused:
        drafted(bureau, **changes)
    assert set(refused.value.fields) == {field}


def test_unverified_records_are_named_and_not_counted(bureau: Bureau) -> None:
    bureau.certificate(
        at=AT - timedelta(days=700),
        first_issued_on=date(2024, 5, 6),
        issued_on=date(2024, 5, 6),
        expires_on=date(2027, 5, 5),
    )
    said = drafted(bureau).read().zh
    assert row(said, "quality", "证书") == ("证书", "1", "1")
    assert row(said, "first_then", "全市")[-1] == "0"


def test_an_annual_one_adds_the_years(bureau: Bureau, certificates: Any) -> None:
    said = drafted(bureau, kind="annual", period="2025").read().zh
    assert row(said, "over_last_year", "当年首次获证企业") == (
        "当年首次获证企业", "12", "0", "12", "–",
    )  # fmt: skip
    assert row(said, "five_years", "期末有效持证企业")[1:] == (
        "0", "0", "0", "0", "12",
    )  # fmt: skip


def test_differences_name_table_row_and_column() -> None:
    def document(cell: str) -> Document:
        found = Table("t", "表", ("区市", "家数"), (("芝罘区", cell),))
        return Document("x", "y", (), (Section("一", (Part("（一）", (), found),)),))

    (one,) = differences(document("3"), document("2"))
    assert (one.table, one.row, one.column) == ("表", "芝罘区", "家数")
    assert (one.before, one.after) == ("3", "2")


def test_nothing_of_the_ledger_is_in_the_content(
    bureau: Bureau, certificates: Any
) -> None:
    snapshot = publish_snapshot(count=397)
    bulletin = drafted(bureau)
    values = json.loads(snapshot.document)
    drawn = {e["value"] for one in values["tables"] for e in one["entries"]}
    said = bulletin.read().zh
    for key in ("stage", "band", "score", "district", "size", "industry", "agency"):
        for cells in table(said, key).rows:
            assert cells[1] == "‹5" or int(cells[1]) in drawn
    assert "397" not in bulletin.content
    assert KNOWN_ON.isoformat() not in bulletin.content
