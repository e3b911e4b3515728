"""Test the onboarding pages: each step is saved by itself, and the onboarding can be continued later."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import User
from devices.models import Device, DeviceType, PricingRule
from tests.support import factories
from tests.support.files import HTML, MP4, jpg, sent

BEGIN = "/admin/devices/device/onboard/"
DETAILS = {"device_type": "TRACTOR", "manufacturer": "MAHINDRA", "name": "Mahindra 575", "company_owned": "on"}
LOCATION = {"pincode": "411001", "latitude": "18.5", "longitude": "73.8", "city": "Pune"}
JANUARY = "1 Jan 2024 to 31 Jan 2024 (₹ 1,500 an hour, ₹ 900 an acre)"
NOT_NOW = "Changed after you opened it. Look at it again, then decide."


@pytest.fixture
def kinds(db):
    return factories.device_type(), factories.manufacturer()


@pytest.fixture
def draft(staff, kinds):
    """Return a device after step 1."""
    staff.post(BEGIN, DETAILS)
    return Device.objects.get()


def url(device, step):
    return reverse("admin:devices_device_onboard_step", args=[device.pk, step])


def save(client, device, step, data, *, opened=None):
    """Post the form of a step, loaded now or `opened` before."""
    opened = opened or client.get(url(device, step))
    return client.post(url(device, step), data | {"version": opened.context["form"].initial["version"]})


def messages_of(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def errors(response, form="form"):
    return dict(response.context[form].errors)


def test_step_1_creates_a_draft_and_redirects_to_the_location(staff, kinds):
    response = staff.post(BEGIN, DETAILS | {"name": "\u2068Mahindra\t575\u2069"})
    device = Device.objects.get()
    assert response.url == url(device, "location")
    assert (device.name, device.status, device.pincode, device.latitude) == ("Mahindra 575", "DRAFT", "", None)


@pytest.mark.parametrize(
    ("chosen", "needed"), [("", True), ("True", True), ("False", False)], ids=["as its type", "yes", "no"]
)
def test_a_device_requires_an_operator_as_its_type_does_unless_chosen(staff, kinds, chosen, needed):
    DeviceType.objects.update(requires_operator=True)
    staff.post(BEGIN, DETAILS | {"requires_operator": chosen})
    assert Device.objects.get().requires_operator is needed


def test_missing_fields_show_errors_and_the_input_stays(staff, kinds):
    response = staff.post(BEGIN, {"name": "", "device_type": "", "sensor_id": "SN-7"})
    assert errors(response) == {
        "device_type": ["Choose a type"],
        "manufacturer": ["Choose who made it"],
        "name": ["Give it a name"],
    }
    assert 'value="SN-7"' in response.content.decode()
    assert not Device.objects.exists()


def test_without_types_the_page_explains_what_to_do(staff):
    assert "There are no device types yet." in staff.get(BEGIN).content.decode()


@pytest.mark.parametrize("pincode", ["411001", "411 001", "४११००१"])
def test_a_location_is_saved_and_redirects_to_the_media(staff, draft, pincode):
    assert save(staff, draft, "location", LOCATION | {"pincode": pincode}).url == url(draft, "media")
    draft.refresh_from_db()
    assert (draft.pincode, draft.latitude, draft.longitude, draft.city) == ("411001", 18.5, 73.8, "Pune")


@pytest.mark.parametrize(
    ("changes", "field", "refusal"),
    [
        ({"pincode": ""}, "pincode", "Type the PIN code"),
        ({"pincode": "041100"}, "pincode", "PIN code must be 6 digits and not start with 0"),
        ({"latitude": ""}, "latitude", "Put the pin on the map, or type the latitude"),
        ({"latitude": "91"}, "latitude", "Latitude must be from -90 to 90"),
        ({"longitude": "nan"}, "longitude", "Enter a number."),
    ],
    ids=["no pincode", "zero", "no pin", "beyond the pole", "nonsense"],
)
def test_an_invalid_location_is_refused_at_its_field(staff, draft, changes, field, refusal):
    response = save(staff, draft, "location", LOCATION | changes)
    assert errors(response) == {field: [refusal]}
    assert 'value="Pune"' in response.content.decode()
    assert Device.objects.get().has_location is False


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"latitude": "19.5"}, "Saved. This location is 109 km from the nearest other device at PIN code 411001."),
        ({"latitude": "51.5", "longitude": "0"}, "Saved. This location lies outside India. Please check the pin."),
        ({}, None),
    ],
    ids=["far", "abroad", "near"],
)
def test_an_unlikely_location_is_saved_with_a_warning(staff, draft, changes, warning):
    factories.device("Neighbour")
    warnings = messages_of(save(staff, draft, "location", LOCATION | changes))
    assert (warnings == []) if warning is None else warnings[0].startswith(warning)
    draft.refresh_from_db()
    assert draft.has_location


def test_a_stale_step_is_refused(staff, draft):
    opened = staff.get(url(draft, "location"))
    save(staff, draft, "location", LOCATION)
    refused = save(staff, draft, "location", LOCATION | {"city": "Satara"}, opened=opened)
    assert errors(refused) == {"__all__": [NOT_NOW]}
    assert 'value="Satara"' in refused.content.decode()
    assert save(staff, draft, "location", {"city": "Satara"}, opened=refused).status_code == 200
    assert Device.objects.get().city == "Pune"


def test_a_step_is_not_stale_after_another_step_was_saved(staff, draft):
    opened = staff.get(url(draft, "device"))
    save(staff, draft, "location", LOCATION)
    answer = save(staff, draft, "device", DETAILS | {"name": "Renamed", "requires_operator": "True"}, opened=opened)
    assert answer.status_code == 302
    device = Device.objects.get()
    assert (device.name, device.city, device.requires_operator) == ("Renamed", "Pune", True)


def test_a_draft_can_be_left_and_the_list_links_to_the_next_step(staff, draft):
    assert save(staff, draft, "location", LOCATION | {"_later": "1"}).url == "/admin/devices/device/"
    listed = staff.get("/admin/devices/device/").content.decode()
    assert f'<a href="{url(draft, "media")}">Step 3 of 4</a>' in listed


def test_the_progress_links_to_the_steps_and_marks_those_done(staff, draft):
    progress = staff.get(url(draft, "price")).context["progress"]
    assert [(each["step"], each["done"], bool(each["url"])) for each in progress] == [
        ("device", True, True),
        ("location", False, True),
        ("media", False, True),
        ("price", False, True),
        ("review", False, True),
    ]


def test_photos_are_added_and_the_chosen_one_is_primary(staff, draft, media_root):
    files = [sent(jpg(), "a.jpg"), sent(jpg((50, 50)), "b.jpg"), sent(MP4, "c.mp4")]
    assert staff.post(url(draft, "media"), {"files": files, "primary_index": "1"}).url == url(draft, "price")
    assert list(draft.media.values_list("content_type", "is_primary")) == [
        ("image/jpeg", False),
        ("image/jpeg", True),
        ("video/mp4", False),
    ]
    assert "<video" in staff.get(url(draft, "media")).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.jpg", HTML, "a.jpg: Only JPG, PNG, MP4, MOV files are accepted"),
        ("b.png", b"", "b.png: File is empty"),
        ("c.jpg", jpg()[:80], "c.jpg: Picture is damaged"),
    ],
    ids=["html", "empty", "damaged"],
)
def test_an_invalid_file_is_refused_by_name(staff, draft, media_root, name, content, refusal):
    response = staff.post(url(draft, "media"), {"files": [sent(jpg(), "good.jpg"), sent(content, name)]})
    assert errors(response) == {"files": [refusal]}
    assert not draft.media.exists()


@pytest.mark.parametrize("chosen", ["0", "2", "-1"], ids=["a video", "beyond", "before"])
def test_only_an_uploaded_photo_can_be_primary(staff, draft, media_root, chosen):
    response = staff.post(url(draft, "media"), {"files": [sent(MP4), sent(jpg())], "primary_index": chosen})
    assert response.status_code == 200
    assert not draft.media.exists()


def test_photos_are_made_primary_and_removed_by_buttons(staff, draft, media_root):
    staff.post(url(draft, "media"), {"files": [sent(jpg()), sent(jpg((50, 50)))]})
    first, second = draft.media.all()
    media = reverse("admin:devices_device_media", args=[draft.pk])
    staff.post(media, {"action": "primary", "url": second.url})
    assert draft.media.get(is_primary=True) == second
    staff.post(media, {"action": "remove", "url": second.url})
    assert draft.media.get() == first
    assert staff.get(media, {"action": "remove", "url": first.url}).status_code == 405
    assert staff.post(media, {"action": "blow up", "url": first.url}).status_code == 403
    assert (
        messages_of(staff.post(media, {"action": "remove", "url": "/media/other.jpg"}))[-1]
        == f"{draft}: Media not found"
    )
    assert draft.media.get() == first


def test_the_price_needs_a_location_first(staff, draft):
    assert "Say first where it stands" in staff.get(url(draft, "price")).content.decode()
    staff.post(url(draft, "price"), {"kind": "default", "default-per_hour": "1500"})
    assert not PricingRule.objects.exists()


def test_the_default_price_is_set_and_redirects_to_the_review(staff, draft):
    save(staff, draft, "location", LOCATION)
    answer = staff.post(url(draft, "price"), {"kind": "default", "default-per_hour": "1500", "default-per_acre": ""})
    assert answer.url == url(draft, "review")
    rule = PricingRule.objects.get()
    assert (rule.device_type_id, rule.pincode, rule.is_default) == ("TRACTOR", "411001", True)
    assert list(rule.rates.values_list("metric", "rate")) == [("PER_HOUR", Decimal(1500))]


def test_an_existing_rule_prices_the_device(staff, draft):
    save(staff, draft, "location", LOCATION)
    factories.price(draft.device_type)
    shown = staff.get(url(draft, "price")).content.decode()
    assert "₹ 1,500 an hour, ₹ 900 an acre" in shown
    assert "The usual price</h3>" not in shown


@pytest.mark.parametrize(
    ("rates", "field", "refusal"),
    [
        ({}, "per_hour", "Say a rate per hour, per acre, or both"),
        ({"default-per_hour": "0"}, "per_hour", "Rate must be greater than 0"),
        ({"default-per_acre": "1000000.01"}, "per_acre", "Rate must be at most 1000000"),
    ],
    ids=["none", "zero", "too much"],
)
def test_an_invalid_price_is_refused(staff, draft, rates, field, refusal):
    save(staff, draft, "location", LOCATION)
    response = staff.post(url(draft, "price"), {"kind": "default"} | rates)
    assert errors(response, "default_form") == {field: [refusal]}
    assert not PricingRule.objects.exists()


def period(first, last):
    return {
        "kind": "period",
        "period-effective_from": first,
        "period-effective_to": last,
        "period-per_hour": "2000",
    }


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (
            "2024-01-31",
            "2024-02-03",
            {
                "effective_from": [
                    "Overlaps with the rule of 1 Jan 2024 to 31 Jan 2024 (₹ 1,500 an hour, ₹ 900 an acre)"
                ]
            },
        ),
        (
            "2024-02-03",
            "2024-02-01",
            {"effective_to": ["A period needs a first day, and its last day must not be before that"]},
        ),
    ],
    ids=["overlap", "backwards"],
)
def test_an_invalid_period_is_refused(staff, draft, first, last, refused):
    save(staff, draft, "location", LOCATION)
    factories.price(draft.device_type, effective_from=date(2024, 1, 1), effective_to=date(2024, 1, 31))
    response = staff.post(url(draft, "price"), period(first, last))
    assert errors(response, "period_form") == refused
    assert PricingRule.objects.count() == 1


def test_a_period_is_added_to_the_default_price(staff, tractor):
    assert staff.post(url(tractor, "price"), period("2024-02-01", "2024-02-29")).url == url(tractor, "price")
    assert PricingRule.objects.exclude(effective_to=None).get().rates.get().rate == Decimal(2000)


def test_the_review_shows_what_is_missing_and_takes_live(staff, draft):
    assert "Not ready to go live" in staff.get(url(draft, "review")).content.decode()
    save(staff, draft, "location", LOCATION)
    factories.price(draft.device_type)
    review = staff.get(url(draft, "review"))
    assert "There is no photo." in review.content.decode()
    move = reverse("admin:devices_device_transition", args=[draft.pk])
    staff.post(move, {"to": "LIVE", "expected_updated_at": review.context["expected_updated_at"]})
    draft.refresh_from_db()
    assert draft.status == "LIVE"
    assert staff.get(url(draft, "review")).status_code == 302


def test_the_number_of_queries_of_a_step_does_not_depend_on_the_devices(staff, draft, django_assert_max_num_queries):
    save(staff, draft, "location", LOCATION)
    for number in range(30):
        factories.device(f"Tractor {number}")
    for step in ("device", "location", "media", "price", "review"):
        with django_assert_max_num_queries(16):
            assert staff.get(url(draft, step)).status_code == 200


def test_an_unknown_step_or_device_is_not_found(staff, draft):
    assert staff.get(f"/admin/devices/device/{draft.pk}/onboard/dance/").status_code == 404
    assert staff.get(f"/admin/devices/device/{factories.UNKNOWN}/onboard/location/").status_code == 404


def test_a_retired_device_has_no_steps(staff):
    retired = factories.device(status="RETIRED")
    assert staff.get(url(retired, "location")).status_code == 403
    assert staff.post(url(retired, "media"), {"files": [sent(jpg())]}).status_code == 403


def around(client, **asked):
    return client.get(reverse("admin:devices_device_around"), asked).json()


def test_the_map_gets_the_territory_and_the_nearby_devices(staff, draft):
    factories.territory("pune", "411")
    near, far = factories.device("Near", latitude=18.53), factories.device("Far", latitude=20.0)
    factories.device("Scrapped", latitude=18.52, status="RETIRED")
    data = around(staff, pincode="411 001", latitude="18.52", longitude="73.8567")
    assert (data["pincode"], data["territory"]) == ("411001", "Pune")
    assert [(dot["name"], dot["at"]) for dot in data["near"]] == [("Near", [18.53, 73.8567])]
    assert data["centre"] == [(near.latitude + far.latitude) / 2, 73.8567]
    assert data["warnings"] == []


def test_the_map_does_not_count_the_device_itself(staff, tractor):
    data = around(staff, pincode="411001", latitude="18.52", longitude="73.86", exclude=str(tractor.pk))
    assert (data["near"], data["centre"]) == ([], None)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"pincode": "\0", "latitude": "x"},
        {"latitude": "nan", "longitude": "inf"},
        {"latitude": "900", "longitude": "1", "exclude": "x"},
    ],
    ids=["nothing", "text", "nan", "beyond"],
)
def test_an_invalid_map_request_gets_empty_data(staff, tractor, asked):
    assert around(staff, **asked) == {"pincode": "", "territory": None, "near": [], "centre": None, "warnings": []}


def clerk(client, *rights):
    """Log in a member of staff with these permissions."""
    user = factories.user("+919876543233", "Clerk")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(user)
    return user


def test_staff_who_may_only_view_change_nothing(client, tractor):
    clerk(client, "view_device", "work_everywhere")
    assert client.get(reverse("admin:devices_device_change", args=[tractor.pk])).status_code == 200
    assert client.get(BEGIN).status_code == 403
    for step in ("device", "location", "media", "price", "review"):
        assert client.get(url(tractor, step)).status_code == 403
        assert client.post(url(tractor, step), LOCATION | {"kind": "period"}).status_code == 403
    assert (
        client.post(reverse("admin:devices_device_media", args=[tractor.pk]), {"action": "remove"}).status_code == 403
    )
    assert client.post(reverse("admin:devices_device_transition", args=[tractor.pk]), {"to": "LIVE"}).status_code == 403


def test_staff_who_may_not_view_devices_get_no_map_data(client, tractor):
    clerk(client, "view_order")
    assert client.get(reverse("admin:devices_device_around")).status_code == 403
    assert client.get(reverse("admin:devices_pricingrule_overlaps")).status_code == 403
    assert client.get(reverse("admin:devices_device_thumbnail", args=[tractor.pk, 1])).status_code == 403


def test_a_price_needs_a_permission_of_its_own(client, tractor):
    clerk(client, "view_device", "change_device", "work_everywhere")
    assert client.post(url(tractor, "price"), period("2024-02-01", "2024-02-29")).status_code == 403
    assert PricingRule.objects.count() == 1


def test_territory_managers_onboard_in_their_own_territories_only(client, kinds):
    user = clerk(client, "view_device", "change_device", "add_device")
    factories.works_in(factories.territory("pune", "411"), user)
    factories.territory("nashik", "422")
    foreign = factories.device("Foreign", pincode="422001")
    client.post(BEGIN, DETAILS)
    mine = Device.objects.get(name="Mahindra 575")
    refused = save(client, mine, "location", LOCATION | {"pincode": "422001"})
    assert errors(refused) == {"pincode": ["This PIN code is in none of your territories"]}
    assert Device.objects.get(pk=mine.pk).pincode == ""
    assert save(client, mine, "location", LOCATION).status_code == 302
    assert client.get(url(foreign, "location")).status_code == 404
    assert around(client, pincode="422001", latitude="18.52", longitude="73.8567")["centre"] is None
