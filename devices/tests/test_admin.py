"""The back office of devices."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import User
from devices.models import Device, DeviceMedia, DeviceType, PricingRate, PricingRule, RentalThreshold
from orders.models import Order
from tests.support import world
from tests.support.files import HTML, jpg, sent

HIDDEN = "searches without dates will not show it until its LEASE order is closed"
DETAILS = {
    "name": "Mahindra 575",
    "country": "India",
    "pincode": "411001",
    "latitude": "18.5",
    "longitude": "73.8",
    "device_type": "TRACTOR",
    "manufacturer": "MAHINDRA",
    "company_owned": "on",
    "media-TOTAL_FORMS": "0",
    "media-INITIAL_FORMS": "0",
}


@pytest.fixture
def staff(db, client):
    """A client logged in as a superuser of the back office."""
    client.force_login(User.objects.create_superuser("+919876543209", "a-long-password"))
    return client


@pytest.fixture
def master_data(db):
    world.device_type()
    world.manufacturer()


def page(model, row=None):
    name = f"admin:devices_{model._meta.model_name}"
    return reverse(f"{name}_change", args=[row.pk]) if row else reverse(f"{name}_changelist")


def act(client, model, action, *rows):
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    response = client.post(page(model), data)
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_every_page_opens(staff, leased_tractor):
    leased_tractor.media.create(file="devices/2024/01/a.jpg", content_type="image/jpeg", is_primary=True)
    leased_tractor.media.create(file="devices/2024/01/a.mp4", content_type="video/mp4")
    RentalThreshold.objects.create(device_type=leased_tractor.device_type, max_rental_hours=Decimal(40))
    for model in (DeviceType, Device, DeviceMedia, PricingRule, RentalThreshold):
        assert staff.get(page(model)).status_code == 200
        assert staff.get(page(model, model.objects.first())).status_code == 200
        if model is not DeviceMedia:
            assert staff.get(reverse(f"admin:devices_{model._meta.model_name}_add")).status_code == 200
    assert staff.get(reverse("admin:devices_manufacturer_changelist")).status_code == 200


def test_the_list_says_who_leases_a_device_and_that_farmers_searches_miss_it(staff, leased_tractor):
    assert HIDDEN not in staff.get(page(Device)).content.decode()
    Order.objects.update(status="ACTIVE")
    listed, shown = (staff.get(page(Device, row)).content.decode() for row in (None, leased_tractor))
    assert "Ravi" in listed
    assert HIDDEN in listed
    assert HIDDEN in shown


def test_devices_are_searched_by_name_id_sensor_and_pin_code(staff):
    plough = world.device("Plough", pincode="422001", sensor_id="SN-1")
    world.device("Tractor")
    for term in ("plou", str(plough.pk)[:8], f"#{str(plough.pk)[:8]}", "sn-1", "4220"):
        response = staff.get(page(Device), {"q": term})
        assert [row.name for row in response.context["cl"].result_list] == ["Plough"]
    assert staff.get(page(Device), {"q": "\x00"}).status_code == 200


def test_devices_are_filtered_by_their_lease(staff, leased_tractor):
    world.device("Plough")
    names = {
        answer: [row.name for row in staff.get(page(Device), {"leased": answer}).context["cl"].result_list]
        for answer in ("yes", "no")
    }
    assert names == {"yes": ["Tractor"], "no": ["Plough"]}


def test_the_list_costs_the_same_however_many_devices_it_shows(staff, leased_tractor, django_assert_max_num_queries):
    def cost():
        with django_assert_max_num_queries(20) as queries:
            staff.get(page(Device))
        return len(queries)

    before = cost()
    for number in range(5):
        world.device(f"Tractor {number}")
    assert cost() == before


def test_a_device_is_entered_with_pictures_and_taken_live_without(staff, master_data, media_root):
    add = reverse("admin:devices_device_add")
    assert staff.post(add, DETAILS | {"new_media": [sent(jpg(), "a.jpg")]}).status_code == 302
    staff.get(page(Device))  # reads the messages so far
    device = Device.objects.get()
    assert (device.status, device.name, device.media.get().is_primary) == ("DRAFT", "Mahindra 575", True)
    assert act(staff, Device, "take_live", device) == [
        f"{device}: Default pricing rule required before taking device live"
    ]
    staff.post(add, DETAILS | {"name": "Without picture"})
    world.price(device.device_type)
    bare = Device.objects.get(name="Without picture")
    staff.get(page(Device))
    assert act(staff, Device, "take_live", bare) == [f"{bare}: take live done"]
    bare.refresh_from_db()
    assert bare.status == "LIVE"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"pincode": "4110"}, "PIN code must be 6 digits and not start with 0"),
        ({"latitude": "91"}, "Latitude must be from -90 to 90"),
        ({"manufactured_date": "2022"}, "MM/YYYY"),
        ({"device_type": "PLOUGH"}, "Select a valid choice"),
        ({"sensor_id": "SN-1"}, "Sensor ID is already used by another device"),
    ],
)
def test_a_form_that_is_wrong_says_why(staff, tractor, changes, refusal):
    Device.objects.update(sensor_id="SN-1")
    DeviceType.objects.create(code="PLOUGH", display_name="Plough", active=False)
    response = staff.post(reverse("admin:devices_device_add"), DETAILS | changes)
    assert response.status_code == 200
    assert refusal in response.content.decode()
    assert Device.objects.count() == 1


def test_files_that_are_no_pictures_are_refused(staff, master_data, media_root):
    response = staff.post(reverse("admin:devices_device_add"), DETAILS | {"new_media": [sent(HTML, "a.jpg")]})
    assert "Only JPG, PNG, MP4, MOV files are accepted" in response.content.decode()
    assert not Device.objects.exists()


def test_a_device_is_corrected_but_no_form_moves_it(staff, tractor):
    forged = {"status": "RETIRED", "name": "New name", "battery": "5", "health": "BAD"}
    assert staff.post(page(Device, tractor), DETAILS | forged).status_code == 302
    tractor = Device.objects.get()
    assert (tractor.name, tractor.status, tractor.battery, tractor.health) == ("New name", "LIVE", None, "")


def test_a_retired_device_can_only_be_looked_at(staff):
    retired = world.device(status="RETIRED")
    response = staff.get(page(Device, retired))
    assert response.status_code == 200
    assert "new_media" not in response.content.decode()
    assert staff.post(page(Device, retired), DETAILS).status_code == 403
    assert Device.objects.get().name == "Tractor"


def test_acts_on_many_report_on_each(staff, leased_tractor):
    other = world.device("Plough")
    assert set(act(staff, Device, "retire", leased_tractor, other)) == {
        f"{leased_tractor}: Leased device cannot be retired",
        f"{other}: retire for ever done",
    }
    assert set(Device.objects.values_list("name", "status")) == {("Tractor", "LIVE"), ("Plough", "RETIRED")}


def test_a_get_moves_nothing(staff, tractor):
    staff.get(page(Device), {"action": "retire", "_selected_action": str(tractor.pk)})
    assert Device.objects.get().status == "LIVE"


def test_media_are_made_primary_and_removed_by_acts(staff, tractor, media_root):
    first = tractor.media.create(file="devices/2024/01/a.jpg", content_type="image/jpeg", is_primary=True)
    second = tractor.media.create(file="devices/2024/01/b.jpg", content_type="image/jpeg")
    film = tractor.media.create(file="devices/2024/01/c.mp4", content_type="video/mp4")
    assert act(staff, DeviceMedia, "make_primary", film) == [f"{film}: Only a picture can be the primary media"]
    act(staff, DeviceMedia, "make_primary", second)
    act(staff, DeviceMedia, "remove", second)
    assert list(tractor.media.values_list("pk", "is_primary")) == [(first.pk, True), (film.pk, False)]


def rule_form(**changes):
    rate = {"rates-0-metric": "PER_HOUR", "rates-0-rate": "1500", "rates-0-id": "", "rates-0-rule": ""}
    formset = {"rates-TOTAL_FORMS": "1", "rates-INITIAL_FORMS": "0"}
    return {"device_type": "TRACTOR", "pincode": "411001"} | formset | rate | changes


def test_a_rule_is_made_with_its_rates(staff, master_data):
    assert staff.post(reverse("admin:devices_pricingrule_add"), rule_form(status="INACTIVE")).status_code == 302
    rule = PricingRule.objects.get()
    assert (rule.status, rule.is_default, rule.rates.get().rate) == ("ACTIVE", True, Decimal(1500))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, "Default pricing rule already exists for this device type and PIN code"),
        (
            {"effective_from": "2024-01-31", "effective_to": "2024-02-03"},
            "Pricing rule already exists for an overlapping period",
        ),
        ({"effective_to": "2024-03-01"}, "A period needs a first day"),
        ({"pincode": "1"}, "PIN code must be 6 digits and not start with 0"),
        ({"pincode": "422001", "rates-0-rate": "0"}, "Rate must be greater than 0"),
        ({"pincode": "422001", "rates-0-metric": "", "rates-0-rate": ""}, "This field is required"),
    ],
)
def test_a_rule_that_cannot_be_says_why(staff, master_data, changes, refusal):
    kind = DeviceType.objects.get()
    world.price(kind)
    world.price(kind, effective_from=date(2024, 1, 1), effective_to=date(2024, 1, 31))
    response = staff.post(reverse("admin:devices_pricingrule_add"), rule_form(**changes))
    assert response.status_code == 200
    assert refusal in response.content.decode()
    assert (PricingRule.objects.count(), PricingRate.objects.count()) == (2, 4)


def test_a_rule_is_put_in_force_by_an_act_that_may_be_refused(staff, tractor):
    old = PricingRule.objects.get()
    assert act(staff, PricingRule, "take_out_of_force", old) == [f"{old}: take out of force done"]
    world.price(world.device_type("HARVESTER"))
    PricingRule.objects.create(device_type=tractor.device_type, pincode=tractor.pincode)
    staff.get(page(PricingRule))
    assert act(staff, PricingRule, "put_in_force", old) == [
        f"{old}: Default pricing rule already exists for this device type and PIN code"
    ]
    old.refresh_from_db()
    assert old.status == "INACTIVE"


def test_nothing_is_deleted_here(staff, tractor):
    for model in (Device, DeviceType, PricingRule):
        url = reverse(f"admin:devices_{model._meta.model_name}_delete", args=[model.objects.get().pk])
        assert staff.post(url, {"post": "yes"}).status_code == 403
        assert model.objects.exists()


def test_a_code_stays_as_it_was_given(staff, tractor):
    staff.post(page(DeviceType, tractor.device_type), {"code": "OTHER", "display_name": "Tractor", "active": "on"})
    assert DeviceType.objects.get().pk == "TRACTOR"
