"""The authoring pages: who sees them, what they show, what they do."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from accounts.rules import Kind
from frontend.pages.authoring.form_values import from_values, to_values
from frontend.pages.authoring.part_forms import groups_of
from question_bank.drafting import checked_text
from question_bank.models import BankDraft, BankVersion
from question_bank.publishing import bank_folders, publish
from question_bank.services import edit_part, open_draft
from question_bank.services.publication import Proposal, request_publication
from question_bank.source_tree import LISTS, Part, find, replaced
from tests.conftest import load_bank_once
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.fixtures_assessments import AT

pytestmark = pytest.mark.django_db
PAGES = (
    "bank-draft", "bank-clauses", "bank-parts", "bank-try", "bank-differences",
    "bank-files", "bank-publish", "bank-history", "bank-discard", "bank-question-add",
)  # fmt: skip


@pytest.fixture
def client(bureau_manager: Membership, signed_in: Callable[..., Client]) -> Client:
    """A client of the bureau's manager."""
    return signed_in(bureau_manager)


def url(draft: BankDraft, name: str, *args: str) -> str:
    return reverse(name, args=(draft.pk, *args))


def form_of(response: Any) -> dict[str, Any]:
    """Return what the editor's form would send if nobody touched it."""
    sent: dict[str, Any] = {"revision": response.context["revision"]}
    for group in response.context["form"].groups:
        lines = [*group.lines, *(line for row in group.rows for line in row.lines)]
        for control in (control for line in lines for control in line):
            if control.line.kind == "checks":
                sent[control.name] = [o.value for o in control.options if o.checked]
            elif control.value or control.line.kind != "flag":
                sent[control.name] = control.value
    return sent


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_draft_is_there(client, bank_draft, name):
    assert client.get(url(bank_draft, name)).status_code == 200


@pytest.mark.parametrize("kind", [Kind.ENTERPRISE, Kind.AGENCY])
def test_nobody_outside_the_bureau_sees_any_of_it(bank_draft, signed_in, kind):
    other = signed_in(MembershipFactory(organisation=OrganisationFactory(kind=kind)))
    assert other.get(reverse("banks")).status_code == 403
    for name in PAGES:
        assert other.get(url(bank_draft, name)).status_code == 404
    assert b"/banks/" not in other.get(reverse("home")).content


def test_the_list_shows_versions_and_the_draft(client, bank_draft, draft):
    response = client.get(reverse("banks"))
    node = response.context["nodes"][0]
    assert (node.id, node.draft) == ("small", bank_draft)
    assert [(row.version.version, row.offered, row.open) for row in node.rows] == [
        ("1.0.0", True, 1)
    ]


def test_a_draft_is_opened_from_a_version(client, small_version):
    response = client.post(reverse("bank-draft-open", args=("small", "1.0.0")))
    assert response.url == url(BankDraft.objects.get(), "bank-draft")


def test_the_tree_counts_problems_where_they_are(client, bank_draft, bureau_manager):
    part = Part("question", "level_export")
    data = {**find(bank_draft.data(), part), "applies_when": "nobody = 是"}
    edit_part(
        draft_id=bank_draft.pk, part=part, data=data, revision=1,
        actor=bureau_manager.user, at=AT,
    )  # fmt: skip
    response = client.get(url(bank_draft, "bank-draft"))
    rows = {r.id: r for node in response.context["sections"] for r in node.rows}
    assert rows["level_export"].count.errors == 1
    assert rows["level_two"].count.errors == 0
    assert response.context["errors"] == 1


def test_an_uncovered_leaf_is_flagged(client, bank_draft, bureau_manager):
    source = bank_draft.data()
    source["clauses"].append(
        {"key": "C-NEW", "title": {"zh": "新条款"}, "certainty": "C"}
    )
    BankDraft.objects.filter(pk=bank_draft.pk).update(source=json.dumps(source))
    response = client.get(url(bank_draft, "bank-clauses"))
    assert [node.key for node in response.context["uncovered"]] == ["C-NEW"]
    assert response.context["leaves"] == 3


