"""POST /public/discovery/intents, and orders that name what it answered."""

import pytest

from orders.models import Intent, Order
from tests.support import factories

INTENTS = "/public/discovery/intents"


def wish(client, device, **changes):
    body = {"deviceId": str(device.pk), "intentType": "RENT", "requestedHours": 8, "requestedAcres": 3.5} | changes
    return client.post(INTENTS, body, format="json")


def order(client, device, intent_id):
    body = {"deviceId": str(device.pk), "startDate": "2024-01-25", "endDate": "2024-01-27", "intentId": intent_id}
    answer = client.post("/orders", body, format="json")
    assert answer.status_code == 201, answer.body
    return Order.objects.get(pk=answer.body["data"]["id"])


def test_the_answer_is_the_id(api, tractor):
    answer = wish(api(), tractor)
    intent = Intent.objects.get()
    assert (answer.status_code, answer.body["data"]) == (201, str(intent.pk))
    assert (intent.user, intent.device, intent.kind) == (None, tractor, "RENT")
    assert (intent.requested_hours, intent.requested_acres) == (8, 3.5)


def test_it_belongs_to_whoever_is_logged_in(api, asha, tractor):
    wish(api(asha), tractor)
    assert Intent.objects.get().user == asha


def test_existing_apps_send_it_in_the_query(api, tractor):
    answer = api().post(f"{INTENTS}?deviceId={tractor.pk}&intentType=LEASE&requestedHours=10.5&requestedAcres=")
    intent = Intent.objects.get()
    assert (answer.status_code, answer.body["data"]) == (201, str(intent.pk))
    assert (intent.kind, intent.requested_hours, intent.requested_acres) == ("LEASE", 10.5, None)


def test_an_order_that_names_it_consumes_it(api, asha, leased_tractor):
    intent_id = wish(api(), leased_tractor).body["data"]
    placed = order(api(asha), leased_tractor, intent_id)
    assert Intent.objects.get(pk=intent_id).order == placed


@pytest.mark.parametrize("intent_id", [None, "", "abc", 7, [], {"a": 1}, "x" * 5000])
def test_an_order_may_name_nonsense(api, asha, leased_tractor, intent_id):
    order(api(asha), leased_tractor, intent_id)


def test_an_order_does_not_consume_the_wish_of_somebody_else(api, asha, charu, leased_tractor):
    intent_id = wish(api(charu), leased_tractor).body["data"]
    order(api(asha), leased_tractor, intent_id)
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
def test_what_is_not_plainly_right_is_refused(api, tractor, changes, details):
    answer = wish(api(), tractor, **changes)
    assert (answer.status_code, answer.body["errorDetails"]) == (400, details)
    assert not Intent.objects.exists()


def test_nothing_at_all_is_refused(api, db):
    details = "{deviceId=Device ID is required, intentType=Intent type is required}"
    assert api().post(INTENTS).body["errorDetails"] == details
    assert api().post(INTENTS, [], format="json").status_code == 400


def test_a_number_in_the_query_is_a_number(api, tractor):
    answer = api().post(f"{INTENTS}?deviceId={tractor.pk}&intentType=RENT&requestedHours=many")
    assert answer.body["errorDetails"] == "{requestedHours=Requested hours must be a number}"


@pytest.mark.parametrize("status", ["DRAFT", "ONBOARDED", "RETIRED"])
def test_one_can_only_wish_for_what_one_is_shown(api, status):
    answer = wish(api(), factories.device(status=status))
    assert (answer.status_code, answer.body["errorDetails"]) == (404, "Device not found")
