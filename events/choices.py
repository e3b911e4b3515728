"""List the choices of the order history."""

from django.db import models


class OrderKind(models.TextChoices):
    """List the kinds of orders of both contracts, in the order in which screens show them."""

    LEASE = "LEASE"
    RENT = "RENT"
    SERVICE = "SERVICE"
