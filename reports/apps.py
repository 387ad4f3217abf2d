"""The room of what is printed."""

from django.apps import AppConfig

from backend.triggers import Event, Guard

_CHANGES: tuple[Event, ...] = ("UPDATE", "DELETE")


class ReportsConfig(AppConfig):
    """Reports, their rendering and their verification."""

    name = "reports"
    verbose_name = "报告"
    guards = (
        Guard(
            "reports_report_update",
            "reports_report",
            "UPDATE",
            "OLD.state = 'ready'",
            "a finished report never changes",
        ),
        Guard(
            "reports_report_delete",
            "reports_report",
            "DELETE",
            "OLD.state = 'ready'",
            "a finished report is never taken back",
        ),
        *(
            Guard(
                f"reports_bulletinprint_{event.lower()}",
                "reports_bulletinprint",
                event,
                "OLD.state = 'ready'",
                "a printed bulletin never changes",
            )
            for event in _CHANGES
        ),
    )

    def ready(self) -> None:
        """Listen for submitted assessments; check the machine when it starts."""
        # Importing receivers needs the models, which are loaded only now.
        from reports import checks, receivers  # noqa: F401, PLC0415
