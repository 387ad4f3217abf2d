"""When there is enough to say anything: ten of a kind, five of a count."""

LEAST = 10
"""Means, shares and correlations speak of ten or more."""

LEAST_COUNTED = 5
"""Counts below this, but for none, are not told."""


class TooFew(ValueError):
    """There are too few to speak of; `found` says how many."""

    def __init__(self, found: int, least: int) -> None:
        self.found = found
        super().__init__(f"{found} are too few, {least} are needed")


def require_enough(found: int, least: int = LEAST) -> None:
    """Raise TooFew below `least`."""
    if found < least:
        raise TooFew(found, least)
