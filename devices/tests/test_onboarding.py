"""Test step 1, the summary, the end of the onboarding, and later changes of devices."""

from datetime import date

import pytest

from accounts.models import Role
from devices.models import Device, PricingRule
from tests.support import factories

STEP_1 = "/admin/devices/onboard/step1"
ALL_DETAILS = {
    "name": "Mahindra 575",
    "description": "47 HP",
    "deviceTypeId": "TRACTOR",
    "manufacturerId": "MAHINDRA",
    "owner": "KissanMitra",
    "manufacturedDate": "03/2022",
    "address": {
        "firstLine": "Plot 5",
        "secondLine": "Near the mill",
        "pinCode": "411001",
        "city": "Pune",
        "state": "Maharashtra",
        "country": "India",
    },
    "location": {"type": "Point", "coordinates": [73.8567, 18.5204]},
    "sensorId": "SN-1",
    "companyOwned": True,
    "requiresOperator": True,
}
NEEDED = {name: ALL_DETAILS[name] for name in ("name", "deviceTypeId", "manufacturerId", "address", "location")}


@pytest.fixture
def admin_client(api, meena):
    return api(meena)


@pytest.fixture(autouse=True)
def master_data(db):
    factories.device_type()
    factories.manufacturer()


def test_a_device_is_created_as_a_draft(admin_client):
    response = admin_client.post(STEP_1, ALL_DETAILS | {"status": "LIVE", "currentLeaseId": "1", "color": "red"})
    assert response.status_code == 201
    data = response.body["data"]
    device = Device.objects.get()
    assert data == ALL_DETAILS | {
        "id": str(device.pk),
        "status": "DRAFT",
        "pincode": "411001",
        "mediaUrls": [],
        "primaryMediaUrl": None,
        "currentLeaseId": None,
        "operationalState": {"lastSeenAt": None, "battery": None, "health": ""},
        "createdAt": data["createdAt"],
        "updatedAt": data["updatedAt"],
    }
    assert data["createdAt"].endswith("Z")
    assert (device.latitude, device.longitude) == (18.5204, 73.8567)


def test_optional_fields_have_defaults(admin_client):
    absent = admin_client.post(STEP_1, NEEDED).body["data"]
    nulls = dict.fromkeys(ALL_DETAILS.keys() - NEEDED.keys())
    null = admin_client.post(STEP_1, NEEDED | nulls).body["data"]
    for data in (absent, null):
        assert (data["sensorId"], data["owner"], data["description"], data["manufacturedDate"]) == (None, "", "", "")
        assert (data["companyOwned"], data["requiresOperator"]) == (True, False)


def test_a_device_requires_an_operator_if_its_type_does(admin_client):
    factories.device_type("HARVESTER")
    admin_client.put("/admin/device-types/HARVESTER", {"requiresOperator": True})
    assert admin_client.post(STEP_1, NEEDED | {"deviceTypeId": "HARVESTER"}).body["data"]["requiresOperator"] is True
    mild = NEEDED | {"deviceTypeId": "HARVESTER", "requiresOperator": False}
    assert admin_client.post(STEP_1, mild).body["data"]["requiresOperator"] is False


