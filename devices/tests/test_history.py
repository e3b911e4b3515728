"""Test the history of devices, and drafts without a location."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import back_office_actor
from core.errors import DomainError, InvalidTransition, StaleObjectError
from devices.models import Device, DeviceEvent
from devices.services import change_device_status, create_device, update_device
from tests.support import factories


@pytest.fixture
def by(meena):
    return back_office_actor(meena)


@pytest.fixture
def draft(by):
    """Return a draft without a location."""
    return create_device(
        name="Plough", device_type=factories.device_type(), manufacturer=factories.manufacturer(), by=by
    )


def history_of(device):
    return [(event.previous_status, event.status, event.note) for event in device.events.order_by("pk")]


def test_every_status_change_is_recorded_with_its_note(tractor, by, meena):
    change_device_status(tractor, to="UNDER_MAINTENANCE", note="Clutch slips", by=by)
    change_device_status(tractor, to="LIVE", by=by)
    assert history_of(tractor) == [("LIVE", "UNDER_MAINTENANCE", "Clutch slips"), ("UNDER_MAINTENANCE", "LIVE", "")]
    newest = tractor.events.first()
    assert (newest.changed_by, newest.source) == (meena, "back office")


def test_the_history_of_a_device_starts_as_a_draft(draft):
    assert history_of(draft) == [("", "DRAFT", "")]


def test_the_api_records_it_too(api, meena, tractor):
    api(meena).patch(f"/admin/devices/{tractor.pk}/status?status=NOT_LIVE")
    assert [(event.status, event.source) for event in tractor.events.all()] == [("NOT_LIVE", "api")]


def test_a_refused_change_is_not_recorded(tractor, by):
    with pytest.raises(InvalidTransition):
        change_device_status(tractor, to="ONBOARDED", note="?", by=by)
    assert history_of(tractor) == []


def test_a_stale_status_change_is_refused(tractor, by):
    with pytest.raises(StaleObjectError):
        change_device_status(
            tractor, to="RETIRED", expected_updated_at=tractor.updated_at - timedelta(seconds=1), by=by
        )
    assert Device.objects.get().status == "LIVE"
    assert (
        change_device_status(tractor, to="RETIRED", expected_updated_at=tractor.updated_at, by=by).status == "RETIRED"
    )


@pytest.mark.parametrize("change", ["UPDATE devices_deviceevent SET note = 'x'", "DELETE FROM devices_deviceevent"])
def test_the_database_refuses_to_change_history(tractor, by, change):
    change_device_status(tractor, to="NOT_LIVE", by=by)
    with pytest.raises(IntegrityError, match="history of devices is never changed"), transaction.atomic():
        DeviceEvent.objects.raw(change)._fetch_all()
    assert history_of(tractor) == [("LIVE", "NOT_LIVE", "")]


@pytest.mark.parametrize("to", ["ONBOARDED", "LIVE"])
def test_a_draft_without_a_location_stays_a_draft(draft, by, to):
    with pytest.raises(DomainError, match=r"^PIN code and location required before the onboarding ends$"):
        change_device_status(draft, to=to, by=by)
    assert Device.objects.get().status == "DRAFT"


def test_a_draft_without_a_location_can_be_retired(draft, by):
    assert change_device_status(draft, to="RETIRED", by=by).status == "RETIRED"


def test_only_a_draft_can_lose_its_location(tractor, draft, by):
    update_device(draft, **factories.PUNE, pincode="411001", by=by)
    assert update_device(draft, latitude=None, longitude=None, pincode="", by=by).has_location is False
    with pytest.raises(DomainError, match="PIN code and location required"):
        update_device(tractor, pincode="", by=by)
    tractor.refresh_from_db()
    assert tractor.pincode == "411001"


def test_a_latitude_needs_a_longitude(draft):
    with pytest.raises(IntegrityError, match="device_location_on_earth"), transaction.atomic():
        Device.objects.update(latitude=18.5)


def test_the_api_shows_a_draft_without_a_location(api, meena, draft):
    shown = api(meena).get(f"/admin/devices/{draft.pk}").body["data"]
    assert (shown["pincode"], shown["location"]) == ("", None)
    assert api(meena).get(f"/admin/devices/{draft.pk}/onboard-summary").body["data"]["location"]["point"] is None


def test_a_draft_without_a_location_cannot_be_priced(api, meena, draft):
    rules = {"defaultRules": [{"metric": "PER_HOUR", "rate": 1500}]}
    answer = api(meena).post(f"/admin/devices/{draft.pk}/pricing-rule", rules)
    refusal = "A price holds at a PIN code: say first where the device stands"
    assert (answer.status_code, answer.body["errorDetails"]) == (400, refusal)
