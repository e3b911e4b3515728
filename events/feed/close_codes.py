"""Define why a socket is closed. Clients reconnect with `since` unless the code is 4400, 4401 or 4403."""

from dataclasses import dataclass

from events.feed import frames


@dataclass(frozen=True)
class CloseReason:
    """Represent a WebSocket close code, its reason, and the frame that is sent before it, if any."""

    code: int
    reason: str
    last_frame: str | None = None


class SubscriptionRefused(Exception):
    """Signal that a socket may not subscribe, with the reason to close it."""

    def __init__(self, close_reason: CloseReason):
        self.close_reason = close_reason
        super().__init__(close_reason.reason)


NO_TERRITORY = CloseReason(4400, "Which territory? Connect with ?territory=<id>")
BAD_SINCE = CloseReason(4400, "since must be the seq of a frame")
UNAUTHENTICATED = CloseReason(4401, "Invalid or expired token")
ROLE_NEEDED = CloseReason(4403, "Choose an active role first", frames.error(403, "Choose an active role first"))
NOT_A_MEMBER = CloseReason(4403, "Insufficient permissions", frames.error(403))
TOO_SLOW = CloseReason(4408, "Too slow, resume with since")
TOO_MANY_SOCKETS = CloseReason(4429, "Too many sockets", frames.error(429, "Too many sockets"))
TOO_LARGE = CloseReason(1009, "Message too large")
FAILED = CloseReason(1011, "Internal server error")
UNAVAILABLE = CloseReason(1013, "Try again later")
