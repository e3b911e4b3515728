"""Declare the worklists on the home page and the text of their cards."""

from dataclasses import dataclass

from django.db.models import Model

from accounts.models import Operator
from accounts.worklists import TRAINING
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
class CardText:
    """Declare the card of a worklist: its title, and a sentence for no rows, waiting rows and urgent rows."""

    model: type[Model]
    worklist: Worklist
    title: str
    none: str
    waiting: str
    urgent: str


CARD_TEXTS = [
    CardText(
        Order,
        REVIEW,
        title="LEASE orders to review",
        none="Nothing to review.",
        waiting="The oldest has waited {age}.",
        urgent="{urgent} for over 2 days; the oldest has waited {age}.",
    ),
    CardText(
        ServiceOrder,
        VERIFY,
        title="Service orders to verify",
        none="Nothing to verify.",
        waiting="The oldest has waited {age}.",
        urgent="{urgent} pressing: emergencies, or over a day old.",
    ),
    CardText(
        Order,
        PICKUP,
        title="Pickups today",
        none="No pickup is due.",
        waiting="Hand over today.",
        urgent="{urgent} should have started earlier.",
    ),
    CardText(
        Lease,
        OVERDUE,
        title="Leases past their end",
        none="No lease is past its end.",
        waiting="End them, or sign new ones.",
        urgent="Still active: end them, or sign new ones.",
    ),
    CardText(
        Lease,
        ENDING,
        title="Leases ending in 7 days",
        none="No lease ends in 7 days.",
        waiting="Plan the return or a new lease.",
        urgent="{urgent} today. Plan the return or a new lease.",
    ),
    CardText(
        SmsMessage,
        FAILED,
        title="SMS failed in 7 days",
        none="No SMS failed.",
        waiting="Read why, and send again.",
        urgent="{urgent} of today. Read why, and send again.",
    ),
    CardText(
        Device,
        PRICE,
        title="Devices without a price",
        none="Every device has a price.",
        waiting="Price them before they go live.",
        urgent="{urgent} live, but hidden from all searches.",
    ),
    CardText(
        Device,
        ONBOARDING,
        title="Drafts in onboarding",
        none="No draft is waiting.",
        waiting="Finish them, or retire them.",
        urgent="{urgent} older than 2 weeks. Finish, or retire.",
    ),
    CardText(
        Operator,
        TRAINING,
        title="Operators' training ending in 30 days",
        none="All training is good for 30 days.",
        waiting="Book the courses now.",
        urgent="{urgent} expired already.",
    ),
]
