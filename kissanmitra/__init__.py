"""The roof: settings, URLs, servers. Knows every app; no app knows it."""

from kissanmitra.celery import app as celery_app

__all__ = ["celery_app"]
