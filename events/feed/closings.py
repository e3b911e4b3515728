"""Why a socket is closed. Clients see the code; they come back with `since` unless it is 4400, 4401 or 4403."""

from dataclasses import dataclass

from events.feed import frames


@dataclass(frozen=True)
class Closing:
    """A WebSocket close code, its reason, and the frame that is sent before it, if any."""

    code: int
    reason: str
    last_frame: str | None = None


class Refused(Exception):
    """This socket does not get in."""

    def __init__(self, closing: Closing):
        self.closing = closing
        super().__init__(closing.reason)


NO_TERRITORY = Closing(4400, "Which territory? Connect with ?territory=<id>")
BAD_SINCE = Closing(4400, "since must be the seq of a frame")
UNAUTHENTICATED = Closing(4401, "Invalid or expired token")
ROLE_NEEDED = Closing(4403, "Choose an active role first", frames.error(403, "Choose an active role first"))
NOT_A_MEMBER = Closing(4403, "Insufficient permissions", frames.error(403))
TOO_SLOW = Closing(4408, "Too slow, resume with since")
TOO_MANY_SOCKETS = Closing(4429, "Too many sockets", frames.error(429, "Too many sockets"))
TOO_LARGE = Closing(1009, "Message too large")
FAILED = Closing(1011, "Internal server error")
UNAVAILABLE = Closing(1013, "Try again later")
