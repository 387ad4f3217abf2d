"""Keys and moments of what is loaded: the same for the same city."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from uuid import UUID

SOURCE = "模型城市，非真实数据"
LAG = 21
"""Within how many days an office records what happened."""

_NOON = time(4, tzinfo=UTC)
"""Noon in Asia/Shanghai."""


def noon(day: date) -> datetime:
    """Return noon of a day, Asia/Shanghai."""
    return datetime.combine(day, _NOON)


@dataclass(frozen=True)
class Loading:
    """What all rows of one loading share: the seed and the moment of loading.

    Without `levels` the figures of assessments leave out each question's level.
    """

    seed: int
    at: datetime
    levels: bool = True

    def key(self, kind: str, name: str) -> UUID:
        """Return the key of a thing by its name in the city."""
        return UUID(bytes=self._digest(kind, name), version=4)

    def moment(self, day: date) -> datetime:
        """Return noon of a day, or the moment of loading before that noon came."""
        return min(noon(day), self.at)

    def recorded(self, kind: str, name: str, day: date) -> datetime:
        """Return when the register learnt what happened on a day: some days later."""
        lag = self._digest(kind, name)[0] % LAG
        return self.moment(day + timedelta(days=lag))

    def _digest(self, kind: str, name: str) -> bytes:
        text = f"{self.seed}:{kind}:{name}".encode()
        return blake2b(text, digest_size=16).digest()
