"""The pages of the data sheet as plain forms: what is saved, shown again, refused."""

import io
import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.rules import Kind
from assessments.data_sheet_changes import SheetChanges, read_right, read_veto
from assessments.data_sheet_upload import read_grid
from assessments.data_sheet_workbook import data_sheet_workbook
from assessments.data_sheets import last_complete_year, sheet_from_row
from assessments.models import DataSheet, DataSheetEvent
from question_bank.data_sheet import data_sheet_definition
from tests.assessments.data_sheets import save as save_at, typed
from tests.engine.data_sheets import SOUND, sheet_of
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.frontend.test_answering import text_of
from tests.project.message_ids import CHINESE

YEAR = last_complete_year(timezone.localdate())
PATENT = "ZL201310699744.2"


@pytest.fixture
def client(signed_in, owner):
    return signed_in(owner)


def cells_of(response):
    """Return the text with a blank between elements, so that cells stay apart."""
    return unescape(
        " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
    )


def url(page="", year=YEAR):
    return f"/data-sheet/{year}/{page}"


def save(member, changes, *, revision=0, year=YEAR):
    return save_at(member, changes, revision=revision, year=year, at=timezone.now())


def save_sound(member, year=YEAR, **more):
    sheet = sheet_of({**SOUND, **more}, year=year)
    return save(member, SheetChanges(values=sheet.entries), year=year)


def shown(client, group):
    """Return what a browser would send for a group without touching anything."""
    response = client.get(url(f"groups/{group}/"))
    data = {"revision": str(response.context["desk"].found.revision)}
    for row in [*response.context["yearly"], *response.context["single"]]:
        for cell in row.cells:
            if row.control == "checks":
                data[cell.id] = cell.value.split()
            elif row.control != "computed":
                data[cell.id] = cell.value
        for remark in row.remarks:
            if remark.name:
                data[remark.name] = remark.note
    return data


def send(client, group, **changes):
    return client.post(url(f"groups/{group}/"), {**shown(client, group), **changes})


def stored(year=YEAR):
    return DataSheet.objects.get(year=year)


# --- Years and groups -------------------------------------------------------------


def test_the_years_can_be_chosen(client, owner):
    save(owner, typed(staff="350"), year=YEAR - 1)
    text = text_of(client.get("/data-sheet/"))
    assert f"{YEAR} 年 未开始" in text
    assert f"{YEAR - 1} 年 填写中" in text
    assert f"{YEAR - 2} 年" in text


@pytest.mark.parametrize("year", [YEAR + 1, YEAR - 6, 1999])
def test_a_year_that_is_not_open_is_not_found(client, year):
    assert client.get(url(year=year)).status_code == 404
    assert client.post(url("groups/basics/", year), {"revision": 0}).status_code == 404


def test_a_group_that_does_not_exist_is_not_found(client):
    assert client.get(url("groups/nothing/")).status_code == 404


def test_the_groups_are_tasks_with_their_state(client, owner):
    save_sound(owner, rd_staff="351")
    text = text_of(client.get(url()))
    assert "基本情况 有矛盾 6 / 6" in text
    assert "经营与研发 已填完 12 / 12" in text
    assert "机构、人员与培训 必填已完成 2 / 8" in text
    assert "知识产权经费 未开始 0 / 21" in text
    assert "有 2 处数据互相矛盾" not in text
    assert "有 1 处数据互相矛盾" in text


def test_whoever_has_no_enterprise_finds_nothing(signed_in, db):
    agency = MembershipFactory(organisation=OrganisationFactory(kind=Kind.AGENCY))
    for page in ("/data-sheet/", url(), url("groups/basics/"), url("file/")):
        assert signed_in(agency).get(page).status_code == 404


def test_reading_stores_nothing(client):
    for page in ("", "groups/basics/", "rights/", "vetoes/", "check/", "whole/"):
        assert client.get(url(page)).status_code == 200
    assert not DataSheet.objects.exists()