@pytest.mark.parametrize("name", ["level_one", "kinds", "total", "has_export", "words"])
def test_saving_an_untouched_question_changes_nothing(client, bank_draft, name):
    address = url(bank_draft, "bank-question", name)
    response = client.post(address, form_of(client.get(address)))
    assert response.status_code == 302
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1


@pytest.mark.parametrize(
    ("kind", "name"),
    [("frame", "-"), ("section", "ONE"), ("clause", "C-ONE"), ("gate", "gate_run"),
     ("check", "sample_too_large")],
)  # fmt: skip
def test_saving_an_untouched_part_changes_nothing(client, bank_draft, kind, name):
    address = url(bank_draft, "bank-part", kind, name)
    response = client.post(address, form_of(client.get(address)))
    assert response.status_code == 302
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1


def test_an_edit_is_stored_and_shown(client, bank_draft):
    address = url(bank_draft, "bank-question", "level_one")
    sent = form_of(client.get(address)) | {"levels/2/zh": "有制度也有记录"}
    client.post(address, sent)
    bank_draft.refresh_from_db()
    question = find(bank_draft.data(), Part("question", "level_one"))
    assert question["levels"]["2"]["zh"] == "有制度也有记录"
    preview = client.get(address).content.decode().partition('id="preview"')[2]
    assert "有制度也有记录" in preview


def test_an_error_is_shown_at_its_field_but_saved(client, bank_draft):
    address = url(bank_draft, "bank-question", "level_export")
    sent = form_of(client.get(address)) | {"applies_when": "has_export >> 1"}
    response = client.post(address, sent, follow=True)
    controls = {
        control.name: control
        for group in response.context["form"].groups
        for line in group.lines
        for control in line
    }
    assert controls["applies_when"].has_error
    assert controls["applies_when"].value == "has_export >> 1"
    assert b'href="#f-applies_when"' in response.content


def test_what_is_refused_stays_typed(client, bank_draft):
    address = url(bank_draft, "bank-question", "level_one")
    sent = form_of(client.get(address)) | {"help/zh": "<script>alert(1)</script>"}
    response = client.post(address, sent)
    assert response.status_code == 200
    assert b"&lt;script&gt;alert(1)" in response.content
    assert b"<script>alert(1)" not in response.content
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1


def test_a_row_is_added_and_removed_without_scripts(client, bank_draft):
    address = url(bank_draft, "bank-question", "level_one")
    sent = form_of(client.get(address))
    response = client.post(address, sent | {"add": "evidence"})
    evidence = next(
        view
        for view in response.context["form"].groups
        if view.group.rows and view.group.rows.path == "evidence"
    )
    assert len(evidence.rows) == 2
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1
    filled = form_of(response) | {
        "evidence/1/id": "more", "evidence/1/text/zh": "台账",
        "evidence/1/required_from": "3",
    }  # fmt: skip
    client.post(address, filled)
    bank_draft.refresh_from_db()
    stored = find(bank_draft.data(), Part("question", "level_one"))["evidence"]
    assert [item["id"] for item in stored] == ["rule_level_one", "more"]
    response = client.post(
        address, form_of(client.get(address)) | {"remove": "evidence/0"}
    )
    client.post(address, form_of(response))
    bank_draft.refresh_from_db()
    stored = find(bank_draft.data(), Part("question", "level_one"))["evidence"]
    assert [item["id"] for item in stored] == ["more"]


