"""Route delivery tasks, so that one-time passwords never wait behind notifications."""

from typing import Any


def by_outbox_queue(name: str, args: Any, kwargs: Any, options: Any, **_: Any) -> dict[str, str] | None:
    """Return the Celery queue named like the outbox queue that the task drains."""
    return {"queue": args[0]} if name == "notifications.deliver" and args else None
