"""Addresses of authoring."""

from django.urls import path

from frontend.pages.authoring import (
    editing,
    files,
    listing,
    preview,
    publishing,
    questions,
    tree,
    trying,
)

_DRAFT = "banks/drafts/<uuid:draft_id>/"

urlpatterns = [
    path("banks/", listing.banks, name="banks"),
    path("banks/upload/", files.upload, name="bank-upload"),
    path(
        "banks/versions/<slug:bank>/<str:version>/draft/",
        listing.draft_open,
        name="bank-draft-open",
    ),
    path(
        "banks/versions/<slug:bank>/<str:version>/retire/",
        listing.version_retire,
        name="bank-retire",
    ),
    path(
        "banks/versions/<slug:bank>/<str:version>/files/<slug:ending>/",
        files.version_export,
        name="bank-version-export",
    ),
    path(_DRAFT, tree.draft, name="bank-draft"),
    path(f"{_DRAFT}clauses/", tree.clauses, name="bank-clauses"),
    path(f"{_DRAFT}parts/", tree.parts, name="bank-parts"),
    path(f"{_DRAFT}move/", tree.question_move, name="bank-question-move"),
    path(f"{_DRAFT}questions/", questions.question_add, name="bank-question-add"),
    path(
        f"{_DRAFT}questions/<slug:question_id>/",
        editing.question,
        name="bank-question",
    ),
    path(
        f"{_DRAFT}questions/<slug:question_id>/remove/",
        questions.question_remove,
        name="bank-question-remove",
    ),
    path(
        f"{_DRAFT}questions/<slug:question_id>/restore/",
        questions.question_restore,
        name="bank-question-restore",
    ),
    path(
        f"{_DRAFT}parts/<slug:kind>/<slug:part_id>/",
        editing.part,
        name="bank-part",
    ),
    path(
        f"{_DRAFT}lint/<slug:kind>/<slug:part_id>/",
        editing.lint,
        name="bank-lint",
    ),
    path(
        f"{_DRAFT}preview/<slug:page_key>/",
        preview.preview,
        name="bank-preview",
    ),
    path(f"{_DRAFT}try/", trying.try_out, name="bank-try"),
    path(
        f"{_DRAFT}differences/",
        publishing.draft_differences,
        name="bank-differences",
    ),
    path(f"{_DRAFT}files/", files.draft_files, name="bank-files"),
    path(
        f"{_DRAFT}files/<slug:ending>/",
        files.draft_export,
        name="bank-draft-export",
    ),
    path(f"{_DRAFT}publish/", publishing.publish_page, name="bank-publish"),
    path(f"{_DRAFT}approve/", publishing.approve, name="bank-approve"),
    path(f"{_DRAFT}return/", publishing.give_back, name="bank-return"),
    path(f"{_DRAFT}discard/", publishing.discard, name="bank-discard"),
    path(f"{_DRAFT}history/", publishing.history, name="bank-history"),
]
