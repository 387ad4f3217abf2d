"""The interface tells the same numbers as the pages, to the same people."""

import json
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from tests.oversight.published import issued, refused, stored
from tests.oversight.registers import Bureau
from tests.oversight.test_statistics_pages import certified, months_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(bureau: Bureau, signed_in: Any) -> Any:
    """A client of an analyst."""
    return signed_in(bureau.first)


def read(client: Any, name: str, *args: Any, **asked: Any) -> Any:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == 200
    return answer.json()


def test_the_dashboard_tells_facts_and_published_numbers(
    client: Any, bureau: Bureau, shipped_banks: None
) -> None:
    certified(bureau, 1, date(2025, 5, 6))
    one = stored(1, months_ago(1))
    found = read(client, "api-oversight-dashboard")
    assert found["certified"]["judgement"]["target"] == "10"
    assert found["certified"]["plan"] == "2016-2020"
    assert found["holders"]["total"] == 1
    assert found["snapshot"]["sha256"] == one.sha256
    assert found["stages"][0]["now"]["value"] == 20
    shown = json.loads(one.document)["tables"]
    told = {table["key"]: table for table in found["tables"]}
    assert [t["key"] for t in shown] == list(told)
    assert all(told[t["key"]]["entries"] == t["entries"] for t in shown)
    assert found["needs"]["work"]["expiring"] == 0


def test_a_dashboard_without_a_snapshot_is_empty_there(client: Any) -> None:
    found = read(client, "api-oversight-dashboard")
    assert (found["snapshot"], found["tables"], found["stages"]) == (None, [], [])
    assert found["growth"]["probability"] is None


def test_a_plan_is_told_as_known_on_a_day(client: Any, bureau: Bureau) -> None:
    certified(bureau, 1, date(2018, 5, 6))
    url = reverse("api-oversight-plan", args=["2016-2020"])

    def value(**asked: str) -> str | None:
        counts = client.get(url, asked).json()["indicators"]
        (p4,) = (c for c in counts if c["indicator"] == "P4")
        found: str | None = p4["judgement"]["value"]
        return found

    assert value() == "1"
    assert value(known_on="2020-01-01") == "0"
    assert client.get(url, {"day": "2999-01-01"}).status_code == 400
    gone = reverse("api-oversight-plan", args=["2030"])
    assert client.get(gone).status_code == 404


def test_units_are_told_with_their_reasons(client: Any, bureau: Bureau) -> None:
    kept = certified(bureau, 1, date(2018, 5, 6))
    bureau.certificate(**issued(9, date(2019, 6, 6)))
    found = read(client, "api-oversight-units", "2016-2020", "P4")
    assert [row["reason"] for row in found["results"]] == ["first", "unverified"]
    assert found["results"][0]["record"] == str(kept.pk)
    assert found["results"][0]["words"]["zh"] == "计入：首次获证"
    chosen = read(client, "api-oversight-units", "2016-2020", "P4", outcome="counted")
    assert chosen["count"] == 1
    url = reverse("api-oversight-units", args=["2016-2020", "P4"])
    assert client.get(url, {"outcome": "x"}).status_code == 400


def test_snapshots_are_listed_and_told_whole(client: Any) -> None:
    one = stored(1, months_ago(2))
    refused(months_ago(1))
    rows = read(client, "api-oversight-snapshots")["results"]
    assert [(r["state"], r["number"]) for r in rows] == [
        ("refused", None),
        ("published", 1),
    ]
    whole = read(client, "api-oversight-snapshot", 1)
    assert whole["document"] == json.loads(one.document)
    gone = reverse("api-oversight-snapshot", args=[2])
    assert client.get(gone).status_code == 404


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("api-oversight-dashboard", ()),
        ("api-oversight-plan", ("2016-2020",)),
        ("api-oversight-units", ("2016-2020", "P4")),
        ("api-oversight-snapshots", ()),
        ("api-oversight-snapshot", (1,)),
    ],
)
def test_an_enterprise_is_refused(
    owner: Any, signed_in: Any, name: str, args: tuple[Any, ...]
) -> None:
    assert signed_in(owner).get(reverse(name, args=args)).status_code == 403
