"""What an assessment's pages offer when there is a later version or edition."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment
from frontend.pages.answering.carried import edition_words
from question_bank.models import BankVersion
from question_bank.versions import destinations, is_patch


@dataclass(frozen=True)
class Offer:
    """A way on to another bank version: what it is and where it is explained."""

    title: str
    text: str
    url: str
    button: str


def offers(assessment: Assessment) -> tuple[Offer, ...]:
    """Return the ways on from an assessment, nearest first; one query."""
    return tuple(_offers(assessment, destinations(assessment.bank_version)))


def _offers(assessment: Assessment, targets: Iterable[BankVersion]) -> Iterable[Offer]:
    source = assessment.bank_version
    for target in targets:
        if target.bank != source.bank:
            yield _edition_offer(assessment, target)
        elif not is_patch(source, target):
            yield _version_offer(assessment, target)
        elif assessment.is_draft:
            yield _patch_offer(assessment, target)


def _patch_offer(assessment: Assessment, target: BankVersion) -> Offer:
    words = {"version": target.version}
    return Offer(
        _("题库有文字修订 %(version)s") % words,
        _("只改了文字，题目、选项、权重和计分都没有变。跟随之后，已有的回答原样保留。"),
        reverse("patch-follow", args=(assessment.pk,)),
        _("跟随到 %(version)s（仅文字修订）") % words,
    )


def _version_offer(assessment: Assessment, target: BankVersion) -> Offer:
    words = {"version": target.version}
    return Offer(
        _("题库已更新到 %(version)s") % words,
        _("题目或计分有变化。可以另建一份自评，带上这一份的回答；这一份不变。"),
        reverse("move-preview", args=(assessment.pk, target.bank)),
        _("看看带过去会怎样"),
    )


def _edition_offer(assessment: Assessment, target: BankVersion) -> Offer:
    words = {"edition": target.edition, "short": edition_words(target)}
    return Offer(
        _("已有 %(edition)s 的题库") % words,
        _("可以用这一份的回答，先看按新版处在什么位置，再决定是否另建一份自评。"),
        reverse("move-preview", args=(assessment.pk, target.bank)),
        _("按%(short)s看现状") % words,
    )
