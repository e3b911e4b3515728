"""Which Celery queue a task waits in: one-time passwords never behind notices."""

from typing import Any


def by_outbox_queue(name: str, args: Any, kwargs: Any, options: Any, **_: Any) -> dict[str, str] | None:
    """A delivery waits in the Celery queue that is called like the outbox queue it empties."""
    return {"queue": args[0]} if name == "notifications.deliver" and args else None
