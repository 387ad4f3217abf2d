"""Secret numbers that are the same every time: for firms and for draws."""

import hashlib
import hmac

from oversight.disclosure.cells import WORD, Cell


def record_key(secret: bytes, unit: str) -> int:
    """Return the secret number of a firm."""
    return _number(secret, "firm", unit) % WORD


def draw(secret: bytes, purpose: str, cell: Cell, snapshot: int, key: int = 0) -> int:
    """Return a number of 256 bits for a cell of a snapshot and its set of firms.

    Asked again for the same set it is the same, so a repeated run gives the same
    tables; for any other set, cell, snapshot or purpose it is another.
    """
    return _number(secret, purpose, *cell, str(snapshot), str(key))


def _number(secret: bytes, *parts: str) -> int:
    text = "\x1f".join(parts).encode()
    return int.from_bytes(hmac.digest(secret, text, hashlib.sha256), "big")
