"""Declare the choices of devices that are not the statuses of a workflow."""

from django.db import models

LEASE_ACTIVE = "ACTIVE"
"""The status of the lease that holds a device: `LeaseStatus.ACTIVE` of leases, which may not be imported here."""


class Metric(models.TextChoices):
    PER_HOUR = "PER_HOUR"
    PER_ACRE = "PER_ACRE"


class RuleStatus(models.TextChoices):
    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
