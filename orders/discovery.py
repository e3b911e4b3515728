"""What somebody looking around may find: which devices, how near, for how much, and what can be done with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Window
from django.utils import timezone

from accounts.actors import Actor
from devices.choices import Metric, RuleStatus
from devices.locations import Location, km_from, within
from devices.models import Device, PricingRate, PricingRule, RentalThreshold
from devices.queries import DeviceQuerySet
from devices.workflow import DeviceStatus
from orders.models import Kind, Order
from orders.workflow import BOOKED

SHOW_INTEREST = "SHOW_INTEREST"


@dataclass(frozen=True)
class Days:
    """From the first day to the last, both included."""

    start: date
    end: date


ALWAYS = Days(date.min, date.max)


@dataclass(frozen=True)
class Search:
    """What is looked for. Without days, a device must be wholly free; quantities only shape the hint."""

    place: Location
    radius_km: float = 50
    device_type: str | None = None
    days: Days | None = None
    requested_hours: Decimal | None = None
    requested_acres: Decimal | None = None
    page: int = 0
    page_size: int = 10


@dataclass(frozen=True)
class Find:
    """One device found, as it looks to the one who looks."""

    device: Device
    distance_km: float
    rate: PricingRate | None
    intent_type: str | None
    allowed_actions: list[str]


@dataclass(frozen=True)
class Found:
    """The page that `wish` asked for, nearest first, and how many devices there are on all pages."""

    wish: Search
    results: list[Find]
    total: int


def search(wish: Search, *, by: Actor | None) -> Found:
    """What there is for this wish. Three queries, whatever the number of devices."""
    distances, total = _nearest(_discoverable(wish, by), wish)
    devices = described().in_bulk(distances)
    on = wish.days.start if wish.days else timezone.localdate()
    rates = _rates(devices.values(), on)
    results = [
        Find(
            device=devices[pk],
            distance_km=distance,
            rate=rates.get((devices[pk].device_type_id, devices[pk].pincode)),
            intent_type=_intent_type(devices[pk], wish, on),
            allowed_actions=allowed_actions(devices[pk], by),
        )
        for pk, distance in distances.items()
    ]
    return Found(wish, results, total)


def described() -> DeviceQuerySet:
    """Devices with all that is shown of them in lists: lease, type and its threshold, the name of the main picture."""
    return (
        Device.objects.with_current_lease()
        .select_related("device_type__threshold", "manufacturer")
        .annotate(
            primary_media=FilteredRelation("media", condition=Q(media__is_primary=True)),
            primary_media_file=F("primary_media__file"),
        )
    )


def is_leased(device: Device) -> bool:
    return device.current_lease_id is not None


def allowed_actions(device: Device, by: Actor | None) -> list[str]:
    """What may be done with a device: note a wish and, as its lease state has it, RENT or LEASE it.

    Nothing for roles that place no orders, and nothing with a device that is not LIVE.
    """
    kind = Kind.RENT if is_leased(device) else Kind.LEASE
    if device.status != DeviceStatus.LIVE:
        return []
    if by is None or by.role is None or (by.is_farmer and kind == Kind.RENT) or (by.is_vle and kind == Kind.LEASE):
        return [SHOW_INTEREST, str(kind)]
    return []


def _discoverable(wish: Search, by: Actor | None) -> DeviceQuerySet:
    devices = Device.objects.filter(_is_priced(), status=DeviceStatus.LIVE)
    if wish.device_type is not None:
        devices = devices.filter(device_type=wish.device_type)
    is_for_a_role = by is not None and (by.is_farmer or by.is_vle)
    # Joining leases costs as much as all the rest, so only where they are asked about.
    if is_for_a_role or wish.days:
        devices = devices.with_current_lease()
    if is_for_a_role:
        # A farmer rents what a VLE has leased, a VLE leases what nobody has.
        devices = devices.filter(current_lease_id__isnull=by.is_vle)
    return devices.filter(_is_free_on(wish.days) if wish.days else ~Exists(_bookings(ALWAYS)))


def _is_priced() -> Exists:
    default_rules = PricingRule.objects.active().defaults()
    return Exists(default_rules.filter(device_type=OuterRef("device_type"), pincode=OuterRef("pincode")))


def _is_free_on(days: Days) -> Q:
    free_of_rents = ~Exists(_bookings(days).filter(kind=Kind.RENT))
    free_of_leases = ~Exists(_bookings(days).filter(kind=Kind.LEASE))
    # The lease itself is what makes a device rentable.
    return Q(free_of_rents) & (Q(current_lease_id__isnull=False) | Q(free_of_leases))


def _bookings(days: Days) -> QuerySet[Order]:
    # Days are asked about even when all count: it makes PostgreSQL take the index made for this question.
    orders = Order.objects.filter(device=OuterRef("pk"), status__in=BOOKED)
    return orders.filter(start_date__lte=days.end, end_date__gte=days.start)


def _nearest(devices: DeviceQuerySet, wish: Search) -> tuple[dict[UUID, float], int]:
    """Distances by id for the page that was asked for, in order, and the number of all within reach."""
    near = (
        devices.filter(within(wish.place, wish.radius_km))
        .annotate(distance_km=km_from(wish.place))
        .filter(distance_km__lte=wish.radius_km)
    )
    start = wish.page * wish.page_size
    # Only ids and distances are sorted and counted here; a page is described afterwards.
    rows = near.annotate(total=Window(Count("*"))).order_by("distance_km", "pk")
    page = list(rows.values_list("pk", "distance_km", "total")[start : start + wish.page_size])
    total = page[0][2] if page else (near.count() if start else 0)
    return {pk: distance for pk, distance, _ in page}, total


def _rates(devices: Iterable[Device], on: date) -> dict[tuple[str, str], PricingRate]:
    """The rate to show per (type, PIN code): of the period that holds the day before the default, by the hour first."""
    wanted = Q(pk__in=[])
    for type_code, pincode in {(device.device_type_id, device.pincode) for device in devices}:
        wanted |= Q(device_type=type_code, pincode=pincode)
    rules = PricingRule.objects.active().valid_on(on).filter(wanted)
    rates = PricingRate.objects.filter(rule__in=rules).select_related("rule")
    # The last one written for a pair stays.
    ranked = sorted(rates, key=lambda rate: (not rate.rule.is_default, rate.metric == Metric.PER_HOUR))
    return {(rate.rule.device_type_id, rate.rule.pincode): rate for rate in ranked}


def _intent_type(device: Device, wish: Search, on: date) -> str | None:
    """RENT up to the threshold of the device's type that is in force, LEASE beyond; None when no amount is named."""
    if wish.requested_hours is None and wish.requested_acres is None:
        return None
    threshold = getattr(device.device_type, "threshold", None)
    is_rent = threshold is None or not _is_in_force(threshold, on) or _is_within(threshold, wish)
    return str(Kind.RENT if is_rent else Kind.LEASE)


def _is_in_force(threshold: RentalThreshold, on: date) -> bool:
    has_begun = threshold.effective_from is None or threshold.effective_from <= on
    has_ended = threshold.effective_to is not None and threshold.effective_to < on
    return threshold.status == RuleStatus.ACTIVE and has_begun and not has_ended


def _is_within(threshold: RentalThreshold, wish: Search) -> bool:
    asked_and_allowed = (
        (wish.requested_hours, threshold.max_rental_hours),
        (wish.requested_acres, threshold.max_rental_acres),
    )
    return all(asked is None or most is None or asked <= most for asked, most in asked_and_allowed)
