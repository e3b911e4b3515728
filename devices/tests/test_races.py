"""Test concurrent requests: the invariants hold, and the losers get the right error."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from devices.models import Device, DeviceMedia, DeviceType, PricingRule
from tests.support import factories
from tests.support.clients import api_client
from tests.support.files import jpg, sent
from tests.support.races import deadlocks, statuses, together

pytestmark = pytest.mark.django_db(transaction=True)
BY_HOUR = [{"metric": "PER_HOUR", "rate": 1500}]
JANUARY = {"effectiveFrom": "2024-01-01", "effectiveTo": "2024-01-31", "rules": BY_HOUR}


@pytest.fixture(autouse=True)
def no_deadlock():
    before = deadlocks()
    yield
    assert deadlocks() == before


@pytest.fixture
def unpriced(db):
    return factories.device(priced=False)


def pricing(admin, device, **rules):
    return partial(api_client(admin).post, f"/admin/devices/{device.pk}/pricing-rule", rules)


def test_of_many_default_rules_one_is_created(meena, unpriced):
    answers = together(*[pricing(meena, unpriced, defaultRules=BY_HOUR) for _ in range(10)])
    assert statuses(answers) == {201: 1, 400: 9}
    assert {answer.body["errorDetails"] for answer in answers if answer.status_code == 400} == {
        "Default pricing rule already exists for this device type and PIN code"
    }
    assert PricingRule.objects.count() == 1


def test_of_many_overlapping_periods_one_is_created(meena, unpriced):
    answers = together(*[pricing(meena, unpriced, timeSpecificRules=[JANUARY]) for _ in range(10)])
    assert statuses(answers) == {201: 1, 400: 9}
    assert {answer.body["errorDetails"] for answer in answers if answer.status_code == 400} == {
        "Pricing rule already exists for an overlapping period"
    }
    assert PricingRule.objects.count() == 1


def test_after_many_uploads_one_photo_is_primary(meena, unpriced, media_root):
    def upload(client, data):
        return client.post(
            f"/admin/devices/{unpriced.pk}/media", {"files": [sent(data)], "primaryIndex": "0"}, format="multipart"
        )

    answers = together(*[partial(upload, api_client(meena), jpg()) for _ in range(8)])
    assert statuses(answers) == {201: 8}
    assert (unpriced.media.count(), unpriced.media.filter(is_primary=True).count()) == (8, 1)


def test_concurrent_removals_and_choices_leave_one_primary(meena, unpriced, media_root):
    rows = DeviceMedia.objects.bulk_create(
        DeviceMedia(device=unpriced, file=f"devices/2024/01/{number:032}.jpg", content_type="image/jpeg")
        for number in range(6)
    )
    path = f"/admin/devices/{unpriced.pk}/media"
    acts = [partial(api_client(meena).put, f"{path}/set-primary?mediaUrl={row.url}") for row in rows[:4]]
    acts += [partial(api_client(meena).delete, f"{path}?mediaUrl={row.url}") for row in rows[:4]]
    answers = together(*acts)
    assert statuses(answers).keys() <= {200, 404}
    assert statuses(answers[4:]) == {200: 4}
    assert unpriced.media.count() == 2
    assert unpriced.media.filter(is_primary=True).count() <= 1


def test_of_two_devices_with_one_sensor_one_is_created(meena, unpriced):
    details = {
        "name": "Tractor",
        "deviceTypeId": "TRACTOR",
        "manufacturerId": "MAHINDRA",
        "address": {"pinCode": "411001"},
        "location": {"type": "Point", "coordinates": [73.8, 18.5]},
        "sensorId": "SN-1",
    }
    entering = [partial(api_client(meena).post, "/admin/devices/onboard/step1", details) for _ in range(6)]
    answers = together(*entering)
    assert statuses(answers) == {201: 1, 400: 5}
    assert Device.objects.filter(sensor_id="SN-1").count() == 1


def test_a_type_is_not_deactivated_while_a_device_of_it_is_created(meena):
    factories.device_type("PLOUGH")
    factories.manufacturer()
    details = {
        "name": "Plough",
        "deviceTypeId": "PLOUGH",
        "manufacturerId": "MAHINDRA",
        "address": {"pinCode": "411001"},
        "location": {"type": "Point", "coordinates": [73.8, 18.5]},
    }
    entered, removed = together(
        partial(api_client(meena).post, "/admin/devices/onboard/step1", details),
        partial(api_client(meena).delete, "/admin/device-types/PLOUGH"),
    )
    assert (entered.status_code, removed.status_code) in {(201, 400), (400, 200)}
    assert DeviceType.objects.get(code="PLOUGH").active is (entered.status_code == 201)


def test_concurrent_writers_set_one_threshold(meena, unpriced):
    limit = {"deviceTypeId": "TRACTOR", "maxRentalHours": 40}
    answers = together(*[partial(api_client(meena).post, "/admin/pricing/thresholds", limit) for _ in range(6)])
    assert statuses(answers) == {200: 5, 201: 1}


def test_of_many_entries_with_one_code_one_is_created(meena):
    entry = {"code": "PLOUGH", "displayName": "Plough"}
    answers = together(*[partial(api_client(meena).post, "/admin/device-types", entry) for _ in range(6)])
    assert statuses(answers) == {201: 1, 400: 5}


def test_a_device_is_not_retired_and_taken_live_again(meena):
    device = factories.device(status="NOT_LIVE")
    path = f"/admin/devices/{device.pk}/status?status="
    live, retired = together(
        partial(api_client(meena).patch, f"{path}LIVE"), partial(api_client(meena).patch, f"{path}RETIRED")
    )
    assert retired.status_code == 200
    assert live.status_code in {200, 400}
    assert Device.objects.get().status == "RETIRED"


def staff_client():
    client = Client()
    client.force_login(User.objects.get(is_superuser=True))
    return client


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("+919876543209", "a-long-password")


def test_of_many_default_rules_saved_on_their_page_one_is_created(superuser, unpriced):
    form = {"device_type": "TRACTOR", "pincode": "411001", "per_hour": "1500"}
    add = reverse("admin:devices_pricingrule_add")
    answers = together(*[partial(staff_client().post, add, form) for _ in range(6)])
    assert statuses(answers) == {200: 5, 302: 1}
    refusal = "Default pricing rule already exists for this device type and PIN code"
    assert all(refusal in answer.content.decode() for answer in answers if answer.status_code == 200)
    assert PricingRule.objects.count() == 1


def test_of_two_forms_with_one_sensor_one_is_saved(superuser, unpriced):
    form = {"device_type": "TRACTOR", "manufacturer": "MAHINDRA", "name": "Plough", "sensor_id": "SN-2"}
    begin = reverse("admin:devices_device_onboard")
    answers = together(*[partial(staff_client().post, begin, form) for _ in range(6)])
    assert statuses(answers) == {200: 5, 302: 1}
    assert all(
        "Sensor ID is already used" in answer.content.decode() for answer in answers if answer.status_code == 200
    )
    assert Device.objects.filter(sensor_id="SN-2").count() == 1


def test_of_two_who_save_the_same_step_one_is_refused(superuser, unpriced):
    step = reverse("admin:devices_device_onboard_step", args=[unpriced.pk, "location"])
    seen = staff_client().get(step).context["form"].initial["version"]
    form = {"pincode": "411001", "latitude": "18.5", "longitude": "73.8", "version": seen}
    answers = together(*[partial(staff_client().post, step, form | {"city": f"Town {n}"}) for n in range(4)])
    assert statuses(answers) == {200: 3, 302: 1}
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
    assert Device.objects.get().city == f"Town {winner}"


def test_of_two_forms_with_one_code_one_is_saved(superuser):
    add = reverse("admin:devices_devicetype_add")
    form = {"code": "PLOUGH", "display_name": "Plough"}
    answers = together(*[partial(staff_client().post, add, form) for _ in range(6)])
    assert statuses(answers) == {200: 5, 302: 1}
    assert DeviceType.objects.filter(pk="PLOUGH").count() == 1
