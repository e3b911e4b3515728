"""Test the admin pages of devices."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.actors import back_office_actor
from accounts.models import User
from core.uploads import checked_upload
from devices.media import KINDS, MAX_BYTES, add_media
from devices.models import Device, DeviceMedia, DeviceType, PricingRule, RentalThreshold
from orders.choices import Kind
from orders.models import Order
from tests.support import factories
from tests.support.files import png, sent

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
}


@pytest.fixture
def staff(db, client):
    """Return a client logged in as a superuser."""
    client.force_login(User.objects.create_superuser("+919876543209", "a-long-password"))
    return client


@pytest.fixture
def master_data(db):
    factories.device_type()
    factories.manufacturer()


def page(model, row=None):
    name = f"admin:devices_{model._meta.model_name}"
    return reverse(f"{name}_change", args=[row.pk]) if row else reverse(f"{name}_changelist")


def run_action(client, model, action, *rows, **data):
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows]} | data
    response = client.post(page(model), data)
    return [str(message) for message in get_messages(response.wsgi_request)]


def save(client, row, data, *, opened=None):
    """Post the form of a row, loaded now or `opened` before."""
    opened = opened or client.get(page(type(row), row))
    return client.post(page(type(row), row), data | {"_version": opened.context["form_version"]})


def test_every_page_opens(staff, leased_tractor):
    leased_tractor.media.create(file="devices/2024/01/a.jpg", content_type="image/jpeg", is_primary=True)
    leased_tractor.media.create(file="devices/2024/01/a.mp4", content_type="video/mp4")
    RentalThreshold.objects.create(device_type=leased_tractor.device_type, max_rental_hours=Decimal(40))
    for model in (DeviceType, Device, DeviceMedia, PricingRule, RentalThreshold):
        assert staff.get(page(model)).status_code == 200
        assert staff.get(page(model, model.objects.first())).status_code == 200
        if model not in {DeviceMedia, Device}:
            assert staff.get(reverse(f"admin:devices_{model._meta.model_name}_add")).status_code == 200
    assert staff.get(reverse("admin:devices_manufacturer_changelist")).status_code == 200


def test_the_list_shows_the_lessee_and_what_hides_a_device_from_searches(staff, leased_tractor):
    assert HIDDEN not in staff.get(page(Device)).content.decode()
    Order.objects.update(status="ACTIVE")
    listed, shown = (staff.get(page(Device, row)).content.decode() for row in (None, leased_tractor))
    assert "Ravi" in listed
    assert HIDDEN in listed
    assert HIDDEN in shown


def test_devices_are_searched_by_name_id_sensor_and_pin_code(staff):
    plough = factories.device("Plough", pincode="422001", sensor_id="SN-1")
    factories.device("Tractor")
    for term in ("plou", str(plough.pk)[:8], f"#{str(plough.pk)[:8]}", "sn-1", "4220"):
        response = staff.get(page(Device), {"q": term})
        assert [row.name for row in response.context["cl"].result_list] == ["Plough"]
    assert staff.get(page(Device), {"q": "\x00"}).status_code == 200


def test_devices_are_filtered_by_their_lease(staff, leased_tractor):
    factories.device("Plough")
    names = {
        answer: [row.name for row in staff.get(page(Device), {"leased": answer}).context["cl"].result_list]
        for answer in ("yes", "no")
    }
    assert names == {"yes": ["Tractor"], "no": ["Plough"]}


def test_the_number_of_queries_of_the_list_is_constant(staff, leased_tractor, django_assert_max_num_queries):
    def cost():
        with django_assert_max_num_queries(16) as queries:
            staff.get(page(Device))
        return len(queries)

    before = cost()
    for number in range(5):
        factories.device(f"Tractor {number}")
    assert cost() == before


def test_adding_a_device_redirects_to_the_onboarding(staff):
    assert staff.get(reverse("admin:devices_device_add")).url == "/admin/devices/device/onboard/"


@pytest.mark.parametrize(
    ("changes", "field", "refusal"),
    [
        ({"pincode": "4110"}, "pincode", "PIN code must be 6 digits and not start with 0"),
        ({"pincode": ""}, "pincode", "This field is required."),
        ({"latitude": "91"}, "latitude", "Latitude must be from -90 to 90"),
        ({"longitude": "-180.1"}, "longitude", "Longitude must be from -180 to 180"),
        ({"manufactured_date": "2022"}, "manufactured_date", "MM/YYYY"),
        (
            {"device_type": "PLOUGH"},
            "device_type",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        ({"sensor_id": "SN-1"}, "sensor_id", "Sensor ID is already used by another device"),
    ],
    ids=["pincode", "no pincode", "latitude", "longitude", "month", "type out of use", "sensor taken"],
)
def test_an_invalid_form_shows_the_error_at_the_field(staff, tractor, changes, field, refusal):
    factories.device("Other", sensor_id="SN-1")
    DeviceType.objects.create(code="PLOUGH", display_name="Plough", active=False)
    response = save(staff, tractor, DETAILS | changes)
    assert response.context["adminform"].form.errors == {field: [refusal]}
    tractor.refresh_from_db()
    assert tractor.name == "Tractor"


def test_the_form_changes_details_but_not_the_status(staff, tractor):
    forged = {"status": "RETIRED", "name": "\ufeffNew\tname", "battery": "5", "health": "BAD"}
    assert save(staff, tractor, DETAILS | forged).status_code == 302
    tractor = Device.objects.get()
    assert (tractor.name, tractor.status, tractor.battery, tractor.health) == ("New name", "LIVE", None, "")


def test_a_stale_form_is_refused(staff, tractor):
    opened = staff.get(page(Device, tractor))
    Device.objects.update(name="Corrected meanwhile")
    refused = save(staff, tractor, DETAILS | {"city": "Pune"}, opened=opened)
    assert "Changed after you opened it. Look at it again, then decide." in refused.content.decode()
    tractor.refresh_from_db()
    assert (tractor.name, tractor.city) == ("Corrected meanwhile", "")


def test_a_retired_device_is_read_only(staff):
    retired = factories.device(status="RETIRED")
    response = staff.get(page(Device, retired))
    assert response.status_code == 200
    assert "Save" not in response.content.decode()
    assert staff.post(page(Device, retired), DETAILS).status_code == 403
    assert Device.objects.get().name == "Tractor"


def test_a_bulk_action_reports_on_each_device(staff, leased_tractor):
    other = factories.device("Plough")
    assert set(run_action(staff, Device, "transition_to_retired", leased_tractor, other, note="Sold")) == {
        f"{leased_tractor}: Leased device cannot be retired",
        f"{other}: Retired",
    }
    assert set(Device.objects.values_list("name", "status")) == {("Tractor", "LIVE"), ("Plough", "RETIRED")}
    assert other.events.get().note == "Sold"


@pytest.mark.parametrize(
    "action", ["transition_to_not_live", "transition_to_under_maintenance", "transition_to_retired"]
)
def test_some_transitions_need_a_note(staff, tractor, action):
    assert run_action(staff, Device, action, tractor, note=" ") == ["Say why, in the note"]
    assert Device.objects.get().status == "LIVE"


def test_a_get_changes_no_status(staff, tractor):
    staff.get(page(Device), {"action": "transition_to_retired", "_selected_action": str(tractor.pk), "note": "x"})
    assert Device.objects.get().status == "LIVE"


def press(client, device, to, **data):
    url = reverse("admin:devices_device_transition", args=[device.pk])
    response = client.post(url, {"to": to, "expected_updated_at": device.updated_at.isoformat()} | data)
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_button_changes_the_status_and_the_page_shows_the_history(staff, tractor):
    assert press(staff, tractor, "UNDER_MAINTENANCE", note="Clutch slips") == [f"{tractor}: Under maintenance"]
    shown = " ".join(staff.get(page(Device, tractor)).content.decode().split())
    assert "Live → <strong>Under maintenance</strong>" in shown
    assert "<q>Clutch slips</q>" in shown


@pytest.mark.parametrize(
    ("to", "data", "refusal"),
    [
        ("RETIRED", {}, "Say why, in the note"),
        ("DRAFT", {"note": "x"}, "Invalid state transition from LIVE to DRAFT"),
        (
            "NOT_LIVE",
            {"note": "x", "expected_updated_at": "2024-01-01T00:00:00+00:00"},
            "Changed after you opened it.",
        ),
    ],
    ids=["no reason", "no transition", "old page"],
)
def test_a_refused_button_shows_the_error_and_changes_nothing(staff, tractor, to, data, refusal):
    assert press(staff, tractor, to, **data)[0].startswith(f"{tractor}: {refusal}")
    tractor.refresh_from_db()
    assert (tractor.status, tractor.events.count()) == ("LIVE", 0)


def test_the_page_of_a_device_shows_lease_orders_and_prices(staff, leased_tractor, asha):
    today = timezone.localdate()
    factories.order(Kind.RENT, leased_tractor, asha, status="ACCEPTED", start_date=today, end_date=today)
    shown = staff.get(page(Device, leased_tractor)).content.decode()
    assert "Ravi" in shown
    assert "Asha" in shown
    assert "₹ 1,500 an hour, ₹ 900 an acre" in shown
    assert f"?device={leased_tractor.pk}" in shown


def test_the_number_of_queries_of_the_page_does_not_depend_on_the_history(staff, leased_tractor, asha):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            staff.get(page(Device, leased_tractor))
        return len(queries)

    def live_on():
        day = timezone.localdate() + timedelta(days=Order.objects.count())
        factories.order(Kind.RENT, leased_tractor, asha, status="ACCEPTED", start_date=day, end_date=day)
        leased_tractor.media.create(file="devices/2024/01/a.jpg", content_type="image/jpeg")
        factories.price(leased_tractor.device_type, effective_from=day, effective_to=day)
        press(staff, Device.objects.get(), "NOT_LIVE", note="x")
        press(staff, Device.objects.get(), "LIVE")
        staff.get(page(Device))  # reads the messages

    live_on()
    before = cost()
    live_on()
    live_on()
    assert cost() == before


def test_the_list_shows_what_a_device_is_missing(staff, master_data, tractor):
    factories.device("Unpriced", pincode="422001", priced=False)
    factories.device("Draft", status="DRAFT")
    listed = staff.get(page(Device)).content.decode()
    assert "No price" in listed
    assert "Step 3 of 4" in listed


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"worklist": "price"}, {"Plough"}),
        ({"territory": "nashik"}, {"Plough"}),
        ({"photo": "no"}, {"Plough"}),
        ({"photo": "yes"}, {"Tractor"}),
        ({"status__exact": "NOT_LIVE"}, {"Plough"}),
    ],
    ids=["unpriced", "territory", "no photo", "photo", "status"],
)
def test_devices_are_filtered_by_price_territory_photo_and_status(staff, tractor, query, names):
    factories.territory("nashik", "422")
    factories.device("Plough", pincode="422001", priced=False, status="NOT_LIVE")
    tractor.media.create(file="devices/2024/01/a.jpg", content_type="image/jpeg", is_primary=True)
    assert {row.name for row in staff.get(page(Device), query).context["cl"].result_list} == names


def test_the_list_shows_a_thumbnail_per_device(staff, tractor, meena):
    upload = checked_upload(sent(png((900, 600))), kinds=KINDS, max_bytes=MAX_BYTES)
    media = add_media(tractor, uploads=[upload], by=back_office_actor(meena))[0]
    url = reverse("admin:devices_device_thumbnail", args=[tractor.pk, media.pk])
    assert url in staff.get(page(Device)).content.decode()
    response = staff.get(url)
    assert Image.open(BytesIO(response.content)).size == (256, 171)
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "image/jpeg",
        "private, max-age=31536000, immutable",
    )
    assert staff.get(reverse("admin:devices_device_thumbnail", args=[tractor.pk, media.pk + 1])).status_code == 404


def test_media_are_made_primary_and_removed_by_actions(staff, tractor, media_root):
    first = tractor.media.create(file="devices/2024/01/a.jpg", content_type="image/jpeg", is_primary=True)
    second = tractor.media.create(file="devices/2024/01/b.jpg", content_type="image/jpeg")
    video = tractor.media.create(file="devices/2024/01/c.mp4", content_type="video/mp4")
    assert run_action(staff, DeviceMedia, "make_primary", video) == [
        f"{video}: Only a picture can be the primary media"
    ]
    run_action(staff, DeviceMedia, "make_primary", second)
    run_action(staff, DeviceMedia, "remove", second)
    assert list(tractor.media.values_list("pk", "is_primary")) == [(first.pk, True), (video.pk, False)]


def test_nothing_can_be_deleted(staff, tractor):
    for model in (Device, DeviceType, PricingRule):
        url = reverse(f"admin:devices_{model._meta.model_name}_delete", args=[model.objects.get().pk])
        assert staff.post(url, {"post": "yes"}).status_code == 403
        assert model.objects.exists()


def test_a_code_cannot_be_changed(staff, tractor):
    save(staff, tractor.device_type, {"code": "OTHER", "display_name": "Tractor", "active": "on"})
    assert DeviceType.objects.get().pk == "TRACTOR"
