"""Store service orders."""

from django.db import models
from django.db.models import Q

from accounts.models import Territory, Timestamped, User
from core.notes import MAX_NOTE
from events.models import OrderEvent
from service_orders.choices import Priority
from service_orders.encryption import InsuranceInfo, decrypt_insurance
from service_orders.queries import ServiceOrderQuerySet, urgency
from service_orders.workflow import ServiceOrderStatus, ServiceOrderWorkflow

ONE_PER_TRACKING_ID = "one_service_order_per_tracking_id"
TRACKING_ID_SHAPE = r"^KM(-[2-9BCDFGHJKLMNPQRSTVWXYZ]{4}){2}$"


class ServiceOrder(ServiceOrderWorkflow, Timestamped):
    """Store a request to a provider for an insured service in a territory, with its present status."""

    tracking_id = models.CharField(max_length=16, editable=False, help_text="By which people name the order.")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="service_orders", db_index=False)
    patient_id = models.CharField(max_length=100)
    provider_id = models.CharField(max_length=100)
    insurance_encrypted = models.BinaryField(help_text="Carrier, policy and group number, encrypted.")
    service_type = models.CharField(max_length=100)
    priority = models.CharField(max_length=16, choices=Priority.choices, default=Priority.NORMAL)
    note = models.CharField("last note", max_length=MAX_NOTE, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="service_orders")

    last_event: OrderEvent
    """Set by the services: the history row of the change they made."""

    objects = ServiceOrderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [("view_insurance", "Can see the insurance data of service orders")]
        constraints = [
            models.UniqueConstraint(fields=["tracking_id"], name=ONE_PER_TRACKING_ID),
            models.CheckConstraint(condition=Q(tracking_id__regex=TRACKING_ID_SHAPE), name="tracking_id_shape"),
            models.CheckConstraint(
                condition=Q(status__in=ServiceOrderStatus.values), name="service_order_status_is_known"
            ),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="service_order_priority_is_known"),
            models.CheckConstraint(
                condition=~Q(patient_id="") & ~Q(provider_id="") & ~Q(service_type=""),
                name="service_order_says_for_whom_by_whom_and_what",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "-created_at", "-id"], name="service_order_by_territory"),
            models.Index(fields=["territory", "status", "-created_at", "-id"], name="service_order_by_status"),
            models.Index(fields=["territory", "updated_at"], name="service_order_by_change"),
            models.Index(fields=["-created_at", "-id"], name="service_order_newest"),
            models.Index(
                urgency(),
                "created_at",
                "id",
                name="service_order_waiting",
                condition=Q(status=ServiceOrderStatus.PENDING_VERIFICATION),
                include=["territory"],
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_id

    @property
    def insurance(self) -> InsuranceInfo:
        """Return carrier, policy and group number. Raises cryptography's InvalidToken if no present key fits."""
        return decrypt_insurance(self.insurance_encrypted)
