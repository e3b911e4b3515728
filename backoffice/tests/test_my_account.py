"""Pages on which staff see and change their own sessions and second factor."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import StaffSession
from accounts.second_factor import backup_codes_left, second_factor_of
from tests.support.staff import PASSWORD, code_of, staff, with_second_factor

SESSIONS, FACTOR = reverse("admin:my_sessions"), reverse("admin:my_second_factor")
OTHERS, CODES, DISABLE = (
    reverse(f"admin:{name}") for name in ("end_my_others", "my_backup_codes", "disable_second_factor")
)


@pytest.fixture
def viewer():
    return staff("+919876543288", "Charu", "viewer")


@pytest.fixture
def noon():
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False) as clock:
        yield clock


def signed_in(user, browser="Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/130.0", **where) -> Client:
    client = Client(HTTP_USER_AGENT=browser, **where)
    client.post(reverse("admin:login"), {"username": user.phone, "password": PASSWORD})
    return client


def is_open(client) -> bool:
    return client.get(SESSIONS).status_code == 200


def test_every_place_is_listed_with_browser_address_and_time(viewer, noon):
    signed_in(viewer, "Mozilla/5.0 (iPhone; CPU iPhone OS 17) Version/17 Safari/604.1", REMOTE_ADDR="203.0.113.9")
    noon.shift(3600)
    page = " ".join(signed_in(viewer).get(SESSIONS).content.decode().split())
    assert "Safari on iPhone" in page and "From 203.0.113.9, since 22 Nov 2026, 17:30" in page
    assert "Firefox on Linux" in page and page.count("This browser") == 1
    assert not any(row.session_key in page for row in StaffSession.objects.all())


def test_what_a_browser_says_is_no_html(viewer):
    signed_in(viewer, "<script>alert(1)</script>")
    assert "<script>alert" not in signed_in(viewer).get(SESSIONS).content.decode()


def test_another_place_is_signed_out_at_once(viewer):
    here, there = signed_in(viewer), signed_in(viewer, REMOTE_ADDR="203.0.113.9")
    place = StaffSession.objects.get(address="203.0.113.9")
    end = reverse("admin:end_my_session", args=[place.pk])
    assert here.get(end).status_code == 405 and is_open(there)
    here.post(end)
    assert is_open(here) and not is_open(there)


def test_sessions_of_others_cannot_be_ended(viewer):
    theirs = signed_in(staff("+919876543287", "Ravi"))
    here, place = signed_in(viewer), StaffSession.objects.get(user__name="Ravi")
    text = here.post(reverse("admin:end_my_session", args=[place.pk]), follow=True).content.decode()
    assert "This session has ended already" in text
    assert is_open(theirs)


def test_everywhere_but_here(viewer):
    here, there, elsewhere = signed_in(viewer), signed_in(viewer), signed_in(viewer)
    other = signed_in(staff("+919876543287", "Ravi"))
    assert "Signed out at 2 other places." in here.post(OTHERS, follow=True).content.decode()
    assert [is_open(client) for client in (here, there, elsewhere, other)] == [True, False, False, True]


def test_last_use_is_noted_once_a_minute(viewer, noon):
    client = signed_in(viewer)
    first = StaffSession.objects.get().last_seen_at
    client.get(FACTOR)
    noon.shift(300)
    client.get(FACTOR)
    assert (StaffSession.objects.get().last_seen_at - first).total_seconds() in {0, 300}


def test_signing_out_and_a_new_password_end_what_is_listed(viewer):
    here, there = signed_in(viewer), signed_in(viewer)
    there.post(reverse("admin:logout"))
    assert len(here.get(SESSIONS).context["staff_sessions"]) == 1
    there = signed_in(viewer)
    new = {"old_password": PASSWORD, "new_password1": "another-long-one", "new_password2": "another-long-one"}
    assert here.post(reverse("admin:password_change"), new).status_code == 302
    assert is_open(here) and not is_open(there)
    assert [row.session_key for row in here.get(SESSIONS).context["staff_sessions"]] == [here.session.session_key]


def test_an_app_is_set_up_from_inside_and_other_sessions_end(viewer, noon):
    here, there = signed_in(viewer), signed_in(viewer)
    here.get(FACTOR)
    device = viewer.totpdevice_set.get()
    assert here.post(FACTOR, {"code": "000000"}).context["form"].errors
    noon.shift(2)
    assert len(here.post(FACTOR, {"code": code_of(device)}).context["backup_codes"]) == 10
    assert is_open(here) and not is_open(there)
    assert "10 left" in here.get(FACTOR).content.decode()


@pytest.fixture
def inside(viewer, noon):
    """Return a client signed in by a backup code, and the authenticator app."""
    device, codes = with_second_factor(viewer)
    client = signed_in(viewer)
    client.post(reverse("admin:sign_in_code"), {"code": codes[0]})
    noon.shift(30)
    return client, device


def test_new_backup_codes_need_a_code_and_void_the_old(inside, viewer):
    client, device = inside
    assert "Nothing changed" in client.post(CODES, {"code": "000000"}, follow=True).content.decode()
    assert backup_codes_left(viewer) == 9
    viewer.totpdevice_set.update(throttling_failure_count=0)
    assert len(client.post(CODES, {"code": code_of(device)}).context["backup_codes"]) == 10
    assert backup_codes_left(viewer) == 10
    assert client.get(CODES).status_code == 405


def test_the_second_factor_is_disabled_by_a_code_unless_required(inside, viewer, settings):
    client, device = inside
    settings.STAFF_TOTP_REQUIRED = True
    client.post(DISABLE, {"code": code_of(device)})
    assert second_factor_of(viewer) is not None
    settings.STAFF_TOTP_REQUIRED = False
    client.post(DISABLE, {"code": code_of(device)})
    assert second_factor_of(viewer) is None
    assert is_open(client)