def test_all_missing_fields_are_named_in_order(admin_client):
    response = admin_client.post(STEP_1, {})
    assert response.body["errorDetails"] == (
        "{name=Name is required, deviceTypeId=Device type is required, manufacturerId=Manufacturer is required, "
        "address=Address is required, location=Location is required}"
    )
    assert not Device.objects.exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": ""}, "name=Name is required"),
        ({"name": "x" * 101}, "name=Name must be at most 100 characters"),
        ({"name": ["x"]}, "name=Name must be text"),
        ({"name": "a\u0000b"}, "name=Name must not contain control characters"),
        ({"description": "x" * 501}, "description=Description must be at most 500 characters"),
        ({"deviceTypeId": "UNKNOWN"}, "deviceTypeId=Device type is unknown or not active"),
        ({"deviceTypeId": "A\u0000"}, "deviceTypeId=Device type is unknown or not active"),
        ({"deviceTypeId": {"a": 1}}, "deviceTypeId=Device type is unknown or not active"),
        ({"deviceTypeId": ""}, "deviceTypeId=Device type is required"),
        ({"manufacturerId": "UNKNOWN"}, "manufacturerId=Manufacturer is unknown or not active"),
        ({"manufacturerId": None}, "manufacturerId=Manufacturer is required"),
        ({"manufacturedDate": "13/2022"}, "manufacturedDate=Manufactured date must be MM/YYYY"),
        ({"manufacturedDate": "3/2022"}, "manufacturedDate=Manufactured date must be MM/YYYY"),
        ({"manufacturedDate": "०३/२०२२"}, "manufacturedDate=Manufactured date must be MM/YYYY"),
        ({"manufacturedDate": 2022}, "manufacturedDate=Manufactured date must be MM/YYYY"),
        ({"address": "Pune"}, "address=Address must be an object with pinCode"),
        ({"address": None}, "address=Address is required"),
        ({"address": {}}, "address.pinCode=PIN code is required"),
        ({"address": {"pinCode": "41100"}}, "address.pinCode=PIN code must be 6 digits and not start with 0"),
        ({"address": {"pinCode": 411001}}, "address.pinCode=PIN code must be 6 digits and not start with 0"),
        (
            {"address": {"pinCode": "411001", "city": "x" * 101}},
            "address.city=City must be at most 100 characters",
        ),
        (
            {"location": {"type": "Point", "coordinates": [18.5, 91]}},
            "location=Location latitude must be from -90 to 90",
        ),
        ({"location": {"lat": 1, "lng": 2}}, "location=Location must be a GeoJSON Point"),
        ({"location": None}, "location=Location is required"),
        ({"sensorId": 5}, "sensorId=Sensor ID must be text"),
        ({"sensorId": "x" * 101}, "sensorId=Sensor ID must be at most 100 characters"),
        ({"companyOwned": "yes"}, "companyOwned=Company owned must be true or false"),
        ({"requiresOperator": 1}, "requiresOperator=Requires operator must be true or false"),
    ],
)
def test_invalid_fields_are_refused(admin_client, changes, refusal):
    response = admin_client.post(STEP_1, ALL_DETAILS | changes)
    assert (response.status_code, response.body["errorDetails"]) == (400, f"{{{refusal}}}")
    assert not Device.objects.exists()


@pytest.mark.parametrize("body", [[], "text", 5, None, [{}]])
def test_a_body_that_is_not_an_object_is_refused(admin_client, body):
    assert admin_client.post(STEP_1, body).status_code == 400


def test_a_type_or_manufacturer_that_is_not_active_is_refused(admin_client):
    admin_client.delete("/admin/device-types/TRACTOR")
    admin_client.delete("/admin/manufacturers/MAHINDRA")
    assert admin_client.post(STEP_1, NEEDED).body["errorDetails"] == (
        "{deviceTypeId=Device type is unknown or not active, manufacturerId=Manufacturer is unknown or not active}"
    )


def test_a_sensor_belongs_to_one_device(admin_client):
    admin_client.post(STEP_1, ALL_DETAILS)
    again = admin_client.post(STEP_1, ALL_DETAILS)
    assert (again.status_code, again.body["errorDetails"]) == (400, "Sensor ID is already used by another device")
    other = admin_client.post(STEP_1, NEEDED).body["data"]
    taken = admin_client.put(f"/admin/devices/{other['id']}", {"sensorId": "SN-1"})
    assert (taken.status_code, taken.body["errorDetails"]) == (400, "Sensor ID is already used by another device")
    assert Device.objects.filter(sensor_id="SN-1").count() == 1


def test_a_device_is_read_with_its_lease(admin_client, leased_tractor):
    data = admin_client.get(f"/admin/devices/{leased_tractor.pk}").body["data"]
    assert data["currentLeaseId"] == str(leased_tractor.leases.get().pk)


def test_missing_fields_of_an_update_keep_their_values(admin_client):
    before = admin_client.post(STEP_1, ALL_DETAILS).body["data"]
    response = admin_client.put(
        f"/admin/devices/{before['id']}",
        {"name": "Mahindra 585", "address": {"pinCode": "411002"}, "status": "LIVE", "currentLeaseId": "x"},
    )
    after = response.body["data"]
    assert response.status_code == 200
    changed = {
        "name": "Mahindra 585",
        "pincode": "411002",
        "address": ALL_DETAILS["address"] | {"pinCode": "411002"},
        "updatedAt": after["updatedAt"],
    }
    assert after == before | changed


