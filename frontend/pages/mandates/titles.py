"""The titles of what a scope names, for those who may know them."""

from accounts.models import Organisation
from assessments.mandate_preview import section_choices, shown_assessments
from frontend.pages.mandates.forms import EVERYTHING, assessment_words
from frontend.templatetags.texts import localized

Titles = dict[str, str]


def titles_of(enterprise: Organisation) -> tuple[Titles, Titles]:
    """Return the titles of the enterprise's assessments and sections by id."""
    rows = shown_assessments(enterprise, EVERYTHING)
    assessments = {
        str(row.pk): assessment_words(row.bank_version.edition, row.submitted_at)
        for row in rows
    }
    sections = {key: localized(title) for key, title in section_choices(enterprise)}
    return assessments, sections
