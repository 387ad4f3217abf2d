"""Version numbers of banks: three whole numbers, such as 1.2.0."""

import re
from typing import TypeAlias

Number: TypeAlias = tuple[int, int, int]

_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", re.ASCII)


def version_number(text: str) -> Number | None:
    """Return "1.2.3" as numbers, None when it is written in another way."""
    match = _VERSION.fullmatch(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
