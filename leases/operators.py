"""Finding somebody who can drive a device."""

from django.db.models import QuerySet, Value

from accounts.choices import OperatorStatus
from accounts.models import Operator
from leases.training import trained_until


def operators_like(text: str, *, device_type: str = "") -> QuerySet[Operator]:
    """Active operators whose name or phone contains `text`, by name; with a type of device, `trained_until` beside."""
    rows = Operator.objects.matching(status=OperatorStatus.ACTIVE, search=text.replace("\0", "").strip())
    rows = rows.select_related("user").order_by("name", "pk")
    return with_training(rows, device_type) if device_type else rows


def with_training(operators: QuerySet[Operator], device_type: str) -> QuerySet[Operator]:
    """Adds `trained_until`, for devices of the type with this code: see `leases.training`."""
    return operators.annotate(trained_until=trained_until("pk", Value(device_type)))


def describe(operator: Operator) -> str:
    """`Farid (+919876543213)`."""
    return f"{operator.name} ({operator.user.phone})"
