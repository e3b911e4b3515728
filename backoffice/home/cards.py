"""What needs me now: for each kind of waiting row a number, a sentence, and the way to exactly these rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Model, Value
from django.utils.timesince import timesince

from accounts.models import Operator
from accounts.worklists import TRAINING
from backoffice.home.lists import Lists
from core.worklists import Worklist
from devices.models import Device
from devices.worklists import ONBOARDING, PRICE
from leases.models import Lease
from leases.worklists import ENDING, OVERDUE
from notifications.models import SmsMessage
from notifications.worklists import FAILED
from orders.models import Order
from orders.worklists import PICKUP, REVIEW
from service_orders.models import ServiceOrder
from service_orders.worklists import VERIFY


@dataclass(frozen=True)
class Wording:
    """What the card of a need says: nothing waits, something waits, something should not wait any longer."""

    model: type[Model]
    worklist: Worklist
    title: str
    calm: str
    waiting: str
    urgent: str


WORDINGS = [
    Wording(
        *(Order, REVIEW, "LEASE orders to review", "Nothing to review."),
        waiting="The oldest has waited {age}.",
        urgent="{late} for over 2 days; the oldest has waited {age}.",
    ),
    Wording(
        *(ServiceOrder, VERIFY, "Service orders to verify", "Nothing to verify."),
        waiting="The oldest has waited {age}.",
        urgent="{late} pressing: emergencies, or over a day old.",
    ),
    Wording(
        *(Order, PICKUP, "Pickups today", "No pickup is due."),
        waiting="Hand over today.",
        urgent="{late} should have started earlier.",
    ),
    Wording(
        *(Lease, OVERDUE, "Leases past their end", "No lease is past its end."),
        waiting="End them, or sign new ones.",
        urgent="Still active: end them, or sign new ones.",
    ),
    Wording(
        *(Lease, ENDING, "Leases ending in 7 days", "No lease ends in 7 days."),
        waiting="Plan the return or a new lease.",
        urgent="{late} today. Plan the return or a new lease.",
    ),
    Wording(
        *(SmsMessage, FAILED, "SMS failed in 7 days", "No SMS failed."),
        waiting="Read why, and send again.",
        urgent="{late} of today. Read why, and send again.",
    ),
    Wording(
        *(Device, PRICE, "Devices without a price", "Every device has a price."),
        waiting="Price them before they go live.",
        urgent="{late} live, but hidden from all searches.",
    ),
    Wording(
        *(Device, ONBOARDING, "Drafts in onboarding", "No draft is waiting."),
        waiting="Finish them, or retire them.",
        urgent="{late} older than 2 weeks. Finish, or retire.",
    ),
    Wording(
        *(Operator, TRAINING, "Operators' training ending in 30 days", "All training is good for 30 days."),
        waiting="Book the courses now.",
        urgent="{late} expired already.",
    ),
]


@dataclass(frozen=True)
class Card:
    """One number of the home page."""

    name: str
    title: str
    number: int
    says: str
    tone: str
    url: str


def cards(lists: Lists) -> list[Card]:
    """A card for each need of the lists that this person may see, counted by one query."""
    wordings = [wording for wording in WORDINGS if lists.may_see(wording.model)]
    waiting = _count(lists, wordings)
    return [_card(wording, waiting.get(wording.worklist.name, {}), lists) for wording in wordings]


def _count(lists: Lists, wordings: Sequence[Wording]) -> dict[str, dict[str, Any]]:
    rows = {model: lists.rows(model) for model in {wording.model for wording in wordings}}
    counts = [
        rows[wording.model]
        .filter(wording.worklist.rows())
        .values(worklist=Value(wording.worklist.name))
        .annotate(n=Count("pk"), late=Count("pk", filter=wording.worklist.urgent()), oldest=Min("created_at"))
        for wording in wordings
    ]
    if not counts:
        return {}
    found = counts[0].union(*counts[1:], all=True) if counts[1:] else counts[0]
    return {row["worklist"]: row for row in found}


def _card(wording: Wording, found: dict[str, Any], lists: Lists) -> Card:
    number, late = found.get("n", 0), found.get("late", 0)
    says = wording.urgent if late else wording.waiting if number else wording.calm
    return Card(
        name=wording.worklist.name,
        title=wording.title,
        number=number,
        says=says.format(age=_age(found.get("oldest")), late=late),
        tone="bad" if late else "waiting" if number else "quiet",
        url=lists.url(wording.model, worklist=wording.worklist.name),
    )


def _age(oldest: datetime | None) -> str:
    return timesince(oldest, depth=1) if oldest else ""
