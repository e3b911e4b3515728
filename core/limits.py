"""Count requests per minute, exactly, across all processes (decisions, section 6)."""

from dataclasses import dataclass

from django.conf import settings
from django_ratelimit.core import get_usage


@dataclass(frozen=True)
class Usage:
    """Describe the use of a limit: `limit` and `remaining` in requests, `reset` in whole seconds."""

    limit: int
    used: int
    reset: int

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.limit

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }


def count(scope: str, kind: str, key: str) -> Usage:
    """Count one request of `kind` (a key of settings.RATE_LIMITS) by `key` within `scope`, refused ones too.

    The count is exact while Redis answers; during an outage each process counts for itself.
    """
    return count_within(f"{scope}.{kind}", key, limit=settings.RATE_LIMITS[kind], minutes=1)


def count_within(group: str, key: str, *, limit: int, minutes: int) -> Usage:
    """Count one event by `key` in `group`, of which `limit` are allowed per `minutes`."""
    usage = get_usage(None, group=group, key=lambda *_: key, rate=f"{limit}/{minutes}m", increment=True)
    if usage is None:  # Redis failed or recovered between the two commands of one count
        return Usage(limit, used=1, reset=1)
    return Usage(limit, usage["count"], max(1, usage["time_left"]))
