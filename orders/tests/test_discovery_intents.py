"""Test POST /public/discovery/intents and orders that name an intent."""

import pytest

from orders.models import Intent, Order
from tests.support import factories

INTENTS = "/public/discovery/intents"


def send_intent(client, device, **changes):
    body = {"deviceId": str(device.pk), "intentType": "RENT", "requestedHours": 8, "requestedAcres": 3.5} | changes
    return client.post(INTENTS, body, format="json")


def place_order(client, device, intent_id):
    body = {"deviceId": str(device.pk), "startDate": "2024-01-25", "endDate": "2024-01-27", "intentId": intent_id}
    answer = client.post("/orders", body, format="json")
    assert answer.status_code == 201, answer.body
    return Order.objects.get(pk=answer.body["data"]["id"])


def test_the_response_is_the_id(api, tractor):
    answer = send_intent(api(), tractor)
    intent = Intent.objects.get()
    assert (answer.status_code, answer.body["data"]) == (201, str(intent.pk))
    assert (intent.user, intent.device, intent.kind) == (None, tractor, "RENT")
    assert (intent.requested_hours, intent.requested_acres) == (8, 3.5)


def test_an_intent_belongs_to_the_user_who_is_logged_in(api, asha, tractor):
    send_intent(api(asha), tractor)
    assert Intent.objects.get().user == asha


def test_existing_apps_send_the_intent_in_the_query(api, tractor):
    answer = api().post(f"{INTENTS}?deviceId={tractor.pk}&intentType=LEASE&requestedHours=10.5&requestedAcres=")
    intent = Intent.objects.get()
    assert (answer.status_code, answer.body["data"]) == (201, str(intent.pk))
    assert (intent.kind, intent.requested_hours, intent.requested_acres) == ("LEASE", 10.5, None)


def test_an_order_that_names_an_intent_consumes_it(api, asha, leased_tractor):
    intent_id = send_intent(api(), leased_tractor).body["data"]
    placed = place_order(api(asha), leased_tractor, intent_id)
    assert Intent.objects.get(pk=intent_id).order == placed


@pytest.mark.parametrize("intent_id", [None, "", "abc", 7, [], {"a": 1}, "x" * 5000])
def test_an_invalid_intent_id_is_ignored(api, asha, leased_tractor, intent_id):
    place_order(api(asha), leased_tractor, intent_id)


def test_an_order_does_not_consume_the_intent_of_another_user(api, asha, charu, leased_tractor):
    intent_id = send_intent(api(charu), leased_tractor).body["data"]
    place_order(api(asha), leased_tractor, intent_id)
    assert Intent.objects.get(pk=intent_id).order is None


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"deviceId": None}, "{deviceId=Device ID is required}"),
        ({"deviceId": {}}, "{deviceId=Device ID must be text}"),
        ({"intentType": None}, "{intentType=Intent type is required}"),
        ({"intentType": "BUY"}, "{intentType=Intent type must be RENT or LEASE}"),
        ({"intentType": ["RENT"]}, "{intentType=Intent type must be RENT or LEASE}"),
        ({"requestedHours": 0}, "{requestedHours=Requested hours must be greater than 0}"),
        ({"requestedHours": "8"}, "{requestedHours=Requested hours must be a number}"),
        ({"requestedAcres": 100001}, "{requestedAcres=Requested acres must be at most 100000}"),
    ],
)
def test_invalid_fields_are_refused(api, tractor, changes, details):
    answer = send_intent(api(), tractor, **changes)
    assert (answer.status_code, answer.body["errorDetails"]) == (400, details)
    assert not Intent.objects.exists()


def test_an_empty_request_is_refused(api, db):
    details = "{deviceId=Device ID is required, intentType=Intent type is required}"
    assert api().post(INTENTS).body["errorDetails"] == details
    assert api().post(INTENTS, [], format="json").status_code == 400


def test_a_number_in_the_query_must_be_numeric(api, tractor):
    answer = api().post(f"{INTENTS}?deviceId={tractor.pk}&intentType=RENT&requestedHours=many")
    assert answer.body["errorDetails"] == "{requestedHours=Requested hours must be a number}"


@pytest.mark.parametrize("status", ["DRAFT", "ONBOARDED", "RETIRED"])
def test_an_intent_needs_a_visible_device(api, status):
    answer = send_intent(api(), factories.device(status=status))
    assert (answer.status_code, answer.body["errorDetails"]) == (404, "Device not found")
