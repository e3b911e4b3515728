"""Store the history of devices; a trigger refuses to change or delete its rows."""

from django.db import models
from django.utils import timezone

from accounts.choices import Source
from accounts.models import User
from core.notes import MAX_NOTE
from devices.models.device import Device
from devices.workflow import DeviceStatus


class DeviceEvent(models.Model):
    """Record one status change of one device: who, when, from, to, why, and from which source."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="events")
    previous_status = models.CharField(max_length=32, choices=DeviceStatus.choices, blank=True)
    status = models.CharField(max_length=32, choices=DeviceStatus.choices)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=16, choices=Source.choices)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["device", "-created_at", "-id"], name="device_event_newest")]

    def __str__(self) -> str:
        return f"{self.device_id}: {self.status}"
