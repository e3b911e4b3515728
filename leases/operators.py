"""Find operators for a lease."""

from django.db.models import QuerySet, Value

from accounts.choices import OperatorStatus
from accounts.models import Operator
from leases.training import trained_until


def operators_like(text: str, *, device_type: str = "") -> QuerySet[Operator]:
    """Return active operators whose name or phone contains `text`, by name.

    With the code of a device type, they are annotated with `trained_until`.
    """
    rows = Operator.objects.matching(status=OperatorStatus.ACTIVE, search=text.replace("\0", "").strip())
    rows = rows.select_related("user").order_by("name", "pk")
    return with_training(rows, device_type) if device_type else rows


def with_training(operators: QuerySet[Operator], device_type: str) -> QuerySet[Operator]:
    """Annotate operators with `trained_until` for the device type with this code: see `leases.training`."""
    return operators.annotate(trained_until=trained_until("pk", Value(device_type)))


def describe(operator: Operator) -> str:
    """Format an operator as `Farid (+919876543213)`."""
    return f"{operator.name} ({operator.user.phone})"
