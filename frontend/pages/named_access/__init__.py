"""Named access: single officials read one enterprise's answers, or nobody does."""

from frontend.pages.named_access.urls import urlpatterns

__all__ = ["urlpatterns"]
