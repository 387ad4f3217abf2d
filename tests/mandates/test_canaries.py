"""Words of one enterprise never reach people without its mandate, by any door."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from accounts import ending
from accounts.mandate_scope import Scope
from accounts.mandates import extend_mandate, narrow_mandate, revoke_mandate
from accounts.models import Mandate, Membership, Notice
from reports.models import Report
from reports.services import request_report
from reports.tasks import render_report
from reviews.checklist import checklist
from reviews.models import PlanTask, Remark, Review
from reviews.reminding import remind
from reviews.services import (
    Preparation,
    TaskContent,
    accept_remark,
    add_remark,
    add_task,
    make_plan,
    open_review,
    prepare_item,
    return_review,
)
from reviews.services.coaching import Team, assign_team
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.fixtures_mandates import EVERYTHING
from tests.mandates.words import text_in, text_of
from tests.mandates.world import Owned, doors, found
from tests.project.test_access_matrix import FIXED_PARTS
from tests.project.url_map import addresses

WORD, OTHER = "鸣禽九四七", "白鹭三一八"
ADDRESSES = addresses()


def tenant(owner: Membership, version: Any, word: str) -> Owned:
    """Let an enterprise's name, people, answers, files and sheet hold the word."""
    enterprise = owner.organisation
    enterprise.name = f"测试{word}有限公司"
    enterprise.save()
    owner.user.name = f"负责{word}"
    owner.user.save()
    return found(owner, version, word)


def worked_on(owned: Owned, reviewer: Membership, word: str) -> dict[str, Any]:
    """Let a review, a plan and the application papers hold the word too.

    Takes a mandate for everything; returns the parts of their addresses.
    """
    owner, pk, now = owned.owner.user, owned.sealed.pk, timezone.now()
    review = open_review(assessment_id=pk, actor=reviewer.user, at=now)
    remark = add_remark(
        review_id=review.pk, question_id="level_one", text=f"意见{word}",
        actor=reviewer.user, at=now,
    )  # fmt: skip
    accept_remark(remark_id=remark.pk, text=f"答复{word}", actor=owner, at=now)
    return_review(review_id=review.pk, text=f"退回{word}", actor=reviewer.user, at=now)
    make_plan(assessment_id=pk, actor=owner, at=now)
    content = TaskContent(
        f"任务{word}", owner=owner.pk, due_on=timezone.localdate(), evidence=(word,)
    )
    task = add_task(assessment_id=pk, content=content, actor=owner, at=now)
    item = checklist(owned.sealed.bank_version.bank)[0].id
    preparation = Preparation(
        "working", note=f"备注{word}", files=list(owned.files.values())
    )
    prepare_item(
        assessment_id=pk, item=item, preparation=preparation, actor=owner, at=now
    )
    return {"review_id": review.pk, "remark_id": remark.pk, "task_id": task.pk}


@pytest.fixture
def owned(main_version: Any, owner: Membership) -> Owned:
    """An enterprise of whose every text a word is part."""
    return tenant(owner, main_version, WORD)


