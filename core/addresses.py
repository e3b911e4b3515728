"""Determine the client address of a request."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings

UNKNOWN = "0.0.0.0"  # noqa: S104  (nothing is bound to it)


def client_address(request: Any) -> str:
    """Return the address that rate limits count: for IPv6 the /64 network, as one household owns all of it.

    Only the last TRUSTED_PROXIES hops of `X-Forwarded-For` come from our proxies; the client controls the rest.
    With fewer hops than that, only the connection's address counts.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops = settings.TRUSTED_PROXIES
    claimed = forwarded[-hops] if 0 < hops <= len(forwarded) else peer
    return _normalized(claimed) or _normalized(peer) or UNKNOWN


def _normalized(text: str) -> str | None:
    try:
        address = ip_address(_without_port(text.strip()))
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address.packed, 64), strict=False).network_address)


def _without_port(text: str) -> str:
    """Strip the port that some proxies add: `203.0.113.7:4711`, `[2001:db8::1]:4711`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