def test_the_home_page_leads_to_the_sheet(client, owner):
    assert url() in client.get("/home/").content.decode()
    save(owner, typed(staff="350"))
    assert "填写中" in text_of(client.get("/home/"))


# --- Saving a group ---------------------------------------------------------------


def test_every_kind_of_field_is_saved_by_one_form(client):
    response = send(
        client,
        "basics",
        founded_on="2010年3月5日",
        registration_state="active",
        industry="3484",
        staff="350",
        rd_staff="无",
        assets="不适用",
        then="next",
    )
    assert response["Location"] == url("groups/finance/")
    assert stored().values == {
        "founded_on": {"state": "value", "value": "2010-03-05"},
        "registration_state": {"state": "value", "value": "active"},
        "industry": {"state": "value", "value": "C3484"},
        "staff": {"state": "value", "value": 350},
        "rd_staff": {"state": "none"},
        "assets": {"state": "na"},
    }


def test_yes_no_and_several_choices(client):
    send(
        client,
        "rules",
        ip_rules=["secrecy", "risk"],
        secrets_list="yes",
        nda_cover="85",
    )
    values = stored().values
    assert values["ip_rules"] == {"state": "value", "value": ["secrecy", "risk"]}
    assert values["secrets_list"] == {"state": "value", "value": True}
    send(client, "rules", ip_rules=["~none"], secrets_list="~na")
    values = stored().values
    assert (values["ip_rules"], values["secrets_list"]) == (
        {"state": "none"}, {"state": "na"},
    )  # fmt: skip
    send(client, "rules", ip_rules=[], secrets_list="")
    assert set(stored().values) == {"nda_cover"}


def test_nothing_touched_is_nothing_saved(client, owner):
    save_sound(owner, ip_rules="secrecy")
    for group in ("basics", "finance", "rules", "patents"):
        send(client, group)
    assert stored().revision == 1


def test_yuan_is_converted_and_said(client):
    response = client.post(
        url("groups/finance/"),
        {**shown(client, "finance"), "revenue_y0": "18000000元"},
        follow=True,
    )
    assert "营业收入：18000000元 已换算为 1800.00 万元。" in text_of(response)
    assert stored().values["revenue_y0"]["value"] == "1800.00"


def test_what_cannot_be_read_stays_and_the_rest_is_saved(client):
    response = send(client, "basics", staff="很多", rd_staff="40")
    text = response.content.decode()
    assert response.status_code == 200
    assert 'value="很多"' in text
    assert "有 1 处需要更正" in text
    assert 'href="#staff"' in text
    assert set(stored().values) == {"rd_staff"}
    assert text.startswith("<!doctype html>")
    assert "<title>错误：" in text.replace("\n", "").replace("  ", "")


def test_options_that_exclude_each_other_are_refused(client):
    response = send(client, "rules", ip_rules=["secrecy", "~na"])
    assert "请只保留一种" in text_of(response)


def test_a_contradiction_keeps_the_person_on_the_page(client):
    response = send(client, "basics", staff="10", rd_staff="11", then="next")
    assert response["Location"] == url("groups/basics/")
    text = text_of(client.get(url("groups/basics/")))
    assert "研发人员（11）大于从业人员（10）" in text


def test_a_warning_takes_a_note(client, owner):
    save_sound(owner, founded_on="1979-01-01")
    name = "note-founded_early:founded_on"
    assert name in client.get(url("groups/basics/")).content.decode()
    send(client, "basics", **{name: "由国营厂改制"})
    assert stored().notes == {"founded_early:founded_on": "由国营厂改制"}
    assert "由国营厂改制" in client.get(url("groups/basics/")).content.decode()
    assert send(client, "basics", **{name: "x" * 501}).status_code == 200


def test_computed_figures_are_shown_with_their_formula(client, owner):
    save_sound(owner)
    text = text_of(client.get(url("groups/finance/")))
    assert "自动计算：研发费用 ÷ 营业收入" in text
    assert "5.56%" in text
    text = text_of(client.get(url("groups/basics/")))
    assert "小型" in text
    text = text_of(client.get(url("groups/patents/")))
    assert "三年发明申请量之和 ÷ 三年专利申请合计之和" in text