@pytest.fixture
def parts(owned: Owned, grant: Any, reviewer: Membership) -> dict[str, Any]:
    """The parts of every address of the enterprise, worked on under a mandate."""
    mandate = grant()
    return worked_on(owned, reviewer, WORD) | {"mandate_id": mandate.pk}


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "rate", "1000000/min", raising=False)


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that is logged on any level, also by loggers that keep it."""
    keeping = [
        logger
        for logger in logging.root.manager.loggerDict.values()
        if isinstance(logger, logging.Logger) and not logger.propagate
    ]
    for logger in keeping:
        logger.addHandler(caplog.handler)
    caplog.set_level(logging.DEBUG)
    yield caplog
    for logger in keeping:
        logger.removeHandler(caplog.handler)


def shown_to(person: Membership, owned: Owned, **more: Any) -> dict[str, str]:
    """Return everything the person meets at any address, by its name."""
    client = Client()
    client.force_login(person.user)
    values = FIXED_PARTS | owned.values() | more
    paths = {
        name: address.path(values)
        for name, address in ADDRESSES.items()
        if address.parts <= set(values)
    } | doors(owned)
    paths["all clients"] = reverse("home") + "?view=all"
    paths["all clients as a file"] = reverse("workbench-export") + "?view=all"
    return {name: text_of(client.get(path)) for name, path in paths.items()}


def where(word: str, shown: dict[str, str]) -> set[str]:
    """Return the doors behind which a word stood."""
    return {name for name, text in shown.items() if word in text}


def revoked(mandate_id: Any, owner: Membership) -> None:
    revoke_mandate(
        mandate=Mandate.objects.get(pk=mandate_id),
        actor=owner.user,
        at=timezone.now(),
    )


def test_a_mandate_does_show_the_word(
    owned: Owned, parts: dict[str, Any], reviewer: Membership
):
    """The control: with everything granted the same walk finds it."""
    assert where(WORD, shown_to(reviewer, owned, **parts)) >= {
        "client-assessment", "api-answers", "evidence-file", "report-file",
        "api-report-file", "api-evidence-file", "review", "api-review", "plan",
        "plan-task", "plan-calendar", "plan-calendar-file", "readiness",
        "readiness-file", "client", "all clients", "all clients as a file",
        "client-stage", "client-dates", "clients",
        "client-data-sheet", "api-data-sheet",
    }  # fmt: skip


@pytest.mark.parametrize("part", ["reviewer", "agency_manager", "stranger",
                                  "bureau_manager"])  # fmt: skip
def test_without_a_mandate_nobody_meets_it(part: str, owned: Owned, request: Any):
    person = request.getfixturevalue(part)
    mail.outbox.clear()
    assert where(WORD, shown_to(person, owned)) == set()
    assert WORD not in "".join(m.subject + m.body for m in mail.outbox)


@pytest.mark.parametrize("kind", ["agency", "enterprise", "bureau"])
def test_another_agencys_mandate_shows_nothing(
    kind: str, owned: Owned, parts: dict[str, Any]
):
    other = MembershipFactory(organisation=OrganisationFactory(kind=kind))
    assert where(WORD, shown_to(other, owned, **parts)) == set()


def test_after_revoking_only_the_name_of_the_client_is_left(
    owned: Owned, parts: dict[str, Any], owner: Membership, reviewer: Membership
):
    revoked(parts["mandate_id"], owner)
    left = where(WORD, shown_to(reviewer, owned, **parts))
    assert left <= {"mandate", "clients", "api-mandates", "api-mandate"}


def test_a_client_of_the_agency_never_stands_beside_one_that_is_none(
    owned: Owned, parts: dict[str, Any], grant: Any, owner: Membership,
    reviewer: Membership, stranger: Membership, main_version: Any,
):  # fmt: skip
    """Lists, exports and papers of one client hold nothing of the other."""
    other = tenant(stranger, main_version, OTHER)
    grant(enterprise=stranger.organisation, actor=stranger.user)
    more = worked_on(other, reviewer, OTHER)
    revoked(parts["mandate_id"], owner)
    shown = shown_to(reviewer, other, **more)
    assert where(WORD, shown) <= {"clients", "api-mandates"}
    assert where(OTHER, shown) >= {
        "plan-calendar-file", "readiness-file", "report-file", "api-review",
        "all clients as a file",
    }  # fmt: skip


def test_a_printed_report_holds_only_its_own_enterprise(
    owned: Owned, stranger: Membership, main_version: Any,
    log: pytest.LogCaptureFixture,
):  # fmt: skip
    other = tenant(stranger, main_version, OTHER)
    texts = []
    for one in (owned, other):
        report = request_report(
            assessment=one.sealed, locale="en", actor=None, at=timezone.now()
        )
        render_report(str(report.pk))
        done = Report.objects.get(pk=report.pk)
        assert done.state == "ready"
        client = Client()
        client.force_login(one.owner.user)
        texts.append(text_of(client.get(reverse("report-file", args=[report.pk]))))
    for text, own, foreign in zip(texts, (WORD, OTHER), (OTHER, WORD), strict=True):
        assert own in text
        assert foreign not in text
    assert WORD not in log.text
    assert OTHER not in log.text


def test_the_log_holds_no_word(
    owned: Owned, parts: dict[str, Any], owner: Membership, reviewer: Membership,
    log: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
):  # fmt: skip
    """Neither of what is shown nor of what is refused, on no level."""
    assert where(WORD, shown_to(reviewer, owned, **parts))
    revoked(parts["mandate_id"], owner)
    shown_to(reviewer, owned, **parts)
    logging.getLogger("django.request").error("heard")
    assert "heard" in log.text
    assert WORD not in log.text
    assert WORD not in "".join(capfd.readouterr())


def test_mails_and_notices_hold_no_word(
    owned: Owned, parts: dict[str, Any], grant: Any, owner: Membership,
    reviewer: Membership, agency_manager: Membership,
    django_capture_on_commit_callbacks: Callable[..., Any],
):  # fmt: skip
    """Of everything that tells somebody something."""
    mail.outbox.clear()
    now, mandate = timezone.now(), Mandate.objects.get(pk=parts["mandate_id"])
    act = {"actor": owner.user, "at": now}
    with django_capture_on_commit_callbacks(execute=True):
        assign_team(
            mandate=mandate, team=Team(reviewer.user_id), note=WORD,
            actor=agency_manager.user, at=now,
        )  # fmt: skip
        later = mandate.ends_at + timedelta(days=1)
        mandate = extend_mandate(mandate=mandate, ends_at=later, **act)
        scope = Scope(report=True)
        mandate = narrow_mandate(mandate=mandate, scope=scope, **act)
        revoke_mandate(mandate=mandate, reason=WORD, **act)
        grant(EVERYTHING, days=3)
        ending.remind(now)
        remind(now)
        report = request_report(
            assessment=owned.sealed, locale="en", actor=owner.user, at=now
        )
        render_report(str(report.pk))
    told = set(Notice.objects.values_list("kind", flat=True))
    assert told >= {
        "mandate_granted", "mandate_changed", "mandate_revoked", "review_returned",
        "remark", "task_due", "report_ready", "client_assigned",
    }  # fmt: skip
    assert len(mail.outbox) > len(told)
    for message in mail.outbox:
        assert WORD not in text_in(message.message().as_bytes())
        assert WORD not in message.subject + message.body
    assert WORD not in str(list(Notice.objects.values()))
    assert Review.objects.get().note == f"退回{WORD}"
    assert Remark.objects.exists()
    assert f"任务{WORD}" in PlanTask.objects.values_list("text", flat=True)