def test_a_stale_save_shows_what_others_did(client, bank_draft, expert):
    address = url(bank_draft, "bank-question", "level_one")
    sent = form_of(client.get(address)) | {"weight": "4"}
    part = Part("question", "level_one")
    edit_part(
        draft_id=bank_draft.pk, part=part, revision=1, actor=expert.user, at=AT,
        data={**find(bank_draft.data(), part), "weight": "3"},
    )  # fmt: skip
    response = client.post(address, sent)
    assert response.status_code == 200
    assert [event.after for event in response.context["others"]] == ["3"]
    bank_draft.refresh_from_db()
    assert find(bank_draft.data(), part)["weight"] == "3"
    client.post(address, form_of(response))
    bank_draft.refresh_from_db()
    assert find(bank_draft.data(), part)["weight"] == "4"


def test_live_checking_saves_nothing(client, bank_draft):
    sent = form_of(client.get(url(bank_draft, "bank-question", "level_export")))
    answer = client.post(
        url(bank_draft, "bank-lint", "question", "level_export"),
        sent | {"applies_when": "words = 是", "text/zh": "新题面"},
    ).json()
    assert [
        (p["control"], p["severity"])
        for p in answer["problems"]
        if p["control"] == "f-applies_when"
    ] == [("f-applies_when", "error")]
    assert "新题面" in answer["preview"]
    bank_draft.refresh_from_db()
    assert bank_draft.revision == 1


def test_the_preview_shows_what_a_respondent_sees(client, bank_draft):
    response = client.get(url(bank_draft, "bank-preview", "C-ONE"))
    ids = [item["block"].question.id for item in response.context["items"]]
    assert ids == ["level_one", "level_event", "total", "sampled"]
    assert b'class="scale-row"' in response.content


def test_a_question_is_added_and_its_id_checked(client, bank_draft):
    address = url(bank_draft, "bank-question-add")
    sent = {
        "id": "fresh", "type": "number", "section": "ONE", "clause": "C-ONE",
        "text": "共有几项？",
    }  # fmt: skip
    assert client.post(address, sent).url == url(bank_draft, "bank-question", "fresh")
    again = client.post(address, sent)
    assert again.status_code == 200
    assert "id" in again.context["form"].errors
    bad = client.post(address, sent | {"id": "Bad Id"})
    assert "id" in bad.context["form"].errors


def test_a_question_is_removed_after_asking(client, bank_draft):
    address = url(bank_draft, "bank-question-remove", "total")
    assert client.get(address).context["users"] == ("sample_too_large",)
    client.post(address, {"revision": "1"})
    bank_draft.refresh_from_db()
    ids = [question["id"] for question in bank_draft.data()["questions"]]
    assert "total" not in ids


def test_a_question_is_moved(client, bank_draft):
    response = client.post(
        url(bank_draft, "bank-question-move"), {"move": "down:level_one"}
    )
    assert response.url.endswith("#row-level_one")
    bank_draft.refresh_from_db()
    assert bank_draft.data()["questions"][3]["id"] == "level_one"


def test_trying_shows_what_is_asked_and_why(client, bank_draft):
    address = url(bank_draft, "bank-try")
    first = client.post(address, {"shown": "START", "t-has_export": "no"})
    assert first.context["hidden"] == 1
    kept = first.context["kept"]
    second = client.post(address, {"shown": "START", "t-has_export": "no",
                                   "kept": kept, "section": "TWO"})  # fmt: skip
    row = next(r for r in second.context["rows"] if r.question.id == "level_export")
    assert row.state == "hidden"
    assert row.why.outcome == "false"
    assert row.why.text["zh"] == "“是否出口？”为“是”；现在：“否”"


@pytest.mark.parametrize("preset", ["none", "middle", "good", "clear"])
def test_trying_with_made_up_answers(client, bank_draft, preset):
    response = client.post(url(bank_draft, "bank-try"), {"preset": preset})
    card = response.context["trial"].card
    assert (card.self_score or 0) == 0 or preset != "clear"
    assert response.context["trial"].errors == {}


@pytest.mark.parametrize(
    "kept", ["[", "[]", '{"no_such": ["1"]}', '{"level_one": 3}', "[" * 9000]
)
def test_trying_ignores_what_no_page_wrote(client, bank_draft, kept):
    response = client.post(url(bank_draft, "bank-try"), {"kept": kept, "shown": "x"})
    assert response.status_code == 200
    assert response.context["trial"].raw == {}


