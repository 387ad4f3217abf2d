"""What this room tells the rooms above it.

`bulletin_issued` is sent after commit with `bulletin_id` and `at`; receivers must not
rely on being called: the database row is the truth.
"""

from django.dispatch import Signal

bulletin_issued = Signal()
