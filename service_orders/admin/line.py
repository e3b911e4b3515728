"""Where somebody is in the queue: which part of it they work through, and what they left for later."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, QueryDict

from service_orders.choices import Priority
from service_orders.models import ServiceOrder

MAX_SKIPPED = 20


@dataclass(frozen=True)
class Line:
    """Spoken by the addresses of its pages, so that every window has its own."""

    territory: str = ""
    priority: str = ""
    skipped: tuple[str, ...] = ()

    @classmethod
    def asked_for(cls, asked: QueryDict) -> "Line":
        territory, priority = asked.get("territory", ""), asked.get("priority", "")
        skipped = tuple(asked.getlist("skipped")[-MAX_SKIPPED:])
        return cls(
            territory=territory if territory.isprintable() else "",
            priority=priority if priority in Priority.values else "",
            skipped=skipped,
        )

    @property
    def rows(self) -> Q:
        """The orders in this part of the queue."""
        wanted = {"territory": self.territory, "priority": self.priority}
        return Q(**{name: value for name, value in wanted.items() if value})

    @property
    def address(self) -> str:
        """What follows the `?` of a page in the queue."""
        said = [("queue", "1"), ("territory", self.territory), ("priority", self.priority)]
        return urlencode([each for each in said if each[1]] + [("skipped", pk) for pk in self.skipped])

    def after_skipping(self, order: ServiceOrder) -> "Line":
        return replace(self, skipped=(*self.skipped, str(order.pk))[-MAX_SKIPPED:])


def line_of(request: HttpRequest) -> Line | None:
    """None for who came to a page by another way than the queue."""
    return Line.asked_for(request.GET) if "queue" in request.GET else None
