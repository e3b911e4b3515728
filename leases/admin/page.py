"""What the page of a lease shows beside its terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from leases.admin.forms import TYPES, OperatorForm
from leases.choices import AttachmentType
from leases.models import Lease, LeaseAttachment, LeaseOperator
from leases.training import Training, trained_until, training_until
from notifications.admin_texts import texts_about


@dataclass(frozen=True)
class Driver:
    """One assignment, and what the operator's training is worth."""

    assignment: LeaseOperator
    training: Training


@dataclass(frozen=True)
class Paper:
    """One document."""

    attachment: LeaseAttachment
    type: str
    address: str
    preview: str


def page_of(lease: Lease, *, may_change: bool, reader: User | AnonymousUser) -> dict[str, Any]:
    """In four queries: who drives and drove, the documents, and the SMS about it."""
    drivers = list(_drivers(lease))
    return {
        "drivers": [driver for driver in drivers if driver.assignment.released_at is None],
        "past_drivers": [driver for driver in drivers if driver.assignment.released_at is not None],
        "assign_form": OperatorForm() if may_change and lease.is_active else None,
        "papers": [_paper(attachment) for attachment in lease.attachments.all()],
        "is_overdue": lease.is_active and lease.end_date < timezone.localdate(),
        **texts_about(lease.pk, reader=reader),
    }


def _drivers(lease: Lease) -> Iterable[Driver]:
    training = trained_until("operator_id", OuterRef("lease__device__device_type_id"))
    rows = lease.operators.select_related("operator__user").annotate(trained_until=training)
    for row in rows.order_by("role", "-assigned_at"):
        yield Driver(row, training_until(row.trained_until, needed_until=lease.end_date))


def _paper(attachment: LeaseAttachment) -> Paper:
    ids = [attachment.lease_id, attachment.pk]
    preview = reverse("admin:leases_lease_document_preview", args=ids) if attachment.is_image else ""
    address = reverse("admin:leases_lease_document", args=ids)
    return Paper(attachment, TYPES[AttachmentType(attachment.type)], address, preview)