def test_a_wrong_answer_is_shown_when_trying(client, bank_draft):
    response = client.post(
        url(bank_draft, "bank-try"), {"shown": "START", "t-started_on": "yesterday"}
    )
    assert "started_on" in response.context["trial"].errors


def test_differences_are_grouped_by_effect(client, bank_draft, bureau_manager, draft):
    part = Part("question", "level_one")
    data = {**find(bank_draft.data(), part), "text": {"zh": "新题面", "en": "New"}}
    edit_part(
        draft_id=bank_draft.pk, part=part, data=data, revision=1,
        actor=bureau_manager.user, at=AT,
    )  # fmt: skip
    found = client.get(url(bank_draft, "bank-differences")).context["comparison"]
    assert [(group.effect, len(group.rows)) for group in found.groups] == [
        ("compatible", 1)
    ]
    assert (found.level, found.least) == ("patch", "1.0.1")
    assert [(v.version, number) for v, number in found.touched] == [("1.0.0", 1)]


def test_two_people_publish_on_pages(
    client, bank_draft, bureau_manager, second_manager, signed_in
):
    address = url(bank_draft, "bank-question", "level_one")
    client.post(address, form_of(client.get(address)) | {"text/zh": "新题面"})
    bank_draft.refresh_from_db()
    proposal = {
        "version": "1.0.1", "text_zh": "改了题面。", "text_en": "",
        "revision": bank_draft.revision,
    }  # fmt: skip
    page = url(bank_draft, "bank-publish")
    refused = client.post(page, proposal | {"version": "0.1.0"})
    assert "version" in refused.context["form"].errors
    assert client.post(page, proposal).url == page
    bank_draft.refresh_from_db()
    approve = url(bank_draft, "bank-approve")
    own = client.post(approve, {"revision": bank_draft.revision}, follow=True)
    assert "另一位主管" in own.content.decode()
    assert BankVersion.objects.count() == 1
    other = signed_in(second_manager)
    assert "批准并发布 1.0.1" in other.get(page).content.decode()
    assert other.post(approve, {"revision": bank_draft.revision}).url == reverse(
        "banks"
    )
    assert BankVersion.objects.get(status="published").version == "1.0.1"
    listed = client.get(reverse("banks")).content.decode()
    assert f"{bureau_manager.user} 提请，{second_manager.user} 批准" in listed


def test_a_proposal_is_given_back(
    client, bank_draft, bureau_manager, expert, signed_in
):
    part = Part("question", "level_one")
    edit_part(
        draft_id=bank_draft.pk, part=part, revision=1, actor=expert.user, at=AT,
        data={**find(bank_draft.data(), part), "weight": "3"},
    )  # fmt: skip
    request_publication(
        draft_id=bank_draft.pk, proposal=Proposal("2.0.0", {"zh": "改"}), revision=2,
        actor=expert.user, at=AT,
    )  # fmt: skip
    analyst = signed_in(expert)
    assert analyst.post(url(bank_draft, "bank-approve")).status_code == 403
    client.post(url(bank_draft, "bank-return"), {"remark": "再核"})
    bank_draft.refresh_from_db()
    assert bank_draft.state == "editing"
    assert "再核" in client.get(url(bank_draft, "bank-history")).content.decode()


def test_a_version_is_retired_by_a_manager_after_asking(
    client, small_version, expert, signed_in
):
    address = reverse("bank-retire", args=("small", "1.0.0"))
    assert signed_in(expert).post(address).status_code == 403
    assert client.get(address).status_code == 200
    client.post(address)
    small_version.refresh_from_db()
    assert small_version.status == "retired"


