"""Counting who newly enters a list of the city: recognised, or cultivated.

Later plans ask for additions, not for a level: each enterprise once, in the year of
the first document that put it on the list.
"""

from datetime import date

from oversight.counting.advantage import (
    AdvantageRule,
    Holding,
    bar_of_holder,
    title_line,
    titles_by_holder,
)
from oversight.counting.facts import (
    Enterprise,
    Facts,
    Level,
    Recognition,
    Stage,
    Title,
    Verification,
)
from oversight.counting.first_certifications import NO_SUCCESSORS, unverified
from oversight.counting.lines import Line, Tally, in_order
from oversight.counting.places import Successors, enterprises_by_code
from oversight.counting.reasons import Reason


def count_title_flow(
    facts: Facts, day: date, stage: Stage, successors: Successors = NO_SUCCESSORS
) -> Tally:
    """Return a line for every title; an enterprise counts when it first enters.

    Only the city's own advantage title counts here, at one stage.
    """
    enterprises = enterprises_by_code(facts)
    lines: list[Line] = []
    for code, titles in titles_by_holder(facts.recognitions).items():
        enterprise = enterprises.get(code)
        barred = [(r, _bar(r, stage, day)) for r in titles]
        first = min(
            (r for r, reason in barred if reason is None),
            key=lambda r: (r.since, r.document, r.id),
            default=None,
        )
        for recognition, bar in barred:
            reason = bar or Reason.ALREADY_COUNTED
            if recognition is first:
                reason = _reason_of_first(recognition, enterprise)
            lines.append(
                title_line(
                    recognition,
                    enterprise,
                    Holding(reason),
                    recognition.since,
                    AdvantageRule(),
                    successors,
                )
            )
    return in_order(lines)


def _bar(recognition: Recognition, stage: Stage, day: date) -> Reason | None:
    if recognition.verification is not Verification.VERIFIED:
        return unverified(recognition.verification)
    if recognition.level is not Level.MUNICIPAL:
        county = recognition.level is Level.COUNTY
        return Reason.COUNTY_LEVEL if county else Reason.OTHER_LEVEL
    if recognition.title is not Title.ADVANTAGE:
        return Reason.NOT_EQUIVALENT
    if recognition.stage is not stage:
        recognised = recognition.stage is Stage.RECOGNISED
        return Reason.RECOGNISED_ALREADY if recognised else Reason.CULTIVATED
    return Reason.NOT_YET if recognition.since > day else None


def _reason_of_first(recognition: Recognition, enterprise: Enterprise | None) -> Reason:
    return bar_of_holder(enterprise, recognition.since) or Reason.NEW_TITLE
