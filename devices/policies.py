"""Who may do what with devices."""

from typing import Any

from accounts.actors import Actor, must_be_admin


def must_manage_devices(device: Any, actor: Actor) -> None:
    """Devices, their master data and prices are the company's business. Raises Forbidden for anyone but an ADMIN."""
    must_be_admin(actor)
