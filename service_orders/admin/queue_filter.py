"""The filter of the verification queue: a territory, a priority, and the orders that were skipped."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, QueryDict

from service_orders.choices import Priority
from service_orders.models import ServiceOrder

MAX_SKIPPED = 20


@dataclass(frozen=True)
class QueueFilter:
    """Carry the filter in the query string of each page, so that every browser tab has its own."""

    territory: str = ""
    priority: str = ""
    skipped: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: QueryDict) -> "QueueFilter":
        """Return the filter of a query string, without invalid values."""
        territory, priority = query.get("territory", ""), query.get("priority", "")
        skipped = tuple(query.getlist("skipped")[-MAX_SKIPPED:])
        return cls(
            territory=territory if territory.isprintable() else "",
            priority=priority if priority in Priority.values else "",
            skipped=skipped,
        )

    @property
    def condition(self) -> Q:
        """Filter to the orders of the territory and the priority."""
        lookups = {"territory": self.territory, "priority": self.priority}
        return Q(**{name: value for name, value in lookups.items() if value})

    @property
    def query_string(self) -> str:
        """Return the query string of a page in the queue, without the `?`."""
        parameters = [("queue", "1"), ("territory", self.territory), ("priority", self.priority)]
        return urlencode([each for each in parameters if each[1]] + [("skipped", pk) for pk in self.skipped])

    def after_skipping(self, order: ServiceOrder) -> "QueueFilter":
        """Return the filter that leaves this order out too."""
        return replace(self, skipped=(*self.skipped, str(order.pk))[-MAX_SKIPPED:])


def queue_filter_of(request: HttpRequest) -> QueueFilter | None:
    """Return the filter of a page opened from the queue; None for a page opened otherwise."""
    return QueueFilter.from_query(request.GET) if "queue" in request.GET else None
