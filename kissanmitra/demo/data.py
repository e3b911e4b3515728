"""Define the demo's users, devices, prices and orders. Days count from the day of loading."""

from dataclasses import dataclass
from decimal import Decimal

from devices.choices import Metric
from devices.workflow import DeviceStatus
from orders.workflow import OrderStatus as S
from service_orders.workflow import ServiceOrderStatus


@dataclass(frozen=True)
class Person:
    phone: str
    name: str
    pincode: str
    location: tuple[float, float]  # degrees north, east


@dataclass(frozen=True)
class DeviceSpec:
    name: str
    type: str
    maker: str
    pincode: str
    location: tuple[float, float]  # degrees north, east
    city: str
    description: str
    status: str = DeviceStatus.LIVE


@dataclass(frozen=True)
class OrderScript:
    """Describe one order: requester, device, days, and its final status."""

    device: str
    requester: Person
    days: tuple[int, int]
    to: str
    hours: int
    acres: int
    note: str
    is_leased: bool = False  # a lease is created from the accepted LEASE order
    is_returned: bool = False  # and completed


@dataclass(frozen=True)
class ServiceScript:
    """Describe one service order and the statuses it goes through."""

    territory: str
    creator: Person
    patient: str
    service: str
    priority: str
    statuses: tuple[str, ...]
    note: str


PUNE = (18.5204, 73.8567)
MEENA = Person("+919876543200", "Meena", "411001", PUNE)
RAVI = Person("+919876543210", "Ravi", "411001", (18.5310, 73.8446))
ASHA = Person("+919876543211", "Asha", "412207", (18.5793, 74.0089))
SUNITA = Person("+919876543212", "Sunita", "422001", (20.0059, 73.7910))
GANESH = Person("+919876543213", "Ganesh", "411028", (18.4967, 73.9417))
LATA = Person("+919876543214", "Lata", "422003", (20.0300, 73.8350))

ADMIN, VLES, OPERATORS, FARMERS = MEENA, [RAVI, SUNITA], [GANESH], [ASHA, LATA]
ADMIN_PASSWORD = "kissanmitra"

TERRITORIES = {  # id: (name, prefixes of PIN codes, members and whether they may verify)
    "pune": ("Pune", ["411", "412"], {MEENA: True, RAVI: False, SUNITA: False}),
    "nashik": ("Nashik", ["422", "423"], {MEENA: True}),
}

TYPES = {  # code: (name, requires an operator, most hours of a rental, most acres)
    "TRACTOR": ("Tractor", False, 40, 20),
    "HARVESTER": ("Combine harvester", True, 24, 30),
    "ROTAVATOR": ("Rotavator", False, 30, 15),
    "SEED_DRILL": ("Seed drill", False, 30, 20),
    "SPRAYER": ("Boom sprayer", True, 16, 40),
}
MAKERS = {
    "MAHINDRA": "Mahindra",
    "SWARAJ": "Swaraj",
    "JOHN_DEERE": "John Deere",
    "KUBOTA": "Kubota",
    "SONALIKA": "Sonalika",
}
PINCODES = ["411001", "411028", "412207", "422001", "422003", "423501"]
RATES: dict[str, dict[str, Decimal]] = {  # rupees
    "TRACTOR": {Metric.PER_HOUR: Decimal(700), Metric.PER_ACRE: Decimal(1100)},
    "HARVESTER": {Metric.PER_HOUR: Decimal(2400), Metric.PER_ACRE: Decimal(2000)},
    "ROTAVATOR": {Metric.PER_HOUR: Decimal(900), Metric.PER_ACRE: Decimal(1300)},
    "SEED_DRILL": {Metric.PER_ACRE: Decimal(800)},
    "SPRAYER": {Metric.PER_HOUR: Decimal("650.50"), Metric.PER_ACRE: Decimal(350)},
}
SEASON = (30, 75)  # the harvest, when harvesters cost more
SEASON_RATES: dict[str, Decimal] = {Metric.PER_HOUR: Decimal(2900), Metric.PER_ACRE: Decimal(2400)}

