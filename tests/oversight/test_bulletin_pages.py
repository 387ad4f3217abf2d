"""The pages of bulletins, the API and open data."""

import csv
import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from frontend.pages.open_data import OpenDataThrottle
from oversight.models import Bulletin
from oversight.open_data import DATA_SETS
from reports.models import BulletinPrint
from tests.oversight.bulletin_world import (
    drafted,
    fill_registers,
    issued,
    publish_snapshot,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(bureau, signed_in):
    """A client of the analyst."""
    return signed_in(bureau.first)


@pytest.fixture
def manager(bureau, signed_in):
    """A client of the manager."""
    return signed_in(bureau.second)


def csv_rows(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_from_drafting_to_the_issued_bulletin(bureau, analyst, manager):
    sent = {"kind": "monthly", "period": "2026-09", "known_on": "", "reason": ""}
    answer = analyst.post(reverse("bulletin-new"), sent)
    bulletin = Bulletin.objects.get()
    assert answer["Location"] == reverse("bulletin", args=[bulletin.pk])
    page = analyst.get(answer["Location"]).text
    assert "由主管签发" in page
    issue = reverse("bulletin-issue", args=[bulletin.pk])
    assert analyst.post(issue, {"digest": bulletin.sha256}).status_code == 403
    done = manager.post(issue, {"digest": bulletin.sha256}, follow=True).text
    assert "已签发，PDF 正在生成" in done
    assert "总第1期" in manager.get(reverse("bulletins")).text


def test_a_refused_field_is_named(analyst):
    page = analyst.post(reverse("bulletin-new"), {"kind": "annual", "period": "x"})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["period"]


def test_a_draft_made_anew_is_not_issued_unseen(bureau, manager):
    bulletin = drafted(bureau)
    url = reverse("bulletin-issue", args=[bulletin.pk])
    page = manager.post(url, {"digest": "0" * 64}, follow=True).text
    assert "拟稿已重新生成" in page
    assert not Bulletin.objects.issued().exists()


def test_page_workbook_and_api_carry_the_same_tables(bureau, manager):
    fill_registers(bureau)
    publish_snapshot()
    bulletin = issued(bureau)
    tables = bulletin.read().zh.tables
    shown = manager.get(reverse("bulletin", args=[bulletin.pk])).context["document"]
    assert shown.tables == tables
    told = manager.get(reverse("api-bulletin", args=[bulletin.pk])).json()
    assert [one["rows"] for one in told["tables"]] == [
        [list(row) for row in table.rows] for table in tables
    ]
    assert (told["snapshot"], told["number"]) == (1, 1)
    file = manager.get(reverse("bulletin-xlsx", args=[bulletin.pk]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    assert len(book.sheet_names) == len(tables) + 1


def test_the_api_lists_issued_bulletins_alone(bureau, manager):
    drafted(bureau)
    bulletin = issued(bureau, period="2026-09")
    listed = manager.get(reverse("api-bulletins")).json()
    assert [one["id"] for one in listed["results"]] == [str(bulletin.pk)]
    assert listed["results"][0]["snapshot"] is None


def test_the_pdf_is_there_once_it_was_printed(bureau, manager):
    bulletin = issued(bureau)
    url = reverse("bulletin-pdf", args=[bulletin.pk])
    assert "报告还没有生成" in manager.get(url, follow=True).text
    assert BulletinPrint.objects.get().state == "pending"


def test_open_data_are_the_register_facts(bureau, client):
    fill_registers(bureau)
    publish_snapshot()
    answer = client.get(reverse("open-data-file", args=["first-certifications"]))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Cache-Control"] == "public, max-age=3600"
    head, *rows = csv_rows(answer)
    assert head[0] == "year"
    assert ["2026", "370602", "芝罘区", "370602", "芝罘区", "3"] in rows
    assert sum(int(row[-1]) for row in rows) == 19
    valid = csv_rows(client.get(reverse("open-data-file", args=["valid-certificates"])))
    assert sum(int(row[-1]) for row in valid[1:]) == 19
    titles = reverse("open-data-file", args=["advantage-enterprises"])
    assert sum(int(row[-1]) for row in csv_rows(client.get(titles))[1:]) == 2


def test_what_is_not_verified_is_no_open_data(bureau, client):
    bureau.certificate()
    answer = client.get(reverse("open-data-file", args=["first-certifications"]))
    assert csv_rows(answer)[1:] == []


def test_the_dictionary_explains_every_column(bureau, client):
    dictionary = csv_rows(client.get(reverse("open-data-dictionary")))
    explained = [(row[0], row[3]) for row in dictionary[1:]]
    columns = [
        (key, name)
        for key in DATA_SETS
        for name in csv_rows(client.get(reverse("open-data-file", args=[key])))[0]
    ]
    assert explained == columns


def test_open_data_answer_a_limited_number_of_times(client, monkeypatch, db):
    monkeypatch.setattr(OpenDataThrottle, "rate", "1/min")
    url = reverse("open-data-dictionary")
    assert client.get(url, REMOTE_ADDR="203.0.113.7").status_code == 200
    again = client.get(url, REMOTE_ADDR="203.0.113.7")
    assert again.status_code == 429
    assert int(again["Retry-After"]) > 0
