"""Declare the domain's errors, independent of HTTP: each contract maps them to its own wording and status codes."""

from collections.abc import Mapping
from types import MappingProxyType


class DomainError(Exception):
    """Base of all refusals of an understood request; `str(error)` is the reason, fit to be shown.

    An error that clients distinguish by name has a `code`, and `details` about its subject.
    """

    code = ""
    details: Mapping[str, str] = MappingProxyType({})


class Invalid(DomainError):
    """Invalid input: `fields` maps field names to reasons, in the order of the form."""

    def __init__(self, fields: Mapping[str, str]):
        self.fields = dict(fields)
        super().__init__(", ".join(f"{name}: {reason}" for name, reason in fields.items()))


class InvalidTransition(DomainError):
    """The state machine has no transition between these two statuses."""

    def __init__(self, current: str, wanted: str):
        self.current, self.wanted = str(current), str(wanted)
        super().__init__(f"Invalid state transition from {self.current} to {self.wanted}")


class StaleObjectError(DomainError):
    """The object was changed after the user's page was rendered."""

    def __init__(self) -> None:
        super().__init__("Changed after you opened it. Look at it again, then decide.")


class Unauthenticated(DomainError):
    """The caller is not authenticated."""


class Forbidden(DomainError):
    """The caller, in the active role, lacks the right."""


class NotFound(DomainError):
    """The object does not exist."""


class TooManyRequests(DomainError):
    """A limit was exceeded; `retry_after` is the wait in whole seconds."""

    def __init__(self, reason: str, *, retry_after: int):
        self.retry_after = retry_after
        super().__init__(reason)


class TooLarge(DomainError):
    """The request is larger than accepted."""


class UnsupportedMedia(DomainError):
    """The content type is not accepted."""
