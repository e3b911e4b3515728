"""Search devices nearby: which are available to the caller, how far away, at what rate, and for what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Window
from django.utils import timezone

from accounts.actors import Actor
from devices.choices import Metric, RuleStatus
from devices.locations import Location, km_from, within
from devices.models import Device, PricingRate, PricingRule, RentalThreshold
from devices.queries import DeviceQuerySet
from devices.workflow import DeviceStatus
from orders.choices import Kind
from orders.models import Order
from orders.queries import OrderQuerySet

SHOW_INTEREST = "SHOW_INTEREST"


@dataclass(frozen=True)
class Dates:
    """Represent the days from the first to the last, both included."""

    start: date
    end: date


ANY_DATES = Dates(date.min, date.max)


@dataclass(frozen=True)
class SearchQuery:
    """Hold what is searched for. Without dates a device must have no booking; amounts only decide the intent type."""

    location: Location
    radius_km: float = 50
    device_type: str | None = None
    dates: Dates | None = None
    requested_hours: Decimal | None = None
    requested_acres: Decimal | None = None
    page: int = 0
    page_size: int = 10


@dataclass(frozen=True)
class SearchHit:
    """Describe one device that was found, for the caller who searched."""

    device: Device
    distance_km: float
    rate: PricingRate | None
    intent_type: str | None
    allowed_actions: list[str]


@dataclass(frozen=True)
class SearchResults:
    """Hold one page of hits, nearest first, and the number of devices on all pages."""

    query: SearchQuery
    results: list[SearchHit]
    total: int


def search(query: SearchQuery, *, by: Actor | None) -> SearchResults:
    """Return the page of devices that `query` asks for, in three database queries."""
    distances, total = _nearest(_discoverable(query, by), query)
    devices = with_listing_details().in_bulk(distances)
    on = query.dates.start if query.dates else timezone.localdate()
    rates = _rates(devices.values(), on)
    results = [
        SearchHit(
            device=devices[pk],
            distance_km=distance,
            rate=rates.get((devices[pk].device_type_id, devices[pk].pincode)),
            intent_type=_intent_type(devices[pk], query, on),
            allowed_actions=allowed_actions(devices[pk], by),
        )
        for pk, distance in distances.items()
    ]
    return SearchResults(query, results, total)


def with_listing_details() -> DeviceQuerySet:
    """Return devices with what lists show of them: lease, type and its threshold, file name of the primary photo."""
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
    """Return what the caller may do with a device: note an enquiry and, depending on its lease, RENT or LEASE it.

    Empty for roles that place no orders, and for a device that is not LIVE.
    """
    kind = Kind.RENT if is_leased(device) else Kind.LEASE
    if device.status != DeviceStatus.LIVE:
        return []
    if by is None or by.role is None or (by.is_farmer and kind == Kind.RENT) or (by.is_vle and kind == Kind.LEASE):
        return [SHOW_INTEREST, str(kind)]
    return []


def _discoverable(query: SearchQuery, by: Actor | None) -> DeviceQuerySet:
    devices = Device.objects.filter(_is_priced(), status=DeviceStatus.LIVE)
    if query.device_type is not None:
        devices = devices.filter(device_type=query.device_type)
    is_vle = by is not None and by.is_vle
    has_ordering_role = is_vle or (by is not None and by.is_farmer)
    # Joining leases costs as much as all the rest, so only where the result depends on them.
    if has_ordering_role or query.dates:
        devices = devices.with_current_lease()
    if has_ordering_role:
        # A farmer rents what a VLE has leased, a VLE leases what is not leased.
        devices = devices.filter(Q(current_lease_id__isnull=is_vle))
    return devices.filter(_is_free_on(query.dates) if query.dates else ~Exists(_bookings(ANY_DATES)))


def _is_priced() -> Exists:
    default_rules = PricingRule.objects.active().defaults()
    return Exists(default_rules.filter(device_type=OuterRef("device_type"), pincode=OuterRef("pincode")))


def _is_free_on(dates: Dates) -> Q:
    free_of_rents = ~Exists(_bookings(dates).of_kind(Kind.RENT))
    free_of_leases = ~Exists(_bookings(dates).of_kind(Kind.LEASE))
    # The lease itself is what makes a device rentable.
    return Q(free_of_rents) & (Q(current_lease_id__isnull=False) | Q(free_of_leases))


def _bookings(dates: Dates) -> OrderQuerySet[Order]:
    # The dates are part of the condition even for ANY_DATES: PostgreSQL then uses the index made for this query.
    orders = Order.objects.booked().filter(device=OuterRef("pk"))
    return orders.filter(start_date__lte=dates.end, end_date__gte=dates.start)


def _nearest(devices: DeviceQuerySet, query: SearchQuery) -> tuple[dict[UUID, float], int]:
    """Return the distances by id for the requested page, in order, and the number of all devices within the radius."""
    near = (
        devices.filter(within(query.location, query.radius_km))
        .annotate(distance_km=km_from(query.location))
        .filter(distance_km__lte=query.radius_km)
    )
    start = query.page * query.page_size
    # Only ids and distances are sorted and counted here; the details of one page are read afterwards.
    rows = near.annotate(total=Window(Count("*"))).order_by("distance_km", "pk")
    page = list(rows.values_list("pk", "distance_km", "total")[start : start + query.page_size])
    total = page[0][2] if page else (near.count() if start else 0)
    return {pk: distance for pk, distance, _ in page}, total


def _rates(devices: Iterable[Device], on: date) -> dict[tuple[str, str], PricingRate]:
    """Return the rate to show by (type, PIN code): a period's rate before the default one, by the hour first."""
    pairs = Q(pk__in=[])
    for type_code, pincode in {(device.device_type_id, device.pincode) for device in devices}:
        pairs |= Q(device_type=type_code, pincode=pincode)
    rules = PricingRule.objects.active().valid_on(on).filter(pairs)
    rates = PricingRate.objects.filter(rule__in=rules).select_related("rule")
    # The last one written for a pair stays.
    ranked = sorted(rates, key=lambda rate: (not rate.rule.is_default, rate.metric == Metric.PER_HOUR))
    return {(rate.rule.device_type_id, rate.rule.pincode): rate for rate in ranked}


def _intent_type(device: Device, query: SearchQuery, on: date) -> str | None:
    """Return RENT up to the threshold of the device's type in force, else LEASE; None if no amount is requested."""
    if query.requested_hours is None and query.requested_acres is None:
        return None
    threshold = getattr(device.device_type, "threshold", None)
    is_rent = threshold is None or not _is_in_force(threshold, on) or _is_within(threshold, query)
    return str(Kind.RENT if is_rent else Kind.LEASE)


def _is_in_force(threshold: RentalThreshold, on: date) -> bool:
    has_started = threshold.effective_from is None or threshold.effective_from <= on
    has_ended = threshold.effective_to is not None and threshold.effective_to < on
    return threshold.status == RuleStatus.ACTIVE and has_started and not has_ended


def _is_within(threshold: RentalThreshold, query: SearchQuery) -> bool:
    requested_and_allowed = (
        (query.requested_hours, threshold.max_rental_hours),
        (query.requested_acres, threshold.max_rental_acres),
    )
    return all(requested is None or most is None or requested <= most for requested, most in requested_and_allowed)
