"""What the bureau sees: the registers; and an enterprise's own records."""

from frontend.pages.oversight.urls import urlpatterns

__all__ = ["urlpatterns"]
