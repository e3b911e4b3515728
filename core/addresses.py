"""Where a request comes from, as far as that can be known."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings

UNKNOWN = "0.0.0.0"  # noqa: S104  (nothing is bound to it)


def client_address(request: Any) -> str:
    """The address that limits count: of IPv6 the /64 network, as one household has all of it.

    Only the last TRUSTED_PROXIES hops of `X-Forwarded-For` were written by proxies of ours; what stands before is
    whatever the client says. Behind fewer proxies than that, only the connection itself counts.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops = settings.TRUSTED_PROXIES
    offered = said[-hops] if 0 < hops <= len(said) else peer
    return _counted(offered) or _counted(peer) or UNKNOWN


def _counted(text: str) -> str | None:
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
    """`203.0.113.7:4711` and `[2001:db8::1]:4711`, as some proxies write, without the port."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
