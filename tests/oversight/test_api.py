"""The registers over the API: read, enter, correct, verify, and who may not."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.rules import Kind, Role
from oversight.models import Certificate, Recognition, RegisteredUnit, SeriesFigure
from tests.factories.accounts import MembershipFactory, OrganisationFactory, credit_code
from tests.oversight.registers import holder

JSON = "application/json"
CERTIFICATE = {
    "number": "165ip250001r0m",
    "standard": "GB/T 29490-2023",
    "issue": "initial",
    "first_issued_on": "2025-05-06",
    "issued_on": "2025-05-06",
    "expires_on": "2028-05-05",
    "scope": "研发",
    "source": "证书复印件",
    "holder": {
        "credit_code": credit_code(900_001),
        "name": "示例企业1",
        "division": "370602",
    },
}
TITLE = {
    "level": "municipal",
    "title": "advantage",
    "stage": "recognised",
    "name": "烟台市知识产权优势企业",
    "document": "示例〔2024〕1号",
    "since": "2024-07-01",
    "source": "示例〔2024〕1号",
    "holder": CERTIFICATE["holder"],
}
UNIT = {
    "credit_code": credit_code(900_009),
    "name": "示例企业9",
    "presences": [{"division": "370602", "since": "2020-01-01", "until": None}],
    "source": "登记机关",
}
FIGURE = {"indicator": "P1", "period": "2020", "value": "8563", "source": "公报"}


def post(client, name, data, *args):
    return client.post(reverse(name, args=args), data, JSON)


def problem(answer) -> tuple[int, str, list[str]]:
    """Return status, code and the fields a problem document names."""
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    return (
        answer.status_code,
        body["code"],
        [row["field"] for row in body.get("errors", ())],
    )


def listed(client, name, key, **query) -> list[str]:
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200, answer.json()
    found = answer.json()["results"]
    return sorted(row.get(key) or row["latest"][key] for row in found)


@pytest.fixture
def first(bureau, signed_in):
    """A client of the official who enters."""
    return signed_in(bureau.first)


@pytest.fixture
def second(bureau, signed_in):
    """A client of the official who verifies."""
    return signed_in(bureau.second)


@pytest.fixture
def outsiders(bureau, owner, signed_in):
    """Clients of an enterprise, of an agency and of an operator of the bureau."""
    office = bureau.first.organisation
    agency = OrganisationFactory(kind=Kind.AGENCY)
    people = [
        owner,
        MembershipFactory(organisation=agency, role=Role.AGENCY_MANAGER),
        MembershipFactory(organisation=office, role=Role.OPERATOR),
    ]
    return [signed_in(person) for person in people]


def entered(client, bureau, **changes) -> str:
    data = CERTIFICATE | {"body": str(bureau.body.pk)} | changes
    answer = post(client, "api-certificates", data)
    assert answer.status_code == 201, answer.json()
    return answer.json()["id"]


def title(client, **changes) -> str:
    answer = post(client, "api-titles", TITLE | changes)
    assert answer.status_code == 201, answer.json()
    return answer.json()["id"]


def unit(client, **changes) -> str:
    answer = post(client, "api-units", UNIT | changes)
    assert answer.status_code == 201, answer.json()
    return answer.json()["id"]


def figure(client, **changes) -> str:
    answer = post(client, "api-figures", FIGURE | changes)
    assert answer.status_code == 201, answer.json()
    return answer.json()["id"]


def decide(client, name, pk, seq=1, decision="verify", reason=""):
    data = {"seq": seq, "decision": decision, "reason": reason}
    return post(client, name, data, pk)


# --- Entering and verifying -----------------------------------------------------


def test_an_entered_certificate_waits_for_a_second_official(bureau, first, second):
    pk = entered(first, bureau)
    read = first.get(reverse("api-certificate", args=[pk])).json()
    assert read["latest"]["number"] == "165IP250001R0M"
    assert read["latest"]["via"] == "api"
    assert read["in_force"]["verification"] == "pending"
    own = decide(first, "api-certificate-verification", pk)
    assert problem(own) == (403, "own_entry", [])
    answer = decide(second, "api-certificate-verification", pk)
    assert answer.status_code == 201
    assert answer.json()["in_force"]["verification"] == "verified"


def test_a_rejection_needs_a_reason_and_takes_the_record_out(bureau, first, second):
    pk = entered(first, bureau)
    name = "api-certificate-verification"
    bare = decide(second, name, pk, decision="reject")
    assert problem(bare) == (400, "invalid_entry", ["reason"])
    answer = decide(second, name, pk, decision="reject", reason="查不到").json()
    assert answer["is_standing"] is False
    assert answer["latest"]["reason"] == "查不到"


def test_a_title_is_verified_and_taken_out_by_two_people(first, second):
    pk = title(first)
    assert decide(second, "api-title-verification", pk).status_code == 201
    void = decide(first, "api-title-verification", pk, 2, "void", "重复").json()
    assert (void["is_standing"], void["latest"]["is_void"]) == (True, True)
    gone = decide(second, "api-title-verification", pk, 3).json()
    assert (gone["is_standing"], gone["in_force"]["is_void"]) == (False, True)


def test_a_duplicate_number_is_said_at_its_field(bureau, first):
    entered(first, bureau)
    data = CERTIFICATE | {"body": str(bureau.body.pk)}
    again = post(first, "api-certificates", data)
    assert problem(again) == (400, "duplicate_certificate", ["number"])


def test_a_key_nobody_knows_is_refused(first):
    answer = post(first, "api-figures", FIGURE | {"colour": "red"})
    assert problem(answer) == (400, "invalid", ["colour"])


def test_what_is_recorded_over_the_api_is_audited(bureau, first):
    pk = entered(first, bureau)
    event = AuditEvent.objects.get(action="certificate.entered")
    assert (str(event.subject_id), event.actor) == (pk, bureau.first.user)


# --- Correcting -----------------------------------------------------------------


def test_a_corrected_certificate_keeps_its_states_and_waits(bureau, first, second):
    pk = entered(first, bureau)
    decide(second, "api-certificate-verification", pk)
    state = {"seq": 2, "state": "suspended", "on": "2026-01-05", "document": "公告1"}
    assert post(first, "api-certificate-states", state, pk).status_code == 201
    data = CERTIFICATE | {"body": str(bureau.body.pk), "scope": "生产"}
    data |= {"seq": 3, "reason": "范围抄错"}
    answer = post(first, "api-certificate-corrections", data, pk).json()
    assert answer["in_force"]["scope"] == "研发"
    assert answer["latest"]["scope"] == "生产"
    assert [row["state"] for row in answer["latest"]["states"]] == ["suspended"]


def test_a_corrected_title_keeps_its_reviews_end_and_veto(first):
    pk = title(first)
    review = {"seq": 1, "result": "passed", "on": "2025-06-01", "document": "复核1"}
    assert post(first, "api-title-reviews", review, pk).status_code == 201
    veto = {"seq": 2, "on": "2025-07-01", "reason": "行政处罚"}
    assert post(first, "api-title-veto", veto, pk).status_code == 201
    end = {"seq": 3, "on": "2025-08-01", "end_reason": "撤销"}
    assert post(first, "api-title-end", end, pk).status_code == 201
    data = TITLE | {"document": "示例〔2024〕2号", "seq": 4, "reason": "文号抄错"}
    latest = post(first, "api-title-corrections", data, pk).json()["latest"]
    assert latest["document"] == "示例〔2024〕2号"
    assert [row["document"] for row in latest["reviews"]] == ["复核1"]
    assert (latest["vetoed_on"], latest["ended_on"]) == ("2025-07-01", "2025-08-01")
    assert (latest["change"], latest["reason"]) == ("corrected", "文号抄错")


def test_a_veto_without_a_day_says_that_it_was_answered(first):
    pk = title(first)
    post(first, "api-title-veto", {"seq": 1, "on": "2025-07-01", "reason": "处罚"}, pk)
    data = {"seq": 2, "on": None, "reason": "已整改"}
    answer = post(first, "api-title-veto", data, pk).json()
    assert answer["latest"]["vetoed_on"] is None
    undated = post(first, "api-title-veto", {"seq": 3, "reason": "?"}, pk)
    assert problem(undated) == (400, "invalid", ["on"])


def test_a_unit_keeps_what_a_correction_leaves_out(first):
    pk = unit(first)
    data = {
        "seq": 1,
        "reason": "更名",
        "source": "登记机关",
        "name": "示例企业九",
        "former_names": [{"name": "示例企业9", "until": "2025-03-01"}],
        "groups": [{"name": "示例集团", "since": "2024-01-01", "source": "年报"}],
    }
    answer = post(first, "api-unit-corrections", data, pk)
    assert answer.status_code == 201, answer.json()
    more = {"seq": 2, "reason": "注销", "source": "登记机关"}
    more["deregistered_on"] = "2025-12-01"
    post(first, "api-unit-corrections", more, pk)
    read = first.get(reverse("api-unit", args=[pk])).json()
    assert (read["name"], read["division"]) == ("示例企业九", "370602")
    assert read["latest"]["deregistered_on"] == "2025-12-01"
    assert read["latest"]["former_names"] == data["former_names"]
    (group,) = read["latest"]["groups"]
    assert (group["name"], group["until"]) == ("示例集团", None)
    assert str(RegisteredUnit.objects.get(pk=pk).group) == "示例集团"


def test_a_refused_correction_leaves_no_group(first):
    pk = unit(first)
    groups = [{"name": "示例集团", "since": "2999-01-01", "source": "年报"}]
    data = {"seq": 1, "reason": "归属", "source": "年报", "groups": groups}
    answer = post(first, "api-unit-corrections", data, pk)
    assert problem(answer) == (400, "invalid_entry", ["groups"])
    group = RegisteredUnit._meta.get_field("group").related_model
    assert group.objects.count() == 0


def test_a_figure_is_corrected_for_its_period(first):
    pk = figure(first)
    data = {"seq": 1, "value": "8564", "source": "公报更正", "reason": "更正"}
    answer = post(first, "api-figure-corrections", data, pk)
    assert answer.status_code == 201, answer.json()
    read = first.get(reverse("api-figure", args=[pk])).json()
    assert (read["indicator"], read["period"]) == ("P1", "2020")
    assert (read["latest"]["value"], read["latest"]["seq"]) == ("8564.000000", 2)


CORRECTIONS = (
    ("api-unit-corrections", unit, {}),
    ("api-figure-corrections", figure, {"value": "1"}),
    ("api-title-corrections", title, TITLE),
    ("api-title-end", title, {"on": "2025-08-01", "end_reason": "撤销"}),
    ("api-title-veto", title, {"on": "2025-08-01"}),
)


def said(name, data, **more) -> dict:
    if name.endswith("corrections"):
        more |= {"source": "文件"}
    if not name.endswith("end"):
        more |= {"reason": "更正"}
    return data | more


@pytest.mark.parametrize(("name", "make", "data"), CORRECTIONS)
def test_who_looked_at_an_older_revision_is_told_the_latest(name, make, data, first):
    answer = post(first, name, said(name, data, seq=7), make(first))
    assert problem(answer) == (412, "stale_record", [])
    assert answer.json()["seq"] == 1


@pytest.mark.parametrize(("name", "make", "data"), CORRECTIONS)
def test_only_who_keeps_the_registers_corrects(name, make, data, first, outsiders):
    pk = make(first)
    for client in outsiders:
        answer = post(client, name, said(name, data, seq=1), pk)
        assert problem(answer) == (403, "forbidden", [])
    models = (Recognition, RegisteredUnit, SeriesFigure)
    for model in models:
        assert set(model.objects.values_list("latest__seq", flat=True)) <= {1}


@pytest.mark.parametrize(("name", "make", "data"), CORRECTIONS)
def test_nothing_is_corrected_that_is_not_there(name, make, data, first):
    answer = post(first, name, said(name, data, seq=1), uuid.uuid4())
    assert problem(answer) == (404, "not_found", [])


@pytest.mark.parametrize(("name", "make", "data"), CORRECTIONS)
def test_what_is_missing_is_named(name, make, data, first):
    answer = post(first, name, {}, make(first))
    status, code, fields = problem(answer)
    assert (status, code) == (400, "invalid")
    assert "seq" in fields


# --- Reading --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "make"),
    [("api-title", title), ("api-unit", unit), ("api-figure", figure)],
)
def test_a_foreign_record_answers_like_none(name, make, first, outsiders):
    pk = make(first)
    for client in outsiders:
        found = client.get(reverse(name, args=[pk]))
        assert problem(found) == (404, "not_found", [])
        missing = client.get(reverse(name, args=[uuid.uuid4()]))
        assert found.json() == missing.json()


def test_an_enterprise_reads_its_own_records_only(bureau, first, owner, signed_in):
    ours = {"credit_code": owner.organisation.credit_code, "name": "我们"}
    own = entered(first, bureau, holder=ours | {"division": "370602"})
    other = entered(first, bureau, number="165IP250002R0M")
    client = signed_in(owner)
    assert listed(client, "api-certificates", "id") == [own]
    assert client.get(reverse("api-certificate", args=[own])).status_code == 200
    foreign = client.get(reverse("api-certificate", args=[other]))
    assert problem(foreign) == (404, "not_found", [])
    assert listed(client, "api-units", "credit_code") == [ours["credit_code"]]


def test_certificates_are_filtered(bureau, first, second):
    here = entered(first, bureau)
    there = {"credit_code": credit_code(900_002), "name": "乙", "division": "370612"}
    old = {"first_issued_on": "2020-05-06", "issued_on": "2020-05-06"}
    other = entered(
        first,
        bureau,
        number="165IP200002R0M",
        holder=there,
        standard="GB/T 29490-2013",
        **old,
        expires_on="2023-05-05",
    )
    decide(second, "api-certificate-verification", here)

    def found(**query) -> list[str]:
        return listed(first, "api-certificates", "id", **query)

    assert found() == sorted([here, other])
    assert found(verification="verified") == [here]
    assert found(verification="pending") == [other]
    assert found(verification="void") == []
    assert found(state="expired") == [other]
    assert found(state="valid") == [here]
    assert found(standard="GB/T 29490-2013") == [other]
    assert found(year=2020) == [other]
    assert found(division="370612") == [other]
    assert found(holder=credit_code(900_001)) == [here]
    assert found(q="乙") == [other]
    assert found(q="165ip25") == [here]


def test_titles_are_filtered(first):
    city = title(first)
    province = title(
        first, level="provincial", name="山东省优势企业", since="2022-01-01"
    )

    def found(**query) -> list[str]:
        return listed(first, "api-titles", "id", **query)

    assert found(level="provincial") == [province]
    assert found(year=2024) == [city]
    assert found(q="山东") == [province]
    assert found(stage="recognised", title="advantage") == sorted([city, province])
    assert found(verification="verified") == []


def test_units_and_figures_are_filtered(first):
    unit(first)
    unit(first, credit_code=credit_code(900_010), name="乙", presences=[])
    assert listed(first, "api-units", "name", division="370602") == ["示例企业9"]
    assert listed(first, "api-units", "name", q="乙") == ["乙"]
    for period in ("2019", "2020", "2020Q1"):
        figure(first, period=period)
    figure(first, indicator="T4")
    assert listed(first, "api-figures", "period", indicator="p1", period="2020") == [
        "2020",
        "2020Q1",
    ]


@pytest.mark.parametrize(
    ("name", "query", "field"),
    [
        ("api-certificates", {"state": "gone"}, "state"),
        ("api-certificates", {"year": "soon"}, "year"),
        ("api-titles", {"verification": "maybe"}, "verification"),
        ("api-units", {"page_size": "0"}, "page_size"),
    ],
)
def test_a_filter_nobody_knows_is_named(name, query, field, first):
    answer = first.get(reverse(name), query)
    assert problem(answer) == (400, "invalid", [field])


def test_lists_come_in_pages(first):
    for year in range(2010, 2015):
        figure(first, period=str(year))
    url = reverse("api-figures")
    page = first.get(url, {"page": 2, "page_size": 2}).json()
    assert (page["count"], [row["period"] for row in page["results"]]) == (
        5,
        ["2012", "2013"],
    )
    assert problem(first.get(url, {"page": 9})) == (404, "not_found", [])


LISTS = ("api-certificates", "api-titles", "api-units", "api-figures")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_database_as_often_for_one_row_as_for_twenty(
    name, bureau, first
):
    def fill(numbers) -> None:
        for number in numbers:
            whose = holder(number)
            bureau.certificate(number=f"165IP25{number:04}", holder=whose)
            bureau.recognition(holder=whose)
            figure(first, period=str(2000 + number))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert first.get(reverse(name)).status_code == 200
        return len(asked)

    fill(range(1))
    once = queries()
    fill(range(1, 20))
    assert queries() == once
    assert once <= 6


def test_bodies_are_listed_for_everybody_signed_in(bureau, outsiders, client):
    for outsider in outsiders:
        (row,) = outsider.get(reverse("api-bodies")).json()
        assert row["id"] == str(bureau.body.pk)
    assert problem(client.get(reverse("api-bodies")))[:2] == (401, "not_authenticated")


def test_days_are_read_as_they_were_written(bureau, first):
    pk = entered(first, bureau)
    assert Certificate.objects.get(pk=pk).latest.expires_on == date(2028, 5, 5)
