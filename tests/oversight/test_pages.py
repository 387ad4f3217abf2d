"""The pages of the registers, for the bureau and for an enterprise."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.rules import Kind, Role
from oversight.models import (
    Certificate,
    CertificationBody,
    ImportBatch,
    Recognition,
    RegisteredUnit,
    SeriesFigure,
    TitleEquivalence,
)
from tests.factories.accounts import MembershipFactory, OrganisationFactory, credit_code
from tests.oversight.registers import holder
from tests.oversight.workbooks import certificate_row, workbook

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

CERTIFICATE = {
    "number": "165ip250001r0m",
    "standard": "GB/T 29490-2023",
    "issue": "initial",
    "first_issued_on": "2025-05-06",
    "issued_on": "2025-05-06",
    "expires_on": "2028-05-05",
    "scope": "研发",
}
TITLE = {
    "level": "municipal",
    "title": "advantage",
    "stage": "recognised",
    "name": "烟台市知识产权优势企业",
    "document": "示例〔2024〕1号",
    "since": "2024-07-01",
}
HOLDER = {
    "holder": credit_code(900_001),
    "holder_name": "示例企业1",
    "holder_division": "370602",
    "source": "证书复印件",
}


def scan(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("证书.pdf", content, "application/pdf")


@pytest.fixture
def first(bureau, signed_in):
    """A client of the official who enters."""
    return signed_in(bureau.first)


@pytest.fixture
def second(bureau, signed_in):
    """A client of the official who verifies."""
    return signed_in(bureau.second)


def enter(client, bureau, **changes):
    data = CERTIFICATE | HOLDER | {"body": str(bureau.body.pk)} | changes
    return client.post(reverse("register-certificate-new"), data)


def decide(client, record, do, **data):
    url = reverse("register-certificate-decide", args=[record.pk])
    seq = Certificate.objects.get(pk=record.pk).latest.seq
    return client.post(url, {"do": do, "seq": seq, **data}, follow=True)


def test_a_certificate_is_entered_and_verified_by_two_people(bureau, first, second):
    assert enter(first, bureau).status_code == 302
    certificate = Certificate.objects.get()
    assert certificate.number == "165IP250001R0M"
    own = decide(first, certificate, "verify")
    assert own.status_code == 403
    assert "已核实，自今日起计入统计" in decide(second, certificate, "verify").text
    assert Certificate.objects.get().in_force.verification == "verified"


def test_a_duplicate_number_is_said_at_its_field(bureau, first):
    enter(first, bureau)
    page = enter(first, bureau)
    assert page.status_code == 200
    assert page.context["form"].errors == {
        "number": ["登记库中已有同一认证机构的这个证书编号，请先查找。"]
    }


def test_an_unknown_holder_is_asked_for_its_name(bureau, first):
    page = enter(first, bureau, holder_name="")
    assert page.context["form"].errors == {
        "holder_name": ["登记库中还没有这个单位，请填写名称。"]
    }


def test_sending_back_asks_for_a_reason(bureau, first, second):
    enter(first, bureau)
    certificate = Certificate.objects.get()
    page = decide(second, certificate, "reject")
    assert "这个字段是必填项" in page.text or page.context["form"].errors
    decide(second, certificate, "reject", reason="号码查不到")
    latest = Certificate.objects.get().latest
    assert (latest.verification, latest.reason) == ("rejected", "号码查不到")


def test_a_correction_is_shown_beside_what_counts(bureau, first):
    certificate = bureau.verified_certificate()
    url = reverse("register-certificate-correct", args=[certificate.pk])
    data = CERTIFICATE | HOLDER | {"body": str(bureau.body.pk), "scope": "新范围"}
    data |= {"seq": 2, "reason": "范围录错"}
    assert first.post(url, data).status_code == 302
    page = first.get(reverse("register-certificate", args=[certificate.pk]))
    assert page.context["proposed"] == [
        ("认证范围", "研发、生产、销售的知识产权管理", "新范围")
    ]


def test_somebody_elses_change_is_not_overwritten(bureau, first):
    certificate = bureau.verified_certificate()
    url = reverse("register-certificate-correct", args=[certificate.pk])
    data = CERTIFICATE | HOLDER | {"body": str(bureau.body.pk)}
    page = first.post(url, data | {"seq": 1, "reason": "更正"})
    assert "刚被他人修改" in page.text


def test_a_state_change_waits_to_be_verified(bureau, first):
    certificate = bureau.verified_certificate()
    url = reverse("register-certificate-act", args=[certificate.pk, "state"])
    data = {"states": "suspended", "on": "2026-01-05", "document": "公告", "seq": 2}
    assert first.post(url, data).status_code == 302
    certificate.refresh_from_db()
    assert certificate.in_force.state == "valid"
    assert certificate.latest.state == "suspended"


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("review", {"reviews": "passed", "on": "2025-07-01", "document": "示例2号"}),
        ("end", {"ended_on": "2025-07-01", "end_reason": "撤销文件"}),
        ("veto", {"vetoed_on": "2025-07-01", "reason": "处罚决定"}),
    ],
)
def test_what_becomes_of_a_title_is_recorded(bureau, first, act, data):
    title = bureau.recognition()
    url = reverse("register-title-act", args=[title.pk, act])
    assert first.post(url, data | {"seq": 1}).status_code == 302
    assert Recognition.objects.get().latest.change == "changed"


def test_a_title_is_entered(bureau, first):
    url = reverse("register-title-new")
    assert first.post(url, TITLE | HOLDER).status_code == 302
    assert Recognition.objects.get().latest.name == "烟台市知识产权优势企业"


FILTERS = [
    ("register-certificates", "q=165IP", 1),
    ("register-certificates", "q=nothing", 0),
    ("register-certificates", "verification=pending", 0),
    ("register-certificates", "verification=verified&state=valid", 1),
    ("register-certificates", "state=expired", 0),
    ("register-certificates", "edition=GB/T 29490-2013", 0),
    ("register-certificates", "division=370602&year=2025", 1),
    ("register-titles", "level=municipal&stage=recognised", 1),
    ("register-titles", "verification=pending", 1),
    ("register-titles", "level=national", 0),
    ("register-units", "q=示例企业", 1),
    ("register-units", "division=370681", 0),
]


@pytest.mark.parametrize(("name", "query", "count"), FILTERS)
def test_lists_are_searched_and_filtered(bureau, first, name, query, count):
    bureau.verified_certificate()
    bureau.recognition()
    page = first.get(f"{reverse(name)}?{query}")
    assert len(page.context["listing"].lines) == count


@pytest.mark.parametrize(
    "name", ["register-certificates", "register-titles", "register-units"]
)
def test_lists_take_as_many_queries_for_many_rows(
    bureau, first, name, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    bureau.verified_certificate()
    bureau.recognition()
    first.get(reverse(name))
    with CaptureQueriesContext(connection) as queries:
        first.get(reverse(name))
    for number in range(2, 8):
        bureau.certificate(number=f"165IP25000{number}R0M", holder=holder(number))
        bureau.recognition(holder=holder(number))
    with django_assert_num_queries(len(queries)):
        first.get(reverse(name))
    assert len(queries) <= 8


def test_a_unit_moves_is_renamed_and_joins_a_group(bureau, first):
    bureau.certificate()
    unit = RegisteredUnit.objects.get()
    url = reverse("register-unit-change", args=[unit.pk])
    data = {
        "name": "新名称",
        "division": "370681",
        "group": "示例集团",
        "since": "2025-09-01",
        "source": "营业执照",
        "reason": "迁址改名",
        "seq": 1,
    }
    assert first.post(url, data).status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.division, unit.group.name) == (
        "新名称",
        "370681",
        "示例集团",
    )
    assert [p["until"] for p in unit.latest.presences] == ["2025-09-01", None]
    page = first.get(reverse("register-unit", args=[unit.pk]))
    assert "示例企业1" in page.text


def test_a_change_of_a_unit_needs_its_day(bureau, first):
    bureau.certificate()
    unit = RegisteredUnit.objects.get()
    url = reverse("register-unit-change", args=[unit.pk])
    data = {"name": "新", "division": "370602", "source": "x", "reason": "y", "seq": 1}
    page = first.post(url, data)
    assert page.context["form"].errors == {"since": ["单位变更时，请填写变更日期。"]}


def test_a_figure_is_entered_and_corrected(bureau, first):
    data = {"indicator": "P1", "period": "2020", "value": "8563", "source": "发布会"}
    assert first.post(reverse("register-figure-new"), data).status_code == 302
    figure = SeriesFigure.objects.get()
    url = reverse("register-figure", args=[figure.pk])
    data |= {"value": "8564", "reason": "更正", "seq": 1}
    assert first.post(url, data).status_code == 302
    figure.refresh_from_db()
    assert (figure.latest.seq, figure.latest.value) == (2, 8564)


def test_lists_of_bodies_and_equivalents_are_kept(bureau, first):
    body = {"name": "另一机构", "approval_number": "CNCA-R-2015-200", "is_active": "on"}
    assert first.post(reverse("register-body-new"), body).status_code == 302
    equivalent = {"name": "贯标示范", "counts_as": "demonstration", "source": "批复"}
    url = reverse("register-equivalence-new")
    assert first.post(url, equivalent).status_code == 302
    assert CertificationBody.objects.count() == 2
    assert TitleEquivalence.objects.get().name == "贯标示范"


def test_a_workbook_is_checked_imported_verified_and_kept(bureau, first, second):
    file = SimpleUploadedFile("登记.xlsx", workbook([certificate_row()]))
    data = {"source": "台账", "file": file}
    answer = first.post(reverse("register-import-new"), data)
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("register-import", args=[batch.pk])
    assert "165IP2500001R0M" in first.get(answer.url).text
    act = reverse("register-import-act", args=[batch.pk])
    first.post(act, {"do": "apply"})
    assert Certificate.objects.get().latest.verification == "pending"
    assert first.post(act, {"do": "verify"}).status_code == 403
    second.post(act, {"do": "verify"})
    page = first.post(act, {"do": "undo", "reason": "错了"})
    assert "165IP2500001R0M：导入后已核实" in page.text


def test_faulty_cells_are_listed(bureau, first):
    row = certificate_row(issued_on="去年")
    file = SimpleUploadedFile("登记.xlsx", workbook([row]))
    page = first.post(reverse("register-import-new"), {"source": "台账", "file": file})
    assert "证书!I2" in page.text
    assert ImportBatch.objects.count() == 0


def test_an_enterprise_hands_in_and_mends_what_was_sent_back(
    bureau, second, owner, signed_in
):
    client = signed_in(owner)
    data = CERTIFICATE | {"body": str(bureau.body.pk)}
    url = reverse("own-certificate-new")
    assert "请上传证书或文件的扫描件" in client.post(url, data).text
    assert client.post(url, data | {"file": scan()}).status_code == 302
    certificate = Certificate.objects.get()
    assert certificate.in_force.holder.credit_code == owner.organisation.credit_code
    decide(second, certificate, "reject", reason="扫描件不清楚")
    page = client.get(reverse("own-certificate", args=[certificate.pk]))
    assert "扫描件不清楚" in page.text
    mend = reverse("own-certificate-mend", args=[certificate.pk])
    more = {"seq": 2, "file": scan(PDF + b"%2\n%%EOF\n")}
    assert client.post(mend, data | more).status_code == 302
    decide(second, certificate, "verify")
    assert "报送证书" in client.get(reverse("own-records")).text
    assert client.get(mend).status_code == 302


def test_an_enterprise_hands_in_a_title(owner, bureau, signed_in):
    client = signed_in(owner)
    url = reverse("own-title-new")
    assert client.post(url, TITLE | {"file": scan()}).status_code == 302
    assert Recognition.objects.get().latest.via == "enterprise"


def test_an_unproven_enterprise_hands_in_nothing(bureau, enterprise_owner, signed_in):
    client = signed_in(enterprise_owner(claim="pending"))
    data = CERTIFICATE | {"body": str(bureau.body.pk), "file": scan()}
    page = client.post(reverse("own-certificate-new"), data)
    assert "企业认领尚未通过审核" in page.text
    assert Certificate.objects.count() == 0


def test_files_are_for_the_bureau_and_the_enterprise_alone(
    bureau, first, owner, stranger, signed_in
):
    client = signed_in(owner)
    data = CERTIFICATE | {"body": str(bureau.body.pk), "file": scan()}
    client.post(reverse("own-certificate-new"), data)
    file = Certificate.objects.get().files.get()
    url = reverse("register-file", args=[file.pk])
    operator = MembershipFactory(
        organisation=bureau.first.organisation, role=Role.OPERATOR
    )
    agency = MembershipFactory(organisation=OrganisationFactory(kind=Kind.AGENCY))
    statuses = []
    for asking in (client, first, *map(signed_in, (stranger, operator, agency))):
        answer = asking.get(url)
        statuses.append(answer.status_code)
        if answer.streaming:
            assert b"".join(answer.streaming_content) == PDF
    assert statuses == [200, 200, 404, 404, 404]


@pytest.mark.parametrize("name", ["registers", "register-divisions"])
def test_operators_and_enterprises_see_no_registers(bureau, owner, signed_in, name):
    operator = MembershipFactory(
        organisation=bureau.first.organisation, role=Role.OPERATOR
    )
    answers = [signed_in(who).get(reverse(name)) for who in (operator, owner)]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_every_page_of_the_registers_opens(bureau, first):
    certificate = bureau.verified_certificate()
    title = bureau.recognition()
    unit = RegisteredUnit.objects.get()
    names = [
        *((name, []) for name in (
            "registers", "register-certificates", "register-titles", "register-units",
            "register-figures", "register-bodies", "register-equivalences",
            "register-divisions", "register-imports", "register-import-new",
            "register-certificate-new", "register-title-new", "register-unit-new",
            "register-figure-new", "register-body-new", "register-equivalence-new",
            "register-template",
        )),
        ("register-certificate", [certificate.pk]),
        ("register-certificate-correct", [certificate.pk]),
        ("register-certificate-act", [certificate.pk, "state"]),
        ("register-title", [title.pk]),
        ("register-title-correct", [title.pk]),
        ("register-title-act", [title.pk, "review"]),
        ("register-unit", [unit.pk]),
        ("register-unit-change", [unit.pk]),
        ("register-body", [bureau.body.pk]),
    ]  # fmt: skip
    answers = {
        name: first.get(reverse(name, args=args)).status_code for name, args in names
    }
    assert answers == dict.fromkeys(answers, 200)