ABROAD = "{location=Location must lie inside the country, longitude first}"


@pytest.mark.parametrize("coordinates", [[18.5204, 73.8567], [0, 0], [-73.8567, 18.5204], [97.7, 20], [80, 5.9]])
def test_a_location_outside_the_country_is_refused(admin_client, tractor, coordinates):
    abroad = {"location": {"type": "Point", "coordinates": coordinates}}
    created = admin_client.post(STEP_1, ALL_DETAILS | abroad)
    changed = admin_client.put(f"/admin/devices/{tractor.pk}", abroad)
    assert [(answer.status_code, answer.body["errorDetails"]) for answer in (created, changed)] == [(400, ABROAD)] * 2
    assert [(device.latitude, device.status) for device in Device.objects.all()] == [(tractor.latitude, "LIVE")]


def test_a_device_saved_abroad_before_keeps_its_place(admin_client):
    abroad = factories.device(latitude=0, longitude=0)
    details = {"name": "New", "location": {"type": "Point", "coordinates": [0, 0]}}
    assert admin_client.put(f"/admin/devices/{abroad.pk}", details).status_code == 200


def test_other_countries_have_their_own_bounds(admin_client, settings):
    settings.DEVICE_BOUNDS = (33.9, -4.8, 41.9, 5.5)  # Kenya
    nairobi = {"location": {"type": "Point", "coordinates": [36.8, -1.3]}}
    assert admin_client.post(STEP_1, ALL_DETAILS).body["errorDetails"] == ABROAD
    assert admin_client.post(STEP_1, ALL_DETAILS | nairobi).status_code == 201


def test_a_device_keeps_an_inactive_type_but_cannot_change_to_one(admin_client, tractor):
    admin_client.put("/admin/device-types/TRACTOR", {"active": False})
    assert (
        admin_client.put(f"/admin/devices/{tractor.pk}", {"deviceTypeId": "TRACTOR", "owner": "A"}).status_code == 200
    )
    harvester = factories.device("Harvester", device_type=factories.device_type("HARVESTER"))
    response = admin_client.put(f"/admin/devices/{harvester.pk}", {"deviceTypeId": "TRACTOR"})
    assert response.body["errorDetails"] == "{deviceTypeId=Device type is unknown or not active}"


def test_a_retired_device_cannot_be_updated(admin_client):
    retired = factories.device(status="RETIRED")
    response = admin_client.put(f"/admin/devices/{retired.pk}", {"name": "New"})
    assert (response.status_code, response.body["errorDetails"]) == (400, "Retired device cannot be changed")
    assert Device.objects.get().name == "Tractor"


def test_the_summary_shows_all_that_was_entered(admin_client):
    device_id = admin_client.post(STEP_1, ALL_DETAILS).body["data"]["id"]
    admin_client.post(
        f"/admin/devices/{device_id}/pricing-rule", {"defaultRules": [{"metric": "PER_HOUR", "rate": 1500}]}
    )
    data = admin_client.get(f"/admin/devices/{device_id}/onboard-summary").body["data"]
    rule = data["pricing"]["defaultRule"]
    assert rule["rules"] == [{"metric": "PER_HOUR", "rate": 1500.0}]
    assert data == {
        "deviceId": device_id,
        "status": "DRAFT",
        "basicDetails": {name: ALL_DETAILS[name] for name in ALL_DETAILS if name not in {"address", "location"}},
        "media": {"count": 0, "primaryUrl": None, "urls": []},
        "location": {"address": ALL_DETAILS["address"], "pincode": "411001", "point": ALL_DETAILS["location"]},
        "pricing": {"defaultRule": rule, "timeSpecificRules": []},
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("put", ""),
        ("get", "/onboard-summary"),
        ("patch", "/finalize"),
        ("patch", "/status?status=LIVE"),
        ("get", "/media"),
        ("delete", "/media?mediaUrl=x"),
        ("put", "/media/set-primary?mediaUrl=x"),
        ("get", "/pricing-status"),
        ("post", "/pricing-rule"),
    ],
)
class TestEveryRequestAboutADevice:
    @pytest.mark.parametrize("key", ["00000000-0000-4000-8000-000000000000", "nonsense", "%00", "x" * 5000, "{1}"])
    def test_an_unknown_device_is_not_found(self, admin_client, method, path, key):
        response = getattr(admin_client, method)(f"/admin/devices/{key}{path}", {})
        assert (response.status_code, response.body["errorDetails"]) == (404, "Device not found")

    def test_only_admins_are_allowed(self, api, ravi, asha, tractor, method, path):
        url = f"/admin/devices/{tractor.pk}{path}"
        assert getattr(api(), method)(url, {}).status_code == 401
        assert getattr(api(ravi, Role.VLE), method)(url, {}).status_code == 403
        assert getattr(api(asha), method)(url, {}).status_code == 403
        assert Device.objects.get().status == "LIVE"


