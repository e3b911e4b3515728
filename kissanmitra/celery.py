"""The Celery application: `celery -A kissanmitra worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kissanmitra.settings")

app = Celery("kissanmitra")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
