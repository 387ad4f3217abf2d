"""The room of what the bureau sees."""

from django.apps import AppConfig

from backend.triggers import never_changed


class OversightConfig(AppConfig):
    """Registers, targets, counts, snapshots and what may be published of them."""

    name = "oversight"
    verbose_name = "监测"
    guards = (
        *never_changed(
            "oversight_submittedfigures", "figures of a sealed assessment never change"
        ),
    )

    def ready(self) -> None:
        """Listen for submitted assessments."""
        # Importing receivers needs the models, which are loaded only now.
        from oversight import receivers  # noqa: F401, PLC0415