@pytest.mark.parametrize(("method", "path"), [("get", "/admin/devices"), ("post", STEP_1)])
def test_only_admins_list_and_create(api, ravi, method, path):
    assert getattr(api(), method)(path, {}).status_code == 401
    assert getattr(api(ravi, Role.VLE), method)(path, {}).status_code == 403


def test_devices_are_found_by_status_name_id_sensor_and_pin_code(admin_client):
    tractor = factories.device("Red Tractor", sensor_id="SN-77")
    plough = factories.device("Plough", pincode="422001", status="DRAFT")

    def found(query):
        return {row["name"] for row in admin_client.get(f"/admin/devices?{query}").body["data"]}

    assert found("") == {"Red Tractor", "Plough"}
    assert found("status=DRAFT") == {"Plough"}
    assert found("search=red") == {"Red Tractor"}
    assert found(f"search={str(plough.pk)[:8]}") == {"Plough"}
    assert found(f"search={str(tractor.pk).upper()}") == {"Red Tractor"}
    assert found("search=sn-7") == {"Red Tractor"}
    assert found("search=4220") == {"Plough"}
    assert found("search=%25") == set()
    assert found("search=red&status=DRAFT") == set()


@pytest.mark.parametrize("query", ["search=%00", "status=SOLD", "search=" + "x" * 101, "cursor=x", "pageSize=0"])
def test_an_invalid_list_query_is_refused(admin_client, query):
    assert admin_client.get(f"/admin/devices?{query}").status_code == 400


def test_the_number_of_queries_of_a_list_does_not_depend_on_the_devices(
    admin_client, leased_tractor, django_assert_max_num_queries
):
    for number in range(5):
        factories.device(f"Tractor {number}")
    with django_assert_max_num_queries(4):  # session, VLE profile, devices, media
        body = admin_client.get("/admin/devices?pageSize=5").body
    assert len(body["data"]) == 5
    assert body["pagination"]["nextCursor"] is not None


def test_devices_changed_since_a_moment_are_found(admin_client, tractor):
    stamp = admin_client.get(f"/admin/devices/{tractor.pk}").body["data"]["updatedAt"]
    assert len(admin_client.get(f"/admin/devices?updatedSince={stamp}").body["data"]) == 1
    assert admin_client.get("/admin/devices?updatedSince=2999-01-01T00:00:00Z").body["data"] == []


def move(client, device, to):
    return client.patch(f"/admin/devices/{device.pk}/status?status={to}")


ARROWS = {
    ("DRAFT", "ONBOARDED"),
    ("DRAFT", "LIVE"),
    ("ONBOARDED", "LIVE"),
    ("LIVE", "NOT_LIVE"),
    ("NOT_LIVE", "LIVE"),
    ("LIVE", "UNDER_MAINTENANCE"),
    ("UNDER_MAINTENANCE", "LIVE"),
} | {(state, "RETIRED") for state in ("DRAFT", "ONBOARDED", "LIVE", "NOT_LIVE", "UNDER_MAINTENANCE")}


def test_the_workflow_is_the_contracts_diagram():
    assert Device.transitions() == ARROWS