@pytest.mark.parametrize("kind", ["zip", "xlsx"])
def test_a_draft_goes_out_and_comes_back_as_a_file(client, bank_draft, kind):
    response = client.get(url(bank_draft, "bank-draft-export", kind))
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    file = SimpleUploadedFile(f"bank.{kind}", response.content)
    sent = client.post(url(bank_draft, "bank-files"), {"file": file, "revision": "1"})
    assert sent.url == url(bank_draft, "bank-draft")
    bank_draft.refresh_from_db()
    bank = checked_text(bank_draft.source).bank
    assert bank is not None
    assert bank.sha256 == bank_draft.base.sha256


@pytest.mark.parametrize("kind", ["zip", "xlsx"])
def test_a_version_goes_out_and_becomes_a_draft_by_upload(client, small_version, kind):
    address = reverse("bank-version-export", args=("small", "1.0.0", kind))
    file = SimpleUploadedFile(f"bank.{kind}", client.get(address).content)
    client.post(reverse("bank-upload"), {"file": file})
    draft = BankDraft.objects.get()
    assert (draft.bank, draft.base) == ("small", small_version)


@pytest.mark.parametrize(
    ("name", "content"),
    [("bank.zip", b"PK broken"), ("bank.xlsx", b"PK broken"), ("bank.exe", b"MZ"),
     ("bank.zip", b"")],
)  # fmt: skip
def test_a_file_that_is_no_bank_is_refused_with_a_reason(client, name, content, db):
    file = SimpleUploadedFile(name, content)
    response = client.post(reverse("bank-upload"), {"file": file})
    assert response.status_code == 200
    assert response.context["problems"]
    assert not BankDraft.objects.exists()


def test_the_tree_costs_the_same_for_every_bank(
    client, real_bank, bureau_manager, bank_draft, django_assert_max_num_queries
):
    big = open_draft(
        base=publish(bank=real_bank, at=AT), actor=bureau_manager.user, at=AT
    )
    for draft in (bank_draft, big):
        with django_assert_max_num_queries(10):
            client.get(url(draft, "bank-draft"))


def test_the_tree_checks_only_what_is_new(client, bank_draft):
    client.get(url(bank_draft, "bank-draft"))
    before = checked_text.cache_info().misses
    client.get(url(bank_draft, "bank-draft"))
    client.get(url(bank_draft, "bank-publish"))
    assert checked_text.cache_info().misses == before


@pytest.mark.parametrize(
    ("kind", "part_id"), [("question", "nothing"), ("gate", "nothing")]
)
def test_an_unknown_part_is_not_found(client, bank_draft, kind, part_id):
    if kind == "question":
        assert client.get(url(bank_draft, "bank-question", part_id)).status_code == 404
    else:
        assert (
            client.get(url(bank_draft, "bank-part", kind, part_id)).status_code == 404
        )
    assert client.post(url(bank_draft, "bank-lint", kind, part_id)).status_code == 404


def test_what_is_emptied_is_gone(client, bank_draft):
    address = url(bank_draft, "bank-part", "frame", "-")
    sent = form_of(client.get(address))
    client.post(address, sent | {"reviewed_by": "专家组", "policy/evidence_gap": ""})
    bank_draft.refresh_from_db()
    assert bank_draft.data()["reviewed_by"] == "专家组"
    client.post(address, form_of(client.get(address)) | {"reviewed_by": ""})
    bank_draft.refresh_from_db()
    assert "reviewed_by" not in bank_draft.data()
    assert len(bank_draft.data()["questions"]) == 11


def test_two_rows_for_the_same_levels_are_both_kept_and_marked(client, bank_draft):
    address = url(bank_draft, "bank-question", "level_one")
    sent = form_of(client.get(address)) | {"guidance/1/levels": "0"}
    response = client.post(address, sent, follow=True)
    assert response.context["form"].errors
    bank_draft.refresh_from_db()
    stored = find(bank_draft.data(), Part("question", "level_one"))["guidance"]
    assert [advice["zh"] for advice in stored.values()] == ["先定制度。", "补齐记录。"]