def test_a_save_without_a_revision_is_refused(client):
    data = shown(client, "basics") | {"staff": "1"}
    del data["revision"]
    client.post(url("groups/basics/"), data)
    assert not DataSheet.objects.exists()


# --- Two people at once -----------------------------------------------------------


def test_the_same_figure_changed_by_two_keeps_both(client, owner, contributor):
    save(owner, typed(staff="350"))
    mine = shown(client, "basics") | {"staff": "370"}
    save(contributor, typed(staff="360"), revision=1)
    response = client.post(url("groups/basics/"), mine)
    assert "已有人改为“360”" in text_of(response)
    assert 'value="370"' in response.content.decode()
    assert stored().values["staff"]["value"] == 360

    mine["revision"] = "2"
    client.post(url("groups/basics/"), mine)
    assert stored().values["staff"]["value"] == 370


def test_a_figure_only_seen_is_not_put_back(client, owner, contributor):
    save(owner, typed(staff="350"))
    mine = shown(client, "basics") | {"rd_staff": "40"}
    save(contributor, typed(staff="360"), revision=1)
    assert client.post(url("groups/basics/"), mine).status_code == 302
    values = stored().values
    assert (values["staff"]["value"], values["rd_staff"]["value"]) == (360, 40)


# --- Carried over -----------------------------------------------------------------


def test_last_years_figures_wait_to_be_confirmed(client, owner):
    save_sound(owner, year=YEAR - 1)
    page = client.get(url("groups/finance/"))
    assert "本页有 8 项由上一年度的表带出" in text_of(page)
    assert 'value="1800.00"' in page.content.decode()

    send(client, "finance", revenue_y0="2000")
    assert "revenue_y1" in stored().unconfirmed
    send(client, "finance", confirm="yes")
    waiting = {slot for slot in stored().unconfirmed if slot.startswith("revenue")}
    assert waiting == set()
    assert "staff" in stored().unconfirmed
    assert "待确认" in text_of(client.get(url()))


# --- Checking ---------------------------------------------------------------------


def test_a_sound_sheet_is_confirmed_on_its_page(client, owner):
    save_sound(owner)
    assert "没有矛盾，可以确认" in text_of(client.get(url("check/")))
    response = client.post(url("check/"), {"revision": "1"}, follow=True)
    assert "数据表已确认" in text_of(response)
    assert stored().confirmed_by == owner.user
    assert "确认。修改任何一项后须重新确认" in text_of(client.get(url("check/")))


def test_what_is_in_the_way_is_listed_with_its_place(client, owner):
    save_sound(owner, rd_staff="351", founded_on="1979-01-01", ip_body="")
    page = client.get(url("check/"))
    html = page.content.decode()
    assert f"{url('groups/basics/')}#rd_staff" in html
    assert "知识产权管理机构还没有填写" in html
    assert "成立日期早于 1980 年" in html
    assert "确认数据表</button>" not in html
    client.post(url("check/"), {"revision": "1"})
    client.post(url("check/"), {"revision": "9"})
    assert stored().confirmed_at is None


def test_the_whole_sheet_can_be_read_and_printed(client, owner):
    save_sound(owner)
    text = cells_of(client.get(url("whole/")))
    assert "营业收入 万元 1500.00 1650.00 1800.00" in text
    assert owner.organisation.credit_code in text


# --- The lists --------------------------------------------------------------------


def test_many_numbers_are_pasted_at_once(client):
    lines = (
        f"{PATENT} 一种阀门\nZL 2018 1 0123456.5\n12345678/9\t某商标\n"
        "2019SR0123456，某软件\n\nCN104123456B\n"
    )
    response = client.post(
        url("rights/"), {"revision": "0", "kind": "auto", "lines": lines}
    )
    text = text_of(response)
    assert "已登记 4 个号码" in text
    assert "这是公开号或公告号" in text
    assert ">CN104123456B</textarea>" in response.content.decode()
    assert [(r["number"], r["title"]) for r in stored().rights] == [
        ("201310699744.2", "一种阀门"),
        ("201810123456.5", ""),
        ("12345678/9", "某商标"),
        ("2019SR0123456", "某软件"),
    ]


