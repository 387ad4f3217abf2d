"""Due dates as an iCalendar file (RFC 5545), written by hand: all-day events only.

No time zone is needed, since a due date is a day and not a moment. The id of an event
never changes, so that a calendar that reads the file again moves events instead of
doubling them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//ip-readiness//improvement plan//ZH"
LINE_BYTES = 75


@dataclass(frozen=True)
class Event:
    """One day in the calendar; `uid` must be unique in the world and never change."""

    uid: str
    day: date
    summary: str
    description: str = ""


def calendar_file(name: str, events: Iterable[Event], *, at: datetime) -> bytes:
    """Return the file, written at `at`."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for event in events:
        lines += _event(event, at)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def _event(event: Event, at: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.summary)}",
        "TRANSP:TRANSPARENT",
    ]
    if event.description:
        lines.append(f"DESCRIPTION:{escaped(event.description)}")
    return [*lines, "END:VEVENT"]


def escaped(text: str) -> str:
    """Return a TEXT value: separators escaped, line ends as \\n, no other controls."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(sign for sign in text if sign >= " " and sign != "\x7f")


def folded(line: str) -> Iterator[bytes]:
    """Yield a line in parts of at most 75 bytes, never cutting a character in two."""
    part = b""
    for sign in line:
        data = sign.encode()
        if len(part) + len(data) > LINE_BYTES:
            yield part
            part = b" "
        part += data
    yield part
