"""What can come of handing a text to the provider, or of asking the provider about one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """The provider has it, under this id."""

    provider_message_id: str


@dataclass(frozen=True)
class Logged:
    """There is no provider; it stands in the log."""


@dataclass(frozen=True)
class Refused:
    """The provider will never take it."""

    error: str


@dataclass(frozen=True)
class Postponed:
    """The provider does not have it and may take it later, `wait` seconds from now at the earliest."""

    error: str
    wait: float = 0


@dataclass(frozen=True)
class Unknown:
    """The provider may or may not have it: ask before sending again."""

    error: str


@dataclass(frozen=True)
class Found:
    """The provider knows texts to this phone in these words, newest first; none means that it never got ours."""

    provider_message_ids: list[str]


Outcome = Accepted | Logged | Refused | Postponed | Unknown | Found
