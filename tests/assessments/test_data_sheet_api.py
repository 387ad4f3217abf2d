"""Data sheets over the API: list, start, read, change with If-Match, problems."""

import pytest

from assessments.data_sheet_changes import SheetChanges
from assessments.models import DataSheet
from tests.assessments.data_sheets import YEAR, save, save_sound, typed
from tests.factories.accounts import UserFactory

LIST = "/api/v1/data-sheets/"


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


def address(row):
    return f"{LIST}{row.pk}/"


def patch(client, row, data, revision='"1"', **headers):
    if revision is not None:
        headers["If-Match"] = revision
    return client.patch(
        address(row), data, content_type="application/json", headers=headers
    )


def test_the_list_holds_the_years_without_figures(client, owner):
    save(owner, typed(staff="350"), year=YEAR - 1)
    save(owner, typed(staff="350"))
    rows = client.get(LIST).json()["results"]
    assert [row["year"] for row in rows] == [YEAR, YEAR - 1]
    assert set(rows[0]) == {
        "id", "enterprise", "year", "revision", "updated_at", "confirmed_at",
    }  # fmt: skip


def test_a_sheet_is_started_once(client):
    made = client.post(LIST, {"year": YEAR}, content_type="application/json")
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    again = client.post(LIST, {"year": YEAR}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "data_sheet_exists")
    other = client.post(LIST, {"year": 2150}, content_type="application/json")
    assert (other.status_code, other.json()["code"]) == (404, "unknown_year")


def test_who_belongs_to_no_enterprise_starts_none(signed_in, bureau_manager):
    body = {"year": YEAR}
    for person, code in ((bureau_manager, 404), (UserFactory(), 403)):
        answer = signed_in(person).post(LIST, body, content_type="application/json")
        assert answer.status_code == code


def test_a_sheet_is_read_with_what_follows_from_it(client, owner):
    row = save_sound(owner, more={"rd_staff": "351"})
    answer = client.get(address(row))
    body = answer.json()
    assert answer["ETag"] == '"1"'
    assert body["values"]["revenue_y0"] == {"state": "value", "value": "1800.00"}
    assert body["values"]["designs_valid"] == {"state": "none"}
    assert body["computed"]["patents_valid"] == 16
    assert body["computed"]["rd_ratio_y0"] == 100 / 1800
    assert body["computed"]["size_class"] == "small"
    errors = [p for p in body["problems"] if p["severity"] == "error"]
    assert [(p["code"], p["slot"], p["key"]) for p in errors] == [
        ("above_staff", "rd_staff", "above_staff:rd_staff")
    ]


def test_a_foreign_sheet_is_not_found(signed_in, owner, stranger):
    row = save(owner, typed(staff="350"))
    foreign = signed_in(stranger)
    assert foreign.get(address(row)).status_code == 404
    assert patch(foreign, row, {"values": {}}).status_code == 404
    assert foreign.get(LIST).json()["results"] == []


def test_a_change_names_its_revision(client, owner):
    row = save(owner, typed(staff="350"))
    change = {"values": {"staff": {"state": "value", "value": 360}}}
    assert patch(client, row, change, revision=None).status_code == 428
    saved = patch(client, row, change)
    assert (saved.status_code, saved["ETag"]) == (200, '"2"')
    assert saved.json()["values"]["staff"]["value"] == 360


def test_a_conflict_holds_both_values(client, owner):
    row = save(owner, typed(staff="350"))
    save(owner, typed(staff="355"), revision=1)
    change = {"values": {"staff": {"state": "value", "value": 360}}}
    answer = patch(client, row, change)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (412, "stale_revision")
    assert body["revision"] == 2
    assert body["conflicts"]["staff"] == {
        "current": {"state": "value", "value": 355},
        "yours": {"state": "value", "value": 360},
    }
    assert (
        patch(client, row, {"values": {"licences": {"state": "na"}}}).status_code == 200
    )


def test_null_clears_and_lists_are_edited(client, owner):
    row = save(owner, typed(staff="350"))
    answer = patch(
        client,
        row,
        {
            "values": {"staff": None},
            "add_rights": [{"kind": "auto", "number": "ZL201310699744.2"}],
            "vetoes": [
                {
                    "kind": "tax_evasion",
                    "finding_body": "税务局",
                    "decided_on": "2024-1-2",
                }
            ],
            "notes": {"jump:revenue_y0": "并购"},
        },
    )
    body = answer.json()
    assert body["values"] == {}
    assert body["rights"][0]["number"] == "201310699744.2"
    assert body["vetoes"][0]["decided_on"] == "2024-01-02"
    assert body["notes"] == {"jump:revenue_y0": "并购"}


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"values": {"staff": 350}}, "values.staff"),
        ({"values": {"nothing": None}}, "values.nothing"),
        ({"values": {"patents_valid": None}}, "values.patents_valid"),
        ({"add_rights": [{"kind": "patent", "number": "CN1"}]}, "add_rights[0]"),
        ({"figures": {}}, "figures"),
        ({"vetoes": [{"kind": "rain"}]}, "vetoes.0.kind"),
    ],
)
def test_what_does_not_fit_names_its_place(client, owner, data, path):
    row = save(owner, typed(staff="350"))
    answer = patch(client, row, data)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert path in {error["field"] for error in answer.json()["errors"]}
    assert DataSheet.objects.get().revision == 1


def test_carried_figures_are_confirmed_over_the_api(client, owner):
    save_sound(owner, year=YEAR - 1)
    row = save(owner, SheetChanges())
    body = patch(client, row, {"confirm": ["staff", "revenue_y1"]}).json()
    assert "staff" not in body["unconfirmed"]
    assert "revenue_y2" in body["unconfirmed"]


def test_reading_costs_few_queries(client, owner, django_assert_max_num_queries):
    row = save_sound(owner)
    with django_assert_max_num_queries(6):
        client.get(address(row))
    with django_assert_max_num_queries(12):
        patch(client, row, {"values": {"licences": {"state": "none"}}})
