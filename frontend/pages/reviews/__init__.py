"""Reviews: what an agency thinks of its client's answers, and what the client says."""

from frontend.pages.reviews.urls import urlpatterns

__all__ = ["urlpatterns"]
