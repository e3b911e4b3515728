"""Ways to say no. They know nothing of HTTP: each contract words and numbers them."""

from collections.abc import Mapping
from types import MappingProxyType


class DomainError(Exception):
    """The request is understood and refused; `str(error)` is the reason, fit to be shown.

    A kind of refusal that clients tell apart by name has a `code`, and `details` that say what it is about.
    """

    code = ""
    details: Mapping[str, str] = MappingProxyType({})


class Invalid(DomainError):
    """What was sent is not usable: `fields` says what is wrong, field by field, in the order of the form."""

    def __init__(self, fields: Mapping[str, str]):
        self.fields = dict(fields)
        super().__init__(", ".join(f"{name}: {reason}" for name, reason in fields.items()))


class InvalidTransition(DomainError):
    """The state machine has no arrow between these two states."""

    def __init__(self, current: str, wanted: str):
        self.current, self.wanted = str(current), str(wanted)
        super().__init__(f"Invalid state transition from {self.current} to {self.wanted}")


class StaleObjectError(DomainError):
    """What was decided on is no longer as it was shown."""

    def __init__(self) -> None:
        super().__init__("Changed meanwhile by somebody else. Look at it again, then decide.")


class Unauthenticated(DomainError):
    """Nobody is known to be asking."""


class Forbidden(DomainError):
    """This person, in this role, may not."""


class NotFound(DomainError):
    """There is no such thing."""


class TooManyRequests(DomainError):
    """Asked too often; `retry_after` is the wait in whole seconds."""

    def __init__(self, reason: str, *, retry_after: int):
        self.retry_after = retry_after
        super().__init__(reason)


class TooLarge(DomainError):
    """More was sent than is accepted."""


class UnsupportedMedia(DomainError):
    """The content is of a kind that is not accepted."""
