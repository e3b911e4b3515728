"""Declare the priorities of service orders."""

from django.db import models


class Priority(models.TextChoices):
    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"
