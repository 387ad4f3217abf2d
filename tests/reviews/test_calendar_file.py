"""The calendar file, read back by a reader of its own."""

import re
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, strategies as st

from reviews.calendar_file import Event, calendar_file

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def read_back(data: bytes) -> list[dict[str, str]]:
    """Return the events of a file: lines unfolded, texts unescaped."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    text = data.replace(b"\r\n ", b"").decode()
    events: list[dict[str, str]] = []
    for line in text.split("\r\n"):
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name not in ("END", ""):
            assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", value)
            events[-1][name] = re.sub(
                r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value
            )
    return events


def test_an_event_is_a_whole_day_with_a_lasting_id():
    event = Event("task-1", date(2026, 12, 31), "补齐记录；签字, 盖章", "知识产权部")
    [found] = read_back(calendar_file("整改计划", [event], at=AT))
    assert found == {
        "UID": "task-1",
        "DTSTAMP": "20261124T020000Z",
        "DTSTART;VALUE=DATE": "20261231",
        "DTEND;VALUE=DATE": "20270101",
        "SUMMARY": "补齐记录；签字, 盖章",
        "TRANSP": "TRANSPARENT",
        "DESCRIPTION": "知识产权部",
    }


def test_a_file_without_events_is_whole():
    data = calendar_file("整改计划", [], at=AT).decode()
    assert data.split("\r\n")[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert data.endswith("END:VCALENDAR\r\n")


def test_no_text_breaks_out_of_its_line():
    hostile = "行\r\nEND:VEVENT\r\nBEGIN:VALARM"
    [found] = read_back(
        calendar_file("x", [Event("u", date(2026, 1, 1), hostile)], at=AT)
    )
    assert found["SUMMARY"] == "行\nEND:VEVENT\nBEGIN:VALARM"


PRINTABLE = st.characters(exclude_categories=("Cs", "Cc"))


@given(st.text(PRINTABLE | st.just("\n"), max_size=200))
def test_every_text_comes_back(summary: str):
    event: Any = Event("u", date(2026, 1, 1), summary)
    [found] = read_back(calendar_file("x", [event], at=AT))
    assert found["SUMMARY"] == summary
