"""The template context of the page of a lease."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from leases.admin.forms import TYPES, OperatorForm
from leases.choices import AttachmentType
from leases.models import Lease, LeaseAttachment, LeaseOperator
from leases.training import Training, trained_until, training_until
from notifications.admin.related_messages import messages_about


@dataclass(frozen=True)
class AssignedOperator:
    """Hold an assignment, and the operator's training for the device."""

    assignment: LeaseOperator
    training: Training


@dataclass(frozen=True)
class ListedDocument:
    """Hold an attachment, the label of its type, and its URLs; `preview` is empty for a PDF."""

    attachment: LeaseAttachment
    type: str
    url: str
    preview: str


def lease_context(lease: Lease, *, may_change: bool, user: User) -> dict[str, Any]:
    """Return the operators of now and before, the documents and the SMS messages, in four queries."""
    operators = list(_operators(lease))
    return {
        "operators": [each for each in operators if each.assignment.released_at is None],
        "past_operators": [each for each in operators if each.assignment.released_at is not None],
        "assign_form": OperatorForm() if may_change and lease.is_active else None,
        "documents": [_document(attachment) for attachment in lease.attachments.all()],
        "is_overdue": lease.is_active and lease.end_date < timezone.localdate(),
        **messages_about(lease.pk, user=user),
    }


def _operators(lease: Lease) -> Iterable[AssignedOperator]:
    training = trained_until("operator_id", OuterRef("lease__device__device_type_id"))
    rows = lease.operators.select_related("operator__user").annotate(trained_until=training)
    for row in rows.order_by("role", "-assigned_at"):
        yield AssignedOperator(row, training_until(row.trained_until, needed_until=lease.end_date))


def _document(attachment: LeaseAttachment) -> ListedDocument:
    ids = [attachment.lease_id, attachment.pk]
    preview = reverse("admin:leases_lease_document_preview", args=ids) if attachment.is_image else ""
    url = reverse("admin:leases_lease_document", args=ids)
    return ListedDocument(attachment, TYPES[AttachmentType(attachment.type)], url, preview)
