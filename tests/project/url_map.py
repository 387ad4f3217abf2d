"""The service's own URL map as flat rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Address:
    """One named URL: its name and the names of its parts, such as assessment_id."""

    name: str
    parts: frozenset[str]

    def path(self, values: dict[str, Any]) -> str:
        """Return the path with these values put in."""
        return reverse(self.name, kwargs={part: values[part] for part in self.parts})


def addresses() -> dict[str, Address]:
    """Return every URL of the service by its label.

    The label is the name; where a name stands for two URLs, the one with parts is
    called like `verify/code`.
    """
    found: dict[str, Address] = {}
    for address in _walk(get_resolver().url_patterns, frozenset()):
        label = address.name
        if label in found:
            label = "/".join((label, *sorted(address.parts)))
        assert label not in found, f"{label} stands for two URLs"
        found[label] = address
    return found


def _walk(
    patterns: Iterable[URLPattern | URLResolver], parts: frozenset[str]
) -> Iterator[Address]:
    for entry in patterns:
        here = parts | frozenset(entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            assert entry.name, f"{entry.pattern} has no name"
            yield Address(entry.name, here)
        else:
            yield from _walk(entry.url_patterns, here)
