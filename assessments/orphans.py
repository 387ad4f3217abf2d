"""Files that no row names: left behind when a process died between the two."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from assessments.models import Evidence

GRACE = timedelta(days=1)
"""A file younger than this may belong to a transaction that is still open."""


def clear_evidence_orphans(at: datetime) -> int:
    """Delete evidence files without a row; return how many."""
    known = Evidence.objects.values_list("key", flat=True)
    return clear_orphans("evidence", known.iterator(), at)


def clear_orphans(folder: str, known: Iterable[str], at: datetime) -> int:
    """Delete files of `folder` older than a day whose key is not `known`."""
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return 0
    named = frozenset(known)
    orphans = [
        key
        for name in names
        if (key := f"{folder}/{name}") not in named
        and default_storage.get_modified_time(key) < at - GRACE
    ]
    for key in orphans:
        default_storage.delete(key)
    return len(orphans)