DEVICES = [
    # Around Pune
    DeviceSpec("Mahindra 575 DI", "TRACTOR", "MAHINDRA", "411001", (18.5362, 73.8930), "Pune", "45 HP, power steering"),
    DeviceSpec("Swaraj 744 FE", "TRACTOR", "SWARAJ", "411028", (18.5089, 73.9260), "Hadapsar", "48 HP, with trolley"),
    DeviceSpec(
        "John Deere 5050 D", "TRACTOR", "JOHN_DEERE", "412207", (18.5806, 74.0015), "Wagholi", "50 HP, four-wheel"
    ),
    DeviceSpec(
        "Kubota Harvesking", "HARVESTER", "KUBOTA", "412207", (18.5911, 74.0205), "Wagholi", "For paddy and wheat"
    ),
    DeviceSpec("Sonalika Rotavator", "ROTAVATOR", "SONALIKA", "411028", (18.4930, 73.9510), "Hadapsar", "6 feet"),
    DeviceSpec("Mahindra Seed Drill", "SEED_DRILL", "MAHINDRA", "411001", (18.5460, 73.8720), "Pune", "9 rows"),
    DeviceSpec(
        "Kubota Sprayer", "SPRAYER", "KUBOTA", "411028", (18.5020, 73.9330), "Hadapsar", "600 litres, 12 metres"
    ),
    # Around Nashik
    DeviceSpec("Swaraj 855 FE", "TRACTOR", "SWARAJ", "422001", (20.0110, 73.7800), "Nashik", "52 HP"),
    DeviceSpec(
        "John Deere W70", "HARVESTER", "JOHN_DEERE", "422003", (20.0350, 73.8420), "Nashik", "14 feet cutter bar"
    ),
    DeviceSpec(
        "Mahindra Arjun 605", "TRACTOR", "MAHINDRA", "422003", (20.0270, 73.8280), "Nashik", "57 HP, for vineyards"
    ),
    DeviceSpec("Sonalika Rotavator XL", "ROTAVATOR", "SONALIKA", "423501", (20.5520, 74.5300), "Malegaon", "7 feet"),
    DeviceSpec("Swaraj Seed Drill", "SEED_DRILL", "SWARAJ", "423501", (20.5600, 74.5250), "Malegaon", "11 rows"),
    # Not on offer
    DeviceSpec(
        "Kubota MU 4501", "TRACTOR", "KUBOTA", "411001", (18.5290, 73.8650), "Pune", "45 HP", DeviceStatus.ONBOARDED
    ),
    DeviceSpec(
        "Sonalika DI 35",
        "TRACTOR",
        "SONALIKA",
        "422001",
        (20.0010, 73.7750),
        "Nashik",
        "39 HP",
        DeviceStatus.UNDER_MAINTENANCE,
    ),
]

