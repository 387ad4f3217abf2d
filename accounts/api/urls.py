"""API addresses of this app, below /api/v1/."""

from django.urls import path

from accounts.api import notices, views

urlpatterns = [
    path("me/", views.MeView.as_view(), name="api-me"),
    path("organisation/", views.OrganisationView.as_view(), name="api-organisation"),
    path("members/", views.MembersView.as_view(), name="api-members"),
    path("invitations/", views.InvitationsView.as_view(), name="api-invitations"),
    path(
        "invitations/<uuid:invitation_id>/",
        views.InvitationView.as_view(),
        name="api-invitation",
    ),
    path("notices/", notices.Notices.as_view(), name="api-notices"),
    path("notices/read/", notices.NoticesRead.as_view(), name="api-notices-read"),
    path(
        "notices/channels/",
        notices.NoticeChannels.as_view(),
        name="api-notice-channels",
    ),
    path(
        "notices/<uuid:notice_id>/read/",
        notices.NoticeRead.as_view(),
        name="api-notice-read",
    ),
]
