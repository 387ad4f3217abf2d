"""Maps between banks: what lint finds, what is stored, which way leads where."""

import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from question_bank import publishing
from question_bank.engine.migration import BankMap
from question_bank.models import BankVersion, StoredMap
from question_bank.publishing import MapTaken, compile_bank, publish, publish_map
from question_bank.versions import (
    NoRoute,
    changes_after,
    destinations,
    patch_after,
    release,
    route,
)
from tests.conftest import BANKS
from tests.fixtures_assessments import AT

MAP = "maps/edition_old.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The new edition in a folder that a test may break, beside the old one."""
    for name in ("edition_old", "edition_new"):
        shutil.copytree(BANKS / name, tmp_path / name)
    return tmp_path / "edition_new"


def rewrite(folder: Path, old: str, new: str) -> int:
    """Replace `old` once in the map; return its line from 1."""
    path = folder / MAP
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def problems(folder: Path) -> list[tuple[str, str, int]]:
    found = compile_bank(folder).problems
    return [(problem.code, problem.file, problem.line) for problem in found]


SAME = "{from: policy, to: policy_now, relation: same}"
BROKEN = [
    ("unknown_question", "to: policy_now,", "to: policy_then,", 0),
    ("unknown_question", "from: search,", "from: searching,", 0),
    ("duplicate_entry", SAME, f"{SAME}\n  - {SAME}", 1),
    ("unknown_word", "relation: narrower", "relation: smaller", 0),
    ("two_same", "secret_space, relation: narrower", "staff, relation: same", 0),
    ("same_does_not_fit", "to: system_start,", "to: secret_space,", 0),
    ("missing_key", "to: contracts, relation: broader", "relation: broader", 0),
    ("dropped_with_target", "from: manual,", "from: manual, to: watch,", 0),
    ("dropped_and_kept", SAME, f"{SAME}\n  - {{from: policy, relation: dropped}}", 1),
    ("wrong_bank", "from: edition_old", "from: edition_older", 0),
    ("wrong_bank", "to: edition_new", "to: edition_newer", 0),
    ("unknown_key", SAME, "{from: policy, to: policy_now, relation: same, x: y}", 0),
    ("duplicate_key", "to: edition_new", "to: edition_new\nto: edition_new", 1),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new", "below"), BROKEN)
def test_lint_names_file_and_line_of_a_mistake(folder, code, old, new, below):
    line = rewrite(folder, old, new)
    assert (code, MAP, line + below) in problems(folder)


def test_lint_names_an_old_question_that_is_not_mentioned(folder):
    line = rewrite(folder, f"  - {SAME}\n", "")
    [(code, file, at)] = problems(folder)
    assert (code, file) == ("unmapped_question", MAP)
    assert at < line


def test_lint_names_a_map_without_the_bank_it_comes_from(folder):
    shutil.rmtree(folder.parent / "edition_old")
    assert problems(folder) == [("wrong_bank", MAP, 1)]


def test_the_command_lints_maps(folder):
    rewrite(folder, "to: policy_now,", "to: policy_then,")
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 problems"):
        call_command("lint_banks", folder, stdout=out)
    assert out.getvalue().startswith(f"{MAP}:7:")


def test_a_broken_map_is_not_published(folder, monkeypatch, db):
    rewrite(folder, "to: policy_now,", "to: policy_then,")
    monkeypatch.setattr(publishing, "BANKS_DIR", folder.parent)
    with pytest.raises(CommandError, match="policy_then"):
        call_command("publish_banks", verbosity=0)
    assert not StoredMap.objects.exists()


def test_publishing_stores_the_map_once(folder, monkeypatch, db):
    monkeypatch.setattr(publishing, "BANKS_DIR", folder.parent)
    for _time in range(2):
        call_command("publish_banks", verbosity=0)
    stored = StoredMap.objects.get()
    assert stored.source_bank == "edition_old"
    assert str(stored.target_version) == "edition_new 1.0.0"
    assert BankMap.from_json(route_document(stored)).sha256 == stored.sha256


def route_document(stored: StoredMap) -> Any:
    import json

    return json.loads(stored.document)


def test_a_version_and_its_map_stand_for_one_content(folder, monkeypatch, db):
    monkeypatch.setattr(publishing, "BANKS_DIR", folder.parent)
    call_command("publish_banks", verbosity=0)
    rewrite(folder, "relation: narrower", "relation: related")
    with pytest.raises(CommandError, match=r"raise `version` in bank\.yaml"):
        call_command("publish_banks", verbosity=0)


def test_another_map_for_a_published_version_is_refused(new_version, edition_map):
    other = replace(edition_map, entries=edition_map.entries[1:])
    with pytest.raises(MapTaken):
        publish_map(bank_map=other, target_version=new_version, at=AT)


REFUSED = [
    lambda rows: rows.update(document="{}"),
    lambda rows: rows.update(sha256="0" * 64),
    lambda rows: rows.update(source_bank="other"),
    lambda rows: rows.delete(),
]


@pytest.mark.parametrize("change", REFUSED)
def test_the_database_refuses_to_change_a_stored_map(new_version, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change(StoredMap.objects.all())


def test_a_map_leads_from_the_old_edition_to_the_new(
    old_version, new_version, edition_map
):
    found = route(old_version, new_version)
    assert found.bank_map == edition_map
    assert found.stored == StoredMap.objects.get()
    with pytest.raises(NoRoute):
        route(new_version, old_version)


def test_a_version_without_a_map_of_its_own_is_reached_by_the_last_one(
    old_version, new_version, later_edition
):
    later = publish(bank=replace(later_edition, version="1.1.0"), at=AT)
    assert route(old_version, later).stored == StoredMap.objects.get()


def test_a_map_of_its_own_comes_first(
    old_version, new_version, later_edition, edition_map
):
    later = publish(bank=replace(later_edition, version="1.1.0"), at=AT)
    own = replace(edition_map, entries=edition_map.entries[1:])
    publish_map(bank_map=own, target_version=later, at=AT)
    assert route(old_version, later).bank_map == own
    assert route(old_version, new_version).bank_map == edition_map


def test_destinations_are_newer_versions_and_mapped_editions_on_offer(
    old_version, new_version, earlier_edition, small_version
):
    assert destinations(old_version) == (new_version,)
    assert destinations(new_version) == ()
    newer = publish(bank=replace(earlier_edition, version="1.1.0"), at=AT)
    assert destinations(old_version) == (newer, new_version)


def reworded(bank: Any, version: str) -> Any:
    return replace(bank, version=version, title={"zh": "改过的题名", "en": "Reworded"})


def test_a_patch_of_words_is_to_be_followed(old_version, earlier_edition):
    assert patch_after(old_version) is None
    patch = publish(bank=reworded(earlier_edition, "1.0.3"), at=AT)
    assert patch_after(old_version) == patch
    assert patch_after(patch) is None


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0", "1.0.x"])
def test_another_release_is_no_patch(old_version, earlier_edition, version):
    publish(bank=reworded(earlier_edition, version), at=AT)
    assert patch_after(old_version) is None


def test_a_patch_that_changes_more_than_words_is_none(old_version, earlier_edition):
    questions = earlier_edition.questions[:-1]
    publish(bank=replace(earlier_edition, version="1.0.1", questions=questions), at=AT)
    assert patch_after(old_version) is None


def test_an_older_patch_is_not_followed(old_version, earlier_edition):
    later = publish(bank=reworded(earlier_edition, "1.0.2"), at=AT)
    older = reworded(earlier_edition, "1.0.1")
    BankVersion.objects.filter(pk=later.pk).update(status="retired")
    BankVersion.objects.create(
        bank=older.id, edition=older.edition, version=older.version,
        document=older.canonical_bytes().decode(), sha256=older.sha256,
        status="published", published_at=AT,
    )  # fmt: skip
    assert patch_after(later) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [("1.0.2", (1, 0, 2)), ("1.10.0", (1, 10, 0)), ("1.0", None), ("v1.0.0", None)],
)
def test_releases_are_read_as_numbers(text, parts):
    assert release(text) == parts


def test_changes_after_a_version_are_the_newer_entries(earlier_edition):
    from datetime import date

    from question_bank.engine.definition import Change

    log = tuple(
        Change(version, date(2026, 1, 1), {"zh": version})
        for version in ("1.0.10", "1.0.9", "1.0.0")
    )
    bank = replace(earlier_edition, changelog=log)
    assert changes_after(bank, "1.0.9") == log[:1]
    assert changes_after(bank, "0.9.0") == log