def test_a_number_is_listed_once(client):
    post = {"revision": "0", "kind": "patent", "lines": PATENT}
    client.post(url("rights/"), post)
    response = client.post(url("rights/"), {**post, "revision": "1"}, follow=True)
    assert "1 个号码已在清单中，没有重复登记" in text_of(response)
    assert len(stored().rights) == 1
    assert "请填写至少一个号码" in text_of(
        client.post(url("rights/"), {"revision": "1", "kind": "auto", "lines": " "})
    )


def test_a_number_is_removed(client):
    client.post(url("rights/"), {"revision": "0", "kind": "auto", "lines": PATENT})
    client.post(url("rights/"), {"revision": "1", "remove": "invention 201310699744.2"})
    assert stored().rights == []


def test_what_is_wrong_with_a_number_stands_beside_it(client, owner):
    save(owner, SheetChanges(add_rights=(read_right("patent", "95115608.X"),)))
    assert "保护期" in text_of(client.get(url("rights/")))
    page = cells_of(client.get(url()))
    assert "知识产权清单 逐件登记专利号、商标号等，核对件数。 有矛盾" in page


def test_long_lists_have_pages(client, owner):
    rights = tuple(read_right("trademark", f"{n}/9") for n in range(1, 151))
    save(owner, SheetChanges(add_rights=rights))
    assert "第 1–100 条，共 150 条" in text_of(client.get(url("rights/")))
    assert "第 101–150 条" in text_of(client.get(url("rights/") + "?page=2"))


VETO = {
    "kind-0": "infringement", "finding_body-0": "某法院",
    "document-0": "（2024）鲁06民终1号", "decided_on-0": "2024-05-06",
    "effective_until-0": "", "appeal-0": "pending",
}  # fmt: skip


def test_a_matter_is_listed_changed_and_removed(client):
    client.post(url("vetoes/"), {"revision": "0", **VETO, "kind-1": ""})
    [veto] = stored().vetoes
    assert (veto["finding_body"], veto["appeal"]) == ("某法院", "pending")
    client.post(url("vetoes/"), {"revision": "1", **VETO, "appeal-0": "succeeded"})
    assert stored().vetoes[0]["appeal"] == "succeeded"
    client.post(url("vetoes/"), {"revision": "2", **VETO, "remove-0": "on"})
    assert stored().vetoes == []


def test_a_matter_that_is_incomplete_is_refused(client):
    broken = {**VETO, "decided_on-0": "昨天", "kind-0": ""}
    response = client.post(url("vetoes/"), {"revision": "0", **broken})
    text = text_of(response)
    assert "有 2 处需要更正" in text
    assert "第 1 条：请选择事项的类型" in text
    assert "某法院" in response.content.decode()
    assert not DataSheet.objects.exists()


def test_a_table_changed_meanwhile_is_shown_again(client, owner):
    veto = read_veto({key[:-2]: text for key, text in VETO.items()})
    save(owner, SheetChanges(vetoes=(veto,)))
    save(owner, SheetChanges(vetoes=()), revision=1)
    response = client.post(url("vetoes/"), {"revision": "1", **VETO})
    assert "数据表刚被修改" in text_of(response)
    assert stored().vetoes == []


# --- Workbooks --------------------------------------------------------------------


def upload(client, data, name="表.xlsx"):
    file = SimpleUploadedFile(name, data)
    return client.post(url("upload/"), {"file": file})


def workbook(**texts):
    return data_sheet_workbook(sheet_of(texts, year=YEAR), locale="zh")


def test_the_workbook_holds_what_is_filled_in(client, owner):
    save_sound(owner)
    response = client.get(url("file/"))
    assert "filename*=utf-8''" in response["Content-Disposition"]
    rows = read_grid(response.content)["企业数据"]
    assert next(r for r in rows if "staff" in r)[:3] == ["从业人员", "人", "staff"]


