"""The room of what the bureau sees."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """Registers, targets, counts, snapshots and what may be published of them."""

    name = "oversight"
    verbose_name = "监测"
