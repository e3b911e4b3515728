"""Admin pages of users: what staff see, and what they may change."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import Operator, Role, RoleAssignment, User
from tests.support import factories
from tests.support.admin_pages import admin_url, form_of, press, run_action
from tests.support.staff import PASSWORD


@pytest.fixture
def admin_client(client, superuser):
    """Return a client of a superuser."""
    client.force_login(superuser)
    return client


@pytest.fixture
def clerk_client(client):
    """Return a client of a member of staff with every permission of accounts, who is not an ADMIN."""
    clerk = User.objects.create(phone="+919876543290", name="Clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(clerk)
    return client


@pytest.mark.parametrize("model", ["user", "vleprofile", "operator"])
def test_lists_searches_and_forms_open(admin_client, asha, ravi, model):
    Operator.objects.create(user=asha, name="Asha")
    assert admin_client.get(admin_url(f"accounts_{model}")).status_code == 200
    assert admin_client.get(admin_url(f"accounts_{model}") + "?q=98765").status_code == 200
    assert admin_client.get(admin_url(f"accounts_{model}", "add")).status_code == 200
    row = {"user": ravi, "vleprofile": ravi.vle_profile, "operator": asha.operator}[model]
    assert admin_client.get(admin_url(f"accounts_{model}", "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", ["user", "vleprofile", "operator"])
def test_lists_cost_the_same_however_long(admin_client, model, django_assert_max_num_queries):
    for number in range(6):
        user = factories.vle(f"+9198765433{10 + number}", f"Person {number}")
        Operator.objects.create(user=user, name=user.name)
    with django_assert_max_num_queries(11):
        admin_client.get(admin_url(f"accounts_{model}"))


@pytest.mark.parametrize("model", ["user", "vleprofile", "operator"])
def test_people_cannot_be_deleted(admin_client, ravi, asha, model):
    Operator.objects.create(user=asha, name="Asha")
    row = {"user": ravi, "vleprofile": ravi.vle_profile, "operator": asha.operator}[model]
    assert admin_client.post(admin_url(f"accounts_{model}", "delete", row.pk), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("phone", ["admin", "12", "", "+919876543211", "98765 43211"])
def test_a_phone_that_is_none_or_taken_is_refused(admin_client, asha, phone):
    data = {"phone": phone, "name": "X", "usable_password": "false"}
    data |= {"role_assignments-TOTAL_FORMS": "0", "role_assignments-INITIAL_FORMS": "0"}
    response = admin_client.post(admin_url("accounts_user", "add"), data)
    assert response.status_code == 200
    assert "phone" in response.context["adminform"].form.errors
    assert not User.objects.filter(name="X").exists()


def test_a_role_is_granted_and_revoked_on_the_users_page(admin_client, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    form = form_of(admin_client, url) | {
        "role_assignments-TOTAL_FORMS": "2",
        "role_assignments-0-DELETE": "on",
        "role_assignments-1-role": "ADMIN",
        "role_assignments-1-user": str(asha.pk),
    }
    assert admin_client.post(url, form).status_code == 302
    assert [held.role for held in asha.role_assignments.all()] == ["ADMIN"]


def test_a_form_cannot_deactivate(admin_client, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    form = {key: value for key, value in form_of(admin_client, url).items() if key != "is_active"}
    assert admin_client.post(url, form | {"name": "Asha Patil"}).status_code == 302
    asha.refresh_from_db()
    assert (asha.name, asha.is_active) == ("Asha Patil", True)


def test_superusers_cannot_deactivate_themselves(admin_client):
    superuser = User.objects.get()
    answer = run_action(admin_client, "accounts_user", "deactivate", superuser)
    assert "You cannot deactivate yourself" in answer.content.decode()
    superuser.refresh_from_db()
    assert superuser.is_active


def test_actions_are_posts_only(admin_client, asha):
    admin_client.get(admin_url("accounts_user"), {"action": "deactivate", "_selected_action": asha.pk})
    asha.refresh_from_db()
    assert asha.is_active


def test_a_clerk_cannot_grant_roles_or_staff_access(clerk_client, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    form = form_of(clerk_client, url) | {"is_staff": "on", "is_superuser": "on", "name": "Asha Patil"}
    form |= {"role_assignments-TOTAL_FORMS": "1", "role_assignments-INITIAL_FORMS": "0"}
    form |= {"role_assignments-0-role": "ADMIN", "role_assignments-0-user": str(asha.pk)}
    assert clerk_client.post(url, form).status_code == 302
    asha.refresh_from_db()
    assert (asha.name, asha.is_staff, asha.is_superuser) == ("Asha Patil", False, False)
    assert [held.role for held in asha.role_assignments.all()] == ["FARMER"]


def test_a_clerk_who_is_admin_grants_roles(clerk_client, asha):
    RoleAssignment.objects.create(user=User.objects.get(name="Clerk"), role=Role.ADMIN)
    url = admin_url("accounts_user", "change", asha.pk)
    assert "role_assignments-TOTAL_FORMS" in form_of(clerk_client, url)
    assert clerk_client.get(url).context["inline_admin_formsets"][0].has_add_permission


def test_a_clerk_cannot_change_a_superuser(clerk_client):
    superuser = User.objects.create_superuser("+919876543200", PASSWORD)
    url = admin_url("accounts_user", "change", superuser.pk)
    assert clerk_client.post(url, {"phone": "+919876543299"}).status_code == 403
    assert clerk_client.get(reverse("admin:auth_user_password_change", args=[superuser.pk])).status_code == 403
    answer = run_action(clerk_client, "accounts_user", "deactivate", superuser)
    assert "you may not change this one" in answer.content.decode()
    superuser.refresh_from_db()
    assert (superuser.is_active, superuser.phone) == (True, "+919876543200")


def test_a_button_needs_the_right_and_a_post(clerk_client, admin_client, asha):
    superuser = User.objects.get(is_superuser=True)
    clerk_client.force_login(User.objects.get(name="Clerk"))
    assert clerk_client.get(admin_url("accounts_user", "action", asha.pk), {"action": "deactivate"}).status_code == 405
    assert press(clerk_client, "accounts_user", superuser, "deactivate").status_code == 403
    assert press(clerk_client, "accounts_user", asha, "reset_second_factor").status_code == 403
    assert press(clerk_client, "accounts_user", asha, "unknown").status_code == 403
    assert set(User.objects.values_list("is_active", flat=True)) == {True}


def test_a_page_opened_before_another_save_is_refused(admin_client, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    old = form_of(admin_client, url)
    User.objects.filter(pk=asha.pk).update(name="Asha Patil")
    response = admin_client.post(url, old | {"name": "Asha P"})
    assert "Changed after you opened it" in response.content.decode()
    assert User.objects.get(pk=asha.pk).name == "Asha Patil"


def test_a_save_writes_only_what_was_changed(admin_client, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    form = form_of(admin_client, url) | {"name": "Asha Patil", "phone": "98765 43219"}
    assert admin_client.post(url, form).status_code == 302
    asha.refresh_from_db()
    assert (asha.name, asha.phone, asha.is_active) == ("Asha Patil", "+919876543219", True)
