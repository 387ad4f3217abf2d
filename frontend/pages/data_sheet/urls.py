"""Addresses of the data sheet."""

from django.urls import path

from frontend.pages.data_sheet.group import group_page
from frontend.pages.data_sheet.lists import rights
from frontend.pages.data_sheet.overview import check, tasks, whole, years
from frontend.pages.data_sheet.reading import client_data_sheet
from frontend.pages.data_sheet.vetoes import vetoes
from frontend.pages.data_sheet.workbook import download, marked, take_over, upload

urlpatterns = [
    path("data-sheet/", years, name="data-sheets"),
    path("data-sheet/<int:year>/", tasks, name="data-sheet"),
    path(
        "data-sheet/<int:year>/groups/<slug:group>/",
        group_page,
        name="data-sheet-group",
    ),
    path("data-sheet/<int:year>/rights/", rights, name="data-sheet-rights"),
    path("data-sheet/<int:year>/vetoes/", vetoes, name="data-sheet-vetoes"),
    path("data-sheet/<int:year>/check/", check, name="data-sheet-check"),
    path("data-sheet/<int:year>/whole/", whole, name="data-sheet-whole"),
    path("data-sheet/<int:year>/file/", download, name="data-sheet-file"),
    path("data-sheet/<int:year>/upload/", upload, name="data-sheet-upload"),
    path("data-sheet/<int:year>/import/", take_over, name="data-sheet-import"),
    path("data-sheet/<int:year>/marked/", marked, name="data-sheet-marked"),
    path(
        "clients/data-sheets/<uuid:sheet_id>/",
        client_data_sheet,
        name="client-data-sheet",
    ),
]
