"""The list of SMS messages, for admins only."""

import uuid

import pytest
from django.utils import timezone

from notifications.models import SmsMessage
from notifications.tests.messages import tell, tell_code

PATH = "/admin/notifications"


def test_an_admin_sees_every_sms_with_all_there_is_to_it(api, asha, meena):
    order = uuid.uuid4()
    message = tell(asha, "Your order has moved", about=order)
    sent_at = timezone.now()
    SmsMessage.objects.filter(pk=message.pk).update(status="SENT", provider_message_id="SM1", sent_at=sent_at)
    answer = api(meena).get(PATH)
    assert answer.status_code == 200
    [row] = answer.body["data"]
    assert row.pop("createdAt").endswith("Z")
    assert row.pop("sentAt").endswith("Z")
    assert row == {
        "id": str(message.pk),
        "to": "+919876543211",
        "message": "Your order has moved",
        "event": "ORDER_STATUS_UPDATED",
        "relatedEntityType": "ORDER",
        "relatedEntityId": str(order),
        "userId": str(asha.pk),
        "status": "SENT",
        "providerMessageId": "SM1",
        "errorMessage": None,
    }


def test_a_one_time_password_is_shown_masked_and_what_is_empty_is_null(api, meena):
    tell_code(code="482915")
    answer = api(meena).get(PATH)
    assert b"482915" not in answer.content
    row = answer.body["data"][0]
    assert row["message"] == "Your OTP is: ****** (valid for 5 min)"
    for field in ["relatedEntityType", "relatedEntityId", "userId", "providerMessageId", "errorMessage", "sentAt"]:
        assert row[field] is None


@pytest.mark.parametrize("person", ["asha", "ravi"])
def test_only_admins_see_messages(api, person, request):
    answer = api(request.getfixturevalue(person)).get(PATH)
    assert (answer.status_code, answer.body["errorDetails"]) == (403, "Admin role required")


def test_a_stranger_without_a_token_sees_none(api):
    assert api().get(PATH).status_code == 401


@pytest.fixture
def three(asha, ravi):
    order = uuid.uuid4()
    tell(asha, "One", about=order)
    tell(ravi, "Two", about=order)
    tell_code()
    SmsMessage.objects.filter(text="Two").update(status="FAILED", error="21211: Not a phone")
    return order


def texts(answer):
    assert answer.status_code == 200
    return [row["message"] for row in answer.body["data"]]


def test_the_newest_come_first_and_filters_narrow_them(api, meena, three):
    admin = api(meena)
    assert texts(admin.get(PATH)) == ["Your OTP is: ****** (valid for 5 min)", "Two", "One"]
    assert texts(admin.get(PATH, {"relatedEntityId": str(three)})) == ["Two", "One"]
    assert texts(admin.get(PATH, {"relatedEntityId": str(three), "status": "FAILED"})) == ["Two"]
    assert texts(admin.get(PATH, {"event": "OTP"})) == ["Your OTP is: ****** (valid for 5 min)"]
    assert texts(admin.get(PATH, {"event": "NO_SUCH"})) == []
    assert texts(admin.get(PATH, {"relatedEntityId": str(uuid.uuid4())})) == []
    assert texts(admin.get(PATH, {"relatedEntityId": "no id"})) == []


@pytest.mark.parametrize("query", [{"status": "LOST"}, {"event": "a\0b"}, {"event": "x" * 5000}, {"pageSize": "0"}])
def test_a_filter_that_makes_no_sense_is_refused(api, meena, query):
    assert api(meena).get(PATH, query).status_code == 400


def test_a_page_costs_the_same_however_many_there_are(api, asha, meena, django_assert_max_num_queries):
    for number in range(30):
        tell(asha, str(number))
    admin = api(meena)
    with django_assert_max_num_queries(3):
        first = admin.get(PATH, {"pageSize": "20"})
    rest = admin.get(PATH, {"pageSize": "20", "cursor": first.body["pagination"]["nextCursor"]})
    assert texts(first) + texts(rest) == [str(number) for number in reversed(range(30))]
