"""What this room tells the rooms above it.

`review_changed` is sent after commit with `review_id`, `kind` (a
`ReviewEvent.Kind`), `remark_id` (None where no remark is meant), `actor_id` and `at`.
Receivers must not rely on being called: the database row is the truth.
"""

from django.dispatch import Signal

review_changed = Signal()
