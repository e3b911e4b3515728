"""Decide who may do what with devices."""

from accounts.actors import Actor, must_be_admin


def must_manage_devices(device: object, actor: Actor) -> None:
    """Raise Forbidden unless the actor is an ADMIN; also for master data and prices, with None as the device."""
    must_be_admin(actor)
