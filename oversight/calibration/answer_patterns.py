"""Sheets that were hardly read, counted and never named.

Three signs, each of which has innocent reasons, so none of them says anything of an
enterprise: all answers at the top within two minutes; one level all the way down
(the longest run of equal answers, Johnson 2005, is the whole sheet); quicker than two
seconds a question (Huang et al. 2012).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oversight.calibration.enough import LEAST_COUNTED, require_enough

TOP = 4
ALL_TOP_WITHIN = 120
"""Seconds."""
LEAST_SECONDS = 2.0
"""Seconds a question takes at least."""
LEAST_ANSWERED = 10
"""A shorter sheet shows no pattern."""


@dataclass(frozen=True)
class Sheet:
    """The levels of one submission, None where nothing was asked, and its seconds."""

    levels: Sequence[int | None]
    seconds: float | None


@dataclass(frozen=True)
class PatternCounts:
    """How many of `sheets` showed which sign; one sheet can show several.

    A count of one to four is None, and `any_sign` with it, since the other counts
    would tell it.
    """

    sheets: int
    all_top_at_once: int | None
    straight_line: int | None
    too_quick: int | None
    any_sign: int | None


def count_patterns(sheets: Iterable[Sheet]) -> PatternCounts:
    """Return the counts over all sheets of ten answers or more.

    Raises TooFew when there are not ten such sheets.
    """
    found = (signs_of(sheet) for sheet in sheets)
    signs = [sign for sign in found if sign is not None]
    require_enough(len(signs))
    top, straight, quick = (sum(each) for each in zip(*signs, strict=True))
    told = _told(top), _told(straight), _told(quick)
    union = None if None in told else _told(sum(any(sign) for sign in signs))
    return PatternCounts(len(signs), *told, any_sign=union)


def signs_of(sheet: Sheet) -> tuple[bool, bool, bool] | None:
    """Return whether it is all top at once, one line, too quick.

    None for a sheet of fewer than ten answers.
    """
    levels = [level for level in sheet.levels if level is not None]
    if len(levels) < LEAST_ANSWERED:
        return None
    seconds = sheet.seconds
    same = len(set(levels)) == 1
    at_once = seconds is not None and seconds < ALL_TOP_WITHIN
    quick = seconds is not None and seconds < LEAST_SECONDS * len(levels)
    return same and levels[0] == TOP and at_once, same, quick


def _told(count: int) -> int | None:
    return None if 0 < count < LEAST_COUNTED else count