def test_an_upload_is_a_dry_run_until_it_is_confirmed(client, owner):
    save(owner, typed(staff="350"))
    page = upload(client, workbook(staff="360", licences="无"))
    text = cells_of(page)
    assert "从业人员 – 350 360" in text
    assert "许可件数 – 未填 无" in text
    assert stored().revision == 1

    grid = page.context["grid"]
    response = client.post(url("import/"), {"revision": "1", "grid": grid}, follow=True)
    assert "已导入 2 项" in text_of(response)
    assert stored().values["staff"]["value"] == 360


def test_faults_are_named_by_cell_and_sent_back_marked(client):
    broken = workbook(staff="360")
    grid = read_grid(broken)
    row = next(r for r in grid["企业数据"] if "rd_staff" in r)
    row[5] = "很多"
    data = json.dumps(grid, ensure_ascii=False)
    response = client.post(url("marked/"), {"grid": data})
    assert response["Content-Type"].endswith("sheet")
    with io.BytesIO(response.content) as file:
        assert file.read(2) == b"PK"
    client.post(url("import/"), {"revision": "0", "grid": data})
    assert set(stored().values) == {"staff"}


def test_a_fault_is_shown_with_its_cell(client, monkeypatch):
    grid = read_grid(workbook(staff="360"))
    at = next(i for i, r in enumerate(grid["企业数据"]) if "staff" in r)
    grid["企业数据"][at][5] = "很多"
    monkeypatch.setattr("frontend.pages.data_sheet.workbook.read_grid", lambda _: grid)
    text = cells_of(upload(client, b"x"))
    assert f"企业数据!F{at + 1} 很多 应为数字" in text
    assert "没有可以导入的改动" in text


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"a,b", "无法读取这个文件"), (b"0" * (5 * 1024 * 1024 + 1), "文件超过 5 MB")],
)
def test_what_is_no_workbook_is_refused(client, data, words):
    assert words in text_of(upload(client, data))


def test_without_a_file_or_cells_nothing_happens(client):
    assert "请选择要上传的文件" in text_of(client.post(url("upload/")))
    for grid in (
        "",
        "[]",
        "{}",
        '{"别的": []}',
        '{"企业数据": [[1]]}',
        '{"企业数据": 1}',
    ):
        for page in ("import/", "marked/"):
            response = client.post(url(page), {"revision": "0", "grid": grid})
            assert response["Location"] == url("upload/")
    assert not DataSheet.objects.exists()


def test_an_import_of_what_changed_meanwhile_is_refused(client, owner):
    save(owner, typed(staff="350"))
    page = upload(client, workbook(staff="360"))
    save(owner, typed(staff="355"), revision=1)
    client.post(url("import/"), {"revision": "1", "grid": page.context["grid"]})
    assert stored().values["staff"]["value"] == 355


# --- Costs ------------------------------------------------------------------------


@pytest.mark.parametrize("group", [g.id for g in data_sheet_definition().groups])
def test_a_group_page_costs_few_queries(client, owner, group):
    save_sound(owner)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url(f"groups/{group}/")).status_code == 200
    assert len(captured) <= 8


def test_history_keeps_every_change(client):
    send(client, "basics", staff="350")
    send(client, "basics", staff="351")
    changes = [event.changes for event in DataSheetEvent.objects.order_by("revision")]
    assert changes[1]["staff"] == [
        {"state": "value", "value": 350},
        {"state": "value", "value": 351},
    ]
    assert sheet_from_row(stored()).value("staff") == 351


@pytest.mark.parametrize("page", ["", "groups/finance/", "rights/", "check/", "whole/"])
def test_the_pages_speak_english(client, owner, page):
    save_sound(owner, rd_staff="351")
    response = client.get(url(page), headers={"Accept-Language": "en"})
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    assert 'lang="en"' in response.content.decode()
    # The unit of money is named in Chinese beside its English.
    for words in (owner.organisation.name, "万元", "3500000元"):
        main = main.replace(words, "")
    assert CHINESE.findall(main) == []
