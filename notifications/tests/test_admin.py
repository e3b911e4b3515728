"""SMS in the back office."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notifications.models import PushToken, SmsMessage
from notifications.tests.messages import now, tell, tell_code

LIST = "/admin/notifications/smsmessage/"


@pytest.fixture
def admin_client(db):
    """A browser at the back office, logged in as a superuser."""
    browser = Client()
    browser.force_login(User.objects.create_superuser("+919876543298", "a password of staff"))
    return browser


@pytest.fixture
def failed(asha):
    message = tell(asha, "Your order #abc12345 has moved")
    SmsMessage.objects.filter(pk=message.pk).update(status="FAILED", error="21211: No phone", tries=4, sent_at=None)
    return message


def run_action(admin_client, action, *messages):
    chosen = {"action": action, "_selected_action": [str(message.pk) for message in messages]}
    page = admin_client.post(LIST, chosen, follow=True)
    return [str(message) for message in page.context["messages"]]


def shown(admin_client, **query):
    page = admin_client.get(LIST, query)
    assert page.status_code == 200
    return [message.text for message in page.context["cl"].result_list]


def test_texts_are_found_by_phone_words_and_order(admin_client, asha, ravi):
    order = uuid.uuid4()
    tell(asha, "One", about=order)
    tell(ravi, "Two")
    tell_code("+919876543210")
    assert shown(admin_client, q="9876543211") == ["One"]
    assert shown(admin_client, q="two") == ["Two"]
    assert shown(admin_client, q=str(order)) == ["One"]
    assert shown(admin_client, q=f"#{str(order)[:8]}") == ["One"]
    assert shown(admin_client, related_id=str(order)) == ["One"]
    assert shown(admin_client, event="ORDER_STATUS_UPDATED", status__exact="PENDING", queue__exact="notices") == [
        "Two",
        "One",
    ]
    assert shown(admin_client, event="a\0b") == shown(admin_client)


def test_a_page_shows_everything_but_the_secret(admin_client, asha):
    code = tell_code(code="482915")
    page = admin_client.get(f"{LIST}{code.pk}/change/").content.decode()
    assert "Your OTP is: ******" in page
    assert "482915" not in page
    assert "encrypted" not in page


def test_a_text_leads_to_its_order_and_its_reader(admin_client, asha):
    message = tell(asha)
    page = admin_client.get(f"{LIST}{message.pk}/change/").content.decode()
    assert reverse("admin:orders_order_change", args=[message.related_id]) in page


def test_a_text_that_failed_is_sent_again_by_hand(admin_client, failed, twilio):
    assert run_action(admin_client, "resend", failed) == ["ORDER_STATUS_UPDATED to +919876543211: will be sent again"]
    waiting = now(failed)
    assert (waiting.status, waiting.error, waiting.tries) == ("PENDING", "", 0)
    assert waiting.expires_at > failed.expires_at


def test_no_other_text_is_sent_again(admin_client, asha):
    sent, code = tell(asha), tell_code()
    SmsMessage.objects.filter(pk=sent.pk).update(status="SENT")
    SmsMessage.objects.filter(pk=code.pk).update(status="FAILED", encrypted_text=None)
    assert sorted(run_action(admin_client, "resend", sent, code)) == [
        "ORDER_STATUS_UPDATED to +919876543211: Only an SMS that failed can be sent again",
        "OTP to +919876543211: A one-time password cannot be sent again; a new one can be asked for",
    ]
    assert (now(sent).status, now(code).status) == ("SENT", "FAILED")


def test_nothing_is_written_or_removed_by_hand(admin_client, failed):
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{failed.pk}/delete/", {"post": "yes"}).status_code == 403
    admin_client.post(f"{LIST}{failed.pk}/change/", {"status": "SENT", "text": "Forged", "to": "+911"})
    assert (now(failed).status, now(failed).text) == ("FAILED", "Your order #abc12345 has moved")


def test_a_list_costs_the_same_however_many_there_are(admin_client, asha, django_assert_max_num_queries):
    for _ in range(20):
        tell(asha)
    with django_assert_max_num_queries(8):
        assert len(shown(admin_client)) == 20


def test_push_tokens_are_listed_without_the_tokens(admin_client, asha):
    PushToken.objects.create(user=asha, platform="IOS", token="a:token")
    page = admin_client.get("/admin/notifications/pushtoken/").content.decode()
    assert "Asha" in page
    assert "a:token" not in page
