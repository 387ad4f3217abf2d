"""The Celery application: JSON messages that carry ids only.

A message is a doorbell. What has to be done is a row in the database, and a
periodic sweep rings again for rows nobody has taken up.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

app = Celery("ip_readiness")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