@pytest.mark.parametrize("folder", bank_folders(), ids=lambda path: path.name)
def test_every_bank_that_ships_can_be_edited_and_tried(client, bureau_manager, folder):
    bank = load_bank_once(folder)
    version = publish(bank=bank, at=AT)
    draft = open_draft(base=version, actor=bureau_manager.user, at=AT)
    for name in PAGES:
        assert client.get(url(draft, name)).status_code == 200
    source = draft.data()
    made = source
    for kind, (listed, key) in LISTS.items():
        for item in source.get(listed) or ():
            part = Part(kind, item[key])
            groups = groups_of(source, part)
            data = from_values(groups, to_values(groups, item), item)
            made = replaced(made, part, data)
    again = checked_text(json.dumps(made)).bank
    assert again is not None
    assert again.sha256 == bank.sha256
    response = client.post(url(draft, "bank-try"), {"preset": "good"})
    assert response.context["trial"].errors == {}
    assert response.context["asked"] > 0


def test_trying_takes_facts_of_the_enterprise(client, bureau_manager):
    folder = next(f for f in bank_folders() if "municipal" in f.name)
    version = publish(bank=load_bank_once(folder), at=AT)
    draft = open_draft(base=version, actor=bureau_manager.user, at=AT)
    facts = client.post(url(draft, "bank-try"), {"section": "~facts"})
    first = facts.context["facts"][0].fact
    tried = client.post(
        url(draft, "bank-try"), {"shown": "~facts", f"t-{first.id}": "2020-01-05"}
    )
    trial = tried.context["trial"]
    assert trial.raw == {first.id: ["2020-01-05"]}
    assert first.id in trial.applicability.values


WEIRD: list[Any] = [
    "x", [], {}, ["x"], {"zh": ["x"]}, [["x", "y"]], [{"id": ["x"]}], {"0": "x"},
    {"0": {"zh": {"a": "b"}}},
]  # fmt: skip
FIELDS = (
    "text", "help", "type", "section", "clause", "weight", "levels", "guidance",
    "evidence", "mandatory", "na", "applies_when", "departments", "laws", "choices",
    "points", "columns", "after", "source", "finding", "unit",
)  # fmt: skip
FRAME = (
    "title", "scale", "bands", "departments", "policy", "changelog", "quick_scan",
    "facts", "gate_band", "version", "locales",
)  # fmt: skip


@pytest.mark.parametrize("weird", WEIRD, ids=json.dumps)
def test_a_draft_of_any_shape_can_be_seen_and_mended(client, bank_draft, weird):
    """What a file may bring and no reader understands breaks no page."""
    source = bank_draft.data()
    for field in FIELDS:
        broken = bank_draft.data()
        broken["questions"][2][field] = weird
        BankDraft.objects.filter(pk=bank_draft.pk).update(source=json.dumps(broken))
        for address in (
            url(bank_draft, "bank-draft"),
            url(bank_draft, "bank-question", "level_one"),
            url(bank_draft, "bank-question-remove", "total"),
        ):
            assert client.get(address).status_code == 200, field
    for field in FRAME:
        BankDraft.objects.filter(pk=bank_draft.pk).update(
            source=json.dumps({**source, field: weird})
        )
        for name in ("bank-draft", "bank-parts", "bank-publish", "bank-question-add"):
            assert client.get(url(bank_draft, name)).status_code == 200, field
        address = url(bank_draft, "bank-part", "frame", "-")
        assert client.get(address).status_code == 200, field
    for name in ("sections", "clauses", "gates", "checks"):
        for field in ("title", "weight", "parent", "rule", "text", "questions"):
            broken = bank_draft.data() | json.loads(json.dumps(source))
            broken[name][0][field] = weird
            BankDraft.objects.filter(pk=bank_draft.pk).update(source=json.dumps(broken))
            for page in ("bank-draft", "bank-clauses", "bank-parts"):
                assert client.get(url(bank_draft, page)).status_code == 200, name