ORDERS = [
    # A completed lease; the device is available again.
    OrderScript("Mahindra Seed Drill", RAVI, (-120, -40), S.CLOSED, 200, 150, "For sowing", True, True),
    # Leases open for rent: the LEASE order is closed, so that searches show the device.
    OrderScript("Mahindra 575 DI", RAVI, (-60, 120), S.CLOSED, 400, 250, "For the season", True),
    OrderScript("Swaraj 744 FE", RAVI, (-45, 90), S.CLOSED, 300, 200, "For the season", True),
    OrderScript("John Deere 5050 D", RAVI, (-30, 150), S.CLOSED, 350, 220, "Farmers at Wagholi ask for it", True),
    OrderScript("Swaraj 855 FE", SUNITA, (-50, 6), S.CLOSED, 320, 210, "For the season", True),
    OrderScript("John Deere W70", SUNITA, (-20, 80), S.CLOSED, 250, 400, "For the harvest", True),
    # Current leases.
    OrderScript("Kubota Harvesking", RAVI, (-5, 60), S.ACTIVE, 240, 300, "For the harvest", True),
    OrderScript("Mahindra Arjun 605", SUNITA, (5, 95), S.PICKUP_SCHEDULED, 280, 120, "For vineyards", True),
    OrderScript("Sonalika Rotavator XL", SUNITA, (-90, -3), S.COMPLETED, 200, 130, "Before sowing", True),
    # LEASE orders.
    OrderScript("Sonalika Rotavator", RAVI, (10, 70), S.ACCEPTED, 150, 90, "Before sowing"),
    OrderScript("Kubota Sprayer", RAVI, (14, 44), S.UNDER_REVIEW, 60, 200, "Against pests"),
    OrderScript("Kubota Sprayer", SUNITA, (20, 50), S.INTEREST_RAISED, 50, 160, "Against pests"),
    OrderScript("Swaraj Seed Drill", SUNITA, (7, 37), S.INTEREST_RAISED, 80, 120, "For sowing"),
    OrderScript("Swaraj Seed Drill", RAVI, (7, 37), S.REJECTED, 80, 120, "Too far from Pune"),
    OrderScript("Mahindra Seed Drill", RAVI, (15, 45), S.CANCELLED, 70, 100, "Changed my mind"),
    # RENT orders.
    OrderScript("Mahindra 575 DI", ASHA, (12, 14), S.INTEREST_RAISED, 8, 3, "Need for my farm"),
    OrderScript("Mahindra 575 DI", LATA, (-9, -7), S.REJECTED, 10, 5, "Not available on requested dates"),
    OrderScript("Mahindra 575 DI", ASHA, (3, 4), S.CANCELLED, 6, 2, "It rained"),
    OrderScript("Mahindra 575 DI", ASHA, (-25, -23), S.CLOSED, 12, 6, "Ploughing"),
    OrderScript("Swaraj 744 FE", ASHA, (6, 8), S.UNDER_REVIEW, 9, 4, "Ploughing"),
    OrderScript("John Deere W70", LATA, (20, 22), S.ACCEPTED, 10, 12, "Gram is ripe"),
    OrderScript("John Deere 5050 D", ASHA, (-1, 1), S.ACTIVE, 16, 8, "Ploughing"),
    OrderScript("John Deere W70", LATA, (-6, -4), S.COMPLETED, 14, 16, "Wheat of the lower field"),
    OrderScript("John Deere W70", LATA, (4, 5), S.PICKUP_SCHEDULED, 10, 12, "Wheat is ripe"),
    OrderScript("Mahindra 575 DI", ASHA, (-16, -14), S.CLOSED, 11, 5, "Ploughing"),
    OrderScript("Mahindra 575 DI", LATA, (-5, -3), S.CLOSED, 12, 6, "Carrying onions"),
    OrderScript("Swaraj 744 FE", ASHA, (-22, -20), S.CLOSED, 9, 4, "Ploughing"),
    OrderScript("Swaraj 744 FE", LATA, (-14, -12), S.CLOSED, 14, 7, "Levelling"),
    OrderScript("Swaraj 744 FE", ASHA, (-8, -6), S.CLOSED, 8, 4, "Carrying cane"),
    OrderScript("John Deere W70", LATA, (0, 2), S.PICKUP_SCHEDULED, 12, 14, "Soybean of the hill"),
    OrderScript("Swaraj 855 FE", LATA, (-28, -26), S.CLOSED, 13, 6, "Ploughing"),
    OrderScript("Swaraj 855 FE", ASHA, (-18, -15), S.CLOSED, 15, 8, "Ploughing"),
    OrderScript("Swaraj 855 FE", LATA, (-10, -8), S.CLOSED, 18, 9, "Levelling"),
    OrderScript("Swaraj 855 FE", ASHA, (3, 4), S.INTEREST_RAISED, 7, 3, "Ploughing"),
    OrderScript("John Deere 5050 D", LATA, (-20, -18), S.CLOSED, 10, 5, "Ploughing"),
    OrderScript("John Deere 5050 D", ASHA, (-12, -10), S.CLOSED, 10, 5, "Levelling"),
    OrderScript("John Deere W70", ASHA, (-16, -13), S.CLOSED, 16, 18, "Soybean"),
]

VERIFIED, REJECTED = ServiceOrderStatus.VERIFIED, ServiceOrderStatus.REJECTED
COMPLETED, CANCELLED = ServiceOrderStatus.COMPLETED, ServiceOrderStatus.CANCELLED
SERVICE_ORDERS = [
    ServiceScript("pune", RAVI, "patient-101", "physiotherapy", "normal", (), ""),
    ServiceScript("pune", SUNITA, "patient-102", "home-nursing", "urgent", (VERIFIED,), "Policy checked by phone"),
    ServiceScript("pune", RAVI, "patient-103", "physiotherapy", "emergency", (REJECTED,), "Policy number is not known"),
    ServiceScript("pune", RAVI, "patient-104", "blood-test", "normal", (VERIFIED, COMPLETED), "Done at home"),
    ServiceScript("pune", SUNITA, "patient-105", "x-ray", "normal", (VERIFIED, CANCELLED), "Patient has moved"),
    ServiceScript("nashik", MEENA, "patient-201", "vaccination", "normal", (), ""),
]


def all_orders() -> list[OrderScript]:
    """Return `ORDERS`, plus one order of each kind for every status in which none of them ends."""
    kinds = [("Sonalika Rotavator", RAVI, 200, VLES), ("John Deere W70", LATA, 40, FARMERS)]
    scripts = list(ORDERS)
    for device, requester, first, requesters in kinds:
        present = {script.to for script in ORDERS if script.requester in requesters}
        missing = [status for status in S if status.column and status not in present]
        scripts += [
            OrderScript(device, requester, (first + 4 * number, first + 4 * number + 2), status, 10, 5, "Next season")
            for number, status in enumerate(missing)
        ]
    return scripts
