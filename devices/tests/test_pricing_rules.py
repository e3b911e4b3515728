"""Test the management of pricing rules and rental limits."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Role
from devices.models import PricingRate, PricingRule, RentalThreshold
from tests.support import factories

RULES = "/admin/pricing/rules"
THRESHOLDS = "/admin/pricing/thresholds"
BY_HOUR = [{"metric": "PER_HOUR", "rate": 1500}]
DEFAULT = {"deviceTypeId": "TRACTOR", "pincode": "411001", "rules": BY_HOUR}
JANUARY = {"effectiveFrom": "2024-01-01", "effectiveTo": "2024-01-31"}
DEFAULT_EXISTS = "Default pricing rule already exists for this device type and PIN code"
PERIOD_EXISTS = "Pricing rule already exists for an overlapping period"


@pytest.fixture
def admin_client(api, meena):
    return api(meena)


@pytest.fixture
def draft(db):
    """Return a device without prices."""
    return factories.device(status="DRAFT", priced=False)


@pytest.fixture
def kind(db):
    return factories.device_type()


def price(client, device, **rules):
    return client.post(f"/admin/devices/{device.pk}/pricing-rule", rules)


def test_step_3_prices_a_device_by_its_type_and_pin_code(admin_client, draft):
    status = admin_client.get(f"/admin/devices/{draft.pk}/pricing-status").body["data"]
    assert status == {"defaultRule": None, "timeSpecificRules": [], "requiresPricingRule": True}

    acres = [{"metric": "PER_HOUR", "rate": 1800.5}, {"metric": "PER_ACRE", "rate": 950}]
    made = price(admin_client, draft, defaultRules=BY_HOUR, timeSpecificRules=[JANUARY | {"rules": acres}])
    assert made.status_code == 201
    default, period = made.body["data"]
    assert default == {
        "id": default["id"],
        "deviceTypeId": "TRACTOR",
        "pincode": "411001",
        "rules": [{"metric": "PER_HOUR", "rate": 1500.0}],
        "effectiveFrom": None,
        "effectiveTo": None,
        "status": "ACTIVE",
        "createdAt": default["createdAt"],
        "updatedAt": default["updatedAt"],
    }
    assert (period["effectiveFrom"], period["effectiveTo"], period["rules"]) == ("2024-01-01", "2024-01-31", acres)

    status = admin_client.get(f"/admin/devices/{draft.pk}/pricing-status").body["data"]
    assert status == {"defaultRule": default, "timeSpecificRules": [period], "requiresPricingRule": False}


def test_a_second_default_rule_is_refused(admin_client, draft):
    price(admin_client, draft, defaultRules=BY_HOUR)
    response = price(admin_client, draft, defaultRules=BY_HOUR)
    assert (response.status_code, response.body["message"]) == (400, "Operation failed")
    assert response.body["errorDetails"] == DEFAULT_EXISTS
    assert PricingRule.objects.count() == 1


@pytest.mark.parametrize(
    ("start", "end", "is_free"),
    [
        ("2024-01-31", "2024-02-10", False),
        ("2023-12-01", "2024-01-01", False),
        ("2024-01-10", "2024-01-10", False),
        ("2023-01-01", "2025-01-01", False),
        ("2024-02-01", "2024-02-10", True),
        ("2023-12-01", "2023-12-31", True),
    ],
)
def test_periods_never_overlap(admin_client, draft, start, end, is_free):
    price(admin_client, draft, timeSpecificRules=[JANUARY | {"rules": BY_HOUR}])
    other = {"effectiveFrom": start, "effectiveTo": end, "rules": BY_HOUR}
    response = price(admin_client, draft, timeSpecificRules=[other])
    assert response.status_code == (201 if is_free else 400)
    if not is_free:
        assert response.body["errorDetails"] == PERIOD_EXISTS
        assert PricingRule.objects.count() == 1


def test_several_rules_are_created_together_or_not_at_all(admin_client, draft):
    periods = [JANUARY | {"rules": BY_HOUR}, JANUARY | {"rules": BY_HOUR}]
    response = price(admin_client, draft, defaultRules=BY_HOUR, timeSpecificRules=periods)
    assert (response.status_code, response.body["errorDetails"]) == (400, PERIOD_EXISTS)
    assert not PricingRule.objects.exists()
    assert not PricingRate.objects.exists()


@pytest.mark.parametrize(
    ("rules", "refusal"),
    [
        ({}, "{defaultRules=At least one rule is required}"),
        ({"defaultRules": [None]}, "{defaultRules[0]=Rules are required}"),
        ({"defaultRules": [*BY_HOUR, None]}, "{defaultRules[1]=Rules are required}"),
        ({"timeSpecificRules": [JANUARY | {"rules": [None]}]}, "{timeSpecificRules[0].rules[0]=Rules are required}"),
        ({"timeSpecificRules": [None]}, "{timeSpecificRules[0]=This field may not be null.}"),
        ({"defaultRules": [], "timeSpecificRules": []}, "{defaultRules=At least one rule is required}"),
        ({"defaultRules": "1500"}, "{defaultRules=Rules must be a list of metric and rate}"),
        ({"defaultRules": [5]}, None),
        ({"defaultRules": [{}]}, "{defaultRules[0].metric=Metric is required, defaultRules[0].rate=Rate is required}"),
        (
            {"defaultRules": [{"metric": "PER_DAY", "rate": 1}]},
            "{defaultRules[0].metric=Metric must be PER_HOUR or PER_ACRE}",
        ),
        ({"defaultRules": BY_HOUR * 2}, "{defaultRules=At most one rate per metric is possible}"),
        ({"defaultRules": BY_HOUR * 11}, "{defaultRules=Rules must be at most 10}"),
        ({"timeSpecificRules": {}}, "{timeSpecificRules=Time specific rules must be a list}"),
        (
            {"timeSpecificRules": [{"rules": BY_HOUR}]},
            "{timeSpecificRules[0].effectiveFrom=Effective from is required, "
            "timeSpecificRules[0].effectiveTo=Effective to is required}",
        ),
        (
            {"timeSpecificRules": [{"effectiveFrom": "2024-02-01", "effectiveTo": "2024-01-01", "rules": BY_HOUR}]},
            "{timeSpecificRules[0].effectiveTo=Effective to must not be before effective from}",
        ),
        ({"timeSpecificRules": [JANUARY]}, "{timeSpecificRules[0].rules=Rules are required}"),
        ({"timeSpecificRules": [JANUARY | {"rules": []}]}, "At least one rate is required"),
        (
            {"timeSpecificRules": [JANUARY | {"rules": BY_HOUR}] * 101},
            "{timeSpecificRules=At most 100 time specific rules can be sent at once}",
        ),
    ],
)
def test_invalid_rules_are_refused(admin_client, draft, rules, refusal):
    response = price(admin_client, draft, **rules)
    assert response.status_code == 400
    if refusal:
        assert response.body["errorDetails"] == refusal
    assert not PricingRule.objects.exists()


@pytest.mark.parametrize("rate", [0, -1, 1.001, 1000000.01, "1500", True, None, [], 10**400])
def test_an_invalid_rate_is_refused(admin_client, draft, rate):
    response = price(admin_client, draft, defaultRules=[{"metric": "PER_HOUR", "rate": rate}])
    assert response.status_code == 400
    assert response.body["errorDetails"].startswith("{defaultRules[0].rate=Rate ")


def test_a_rule_is_created_read_and_listed(admin_client, kind):
    made = admin_client.post(RULES, DEFAULT | JANUARY | {"status": "INACTIVE"})
    assert made.status_code == 201
    data = made.body["data"]
    assert (data["deviceTypeId"], data["pincode"], data["status"]) == ("TRACTOR", "411001", "INACTIVE")
    assert admin_client.get(f"{RULES}/{data['id']}").body["data"] == data
    assert admin_client.get(RULES).body["data"] == [data]


def test_a_rule_without_a_last_day_is_the_default(admin_client, draft):
    admin_client.post(RULES, DEFAULT | {"effectiveTo": None})
    assert admin_client.get(f"/admin/devices/{draft.pk}/pricing-status").body["data"]["requiresPricingRule"] is False
    again = admin_client.post(RULES, DEFAULT | {"effectiveFrom": "2024-01-01"})
    assert (again.status_code, again.body["errorDetails"]) == (400, DEFAULT_EXISTS)


def test_rules_are_found_by_type_pin_code_and_status(admin_client, kind):
    factories.price(kind)
    factories.price(kind, "422001")
    factories.price(factories.device_type("HARVESTER"))
    PricingRule.objects.filter(pincode="422001").update(status="INACTIVE")

    def count(query):
        return len(admin_client.get(f"{RULES}?{query}").body["data"])

    assert (count(""), count("deviceTypeId=TRACTOR"), count("pincode=411001"), count("status=INACTIVE")) == (3, 2, 2, 1)
    assert (count("deviceTypeId=%00"), count("pincode=%00"), count("deviceTypeId=TRACTOR&pincode=411001")) == (0, 0, 1)
    assert admin_client.get(f"{RULES}?status=OLD").status_code == 400


def test_the_number_of_queries_of_a_list_is_constant(admin_client, kind, django_assert_max_num_queries):
    for number in range(5):
        factories.price(kind, f"41100{number}")
    with django_assert_max_num_queries(3):  # session, rules, rates
        assert len(admin_client.get(RULES).body["data"]) == 5


def test_missing_fields_of_an_update_keep_their_values(admin_client, kind):
    before = admin_client.post(RULES, DEFAULT | JANUARY).body["data"]
    response = admin_client.put(f"{RULES}/{before['id']}", {"effectiveTo": "2024-02-10"})
    after = response.body["data"]
    assert response.status_code == 200
    assert after == before | {"effectiveTo": "2024-02-10", "updatedAt": after["updatedAt"]}


def test_rates_are_replaced_together(admin_client, kind):
    rule = factories.price(kind)
    response = admin_client.put(f"{RULES}/{rule.pk}", {"rules": [{"metric": "PER_ACRE", "rate": 1000.25}]})
    assert response.body["data"]["rules"] == [{"metric": "PER_ACRE", "rate": 1000.25}]
    assert rule.rates.get().rate == Decimal("1000.25")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"rules": []}, "At least one rate is required"),
        ({"rules": [{"metric": "PER_HOUR"}]}, "{rules[0].rate=Rate is required}"),
        ({"rules": None}, "{rules=Rules are required}"),
        ({"effectiveTo": "2023-12-31"}, "{effectiveTo=Effective to must not be before effective from}"),
        ({"effectiveFrom": None}, "{effectiveFrom=Effective from is required where there is an effective to}"),
        ({"effectiveFrom": "soon"}, "{effectiveFrom=Effective from must be a date (YYYY-MM-DD)}"),
        ({"deviceTypeId": "UNKNOWN"}, "{deviceTypeId=Device type is unknown or not active}"),
        ({"pincode": "000000"}, "{pincode=PIN code must be 6 digits and not start with 0}"),
        ({"status": "OLD"}, "{status=Status must be ACTIVE or INACTIVE}"),
        ({"effectiveTo": None}, DEFAULT_EXISTS),
        ({"effectiveFrom": "2024-01-01", "effectiveTo": "2024-02-01"}, PERIOD_EXISTS),
    ],
)
def test_an_invalid_update_is_refused_and_changes_nothing(admin_client, kind, changes, refusal):
    factories.price(kind)
    factories.price(kind, effective_from=date(2024, 2, 1), effective_to=date(2024, 2, 29))
    before = admin_client.post(RULES, DEFAULT | JANUARY).body["data"]
    response = admin_client.put(f"{RULES}/{before['id']}", changes)
    assert (response.status_code, response.body["errorDetails"]) == (400, refusal)
    assert admin_client.get(f"{RULES}/{before['id']}").body["data"] == before


def test_an_inactive_rule_makes_room_for_another(admin_client, kind):
    old = admin_client.post(RULES, DEFAULT).body["data"]
    admin_client.put(f"{RULES}/{old['id']}", {"status": "INACTIVE"})
    assert admin_client.post(RULES, DEFAULT).status_code == 201
    back = admin_client.put(f"{RULES}/{old['id']}", {"status": "ACTIVE"})
    assert (back.status_code, back.body["errorDetails"]) == (400, DEFAULT_EXISTS)


@pytest.mark.parametrize("key", ["00000000-0000-4000-8000-000000000000", "nonsense", "%00", "x" * 5000])
@pytest.mark.parametrize("method", ["get", "put"])
def test_an_unknown_rule_is_not_found(admin_client, method, key):
    response = getattr(admin_client, method)(f"{RULES}/{key}", {})
    assert (response.status_code, response.body["errorDetails"]) == (404, "Pricing rule not found")


def test_a_threshold_is_set_then_replaced_whole(admin_client, kind):
    made = admin_client.post(THRESHOLDS, {"deviceTypeId": "TRACTOR", "maxRentalHours": 40, "maxRentalAcres": 12.5})
    assert made.status_code == 201
    data = made.body["data"]
    assert data == {
        "id": data["id"],
        "deviceTypeId": "TRACTOR",
        "maxRentalHours": 40.0,
        "maxRentalAcres": 12.5,
        "effectiveFrom": None,
        "effectiveTo": None,
        "status": "ACTIVE",
        "createdAt": data["createdAt"],
        "updatedAt": data["updatedAt"],
    }
    replaced = admin_client.post(THRESHOLDS, {"deviceTypeId": "TRACTOR", "maxRentalHours": 8} | JANUARY)
    assert (replaced.status_code, replaced.body["data"]["maxRentalAcres"]) == (200, None)
    assert admin_client.get(f"{THRESHOLDS}/TRACTOR").body["data"] == replaced.body["data"]
    assert RentalThreshold.objects.get().max_rental_hours == Decimal(8)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"deviceTypeId": "UNKNOWN"}, "{deviceTypeId=Device type is unknown or not active}"),
        ({"deviceTypeId": None}, "{deviceTypeId=Device type is required}"),
        ({"maxRentalHours": 0}, "{maxRentalHours=Max rental hours must be greater than 0}"),
        ({"maxRentalAcres": 100001}, "{maxRentalAcres=Max rental acres must be at most 100000}"),
        (
            {"effectiveFrom": "2024-02-01", "effectiveTo": "2024-01-01"},
            "{effectiveTo=Effective to must not be before effective from}",
        ),
        ({"status": 5}, "{status=Status must be ACTIVE or INACTIVE}"),
    ],
)
def test_an_invalid_threshold_is_refused(admin_client, kind, changes, refusal):
    response = admin_client.post(THRESHOLDS, {"deviceTypeId": "TRACTOR", "maxRentalHours": 40} | changes)
    assert (response.status_code, response.body["errorDetails"]) == (400, refusal)
    assert not RentalThreshold.objects.exists()


def test_a_missing_threshold_is_not_found(admin_client, kind):
    assert admin_client.get(f"{THRESHOLDS}/TRACTOR").body["errorDetails"] == "Threshold not found"
    assert admin_client.get(f"{THRESHOLDS}/nonsense%00").body["errorDetails"] == "Device type not found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", RULES),
        ("post", RULES),
        ("get", f"{RULES}/1"),
        ("put", f"{RULES}/1"),
        ("post", THRESHOLDS),
        ("get", f"{THRESHOLDS}/TRACTOR"),
    ],
)
def test_only_admins_manage_prices(api, ravi, kind, method, path):
    assert getattr(api(), method)(path, DEFAULT).status_code == 401
    assert getattr(api(ravi, Role.VLE), method)(path, DEFAULT).status_code == 403
    assert not PricingRule.objects.exists()
