"""Test the admin pages of prices, rental limits and master data: saved by the services, stale forms refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from devices.models import DeviceType, PricingRate, PricingRule, RentalThreshold
from tests.support import factories

ADD = "/admin/devices/pricingrule/add/"
FORM = {"device_type": "TRACTOR", "pincode": "411001", "per_hour": "1500"}
JANUARY = "1 Jan 2024 to 31 Jan 2024 (₹ 1,500 an hour, ₹ 900 an acre)"
NOT_NOW = "Changed after you opened it. Look at it again, then decide."


@pytest.fixture
def kind(db):
    return factories.device_type()


def page(row):
    return reverse(f"admin:devices_{row._meta.model_name}_change", args=[row.pk])


def save(client, row, data, *, opened=None):
    opened = opened or client.get(page(row))
    return client.post(page(row), data | {"_version": opened.context["form_version"]})


def errors(response):
    return dict(response.context["adminform"].form.errors)


def rates(rule):
    return dict(rule.rates.values_list("metric", "rate"))


def test_a_rule_is_created_with_its_rates(staff, kind):
    form = FORM | {"pincode": "411 001", "per_acre": "900.50", "status": "INACTIVE"}
    assert staff.post(ADD, form).status_code == 302
    rule = PricingRule.objects.get()
    assert (rule.status, rule.is_default, rule.pincode) == ("ACTIVE", True, "411001")
    assert rates(rule) == {"PER_HOUR": Decimal(1500), "PER_ACRE": Decimal("900.50")}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, {"effective_to": ["Default pricing rule already exists for this device type and PIN code"]}),
        (
            {"effective_from": "2024-01-31", "effective_to": "2024-02-03"},
            {
                "effective_from": [
                    "Overlaps with the rule of 1 Jan 2024 to 31 Jan 2024 (₹ 1,500 an hour, ₹ 900 an acre)"
                ]
            },
        ),
        (
            {"effective_to": "2024-03-01"},
            {"effective_to": ["A period needs a first day, and its last day must not be before that"]},
        ),
        ({"pincode": "1"}, {"pincode": ["PIN code must be 6 digits and not start with 0"]}),
        ({"pincode": "422001", "per_hour": "0"}, {"per_hour": ["Rate must be greater than 0"]}),
        ({"pincode": "422001", "per_hour": ""}, {"per_hour": ["Say a rate per hour, per acre, or both"]}),
    ],
    ids=["second default", "overlap", "no first day", "pincode", "zero", "no rate"],
)
def test_an_invalid_rule_shows_the_error_at_the_field(staff, kind, changes, refused):
    factories.price(kind)
    factories.price(kind, effective_from=date(2024, 1, 1), effective_to=date(2024, 1, 31))
    assert errors(staff.post(ADD, FORM | changes)) == refused
    assert (PricingRule.objects.count(), PricingRate.objects.count()) == (2, 4)


def test_a_rule_is_changed_with_its_rates(staff, kind):
    rule = factories.price(kind)
    assert save(staff, rule, FORM | {"per_hour": "1600"}).status_code == 302
    assert rates(rule) == {"PER_HOUR": Decimal(1600)}


def test_a_stale_form_of_a_rule_changes_neither_rule_nor_rates(staff, kind):
    rule = factories.price(kind)
    opened = staff.get(page(rule))
    rule.rates.filter(metric="PER_HOUR").update(rate=1700)
    assert errors(save(staff, rule, FORM | {"per_acre": "950"}, opened=opened)) == {"__all__": [NOT_NOW]}
    assert rates(rule) == {"PER_HOUR": Decimal(1700), "PER_ACRE": Decimal(900)}


def test_a_rule_does_not_overlap_with_itself(staff, kind):
    rule = factories.price(kind, effective_from=date(2024, 1, 1), effective_to=date(2024, 1, 31))
    days = {"effective_from": "2024-01-02", "effective_to": "2024-02-01"}
    assert save(staff, rule, FORM | days).status_code == 302
    rule.refresh_from_db()
    assert rule.effective_to == date(2024, 2, 1)


def overlaps(client, **asked):
    asked = {"type": "TRACTOR", "pincode": "411001"} | asked
    return client.get(reverse("admin:devices_pricingrule_overlaps"), asked).json()["overlaps"]


def test_overlaps_are_shown_before_saving(staff, kind):
    rule = factories.price(kind, effective_from=date(2024, 1, 1), effective_to=date(2024, 1, 31))
    factories.price(kind)
    history_of = {"text": JANUARY, "url": page(rule)}
    assert overlaps(staff, first="2024-01-31", last="2024-01-31") == [history_of]
    assert overlaps(staff, first="2024-02-01", last="2024-02-03") == []
    assert overlaps(staff, first="2024-01-01", last="2024-01-03", exclude=str(rule.pk)) == []


@pytest.mark.parametrize(
    "days",
    [{}, {"first": "x", "last": "2024-13-45"}, {"first": "2024-02-01", "last": "2024-01-01"}, {"first": "\0"}],
    ids=["none", "nonsense", "backwards", "nul"],
)
def test_invalid_days_have_no_overlaps(staff, kind, days):
    factories.price(kind, effective_from=date(2024, 1, 1), effective_to=date(2024, 1, 31))
    assert overlaps(staff, type="\0", **days) == []


def test_a_rule_is_activated_by_an_action_that_may_be_refused(staff, tractor):
    old = PricingRule.objects.get()

    def run_action(action):
        data = {"action": action, "_selected_action": [str(old.pk)]}
        response = staff.post("/admin/devices/pricingrule/", data)
        return [str(message) for message in get_messages(response.wsgi_request)]

    assert run_action("deactivate") == [f"{old}: deactivated"]
    PricingRule.objects.create(device_type=tractor.device_type, pincode=tractor.pincode)
    staff.get("/admin/devices/pricingrule/")
    assert run_action("activate") == [f"{old}: Default pricing rule already exists for this device type and PIN code"]
    old.refresh_from_db()
    assert old.status == "INACTIVE"


def test_a_threshold_is_set_and_changed(staff, kind):
    form = {"device_type": "TRACTOR", "max_rental_hours": "40", "status": "ACTIVE"}
    assert staff.post("/admin/devices/rentalthreshold/add/", form).status_code == 302
    threshold = RentalThreshold.objects.get()
    assert save(staff, threshold, form | {"max_rental_hours": "50"}).status_code == 302
    threshold.refresh_from_db()
    assert threshold.max_rental_hours == Decimal(50)
    assert "already exists" in str(errors(staff.post("/admin/devices/rentalthreshold/add/", form)))


def test_master_data_is_saved_and_a_stale_form_refused(staff, kind):
    form = {"code": "PLOUGH", "display_name": "Plough", "active": "on"}
    assert staff.post("/admin/devices/devicetype/add/", form).status_code == 302
    plough = DeviceType.objects.get(pk="PLOUGH")
    opened = staff.get(page(plough))
    assert save(staff, plough, {"display_name": "Big plough", "active": "on"}).status_code == 302
    assert errors(save(staff, plough, {"display_name": "Old plough"}, opened=opened)) == {"__all__": [NOT_NOW]}
    plough.refresh_from_db()
    assert (plough.display_name, plough.active) == ("Big plough", True)


def test_a_duplicate_or_invalid_code_is_refused(staff, kind):
    taken = staff.post("/admin/devices/devicetype/add/", {"code": "TRACTOR", "display_name": "Other"})
    wrong = staff.post("/admin/devices/devicetype/add/", {"code": "a b", "display_name": "Other"})
    assert errors(taken) == {"code": ["Device type with this Code already exists."]}
    assert errors(wrong) == {"__all__": ["Code must be 1 to 50 characters of A-Z, 0-9 and _"]}
    assert DeviceType.objects.get().display_name == "Tractor"
