"""Store orders, and enquiries made before them."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Timestamped, User, VleProfile
from core.database import DateRange
from core.notes import MAX_NOTE
from devices.models import Device
from orders.choices import Kind
from orders.queries import OrderQuerySet
from orders.workflow import BOOKED, OrderStatus, OrderWorkflow

NO_DOUBLE_BOOKING = "no_double_booking"


class Order(OrderWorkflow, Timestamped):
    """Store a request to lease or rent a device for some days, with its present status."""

    kind = models.CharField(max_length=8, choices=Kind.choices)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="orders")
    requester = models.ForeignKey(User, on_delete=models.PROTECT, related_name="orders")
    handler_vle = models.ForeignKey(
        VleProfile,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="handled_orders",
        help_text="Of a RENT order: the VLE who leased the device. A LEASE order is handled by any ADMIN.",
    )
    start_date = models.DateField()
    end_date = models.DateField()
    requested_hours = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    requested_acres = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    note = models.CharField("last note", max_length=MAX_NOTE, blank=True)

    territory_id: str | None
    """Set by `with_territory()` of the queryset."""

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="order_status_is_known"),
            models.CheckConstraint(condition=Q(end_date__gte=F("start_date")), name="order_ends_after_it_starts"),
            models.CheckConstraint(
                condition=(Q(requested_hours__isnull=True) | Q(requested_hours__gt=0))
                & (Q(requested_acres__isnull=True) | Q(requested_acres__gt=0)),
                name="order_quantities_positive",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.LEASE, handler_vle__isnull=True) | Q(kind=Kind.RENT, handler_vle__isnull=False),
                name="order_handler_fits_kind",
            ),
            ExclusionConstraint(
                name=NO_DOUBLE_BOOKING,
                expressions=[
                    ("device", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("start_date", "end_date"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=BOOKED),
            ),
        ]
        indexes = [
            models.Index(fields=["requester", "kind", "-created_at", "-id"], name="order_by_requester"),
            models.Index(fields=["kind", "-created_at", "-id"], name="order_by_kind"),
            models.Index(fields=["kind", "status", "-created_at", "-id"], name="order_by_kind_and_status"),
            models.Index(fields=["handler_vle", "-created_at", "-id"], name="order_by_handler"),
            models.Index(fields=["handler_vle", "status", "-created_at", "-id"], name="order_by_handler_and_status"),
            models.Index(fields=["-created_at", "-id"], name="order_newest"),
            # Discovery runs this query once per device nearby; the constraint's own index takes five times as long.
            models.Index(
                fields=["device", "kind", "start_date", "end_date"],
                condition=Q(status__in=BOOKED),
                name="order_booking_by_device",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.short_id}"

    @property
    def short_id(self) -> str:
        """Return the first 8 characters of the id, by which people name the order."""
        return str(self.pk)[:8]

    @property
    def is_lease(self) -> bool:
        return self.kind == Kind.LEASE


class Intent(models.Model):
    """Store an enquiry about a device; an order that names it within 30 minutes consumes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="intents")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="intents")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    requested_hours = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    requested_acres = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    order = models.OneToOneField(Order, null=True, blank=True, on_delete=models.SET_NULL, related_name="intent")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "enquiries"
        verbose_name = "enquiry"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["expires_at"], condition=Q(order=None), name="intent_by_expiry")]
