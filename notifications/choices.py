"""Declare statuses and queues of SMS messages, and platforms of push tokens."""

from django.db import models


class SmsStatus(models.TextChoices):
    PENDING = "PENDING"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    LOGGED = "LOGGED"  # Twilio is not configured


class Queue(models.TextChoices):
    OTP = "otp"
    NOTICES = "notices"


class Platform(models.TextChoices):
    ANDROID = "ANDROID"
    IOS = "IOS"
