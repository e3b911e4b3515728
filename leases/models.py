"""Store leases, their operators and their documents."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Operator, Timestamped, User, VleProfile
from core.notes import MAX_NOTE
from devices.models import Device
from leases.choices import AttachmentType, Commitment, OperatorRole
from leases.queries import LeaseQuerySet
from leases.workflow import LeaseStatus, LeaseWorkflow
from orders.models import Order

ONE_ACTIVE_LEASE = "one_active_lease_per_device"
ONE_LEASE_PER_ORDER = "one_lease_per_order"
_EXTENSIONS = {"application/pdf": (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}


class Lease(LeaseWorkflow, Timestamped):
    """Store the lease of a device to a VLE for some days; the device is leased while it is ACTIVE."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="leases")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="leases")
    vle = models.ForeignKey(VleProfile, on_delete=models.PROTECT, related_name="leases")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signed_leases")
    start_date = models.DateField()
    end_date = models.DateField()
    commitment_type = models.CharField(max_length=8, choices=Commitment.choices, blank=True)
    commitment_value = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    estimated_price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True, help_text="Rupees.")
    deposit_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True, help_text="Rupees.")
    notes = models.CharField(max_length=MAX_NOTE, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="ended_leases"
    )
    end_note = models.CharField(max_length=MAX_NOTE, blank=True, help_text="Written when the lease ended.")

    objects = LeaseQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=Q(status=LeaseStatus.ACTIVE), name=ONE_ACTIVE_LEASE),
            # After a lease was terminated, its order may lead to a corrected one.
            models.UniqueConstraint(
                fields=["order"], condition=~Q(status=LeaseStatus.TERMINATED), name=ONE_LEASE_PER_ORDER
            ),
            models.CheckConstraint(condition=Q(status__in=LeaseStatus.values), name="lease_status_is_known"),
            models.CheckConstraint(condition=Q(end_date__gte=F("start_date")), name="lease_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(deposit_amount__isnull=True) | Q(deposit_amount__gte=0), name="deposit_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(commitment_type="", commitment_value__isnull=True)
                | Q(commitment_type__in=Commitment.values, commitment_value__isnull=False, commitment_value__gt=0),
                name="lease_commitment_has_type_and_value",
            ),
        ]
        indexes = [
            models.Index(fields=["vle", "-created_at", "-id"], name="lease_by_vle"),
            models.Index(fields=["status", "-created_at", "-id"], name="lease_by_status"),
            models.Index(fields=["-created_at", "-id"], name="lease_newest"),
        ]

    def __str__(self) -> str:
        return f"Lease #{self.short_id}"

    @property
    def short_id(self) -> str:
        """Return the first 8 characters of the id, as shown to people."""
        return str(self.pk)[:8]

    @property
    def is_active(self) -> bool:
        return self.status == LeaseStatus.ACTIVE

    @property
    def commitment(self) -> str:
        """Format the commitment as `10 hours`, `2.5 acres`, or `None`."""
        if self.commitment_value is None:
            return "None"
        return f"{self.commitment_value.normalize():f} {self.commitment_type.lower()}"

    @property
    def current_operators(self) -> list["LeaseOperator"]:
        """Return the present assignments, in the order in which they started."""
        return [assignment for assignment in self.operators.all() if assignment.released_at is None]


class LeaseOperator(models.Model):
    """Store the assignment of an operator to a lease; it is kept after the operator was replaced."""

    lease = models.ForeignKey(Lease, on_delete=models.CASCADE, related_name="operators")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=10, choices=OperatorRole.choices, default=OperatorRole.PRIMARY)
    assigned_at = models.DateTimeField(default=timezone.now)
    released_at = models.DateTimeField(
        null=True, blank=True, help_text="When the assignment ended; empty while it is current."
    )

    class Meta:
        verbose_name = "operator assignment"
        ordering = ["assigned_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lease", "operator"],
                condition=Q(released_at=None),
                name="one_assignment_per_lease_and_operator",
            ),
            models.UniqueConstraint(
                fields=["lease"],
                condition=Q(role=OperatorRole.PRIMARY, released_at=None),
                name="one_primary_operator_per_lease",
            ),
            models.CheckConstraint(condition=Q(role__in=OperatorRole.values), name="operator_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.operator} ({self.role})"


def private_storage() -> Storage:
    return storages["private"]


class LeaseAttachment(models.Model):
    """Store a document of a lease, visible only to those who may see the lease."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lease = models.ForeignKey(Lease, on_delete=models.CASCADE, related_name="attachments")
    type = models.CharField(max_length=20, choices=AttachmentType.choices, default=AttachmentType.OTHER)
    file = models.FileField(storage=private_storage, max_length=200)
    name = models.CharField(max_length=255, help_text="As uploaded; never used as a path.")
    content_type = models.CharField(max_length=50)
    size = models.PositiveIntegerField(help_text="Bytes.")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["uploaded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=AttachmentType.values),
                name="attachment_type_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def download_name(self) -> str:
        """Return the uploaded name, with an extension that fits the content type."""
        extensions = _EXTENSIONS[self.content_type]
        return self.name if self.name.lower().endswith(extensions) else self.name + extensions[0]
