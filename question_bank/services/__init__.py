"""What the bureau's experts do with banks: drafts, their editing, publication."""

from question_bank.services.access import (
    DraftClosed,
    DraftInReview,
    SourceRefused,
    StaleDraft,
    get_draft,
)
from question_bank.services.drafts import (
    DraftOpen,
    discard_draft,
    import_source,
    open_draft,
)
from question_bank.services.editing import (
    IdTaken,
    add_part,
    edit_part,
    move_part,
    remove_part,
    restore_question,
)
from question_bank.services.publication import (
    HasErrors,
    NothingChanged,
    SamePerson,
    VersionTooLow,
    publish_draft,
    request_publication,
    retire_version,
    return_draft,
)

__all__ = [
    "DraftClosed",
    "DraftInReview",
    "DraftOpen",
    "HasErrors",
    "IdTaken",
    "NothingChanged",
    "SamePerson",
    "SourceRefused",
    "StaleDraft",
    "VersionTooLow",
    "add_part",
    "discard_draft",
    "edit_part",
    "get_draft",
    "import_source",
    "move_part",
    "open_draft",
    "publish_draft",
    "remove_part",
    "request_publication",
    "restore_question",
    "retire_version",
    "return_draft",
]
