"""What is wrong with an entry, field by field."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.errors import Invalid


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field, in words."""

    field: str
    message: Any


class InvalidEntry(Invalid):
    """The entry breaks rules; `faults` says which, `fields` by field."""

    code = "invalid_entry"
    message = _("有内容需要修改，请看各项下的说明。")

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        fields: dict[str, Any] = {}
        for fault in self.faults:
            fields.setdefault(fault.field, fault.message)
        super().__init__(fields=fields)


def refuse(faults: Iterable[Fault]) -> None:
    """Raise InvalidEntry when there are faults."""
    if found := tuple(faults):
        raise InvalidEntry(found)
