"""From a draft to a version: two people, a number that suffices, no errors."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import AuditEvent, Membership
from accounts.rules import Role
from assessments.services import start_assessment
from backend.errors import Conflict, Forbidden, Invalid
from question_bank.bank_files import load_with_maps
from question_bank.models import (
    BankDraft,
    BankDraftEvent,
    BankPublication,
    BankVersion,
    StoredMap,
)
from question_bank.selectors import compiled_bank, offered_version
from question_bank.services import (
    DraftClosed,
    DraftInReview,
    HasErrors,
    NothingChanged,
    SamePerson,
    StaleDraft,
    VersionTooLow,
    open_draft,
    publish_draft,
    request_publication,
    retire_version,
    return_draft,
)
from question_bank.services.publication import NotRequested, Proposal
from question_bank.source_tree import Part
from tests.conftest import BANKS
from tests.factories.accounts import MembershipFactory
from tests.fixtures_assessments import AT
from tests.question_bank.test_drafts import edit

pytestmark = pytest.mark.django_db
WORDS = {"zh": "改了一处文字。", "en": "One text changed."}


def propose(draft: BankDraft, actor: Membership, version: str = "1.1.0") -> BankDraft:
    draft.refresh_from_db()
    return request_publication(
        draft_id=draft.pk,
        proposal=Proposal(version, WORDS),
        revision=draft.revision,
        actor=actor.user,
        at=AT,
    )


def approve(draft: BankDraft, actor: Membership, revision: int | None = None) -> Any:
    draft.refresh_from_db()
    return publish_draft(
        draft_id=draft.pk,
        revision=draft.revision if revision is None else revision,
        actor=actor.user,
        at=AT,
    )


@pytest.fixture
def changed(bank_draft: BankDraft, bureau_manager: Membership) -> BankDraft:
    """A draft in which one text differs from the published version."""
    edit(bank_draft, bureau_manager, text={"zh": "做到哪一步？", "en": "How far?"})
    bank_draft.refresh_from_db()
    return bank_draft


@pytest.fixture
def proposed(changed: BankDraft, bureau_manager: Membership) -> BankDraft:
    """A draft that the manager proposed as 1.1.0."""
    return propose(changed, bureau_manager)


def test_two_people_publish_and_new_assessments_use_it(
    proposed, bureau_manager, second_manager, small_version, owner
):
    version = approve(proposed, second_manager)
    assert offered_version("small") == version
    bank = compiled_bank(version.sha256)
    assert bank.version == "1.1.0"
    assert [(c.version, dict(c.text)) for c in bank.changelog] == [("1.1.0", WORDS)]
    small_version.refresh_from_db()
    assert (small_version.status, small_version.retired_at) == ("retired", AT)
    record = BankPublication.objects.get()
    assert (record.version, record.draft_id) == (version, proposed.pk)
    assert (record.proposed_by, record.approved_by) == (
        bureau_manager.user,
        second_manager.user,
    )
    assert AuditEvent.objects.filter(action="bank_draft.published").count() == 1


def test_open_assessments_keep_their_version(proposed, second_manager, draft):
    approve(proposed, second_manager)
    draft.refresh_from_db()
    assert draft.bank_version.version == "1.0.0"


def test_nobody_publishes_alone(proposed, bureau_manager):
    with pytest.raises(SamePerson):
        approve(proposed, bureau_manager)
    assert BankVersion.objects.count() == 1
    assert not BankPublication.objects.exists()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR])
def test_only_a_manager_approves(proposed, bureau_manager, role):
    member = MembershipFactory(organisation=bureau_manager.organisation, role=role)
    with pytest.raises(Forbidden):
        approve(proposed, member)
    assert BankVersion.objects.count() == 1


def test_an_expert_may_propose(changed, expert, bureau_manager):
    propose(changed, expert)
    assert approve(changed, bureau_manager).version == "1.1.0"


def test_the_database_wants_two_people(proposed, bureau_manager, small_version):
    with pytest.raises(IntegrityError), transaction.atomic():
        BankPublication.objects.create(
            version=small_version, draft=proposed, level="patch",
            proposed_by=bureau_manager.user, proposed_at=AT,
            approved_by=bureau_manager.user, approved_at=AT,
        )  # fmt: skip


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_who_published(proposed, second_manager, act):
    approve(proposed, second_manager)
    rows = BankPublication.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(level="none") if act == "update" else rows.delete()
    assert BankPublication.objects.get().level == "patch"


def test_a_retired_version_never_comes_back(small_version, bureau_manager):
    retire_version(version=small_version, actor=bureau_manager.user, at=AT)
    row = BankVersion.objects.filter(pk=small_version.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.update(status="published")


def test_a_bank_with_errors_is_not_proposed(changed, bureau_manager):
    edit(changed, bureau_manager, clause=["NOWHERE"])
    with pytest.raises(HasErrors):
        propose(changed, bureau_manager)
    changed.refresh_from_db()
    assert changed.state == "editing"


def test_what_cannot_be_read_is_not_proposed(changed, bureau_manager):
    edit(changed, bureau_manager, type="riddle")
    with pytest.raises(HasErrors):
        propose(changed, bureau_manager)


def test_a_draft_without_changes_is_not_proposed(bank_draft, bureau_manager):
    with pytest.raises(NothingChanged):
        propose(bank_draft, bureau_manager)


@pytest.mark.parametrize("version", ["1.0.0", "0.9.9", "1.1", "2", "a.b.c", ""])
def test_a_number_that_does_not_follow_is_refused(changed, bureau_manager, version):
    with pytest.raises(Invalid):
        propose(changed, bureau_manager, version)


def test_the_number_says_how_much_changed(bank_draft, bureau_manager):
    """A question nobody asks any more is no patch and no minor change."""
    from question_bank.services import remove_part

    remove_part(
        draft_id=bank_draft.pk, part=Part("question", "words"), revision=1,
        actor=bureau_manager.user, at=AT,
    )  # fmt: skip
    with pytest.raises(VersionTooLow) as caught:
        propose(bank_draft, bureau_manager, "1.0.1")
    assert "version" in caught.value.fields
    assert propose(bank_draft, bureau_manager, "2.0.0").state == "in_review"


def test_a_change_is_described(changed, bureau_manager):
    with pytest.raises(Invalid):
        request_publication(
            draft_id=changed.pk, proposal=Proposal("1.1.0", {"zh": " "}),
            revision=changed.revision, actor=bureau_manager.user, at=AT,
        )  # fmt: skip


def test_a_proposal_speaks_of_what_the_person_saw(changed, bureau_manager, expert):
    seen = changed.revision
    edit(changed, expert, weight="3")
    with pytest.raises(StaleDraft):
        request_publication(
            draft_id=changed.pk, proposal=Proposal("1.1.0", WORDS), revision=seen,
            actor=bureau_manager.user, at=AT,
        )  # fmt: skip


def test_nothing_changes_in_review(proposed, expert):
    with pytest.raises(DraftInReview):
        edit(proposed, expert, weight="3")
    row = BankDraft.objects.filter(pk=proposed.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.update(source="{}")


def test_a_returned_draft_can_be_edited_and_proposed_again(
    proposed, bureau_manager, second_manager
):
    return_draft(
        draft_id=proposed.pk, remark="再核一遍", actor=second_manager.user, at=AT
    )
    proposed.refresh_from_db()
    assert (proposed.state, proposed.requested_by) == ("editing", None)
    event = BankDraftEvent.objects.get(action="returned")
    assert event.after == "再核一遍"
    propose(proposed, bureau_manager, "1.1.1")
    version = approve(proposed, second_manager)
    assert version.version == "1.1.1"


def test_what_was_not_proposed_is_not_published(changed, second_manager):
    with pytest.raises(NotRequested):
        approve(changed, second_manager)


def test_an_approval_speaks_of_what_the_person_saw(proposed, second_manager):
    with pytest.raises(StaleDraft):
        approve(proposed, second_manager, revision=1)


def test_a_published_draft_is_closed(proposed, second_manager, expert):
    approve(proposed, second_manager)
    with pytest.raises(DraftClosed):
        edit(proposed, expert, weight="3")
    with pytest.raises(DraftClosed):
        approve(proposed, second_manager)


def test_a_new_bank_begins_with_a_first_version(small_version, expert, bureau_manager):
    source = open_draft(base=small_version, actor=expert.user, at=AT).data()
    new = open_draft(source={**source, "id": "brand_new"}, actor=expert.user, at=AT)
    propose(new, expert, "1.0.0")
    assert approve(new, bureau_manager).bank == "brand_new"


@pytest.fixture
def mapped(old_version, later_edition) -> dict[str, Any]:
    """The source of the new edition with its map, as an upload brings it."""
    source, _places = load_with_maps(BANKS / "edition_new")
    return {**source, "id": later_edition.id}


def test_the_maps_of_an_upload_are_published_with_it(mapped, expert, bureau_manager):
    draft = open_draft(source=mapped, actor=expert.user, at=AT)
    propose(draft, expert, mapped["version"])
    version = approve(draft, bureau_manager)
    stored = StoredMap.objects.get(target_version=version)
    assert stored.source_bank == "edition_old"


def test_a_map_to_an_unknown_question_is_not_proposed(mapped, expert):
    rows = [{**mapped["maps"][0], "to": "nowhere"}, *mapped["maps"][1:]]
    draft = open_draft(source={**mapped, "maps": rows}, actor=expert.user, at=AT)
    with pytest.raises(HasErrors) as raised:
        propose(draft, expert, mapped["version"])
    assert "nowhere" in str(raised.value.extra)


def test_a_map_from_a_bank_nobody_published_is_not_proposed(mapped, expert):
    rows = [{**row, "from_bank": "unheard_of"} for row in mapped["maps"]]
    draft = open_draft(source={**mapped, "maps": rows}, actor=expert.user, at=AT)
    with pytest.raises(HasErrors):
        propose(draft, expert, mapped["version"])


def test_a_retired_version_is_not_offered_but_still_answered(
    small_version, bureau_manager, draft
):
    retire_version(version=small_version, actor=bureau_manager.user, at=AT)
    with pytest.raises(BankVersion.DoesNotExist):
        offered_version("small")
    draft.refresh_from_db()
    assert draft.bank_version == small_version
    small_version.refresh_from_db()
    assert (small_version.retired_at, small_version.retired_by) == (
        AT,
        bureau_manager.user,
    )


def test_only_a_manager_of_the_bureau_retires(small_version, expert, owner):
    for person in (expert, owner):
        with pytest.raises(Forbidden):
            retire_version(version=small_version, actor=person.user, at=AT)
    small_version.refresh_from_db()
    assert small_version.status == "published"


def test_nothing_is_retired_twice(small_version, bureau_manager):
    retire_version(version=small_version, actor=bureau_manager.user, at=AT)
    with pytest.raises(Conflict):
        retire_version(version=small_version, actor=bureau_manager.user, at=AT)


def test_a_newly_published_version_is_what_an_enterprise_starts_with(
    proposed, second_manager, owner
):
    approve(proposed, second_manager)
    started = start_assessment(
        enterprise=owner.organisation,
        bank_version=offered_version("small"),
        actor=owner.user,
        at=AT,
    )
    assert started.bank_version.version == "1.1.0"
