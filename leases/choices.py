"""Declare the choices of leases that are not the statuses of a workflow."""

from django.db import models


class Commitment(models.TextChoices):
    HOURS = "HOURS"
    ACRES = "ACRES"


class OperatorRole(models.TextChoices):
    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"


class AttachmentType(models.TextChoices):
    LEASE_AGREEMENT = "LEASE_AGREEMENT"
    TRAINING_CERT = "TRAINING_CERT"
    IDENTITY_PROOF = "IDENTITY_PROOF"
    OTHER = "OTHER"
