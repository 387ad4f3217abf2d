"""Version numbers of banks: three whole numbers, such as 1.2.0."""

import re

_RELEASE = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", re.ASCII)


def release(version: str) -> tuple[int, int, int] | None:
    """Return major, minor and patch of "1.0.2"; None for any other text."""
    match = _RELEASE.fullmatch(version)
    if match is None:
        return None
    major, minor, patch = (int(part) for part in match.groups())
    return major, minor, patch
