"""Admin pages that end sessions and reset second factors; signing in of staff."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Role, RoleAssignment, User
from accounts.second_factor import second_factor_of
from tests.support.admin_pages import admin_url, form_of, press, run_action
from tests.support.clients import Client, token_of
from tests.support.staff import PASSWORD, staff, with_second_factor


@pytest.fixture
def admin_client(client, superuser):
    """Return a client of a superuser."""
    client.force_login(superuser)
    return client


def test_sessions_are_shown_and_cannot_be_changed(admin_client, asha):
    token_of(asha)
    session = asha.sessions.get()
    url = admin_url("accounts_user", "change", asha.pk)
    assert session.created_at.astimezone().strftime("%Y") in admin_client.get(url).content.decode()
    forged = {"sessions-0-id": str(session.pk), "sessions-0-active_role": "ADMIN", "sessions-0-DELETE": "on"}
    admin_client.post(url, form_of(admin_client, url) | forged)
    session.refresh_from_db()
    assert session.active_role == "FARMER"


def test_deactivating_ends_every_session_at_the_next_request(admin_client, asha, charu):
    token = token_of(asha)
    response = run_action(admin_client, "accounts_user", "deactivate", asha)
    assert f"{asha}: deactivated" in response.content.decode()
    assert LogEntry.objects.get().change_message == "deactivated"
    assert Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    run_action(admin_client, "accounts_user", "reactivate", asha)
    assert Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    asha.refresh_from_db()
    assert asha.is_active


def test_a_user_is_logged_out_everywhere(admin_client, asha, charu):
    tokens, other = [token_of(asha), token_of(asha)], token_of(charu)
    answer = run_action(admin_client, "accounts_user", "log_out_everywhere", asha)
    assert f"{asha}: logged out everywhere" in answer.content.decode()
    answers = [Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code for token in [*tokens, other]]
    assert answers == [401, 401, 200]


def test_a_user_is_deactivated_on_the_page_with_the_reason_in_the_log(admin_client, asha):
    token = token_of(asha)
    shown = admin_client.get(admin_url("accounts_user", "change", asha.pk)).content.decode()
    assert 'value="deactivate"' in shown and 'value="reactivate"' not in shown
    press(admin_client, "accounts_user", asha, "deactivate", note="Phone changed hands")
    assert LogEntry.objects.get().change_message == "deactivated: Phone changed hands"
    assert Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    press(admin_client, "accounts_user", asha, "reactivate")
    asha.refresh_from_db()
    assert asha.is_active


def test_resetting_a_second_factor_signs_its_owner_out(admin_client):
    viewer = staff("+919876543288", "Charu", "viewer")
    device, codes = with_second_factor(viewer)
    theirs = Browser()
    theirs.post(reverse("admin:login"), {"username": viewer.phone, "password": PASSWORD})
    theirs.post(reverse("admin:sign_in_code"), {"code": codes[0]})
    assert theirs.get(reverse("admin:my_sessions")).status_code == 200
    assert "Second factor on" in admin_client.get(admin_url("accounts_user", "change", viewer.pk)).content.decode()
    press(admin_client, "accounts_user", viewer, "reset_second_factor", note="Lost the phone")
    assert second_factor_of(viewer) is None
    assert theirs.get(reverse("admin:my_sessions")).status_code == 302
    log = LogEntry.objects.get()
    assert (log.change_message, device.key in str(log.__dict__)) == ("second factor reset: Lost the phone", False)


def test_sessions_are_shown_and_ended_on_the_page(admin_client):
    viewer = staff("+919876543288", "Charu", "viewer")
    RoleAssignment.objects.create(user=viewer, role=Role.FARMER)
    theirs = Browser(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Safari/537.36")
    theirs.post(reverse("admin:login"), {"username": viewer.phone, "password": PASSWORD})
    token = token_of(viewer)
    shown = admin_client.get(admin_url("accounts_user", "change", viewer.pk)).content.decode()
    assert "Chrome on Android" in shown and "From 127.0.0.1" in shown
    for session in (viewer.staff_sessions.get(), viewer.sessions.get()):
        end = reverse("admin:accounts_user_end_session", args=[viewer.pk, session.pk])
        assert admin_client.get(end).status_code == 405
        assert "signed out there" in admin_client.post(end, follow=True).content.decode()
        assert "has ended already" in admin_client.post(end, follow=True).content.decode()
    assert theirs.get(reverse("admin:my_sessions")).status_code == 302
    assert Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


def test_logging_out_everywhere_closes_the_back_office_too(admin_client):
    viewer = staff("+919876543288", "Charu", "viewer")
    theirs = Browser()
    theirs.post(reverse("admin:login"), {"username": viewer.phone, "password": PASSWORD})
    press(admin_client, "accounts_user", viewer, "log_out_everywhere")
    assert theirs.get(reverse("admin:my_sessions")).status_code == 302


@pytest.mark.parametrize(
    "username", ["98765 43200", "+919876543200", "09876543200", "\u202a+91 98765\u201143200\u202c", "९८७६५ ४३२००"]
)
def test_staff_log_in_with_any_spelling_of_their_phone(client, username):
    User.objects.create_superuser("+919876543200", PASSWORD)
    response = client.post(reverse("admin:login"), {"username": username, "password": PASSWORD})
    assert response.status_code == 302


@pytest.mark.parametrize("username", ["admin", "", "9" * 200, "' OR 1=1 --", "९८७६५४३२००"])
def test_nonsense_at_the_login_is_a_form_error(client, username):
    response = client.post(reverse("admin:login"), {"username": username, "password": PASSWORD})
    assert response.status_code == 200
    assert response.context["form"].errors


def test_farmers_have_no_back_office(client, asha):
    asha.set_password(PASSWORD)
    asha.save()
    response = client.post(reverse("admin:login"), {"username": asha.phone, "password": PASSWORD})
    assert response.context["form"].errors