@pytest.mark.parametrize("to", Device.status.field.choices, ids=lambda choice: choice[0])
@pytest.mark.parametrize("state", Device.status.field.choices, ids=lambda choice: choice[0])
def test_only_declared_transitions_are_possible(admin_client, state, to):
    device = factories.device(status=state[0])
    device.media.create(file="devices/a.jpg", content_type="image/jpeg", is_primary=True)
    response = move(admin_client, device, to[0])
    if (state[0], to[0]) in ARROWS:
        assert (response.status_code, response.body["data"]["status"]) == (200, to[0])
    else:
        assert response.status_code == 400
        assert response.body["errorDetails"] == f"Invalid state transition from {state[0]} to {to[0]}"
        assert Device.objects.get().status == state[0]


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("", "{status=status is required}"),
        ("?status=", "{status=status is required}"),
        (
            "?status=SOLD",
            "{status=status must be one of DRAFT, ONBOARDED, LIVE, NOT_LIVE, UNDER_MAINTENANCE, RETIRED}",
        ),
    ],
)
def test_an_invalid_status_is_refused(admin_client, tractor, query, refusal):
    response = admin_client.patch(f"/admin/devices/{tractor.pk}/status{query}")
    assert (response.status_code, response.body["errorDetails"]) == (400, refusal)


@pytest.mark.parametrize("state", ["NOT_LIVE", "UNDER_MAINTENANCE"])
def test_going_live_again_needs_a_default_rule_but_no_photo(admin_client, state):
    device = factories.device(status=state, priced=False)
    refused = move(admin_client, device, "LIVE")
    assert refused.status_code == 400
    assert refused.body["errorDetails"] == "Default pricing rule required before taking device live"
    assert Device.objects.get().status == state
    factories.price(device.device_type)
    assert move(admin_client, device, "LIVE").status_code == 200


def test_a_leased_device_cannot_be_retired(admin_client, leased_tractor):
    response = move(admin_client, leased_tractor, "RETIRED")
    assert (response.status_code, response.body["errorDetails"]) == (400, "Leased device cannot be retired")
    assert Device.objects.get().status == "LIVE"


def test_a_device_whose_lease_has_ended_can_be_retired(admin_client, leased_tractor):
    leased_tractor.leases.update(status="COMPLETED")
    assert move(admin_client, leased_tractor, "RETIRED").status_code == 200


def finalize(client, device, action):
    return client.patch(f"/admin/devices/{device.pk}/finalize", {"action": action})


def test_onboarding_ends_onboarded_or_live(admin_client):
    device = factories.device(status="DRAFT")
    device.media.create(file="devices/a.jpg", content_type="image/jpeg")
    assert finalize(admin_client, device, "ONBOARD").body["data"]["status"] == "ONBOARDED"
    assert finalize(admin_client, device, "TAKE_LIVE").body["data"]["status"] == "LIVE"
    again = finalize(admin_client, device, "ONBOARD")
    assert again.body["errorDetails"] == "Invalid state transition from LIVE to ONBOARDED"


@pytest.mark.parametrize("state", ["DRAFT", "ONBOARDED"])
def test_going_live_needs_a_default_rule_and_a_photo(admin_client, state):
    device = factories.device(status=state, priced=False)
    period = {"effective_from": date(2024, 1, 1), "effective_to": date(2034, 1, 1)}
    factories.price(device.device_type, **period)
    refused = finalize(admin_client, device, "TAKE_LIVE")
    assert (refused.status_code, refused.body["message"]) == (400, "Operation failed")
    assert refused.body["errorDetails"] == "Default pricing rule required before taking device live"
    factories.price(device.device_type)
    device.media.create(file="devices/a.mp4", content_type="video/mp4")
    for refused in (finalize(admin_client, device, "TAKE_LIVE"), move(admin_client, device, "LIVE")):
        assert refused.status_code == 400
        assert refused.body["errorDetails"] == "At least one picture required before taking device live"
    assert Device.objects.get().status == state
    device.media.create(file="devices/a.jpg", content_type="image/jpeg")
    assert finalize(admin_client, device, "TAKE_LIVE").status_code == 200


def test_an_inactive_rule_does_not_count(admin_client):
    device = factories.device(status="NOT_LIVE")
    PricingRule.objects.update(status="INACTIVE")
    assert move(admin_client, device, "LIVE").status_code == 400


@pytest.mark.parametrize("action", ["", None, "onboard", "RETIRE", ["ONBOARD"], {}, 1])
def test_an_unknown_final_action_is_refused(admin_client, tractor, action):
    response = finalize(admin_client, tractor, action)
    assert response.status_code == 400
    assert response.body["errorDetails"] in {
        "{action=Action is required}",
        "{action=Action must be ONBOARD or TAKE_LIVE}",
    }
