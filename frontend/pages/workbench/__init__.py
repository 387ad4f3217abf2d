"""The agency's workbench: clients by what they need, projects, teams, leave."""

from frontend.pages.workbench.urls import urlpatterns

__all__ = ["urlpatterns"]
