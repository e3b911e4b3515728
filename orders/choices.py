"""Declare the kinds of orders."""

from django.db import models


class Kind(models.TextChoices):
    LEASE = "LEASE"  # a VLE leases from the company
    RENT = "RENT"  # a farmer rents from a VLE
