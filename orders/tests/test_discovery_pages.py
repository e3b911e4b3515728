"""Test GET /public/discovery/devices/{id}: what is shown of one device."""

from datetime import date

import pytest

from devices.models import DeviceMedia, PricingRule
from orders.choices import Kind
from tests.support import factories


@pytest.fixture
def harvester(db):
    return factories.device(
        "Harvester",
        description="Cuts and threshes.",
        device_type=factories.device_type("HARVESTER"),
        manufactured_date="03/2021",
        owner="Suresh Patil",
        requires_operator=True,
        address_first_line="Gat 12",
        city="Pune",
        state="Maharashtra",
    )


def page(client, device, query=""):
    return client.get(f"/public/discovery/devices/{device.pk}{query}")


def test_the_page_hides_the_exact_location_and_the_lessee(api, harvester):
    DeviceMedia.objects.create(device=harvester, file="devices/side.jpg", content_type="image/jpeg")
    DeviceMedia.objects.create(device=harvester, file="devices/front.jpg", content_type="image/jpeg", is_primary=True)
    rule = PricingRule.objects.get()
    answer = page(api(), harvester)
    assert answer.status_code == 200
    assert answer.body["data"] == {
        "deviceId": str(harvester.pk),
        "basicDetails": {
            "name": "Harvester",
            "description": "Cuts and threshes.",
            "deviceType": {"code": "HARVESTER", "displayName": "Harvester", "active": True},
            "manufacturer": {"code": "MAHINDRA", "name": "Mahindra", "active": True},
            "manufacturedDate": "03/2021",
            "companyOwned": True,
            "requiresOperator": True,
        },
        "media": {
            "count": 2,
            "primaryUrl": "/media/devices/front.jpg",
            "allUrls": ["/media/devices/side.jpg", "/media/devices/front.jpg"],
        },
        "location": {
            "address": {
                "firstLine": "Gat 12",
                "secondLine": "",
                "pinCode": "411001",
                "city": "Pune",
                "state": "Maharashtra",
                "country": "India",
            },
            "pincode": "411001",
        },
        "pricing": {
            "defaultRule": {
                "id": str(rule.pk),
                "deviceTypeId": "HARVESTER",
                "pincode": "411001",
                "rules": [{"metric": "PER_HOUR", "rate": 1500.0}, {"metric": "PER_ACRE", "rate": 900.0}],
                "effectiveFrom": None,
                "effectiveTo": None,
                "status": "ACTIVE",
                "createdAt": answer.body["data"]["pricing"]["defaultRule"]["createdAt"],
                "updatedAt": answer.body["data"]["pricing"]["defaultRule"]["updatedAt"],
            },
            "timeSpecificRules": [],
        },
        "lease": {"leaseState": "AVAILABLE"},
        "distance": {"distanceKm": None},
        "bookings": [],
        "allowedActions": ["SHOW_INTEREST", "LEASE"],
    }


def test_prices_of_periods_are_shown_beside_the_default_one(api, harvester):
    factories.price(harvester.device_type, effective_from=date(2024, 6, 1), effective_to=date(2024, 6, 30))
    pricing = page(api(), harvester).body["data"]["pricing"]
    assert pricing["defaultRule"]["effectiveTo"] is None
    assert [rule["effectiveTo"] for rule in pricing["timeSpecificRules"]] == ["2024-06-30"]


def test_the_distance_is_measured_from_the_location_in_the_query(api, harvester):
    assert page(api(), harvester, "?lat=19.0760&lng=72.8777").body["data"]["distance"] == {"distanceKm": 120.15}


