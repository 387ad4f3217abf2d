"""A database of its own with one submitted assessment: `python -m … `.

Run as a program with DATA_DIR set, so that a real worker finds a real queue.
"""

import os
from pathlib import Path


def main() -> None:
    """Migrate, publish the small bank, answer it and submit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import Membership, Organisation, User
    from assessments.services import (
        Declaration,
        save_answer,
        start_assessment,
        submit_assessment,
    )
    from question_bank.publishing import publish
    from question_bank.source import load_bank
    from tests.factories.accounts import credit_code
    from tests.fixtures_assessments import COMPLETE

    call_command("migrate", verbosity=0)
    at = timezone.now()
    bank, _problems = load_bank(Path(__file__).parents[1] / "banks/small")
    assert bank is not None
    enterprise = Organisation.objects.create(
        kind="enterprise",
        name="测试企业",
        credit_code=credit_code(1),
        district="370602",
    )
    owner = User.objects.create_user("owner@example.com", None, name="负责人")
    Membership.objects.create(user=owner, organisation=enterprise, role="owner")
    draft = start_assessment(
        enterprise=enterprise,
        bank_version=publish(bank=bank, at=at),
        actor=owner,
        at=at,
    )
    for question, data in COMPLETE.items():
        save_answer(
            assessment_id=draft.pk,
            question_id=question,
            data=data,
            revision=0,
            actor=owner,
            at=at,
        )
    submit_assessment(
        assessment_id=draft.pk,
        declaration=Declaration("声明人", "总经理", confirmed=True),
        actor=owner,
        at=at,
    )


if __name__ == "__main__":
    main()
