"""Addresses of the data sheet."""

from django.urls import path

from frontend.pages.data_sheet import group, lists, overview, vetoes, workbook

urlpatterns = [
    path("data-sheet/", overview.years, name="data-sheets"),
    path("data-sheet/<int:year>/", overview.tasks, name="data-sheet"),
    path(
        "data-sheet/<int:year>/groups/<slug:group>/",
        group.group_page,
        name="data-sheet-group",
    ),
    path("data-sheet/<int:year>/rights/", lists.rights, name="data-sheet-rights"),
    path("data-sheet/<int:year>/vetoes/", vetoes.vetoes, name="data-sheet-vetoes"),
    path("data-sheet/<int:year>/check/", overview.check, name="data-sheet-check"),
    path("data-sheet/<int:year>/whole/", overview.whole, name="data-sheet-whole"),
    path("data-sheet/<int:year>/file/", workbook.download, name="data-sheet-file"),
    path("data-sheet/<int:year>/upload/", workbook.upload, name="data-sheet-upload"),
    path("data-sheet/<int:year>/import/", workbook.take_over, name="data-sheet-import"),
    path("data-sheet/<int:year>/marked/", workbook.marked, name="data-sheet-marked"),
]