@pytest.mark.parametrize(
    ("query", "details"),
    [
        ("?lat=18.5", "{location=Location is required (lat/lng)}"),
        ("?lng=73.8", "{location=Location is required (lat/lng)}"),
        ("?lat=18.5&lng=", "{location=Location is required (lat/lng)}"),
        ("?lat=91&lng=0", "{location.lat=Latitude must be from -90 to 90}"),
        ("?lat=18.5&lng=east", "{location.lng=Longitude must be a number}"),
        ("?lat=NaN&lng=1e3", "{location.lat=Latitude must be a number, location.lng=Longitude must be a number}"),
        ("?lat=%E0%A5%A7&lng=0", "{location.lat=Latitude must be a number}"),
    ],
)
def test_an_invalid_location_is_refused(api, harvester, query, details):
    answer = page(api(), harvester, query)
    assert (answer.status_code, answer.body["errorDetails"]) == (400, details)


class TestBookings:
    def test_an_unleased_device_shows_bookings_of_lease_orders(self, api, ravi, tractor):
        factories.order(Kind.LEASE, tractor, ravi, status="ACTIVE")
        factories.order(Kind.LEASE, tractor, ravi, status="UNDER_REVIEW")
        assert page(api(), tractor).body["data"]["bookings"] == [{"startDate": "2024-01-15", "endDate": "2024-01-20"}]

    def test_a_leased_device_shows_bookings_of_rent_orders_by_day_without_names(self, api, asha, ravi, leased_tractor):
        factories.order(Kind.LEASE, leased_tractor, ravi, status="ACTIVE")
        for day in (9, 2):
            days = {"start_date": date(2024, 3, day), "end_date": date(2024, 3, day + 1)}
            factories.order(Kind.RENT, leased_tractor, asha, status="ACCEPTED", note="Call Asha", **days)
        answer = page(api(), leased_tractor)
        assert answer.body["data"]["lease"] == {"leaseState": "LEASED"}
        assert answer.body["data"]["bookings"] == [
            {"startDate": "2024-03-02", "endDate": "2024-03-03"},
            {"startDate": "2024-03-09", "endDate": "2024-03-10"},
        ]
        assert b"Asha" not in answer.content
        assert b"Ravi" not in answer.content


class TestVisibility:
    @pytest.mark.parametrize("status", ["DRAFT", "NOT_LIVE", "UNDER_MAINTENANCE", "RETIRED"])
    def test_other_statuses_are_hidden_even_from_admins(self, api, meena, status):
        device = factories.device(status=status)
        for client in (api(), api(meena)):
            assert self.refusal(page(client, device)) == (404, "Resource not found", "Device not found")

    def test_an_onboarded_device_is_visible_with_a_token_but_not_orderable(self, api, asha):
        device = factories.device(status="ONBOARDED")
        assert self.refusal(page(api(), device)) == (404, "Resource not found", "Device not found")
        answer = page(api(asha), device)
        assert (answer.status_code, answer.body["data"]["allowedActions"]) == (200, [])

    def test_a_live_device_is_visible_even_if_no_search_finds_it(self, api, asha, ravi, tractor):
        factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED")
        assert page(api(asha), tractor).status_code == 200

    def test_a_farmer_may_not_lease_and_a_vle_may_not_rent(self, api, asha, ravi, leased_tractor):
        free = factories.device("Free")
        assert page(api(asha), free).body["data"]["allowedActions"] == []
        assert page(api(ravi), leased_tractor).body["data"]["allowedActions"] == []

    @pytest.mark.parametrize("device_id", ["1", "x" * 5000, "%00", "00000000-0000-4000-8000-000000000000", "{}"])
    def test_an_unknown_device_is_not_found_by_its_page(self, api, device_id):
        answer = api().get(f"/public/discovery/devices/{device_id}")
        assert (answer.status_code, answer.body["errorDetails"]) == (404, "Device not found")

    def test_an_invalid_token_is_refused(self, api, tractor):
        client = api()
        client.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
        assert page(client, tractor).status_code == 401

    def refusal(self, answer):
        return answer.status_code, answer.body["message"], answer.body["errorDetails"]


def test_a_page_takes_seven_queries(api, asha, harvester, django_assert_max_num_queries):
    DeviceMedia.objects.create(device=harvester, file="devices/side.jpg", content_type="image/jpeg")
    client = api(asha)
    with django_assert_max_num_queries(7):
        page(client, harvester, "?lat=18&lng=73")
