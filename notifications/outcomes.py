"""Declare the possible outcomes of sending an SMS message, or of querying the provider about one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """Represent acceptance by the provider, with its message id."""

    provider_message_id: str


@dataclass(frozen=True)
class Logged:
    """Represent a message that was only logged, as no provider is configured."""


@dataclass(frozen=True)
class Refused:
    """Represent a permanent rejection by the provider."""

    error: str


@dataclass(frozen=True)
class Postponed:
    """Represent a temporary rejection; retry after `wait` seconds at the earliest."""

    error: str
    wait: float = 0


@dataclass(frozen=True)
class Unknown:
    """Represent an unknown result: query the provider before sending again."""

    error: str


@dataclass(frozen=True)
class Found:
    """List the provider's messages with this phone and text, newest first; empty if it never received ours."""

    provider_message_ids: list[str]


Outcome = Accepted | Logged | Refused | Postponed | Unknown | Found
