"""What the demo starts with: people, machines, prices, and the story of every order. Days count from its loading."""

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
    place: tuple[float, float]  # degrees north, east


@dataclass(frozen=True)
class Machine:
    name: str
    type: str
    maker: str
    pincode: str
    place: tuple[float, float]  # degrees north, east
    city: str
    description: str
    status: str = DeviceStatus.LIVE


@dataclass(frozen=True)
class Story:
    """One order: who wants which machine on which days, and how far it came."""

    machine: str
    requester: Person
    days: tuple[int, int]
    to: str
    hours: int
    acres: int
    note: str
    is_leased: bool = False  # an accepted LEASE order became a lease
    is_returned: bool = False  # and the lease has been completed since


@dataclass(frozen=True)
class ServiceStory:
    """One order of the territory contract, and the states it went through."""

    territory: str
    creator: Person
    patient: str
    service: str
    priority: str
    states: tuple[str, ...]
    note: str


PUNE, NASHIK = (18.5204, 73.8567), (19.9975, 73.7898)
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

MACHINES = [
    # Around Pune
    Machine("Mahindra 575 DI", "TRACTOR", "MAHINDRA", "411001", (18.5362, 73.8930), "Pune", "45 HP, power steering"),
    Machine("Swaraj 744 FE", "TRACTOR", "SWARAJ", "411028", (18.5089, 73.9260), "Hadapsar", "48 HP, with trolley"),
    Machine("John Deere 5050 D", "TRACTOR", "JOHN_DEERE", "412207", (18.5806, 74.0015), "Wagholi", "50 HP, four-wheel"),
    Machine("Kubota Harvesking", "HARVESTER", "KUBOTA", "412207", (18.5911, 74.0205), "Wagholi", "For paddy and wheat"),
    Machine("Sonalika Rotavator", "ROTAVATOR", "SONALIKA", "411028", (18.4930, 73.9510), "Hadapsar", "6 feet"),
    Machine("Mahindra Seed Drill", "SEED_DRILL", "MAHINDRA", "411001", (18.5460, 73.8720), "Pune", "9 rows"),
    Machine("Kubota Sprayer", "SPRAYER", "KUBOTA", "411028", (18.5020, 73.9330), "Hadapsar", "600 litres, 12 metres"),
    # Around Nashik
    Machine("Swaraj 855 FE", "TRACTOR", "SWARAJ", "422001", (20.0110, 73.7800), "Nashik", "52 HP"),
    Machine("John Deere W70", "HARVESTER", "JOHN_DEERE", "422003", (20.0350, 73.8420), "Nashik", "14 feet cutter bar"),
    Machine(
        "Mahindra Arjun 605", "TRACTOR", "MAHINDRA", "422003", (20.0270, 73.8280), "Nashik", "57 HP, for vineyards"
    ),
    Machine("Sonalika Rotavator XL", "ROTAVATOR", "SONALIKA", "423501", (20.5520, 74.5300), "Malegaon", "7 feet"),
    Machine("Swaraj Seed Drill", "SEED_DRILL", "SWARAJ", "423501", (20.5600, 74.5250), "Malegaon", "11 rows"),
    # Not on offer
    Machine(
        "Kubota MU 4501", "TRACTOR", "KUBOTA", "411001", (18.5290, 73.8650), "Pune", "45 HP", DeviceStatus.ONBOARDED
    ),
    Machine(
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

STORIES = [
    # A lease that ran its course, and the machine is free again.
    Story("Mahindra Seed Drill", RAVI, (-120, -40), S.CLOSED, 200, 150, "For sowing", True, True),
    # Leases that farmers can rent from: the LEASE order is closed, so that searches show the machine again.
    Story("Mahindra 575 DI", RAVI, (-60, 120), S.CLOSED, 400, 250, "For the season", True),
    Story("Swaraj 744 FE", RAVI, (-45, 90), S.CLOSED, 300, 200, "For the season", True),
    Story("John Deere 5050 D", RAVI, (-30, 150), S.CLOSED, 350, 220, "Farmers at Wagholi ask for it", True),
    Story("Swaraj 855 FE", SUNITA, (-50, 6), S.CLOSED, 320, 210, "For the season", True),
    Story("John Deere W70", SUNITA, (-20, 80), S.CLOSED, 250, 400, "For the harvest", True),
    # Leases that are under way.
    Story("Kubota Harvesking", RAVI, (-5, 60), S.ACTIVE, 240, 300, "For the harvest", True),
    Story("Mahindra Arjun 605", SUNITA, (5, 95), S.PICKUP_SCHEDULED, 280, 120, "For vineyards", True),
    Story("Sonalika Rotavator XL", SUNITA, (-90, -3), S.COMPLETED, 200, 130, "Before sowing", True),
    # Wishes of VLEs.
    Story("Sonalika Rotavator", RAVI, (10, 70), S.ACCEPTED, 150, 90, "Before sowing"),
    Story("Kubota Sprayer", RAVI, (14, 44), S.UNDER_REVIEW, 60, 200, "Against pests"),
    Story("Kubota Sprayer", SUNITA, (20, 50), S.INTEREST_RAISED, 50, 160, "Against pests"),
    Story("Swaraj Seed Drill", SUNITA, (7, 37), S.INTEREST_RAISED, 80, 120, "For sowing"),
    Story("Swaraj Seed Drill", RAVI, (7, 37), S.REJECTED, 80, 120, "Too far from Pune"),
    Story("Mahindra Seed Drill", RAVI, (15, 45), S.CANCELLED, 70, 100, "Changed my mind"),
    # Wishes of farmers.
    Story("Mahindra 575 DI", ASHA, (12, 14), S.INTEREST_RAISED, 8, 3, "Need for my farm"),
    Story("Mahindra 575 DI", LATA, (-9, -7), S.REJECTED, 10, 5, "Not available on requested dates"),
    Story("Mahindra 575 DI", ASHA, (3, 4), S.CANCELLED, 6, 2, "It rained"),
    Story("Mahindra 575 DI", ASHA, (-25, -23), S.CLOSED, 12, 6, "Ploughing"),
    Story("Swaraj 744 FE", ASHA, (6, 8), S.UNDER_REVIEW, 9, 4, "Ploughing"),
    Story("John Deere W70", LATA, (20, 22), S.ACCEPTED, 10, 12, "Gram is ripe"),
    Story("John Deere 5050 D", ASHA, (-1, 1), S.ACTIVE, 16, 8, "Ploughing"),
    Story("John Deere W70", LATA, (-6, -4), S.COMPLETED, 14, 16, "Wheat of the lower field"),
    Story("John Deere W70", LATA, (4, 5), S.PICKUP_SCHEDULED, 10, 12, "Wheat is ripe"),
    Story("Mahindra 575 DI", ASHA, (-16, -14), S.CLOSED, 11, 5, "Ploughing"),
    Story("Mahindra 575 DI", LATA, (-5, -3), S.CLOSED, 12, 6, "Carrying onions"),
    Story("Swaraj 744 FE", ASHA, (-22, -20), S.CLOSED, 9, 4, "Ploughing"),
    Story("Swaraj 744 FE", LATA, (-14, -12), S.CLOSED, 14, 7, "Levelling"),
    Story("Swaraj 744 FE", ASHA, (-8, -6), S.CLOSED, 8, 4, "Carrying cane"),
    Story("John Deere W70", LATA, (0, 2), S.PICKUP_SCHEDULED, 12, 14, "Soybean of the hill"),
    Story("Swaraj 855 FE", LATA, (-28, -26), S.CLOSED, 13, 6, "Ploughing"),
    Story("Swaraj 855 FE", ASHA, (-18, -15), S.CLOSED, 15, 8, "Ploughing"),
    Story("Swaraj 855 FE", LATA, (-10, -8), S.CLOSED, 18, 9, "Levelling"),
    Story("Swaraj 855 FE", ASHA, (3, 4), S.INTEREST_RAISED, 7, 3, "Ploughing"),
    Story("John Deere 5050 D", LATA, (-20, -18), S.CLOSED, 10, 5, "Ploughing"),
    Story("John Deere 5050 D", ASHA, (-12, -10), S.CLOSED, 10, 5, "Levelling"),
    Story("John Deere W70", ASHA, (-16, -13), S.CLOSED, 16, 18, "Soybean"),
]

VERIFIED, REJECTED = ServiceOrderStatus.VERIFIED, ServiceOrderStatus.REJECTED
COMPLETED, CANCELLED = ServiceOrderStatus.COMPLETED, ServiceOrderStatus.CANCELLED
SERVICE_STORIES = [
    ServiceStory("pune", RAVI, "patient-101", "physiotherapy", "normal", (), ""),
    ServiceStory("pune", SUNITA, "patient-102", "home-nursing", "urgent", (VERIFIED,), "Policy checked by phone"),
    ServiceStory("pune", RAVI, "patient-103", "physiotherapy", "emergency", (REJECTED,), "Policy number is not known"),
    ServiceStory("pune", RAVI, "patient-104", "blood-test", "normal", (VERIFIED, COMPLETED), "Done at home"),
    ServiceStory("pune", SUNITA, "patient-105", "x-ray", "normal", (VERIFIED, CANCELLED), "Patient has moved"),
    ServiceStory("nashik", MEENA, "patient-201", "vaccination", "normal", (), ""),
]


def all_stories() -> list[Story]:
    """Return `STORIES`, and for every status that none of them ends in one more of each kind of order."""
    kinds = [("Sonalika Rotavator", RAVI, 200, VLES), ("John Deere W70", LATA, 40, FARMERS)]
    stories = list(STORIES)
    for machine, requester, first, requesters in kinds:
        told = {story.to for story in STORIES if story.requester in requesters}
        missing = [status for status in S if status.column and status not in told]
        stories += [
            Story(machine, requester, (first + 4 * number, first + 4 * number + 2), status, 10, 5, "Next season")
            for number, status in enumerate(missing)
        ]
    return stories
