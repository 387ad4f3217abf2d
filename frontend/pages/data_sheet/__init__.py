"""The enterprise data sheet: years, groups, lists, checking, workbooks."""

from frontend.pages.data_sheet.urls import urlpatterns

__all__ = ["urlpatterns"]
