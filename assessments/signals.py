"""What this room tells the rooms above it.

`assessment_submitted` is sent after commit with `assessment_id`, `locale` and
`at`; receivers must not rely on being called: the database row is the truth.
"""

from django.dispatch import Signal

assessment_submitted = Signal()
