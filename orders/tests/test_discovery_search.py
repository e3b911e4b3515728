"""Test POST /public/discovery/search: who finds which devices, in which order, with which details."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from devices.choices import Metric
from devices.locations import Location
from devices.models import Device, DeviceMedia, PricingRate, PricingRule, RentalThreshold
from orders.choices import Kind
from orders.discovery import SearchQuery, _discoverable, _nearest
from orders.workflow import BOOKED, OrderStatus
from tests.support import factories

HERE = {"lat": 18.5204, "lng": 73.8567}
KM = 1 / 111.195  # degrees of latitude


def search(client, location=HERE, intent=None, **filters):
    body = {"location": location, "filters": filters} | ({"intent": intent} if intent else {})
    answer = client.post("/public/discovery/search", body, format="json")
    assert answer.status_code == 200, answer.body
    return answer.body["data"]


def names(found):
    return [result["name"] for result in found["results"]]


def at(km, name, **fields):
    return factories.device(name, latitude=HERE["lat"] + km * KM, **fields)


def test_a_hit_has_the_documented_fields(api, tractor):
    DeviceMedia.objects.create(device=tractor, file="devices/side.jpg", content_type="image/jpeg")
    DeviceMedia.objects.create(device=tractor, file="devices/front.jpg", content_type="image/jpeg", is_primary=True)
    assert search(api()) == {
        "results": [
            {
                "deviceId": str(tractor.pk),
                "name": "Tractor",
                "deviceType": "TRACTOR",
                "manufacturerId": "MAHINDRA",
                "distanceKm": 0.0,
                "location": {"pincode": "411001"},
                "leaseState": "AVAILABLE",
                "indicativeRate": {"type": "PER_HOUR", "amount": 1500.0},
                "primaryMediaUrl": "/media/devices/front.jpg",
                "intentType": None,
                "allowedActions": ["SHOW_INTEREST", "LEASE"],
            }
        ],
        "totalCount": 1,
        "page": 0,
        "pageSize": 10,
    }


def test_no_hits_are_an_empty_list(api):
    assert search(api()) == {"results": [], "totalCount": 0, "page": 0, "pageSize": 10}


class TestRoles:
    @pytest.fixture
    def both(self, leased_tractor):
        factories.device("Harvester", latitude=HERE["lat"] + KM)

    @pytest.mark.parametrize(
        ("who", "role", "found"),
        [
            (None, None, ["Tractor", "Harvester"]),
            ("asha", "FARMER", ["Tractor"]),
            ("ravi", "VLE", ["Harvester"]),
            ("meena", "ADMIN", ["Tractor", "Harvester"]),
        ],
    )
    def test_farmers_find_leased_devices_vles_unleased_ones_others_all(self, api, request, both, who, role, found):
        client = api(request.getfixturevalue(who), role) if who else api()
        assert names(search(client)) == found

    def test_without_an_active_role_everything_is_found(self, api, asha, both):
        client = api(asha)
        asha.role_assignments.all().delete()
        assert names(search(client)) == ["Tractor", "Harvester"]

    def test_lease_state_and_actions_follow_the_lease(self, api, both):
        leased, free = search(api())["results"]
        assert (leased["leaseState"], leased["allowedActions"]) == ("LEASED", ["SHOW_INTEREST", "RENT"])
        assert (free["leaseState"], free["allowedActions"]) == ("AVAILABLE", ["SHOW_INTEREST", "LEASE"])

    def test_farmers_may_rent_and_vles_may_lease_what_they_find(self, api, asha, ravi, both):
        assert search(api(asha))["results"][0]["allowedActions"] == ["SHOW_INTEREST", "RENT"]
        assert search(api(ravi))["results"][0]["allowedActions"] == ["SHOW_INTEREST", "LEASE"]

    def test_admins_have_no_allowed_actions(self, api, meena, both):
        assert [result["allowedActions"] for result in search(api(meena))["results"]] == [[], []]

    def test_a_lease_that_ended_makes_the_device_free_for_vles_again(self, api, asha, ravi, leased_tractor):
        leased_tractor.leases.update(status="COMPLETED")
        assert names(search(api(ravi))) == ["Tractor"]
        assert names(search(api(asha))) == []

    def test_an_invalid_token_is_refused(self, api, tractor):
        client = api()
        client.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
        answer = client.post("/public/discovery/search", {"location": HERE}, format="json")
        assert (answer.status_code, answer.body["message"]) == (401, "Invalid or expired token")


class TestWhichDevices:
    @pytest.mark.parametrize("status", ["DRAFT", "ONBOARDED", "NOT_LIVE", "UNDER_MAINTENANCE", "RETIRED"])
    def test_only_live_ones(self, api, meena, status):
        factories.device(status=status)
        assert names(search(api(meena))) == []

    def test_only_priced_ones(self, api):
        factories.device("Nowhere priced", priced=False)
        elsewhere = factories.device("Priced for another PIN code", pincode="411002", priced=False)
        factories.price(elsewhere.device_type, "411003")
        assert names(search(api())) == []

    def test_a_price_for_some_days_is_no_default(self, api):
        device = factories.device(priced=False)
        factories.price(device.device_type, effective_from=date(2000, 1, 1), effective_to=date(2999, 1, 1))
        assert names(search(api())) == []

    def test_a_default_price_that_was_withdrawn_is_none(self, api, tractor):
        PricingRule.objects.update(status="INACTIVE")
        assert names(search(api())) == []

    def test_only_the_requested_type(self, api, tractor):
        factories.device("Harvester", device_type=factories.device_type("HARVESTER"))
        assert names(search(api(), deviceType="HARVESTER")) == ["Harvester"]
        assert names(search(api(), deviceType="harvester")) == []
        assert len(names(search(api(), deviceType=None))) == 2


class TestOrderAndPages:
    def test_hits_are_nearest_first_within_the_radius(self, api):
        for km in (49, 3, 51, 20):
            at(km, f"{km} km")
        found = search(api())
        assert names(found) == ["3 km", "20 km", "49 km"]
        assert [result["distanceKm"] for result in found["results"]] == [3.0, 20.0, 49.0]
        assert names(search(api(), radiusKm=19.9)) == ["3 km"]
        assert len(names(search(api(), radiusKm=500))) == 4

    def test_a_device_in_the_corner_of_the_box_is_outside_the_radius(self, api):
        factories.device("61 km", latitude=HERE["lat"] + 0.387, longitude=HERE["lng"] + 0.408)
        assert names(search(api(), radiusKm=50)) == []
        assert names(search(api(), radiusKm=62)) == ["61 km"]

    def test_equal_distances_are_ordered_by_id(self, api):
        ids = sorted(at(1, "Twin").pk for _ in range(5))
        assert [UUID(result["deviceId"]) for result in search(api())["results"]] == ids

    def test_pages_hold_every_hit_once_and_the_exact_total(self, api):
        for km in range(1, 24):
            at(km, f"{km} km")
        pages = [search(api(), page=page) for page in range(4)]
        assert [len(page["results"]) for page in pages] == [10, 10, 3, 0]
        assert {page["totalCount"] for page in pages} == {23}
        assert [name for page in pages for name in names(page)] == [f"{km} km" for km in range(1, 24)]
        assert len(search(api(), pageSize=20)["results"]) == 20

    def test_across_the_dateline(self, api):
        factories.device("Just east of it", latitude=-16.5, longitude=-179.99)
        factories.device("Just west of it", latitude=-16.5, longitude=179.9)
        found = search(api(), {"lat": -16.5, "lng": 179.98})
        assert names(found) == ["Just east of it", "Just west of it"]


class TestBookings:
    def book(self, device, kind, requester, status, start=date(2024, 1, 15), end=date(2024, 1, 20)):
        return factories.order(kind, device, requester, status=status, start_date=start, end_date=end)

    @pytest.mark.parametrize("status", OrderStatus.values)
    def test_without_dates_any_booking_hides_the_device(self, api, tractor, ravi, status):
        self.book(tractor, Kind.LEASE, ravi, status)
        assert names(search(api())) == ([] if status in BOOKED else ["Tractor"])

    def test_without_dates_the_open_lease_order_of_a_leased_device_hides_it(self, api, asha, ravi, leased_tractor):
        self.book(leased_tractor, Kind.LEASE, ravi, "ACTIVE")
        assert names(search(api(asha))) == []

    @pytest.mark.parametrize(
        ("start", "end", "is_hidden"),
        [
            ("2024-01-10", "2024-01-14", False),
            ("2024-01-10", "2024-01-15", True),
            ("2024-01-17", "2024-01-17", True),
            ("2024-01-01", "2024-12-31", True),
            ("2024-01-20", "2024-01-31", True),
            ("2024-01-21", "2024-01-31", False),
        ],
    )
    def test_with_dates_overlapping_bookings_hide_the_device(self, api, asha, leased_tractor, start, end, is_hidden):
        self.book(leased_tractor, Kind.RENT, asha, "ACCEPTED")
        assert names(search(api(asha), startDate=start, endDate=end)) == ([] if is_hidden else ["Tractor"])

    def test_with_dates_the_lease_itself_does_not_hide_the_device_from_farmers(self, api, asha, ravi, leased_tractor):
        self.book(leased_tractor, Kind.LEASE, ravi, "ACTIVE")
        assert names(search(api(asha), startDate="2024-01-15", endDate="2024-01-20")) == ["Tractor"]
        assert names(search(api(), startDate="2024-01-15", endDate="2024-01-20")) == ["Tractor"]

    def test_with_dates_an_accepted_lease_order_hides_an_unleased_device(self, api, ravi, tractor):
        self.book(tractor, Kind.LEASE, ravi, "ACCEPTED")
        assert names(search(api(ravi), startDate="2024-01-20", endDate="2024-01-25")) == []
        assert names(search(api(ravi), startDate="2024-01-21", endDate="2024-01-25")) == ["Tractor"]

    def test_with_dates_an_unanswered_order_hides_nothing(self, api, asha, leased_tractor):
        self.book(leased_tractor, Kind.RENT, asha, "UNDER_REVIEW")
        assert names(search(api(asha), startDate="2024-01-15", endDate="2024-01-20")) == ["Tractor"]


class TestRate:
    def rate(self, api, **filters):
        return search(api(), **filters)["results"][0]["indicativeRate"]

    def test_the_rate_is_that_of_the_requested_dates(self, api, tractor):
        rule = factories.price(tractor.device_type, effective_from=date(2024, 6, 1), effective_to=date(2024, 6, 30))
        rule.rates.filter(metric=Metric.PER_HOUR).update(rate=Decimal("1999.50"))
        assert self.rate(api) == {"type": "PER_HOUR", "amount": 1500.0}
        assert self.rate(api, startDate="2024-06-30", endDate="2024-07-02") == {"type": "PER_HOUR", "amount": 1999.5}
        assert self.rate(api, startDate="2024-07-01", endDate="2024-07-02") == {"type": "PER_HOUR", "amount": 1500.0}

    def test_the_rate_is_by_the_acre_if_there_is_none_by_the_hour(self, api, tractor):
        PricingRate.objects.filter(metric=Metric.PER_HOUR).delete()
        assert self.rate(api) == {"type": "PER_ACRE", "amount": 900.0}

    def test_the_rate_depends_on_type_and_pin_code(self, api, tractor):
        other = at(1, "Harvester", device_type=factories.device_type("HARVESTER"), pincode="411002")
        PricingRate.objects.filter(rule__device_type=other.device_type, metric=Metric.PER_HOUR).update(rate=7)
        assert [result["indicativeRate"]["amount"] for result in search(api())["results"]] == [1500.0, 7.0]


class TestIntentType:
    @pytest.fixture
    def threshold(self, tractor):
        return RentalThreshold.objects.create(device_type=tractor.device_type, max_rental_hours=10, max_rental_acres=5)

    def hint(self, api, hours=None, acres=None, **filters):
        amounts = {"requestedHours": hours, "requestedAcres": acres}
        return search(api(), intent=amounts, **filters)["results"][0]["intentType"]

    @pytest.mark.parametrize(
        ("hours", "acres", "hint"),
        [
            (10, 5, "RENT"),
            (10.01, 5, "LEASE"),
            (10, 5.01, "LEASE"),
            (8, None, "RENT"),
            (None, 6, "LEASE"),
            (None, None, None),
        ],
    )
    def test_rent_within_both_limits_lease_beyond(self, api, threshold, hours, acres, hint):
        assert self.hint(api, hours, acres) == hint

    def test_without_a_threshold_everything_is_a_rental(self, api, tractor):
        assert self.hint(api, 99999, 99999) == "RENT"

    def test_a_missing_limit_limits_nothing(self, api, threshold):
        RentalThreshold.objects.update(max_rental_acres=None)
        assert self.hint(api, 10, 99999) == "RENT"

    def test_a_threshold_counts_while_it_is_active_and_in_force(self, api, threshold):
        june = {"effective_from": date(2024, 6, 1), "effective_to": date(2024, 6, 30)}
        RentalThreshold.objects.update(**june)
        assert self.hint(api, 11) == "RENT"
        assert self.hint(api, 11, startDate="2024-06-30", endDate="2024-07-09") == "LEASE"
        assert self.hint(api, 11, startDate="2024-07-01", endDate="2024-07-09") == "RENT"
        RentalThreshold.objects.update(effective_from=None, effective_to=None, status="INACTIVE")
        assert self.hint(api, 11) == "RENT"


class TestRefusals:
    @pytest.mark.parametrize(
        "location", [None, {}, [], "Pune", 7, {"lat": 18.5}, {"lng": 73.8}, {"lat": 1, "lng": None}]
    )
    def test_a_location_is_required(self, api, location):
        self.refused(api, {"location": location}, "{location=Location is required (lat/lng)}")

    def test_a_body_is_required(self, api):
        self.refused(api, {}, "{location=Location is required (lat/lng)}")
        self.refused(api, [], "{body=Invalid data. Expected a dictionary, but got list.}")

    @pytest.mark.parametrize(
        ("location", "details"),
        [
            ({"lat": 90.01, "lng": 0}, "{location.lat=Latitude must be from -90 to 90}"),
            ({"lat": 0, "lng": -180.01}, "{location.lng=Longitude must be from -180 to 180}"),
            ({"lat": "18.5", "lng": 73}, "{location.lat=Latitude must be a number}"),
            (
                {"lat": True, "lng": []},
                "{location.lat=Latitude must be a number, location.lng=Longitude must be a number}",
            ),
        ],
    )
    def test_an_invalid_location_is_refused(self, api, location, details):
        self.refused(api, {"location": location}, details)

    @pytest.mark.parametrize(
        ("filters", "details"),
        [
            ({"radiusKm": 500.01}, "{filters.radiusKm=Radius must be from 0 to 500}"),
            ({"radiusKm": -1}, "{filters.radiusKm=Radius must be from 0 to 500}"),
            ({"radiusKm": "50"}, "{filters.radiusKm=Radius must be a number}"),
            ({"page": -1}, "{filters.page=Page must be a whole number from 0 to 100000}"),
            ({"page": 1.5}, "{filters.page=Page must be a whole number from 0 to 100000}"),
            ({"page": True}, "{filters.page=Page must be a whole number from 0 to 100000}"),
            ({"pageSize": 0}, "{filters.pageSize=Page size must be a whole number from 1 to 20}"),
            ({"pageSize": 21}, "{filters.pageSize=Page size must be a whole number from 1 to 20}"),
            ({"deviceType": ["TRACTOR"]}, "{filters.deviceType=Device type must be text}"),
            ({"deviceType": "\x00"}, "{filters.deviceType=Device type must not contain control characters}"),
            ({"startDate": "2024-01-15"}, "{filters.endDate=End date is required}"),
            ({"endDate": "2024-01-15"}, "{filters.startDate=Start date is required}"),
            ({"startDate": "15.1.2024"}, "{filters.startDate=Start date must be a date (YYYY-MM-DD)}"),
            (
                {"startDate": "2024-01-15", "endDate": "2024-01-14"},
                "{filters.endDate=End date must not be before start date}",
            ),
            ([], "{filters=Invalid data. Expected a dictionary, but got list.}"),
        ],
    )
    def test_invalid_filters_are_refused(self, api, filters, details):
        self.refused(api, {"location": HERE, "filters": filters}, details)

    @pytest.mark.parametrize("amount", [0, -1, "8", True, 100001, 1.001, [], {}])
    def test_amounts_are_positive_numbers(self, api, amount):
        answer = api().post(
            "/public/discovery/search", {"location": HERE, "intent": {"requestedHours": amount}}, format="json"
        )
        assert answer.status_code == 400
        assert answer.body["errorDetails"].startswith("{intent.requestedHours=Requested hours must ")

    @pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", "1e-999999999", "9" * 4000, "1e400"])
    def test_extreme_numbers_cause_no_server_error(self, api, number):
        for body in (
            '{"location": {"lat": %s, "lng": 1}}',
            '{"location": {"lat": 1, "lng": 1}, "filters": {"page": %s}}',
            '{"location": {"lat": 1, "lng": 1}, "filters": {"radiusKm": %s}}',
        ):
            answer = api().generic("POST", "/public/discovery/search", body % number, content_type="application/json")
            assert answer.status_code in {200, 400}

    def test_null_means_missing(self, api, tractor):
        body = {"location": HERE, "filters": None, "intent": None}
        assert api().post("/public/discovery/search", body, format="json").body["data"]["totalCount"] == 1
        nothing = dict.fromkeys(["deviceType", "radiusKm", "page", "pageSize", "startDate", "endDate"])
        assert search(api(), **nothing)["totalCount"] == 1

    def refused(self, api, body, details):
        answer = api().post("/public/discovery/search", body, format="json")
        assert (answer.status_code, answer.body["message"], answer.body["errorDetails"]) == (
            400,
            "Validation failed",
            details,
        )


class TestManyDevices:
    @pytest.fixture
    def thousands(self, tractor, asha):
        fields = {"status": "LIVE", "pincode": "411001", "manufacturer_id": "MAHINDRA", "device_type_id": "TRACTOR"}
        Device.objects.bulk_create(
            Device(name=f"{row}/{column}", latitude=8 + row * 0.5, longitude=68 + column * 0.25, **fields)
            for row in range(50)
            for column in range(60)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE devices_device, orders_order")

    @pytest.mark.parametrize("filters", [{}, {"startDate": "2024-01-15", "endDate": "2024-01-20"}, {"page": 3}])
    def test_a_page_takes_four_queries_at_most(self, api, ravi, thousands, filters, django_assert_max_num_queries):
        client = api(ravi)
        with django_assert_max_num_queries(4):
            assert search(client, radiusKm=500, **filters)["totalCount"] > 100

    def test_the_search_uses_the_index_on_locations(self, thousands):
        query = SearchQuery(location=Location(HERE["lat"], HERE["lng"]))
        plan = plan_of(lambda: _nearest(_discoverable(query, None), query))
        assert "device_place" in plan
        assert "Seq Scan on devices_device" not in plan


def plan_of(question):
    """Return PostgreSQL's plan of the first statement that `question` sends."""
    statements = []

    def note(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        question()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statements[0][0]}", statements[0][1])
        return "\n".join(line for (line,) in cursor.fetchall())
