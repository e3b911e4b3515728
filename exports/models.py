"""Store exports that a worker writes in the background and keeps for a day."""

import uuid
from pathlib import Path

from django.apps import apps
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from exports.choices import UNFINISHED, Format, State
from exports.queries import ExportQuerySet

FOLDER = "exports"


def private_storage() -> Storage:
    return storages["private"]


def drafts_folder() -> Path:
    """Return the folder of unfinished workbooks; files left by a killed worker are swept as orphans."""
    folder = Path(private_storage().path(f"{FOLDER}/drafts"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class Export(models.Model):
    """Represent the rows of one filtered list as one file for its requester."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    list_name = models.CharField(max_length=100, help_text="The label of the model, such as orders.order.")
    filters = models.TextField(blank=True, help_text="The query string of the list's address.")
    format = models.CharField(max_length=4, choices=Format.choices)
    correlation_id = models.CharField(max_length=64, blank=True)

    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True, blank=True, help_text="Counted when the work begins.")
    file = models.FileField(storage=private_storage, max_length=200, blank=True)
    error = models.CharField(max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    next_try_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True, help_text="A worker has it in hand until then.")
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="The file is deleted after this.")

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        default_permissions = ()
        permissions = [("export", "May export lists")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="export_state_is_known",
            ),
            models.CheckConstraint(condition=Q(format__in=Format.values), name="export_format_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.READY, expires_at__isnull=False) & ~Q(file="")
                | ~Q(state=State.READY) & Q(file=""),
                name="export_has_file_while_ready",
            ),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, claimed_until__isnull=False)
                | ~Q(state=State.RUNNING) & Q(claimed_until__isnull=True),
                name="export_is_in_hand_while_running",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state__in=UNFINISHED), name="export_under_way"),
            models.Index(fields=["expires_at"], condition=Q(state=State.READY), name="export_by_expiry"),
            models.Index(fields=["asked_by", "-created_at", "-id"], name="export_by_asker"),
        ]

    def __str__(self) -> str:
        return f"{self.what} as {self.get_format_display()}"

    @property
    def what(self) -> str:
        """Return the plural name of the listed rows, such as `service orders`."""
        return str(apps.get_model(self.list_name)._meta.verbose_name_plural)

    @property
    def is_over(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def can_be_downloaded(self) -> bool:
        return self.state == State.READY and self.expires_at is not None and self.expires_at > timezone.now()
