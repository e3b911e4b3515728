"""Admin pages of users, VLEs and operators: what staff see, and what they may change."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from accounts.models import Operator, Role, RoleAssignment, User, VleProfile
from accounts.second_factor import second_factor_of
from tests.support import factories
from tests.support.clients import Client, token_of
from tests.support.staff import PASSWORD as STAFF_PASSWORD
from tests.support.staff import staff, with_second_factor

PASSWORD = "a-long-password"


@pytest.fixture
def admin_client(client):
    """Return a client of a superuser."""
    superuser = User.objects.create_superuser("+919876543200", PASSWORD, name="Meena")
    client.force_login(superuser)
    return client


@pytest.fixture
def desk(client):
    """Return a client of a member of staff with every permission of accounts, who is not an ADMIN."""
    clerk = User.objects.create(phone="+919876543290", name="Clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(clerk)
    return client


def page(model, act="changelist", *args):
    return reverse(f"admin:accounts_{model}_{act}", args=args)


def do(admin_client, model, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return admin_client.post(page(model), data, follow=True)


def form_of(admin_client, url):
    """Return the fields of a change form as a browser would send them back."""
    context = admin_client.get(url).context
    fields = {
        field.html_name: "" if field.value() is None else field.value()
        for form in forms_in(context)
        for field in form
        if field.value() is not False
    }
    return fields | {"_version": context["form_version"]}


def forms_in(context):
    yield context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.initial_forms


@pytest.mark.parametrize("model", ["user", "vleprofile", "operator"])
def test_lists_searches_and_forms_open(admin_client, asha, ravi, model):
    Operator.objects.create(user=asha, name="Asha")
    assert admin_client.get(page(model)).status_code == 200
    assert admin_client.get(page(model) + "?q=98765").status_code == 200
    assert admin_client.get(page(model, "add")).status_code == 200
    row = {"user": ravi, "vleprofile": ravi.vle_profile, "operator": asha.operator}[model]
    assert admin_client.get(page(model, "change", row.pk)).status_code == 200


SPELLINGS = ["09876543210", "+91 98765-43210", "98765 43210", "\u202a+91 98765 43210\u202c", "९८७६५४३२१०", "43210"]


@pytest.mark.parametrize("term", SPELLINGS)
@pytest.mark.parametrize("model", ["user", "vleprofile", "operator"])
def test_people_are_found_by_phone_in_any_spelling(admin_client, asha, ravi, charu, model, term):
    operator = Operator.objects.create(user=ravi, name="Farid")
    Operator.objects.create(user=charu, name="Gita")
    found = admin_client.get(page(model), {"q": term}).context["cl"].result_list
    assert list(found) == [{"user": ravi, "vleprofile": ravi.vle_profile, "operator": operator}[model]]


@pytest.mark.parametrize("term", SPELLINGS)
def test_a_picker_finds_a_user_by_phone_in_any_spelling(admin_client, asha, ravi, term):
    asked = {"app_label": "accounts", "model_name": "territorymembership", "field_name": "user", "term": term}
    results = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [result["id"] for result in results] == [str(ravi.pk)]


@pytest.mark.parametrize("model", ["user", "vleprofile", "operator"])
def test_lists_cost_the_same_however_long(admin_client, model, django_assert_max_num_queries):
    for number in range(6):
        user = factories.vle(f"+9198765433{10 + number}", f"Person {number}")
        Operator.objects.create(user=user, name=user.name)
    with django_assert_max_num_queries(11):
        admin_client.get(page(model))


@pytest.mark.parametrize("model", ["user", "vleprofile", "operator"])
def test_people_cannot_be_deleted(admin_client, ravi, asha, model):
    Operator.objects.create(user=asha, name="Asha")
    row = {"user": ravi, "vleprofile": ravi.vle_profile, "operator": asha.operator}[model]
    assert admin_client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("spelling", ["98765 43240", "\u202a+91 98765\u201143240\u202c", "९८७६५ ४३२४०"])
def test_a_user_is_added_by_phone_in_any_spelling(admin_client, spelling):
    data = {"phone": spelling, "name": "Deepa", "usable_password": "false"}
    data |= {"role_assignments-TOTAL_FORMS": "1", "role_assignments-INITIAL_FORMS": "0"}
    data |= {"role_assignments-0-role": "ADMIN"}
    assert admin_client.post(page("user", "add"), data).status_code == 302
    deepa = User.objects.get(phone="+919876543240")
    assert [held.role for held in deepa.role_assignments.all()] == ["ADMIN"]
    assert not deepa.has_usable_password()


@pytest.mark.parametrize("phone", ["admin", "12", "", "+919876543211", "98765 43211"])
def test_a_phone_that_is_none_or_taken_is_refused(admin_client, asha, phone):
    data = {"phone": phone, "name": "X", "usable_password": "false"}
    data |= {"role_assignments-TOTAL_FORMS": "0", "role_assignments-INITIAL_FORMS": "0"}
    response = admin_client.post(page("user", "add"), data)
    assert response.status_code == 200
    assert "phone" in response.context["adminform"].form.errors
    assert not User.objects.filter(name="X").exists()


def test_a_role_is_given_and_taken_on_the_users_page(admin_client, asha):
    url = page("user", "change", asha.pk)
    form = form_of(admin_client, url) | {
        "role_assignments-TOTAL_FORMS": "2",
        "role_assignments-0-DELETE": "on",
        "role_assignments-1-role": "ADMIN",
        "role_assignments-1-user": str(asha.pk),
    }
    assert admin_client.post(url, form).status_code == 302
    assert [held.role for held in asha.role_assignments.all()] == ["ADMIN"]


def test_sessions_are_shown_and_cannot_be_changed(admin_client, asha):
    token_of(asha)
    session = asha.sessions.get()
    url = page("user", "change", asha.pk)
    assert session.created_at.astimezone().strftime("%Y") in admin_client.get(url).content.decode()
    forged = {"sessions-0-id": str(session.pk), "sessions-0-active_role": "ADMIN", "sessions-0-DELETE": "on"}
    admin_client.post(url, form_of(admin_client, url) | forged)
    session.refresh_from_db()
    assert session.active_role == "FARMER"


def test_a_form_cannot_deactivate(admin_client, asha):
    url = page("user", "change", asha.pk)
    form = {key: value for key, value in form_of(admin_client, url).items() if key != "is_active"}
    assert admin_client.post(url, form | {"name": "Asha Patil"}).status_code == 302
    asha.refresh_from_db()
    assert (asha.name, asha.is_active) == ("Asha Patil", True)


def test_deactivating_ends_every_session_at_the_next_request(admin_client, asha, charu):
    token = token_of(asha)
    response = do(admin_client, "user", "deactivate", asha)
    assert f"{asha}: deactivated" in response.content.decode()
    assert LogEntry.objects.get().change_message == "deactivated"
    assert Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    do(admin_client, "user", "reactivate", asha)
    assert Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    asha.refresh_from_db()
    assert asha.is_active


def test_superusers_cannot_deactivate_themselves(admin_client):
    superuser = User.objects.get()
    assert "You cannot shut yourself out" in do(admin_client, "user", "deactivate", superuser).content.decode()
    superuser.refresh_from_db()
    assert superuser.is_active


def test_someone_is_logged_out_everywhere(admin_client, asha, charu):
    tokens, other = [token_of(asha), token_of(asha)], token_of(charu)
    assert f"{asha}: logged out everywhere" in do(admin_client, "user", "log_out_everywhere", asha).content.decode()
    answers = [Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code for token in [*tokens, other]]
    assert answers == [401, 401, 200]


def test_actions_are_posts_only(admin_client, asha):
    admin_client.get(page("user"), {"action": "deactivate", "_selected_action": asha.pk})
    asha.refresh_from_db()
    assert asha.is_active


def test_a_clerk_gives_no_roles_and_no_powers(desk, asha):
    url = page("user", "change", asha.pk)
    form = form_of(desk, url) | {"is_staff": "on", "is_superuser": "on", "name": "Asha Patil"}
    form |= {"role_assignments-TOTAL_FORMS": "1", "role_assignments-INITIAL_FORMS": "0"}
    form |= {"role_assignments-0-role": "ADMIN", "role_assignments-0-user": str(asha.pk)}
    assert desk.post(url, form).status_code == 302
    asha.refresh_from_db()
    assert (asha.name, asha.is_staff, asha.is_superuser) == ("Asha Patil", False, False)
    assert [held.role for held in asha.role_assignments.all()] == ["FARMER"]


def test_a_clerk_who_is_admin_gives_roles(desk, asha):
    RoleAssignment.objects.create(user=User.objects.get(name="Clerk"), role=Role.ADMIN)
    assert "role_assignments-TOTAL_FORMS" in form_of(desk, page("user", "change", asha.pk))
    assert desk.get(page("user", "change", asha.pk)).context["inline_admin_formsets"][0].has_add_permission


def test_a_clerk_cannot_touch_a_superuser(desk):
    superuser = User.objects.create_superuser("+919876543200", PASSWORD)
    assert desk.post(page("user", "change", superuser.pk), {"phone": "+919876543299"}).status_code == 403
    assert desk.get(reverse("admin:auth_user_password_change", args=[superuser.pk])).status_code == 403
    assert "you may not change this one" in do(desk, "user", "deactivate", superuser).content.decode()
    superuser.refresh_from_db()
    assert (superuser.is_active, superuser.phone) == (True, "+919876543200")


def test_a_vle_made_here_holds_the_role_too(admin_client, asha):
    data = {"user": str(asha.pk), "type": "INDIVIDUAL", "name": "Patil Agro", "pincode": "411 001"}
    assert admin_client.post(page("vleprofile", "add"), data).status_code == 302
    profile = VleProfile.objects.get()
    assert (profile.name, profile.pincode) == ("Patil Agro", "411001")
    assert [held.role for held in asha.role_assignments.all()] == ["FARMER", "VLE"]


def test_a_second_profile_is_refused_on_the_form(admin_client, ravi):
    data = {"user": str(ravi.pk), "type": "INDIVIDUAL", "name": "Again", "pincode": ""}
    response = admin_client.post(page("vleprofile", "add"), data)
    assert "user" in response.context["adminform"].form.errors


def test_a_vle_is_suspended_by_an_action_and_not_by_the_form(admin_client, ravi):
    url = page("vleprofile", "change", ravi.vle_profile.pk)
    admin_client.post(url, form_of(admin_client, url) | {"status": "SUSPENDED", "name": "Ravi Agro"})
    profile = VleProfile.objects.get()
    assert (profile.name, profile.status) == ("Ravi Agro", "ACTIVE")
    do(admin_client, "vleprofile", "suspend", profile)
    assert VleProfile.objects.get().status == "SUSPENDED"
    do(admin_client, "vleprofile", "activate", profile)
    assert VleProfile.objects.get().status == "ACTIVE"


def test_an_operator_made_here_holds_the_role_and_certificates(admin_client, asha):
    data = {"user": str(asha.pk), "name": "Asha", "license_number": "MH12"}
    data |= {"training-TOTAL_FORMS": "1", "training-INITIAL_FORMS": "0", "training-0-device_type_code": "TRACTOR"}
    assert admin_client.post(page("operator", "add"), data).status_code == 302
    operator = Operator.objects.get()
    assert [row.device_type_code for row in operator.training.all()] == ["TRACTOR"]
    assert [held.role for held in asha.role_assignments.all()] == ["FARMER", "OPERATOR"]


@pytest.mark.parametrize(
    ("action", "status"), [("suspend", "SUSPENDED"), ("archive", "ARCHIVED"), ("activate", "ACTIVE")]
)
def test_an_operators_state_is_changed_by_actions(admin_client, asha, action, status):
    operator = Operator.objects.create(user=asha, name="Asha")
    do(admin_client, "operator", action, operator)
    assert Operator.objects.get().status == status


@pytest.mark.parametrize(
    ("days", "text", "tone"),
    [
        (None, "Valid", "good"),
        (31, "Valid till", "good"),
        (30, "Expires on", "waiting"),
        (0, "Expires on", "waiting"),
        (-1, "Expired on", "bad"),
    ],
)
def test_the_validity_of_a_certificate_is_shown_in_the_list_and_on_the_page(admin_client, asha, days, text, tone):
    operator = Operator.objects.create(user=asha, name="Asha")
    last = None if days is None else timezone.localdate() + timedelta(days=days)
    operator.training.create(device_type_code="TRACTOR", valid_till=last)
    listed = admin_client.get(page("operator")).content.decode()
    assert f'data-tone="{tone}">TRACTOR: {text.lower()}' in listed
    assert f'data-tone="{tone}">{text}' in admin_client.get(page("operator", "change", operator.pk)).content.decode()


def press(admin_client, model, row, action, **fields):
    return admin_client.post(page(model, "action", row.pk), {"action": action} | fields, follow=True)


def test_a_user_is_deactivated_on_the_page_with_the_reason_in_the_log(admin_client, asha):
    token = token_of(asha)
    shown = admin_client.get(page("user", "change", asha.pk)).content.decode()
    assert 'value="deactivate"' in shown and 'value="reactivate"' not in shown
    press(admin_client, "user", asha, "deactivate", note="Phone changed hands")
    assert LogEntry.objects.get().change_message == "deactivated: Phone changed hands"
    assert Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401
    press(admin_client, "user", asha, "reactivate")
    asha.refresh_from_db()
    assert asha.is_active


def test_a_button_needs_the_right_and_a_post(desk, admin_client, asha):
    superuser = User.objects.get(is_superuser=True)
    desk.force_login(User.objects.get(name="Clerk"))
    assert desk.get(page("user", "action", asha.pk), {"action": "deactivate"}).status_code == 405
    assert press(desk, "user", superuser, "deactivate").status_code == 403
    assert press(desk, "user", asha, "reset_second_factor").status_code == 403
    assert press(desk, "user", asha, "elope").status_code == 403
    assert set(User.objects.values_list("is_active", flat=True)) == {True}


def test_resetting_a_second_factor_signs_its_owner_out(admin_client):
    lata = staff("+919876543288", "Lata", "viewer")
    device, codes = with_second_factor(lata)
    theirs = Browser()
    theirs.post(reverse("admin:login"), {"username": lata.phone, "password": STAFF_PASSWORD})
    theirs.post(reverse("admin:sign_in_code"), {"code": codes[0]})
    assert theirs.get(reverse("admin:my_sessions")).status_code == 200
    assert "Second factor on" in admin_client.get(page("user", "change", lata.pk)).content.decode()
    press(admin_client, "user", lata, "reset_second_factor", note="Lost the phone")
    assert second_factor_of(lata) is None
    assert theirs.get(reverse("admin:my_sessions")).status_code == 302
    log = LogEntry.objects.get()
    assert (log.change_message, device.key in str(log.__dict__)) == ("second factor reset: Lost the phone", False)


def test_sessions_are_shown_and_ended_on_the_page(admin_client):
    lata = staff("+919876543288", "Lata", "viewer")
    RoleAssignment.objects.create(user=lata, role=Role.FARMER)
    theirs = Browser(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Safari/537.36")
    theirs.post(reverse("admin:login"), {"username": lata.phone, "password": STAFF_PASSWORD})
    token = token_of(lata)
    shown = admin_client.get(page("user", "change", lata.pk)).content.decode()
    assert "Chrome on Android" in shown and "From 127.0.0.1" in shown
    for session in (lata.staff_sessions.get(), lata.sessions.get()):
        end = reverse("admin:accounts_user_end_session", args=[lata.pk, session.pk])
        assert admin_client.get(end).status_code == 405
        assert "signed out there" in admin_client.post(end, follow=True).content.decode()
        assert "has ended already" in admin_client.post(end, follow=True).content.decode()
    assert theirs.get(reverse("admin:my_sessions")).status_code == 302
    assert Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 401


def test_logging_out_everywhere_closes_the_back_office_too(admin_client):
    lata = staff("+919876543288", "Lata", "viewer")
    theirs = Browser()
    theirs.post(reverse("admin:login"), {"username": lata.phone, "password": STAFF_PASSWORD})
    press(admin_client, "user", lata, "log_out_everywhere")
    assert theirs.get(reverse("admin:my_sessions")).status_code == 302


def test_a_page_opened_before_another_save_is_refused(admin_client, asha):
    url = page("user", "change", asha.pk)
    old = form_of(admin_client, url)
    User.objects.filter(pk=asha.pk).update(name="Asha Patil")
    response = admin_client.post(url, old | {"name": "Asha P"})
    assert "Changed meanwhile" in response.content.decode()
    assert User.objects.get(pk=asha.pk).name == "Asha Patil"


def test_a_save_writes_only_what_was_changed(admin_client, asha):
    url = page("user", "change", asha.pk)
    form = form_of(admin_client, url) | {"name": "Asha Patil", "phone": "98765 43219"}
    assert admin_client.post(url, form).status_code == 302
    asha.refresh_from_db()
    assert (asha.name, asha.phone, asha.is_active) == ("Asha Patil", "+919876543219", True)


@pytest.mark.parametrize("spelling", ["411 001", "४११००१", "\u2068411001\u2069"])
def test_a_pin_code_is_saved_in_any_spelling(admin_client, asha, spelling):
    url = page("user", "change", asha.pk)
    assert admin_client.post(url, form_of(admin_client, url) | {"pincode": spelling}).status_code == 302
    assert User.objects.get(pk=asha.pk).pincode == "411001"


def test_a_pasted_name_is_saved_without_invisible_characters(admin_client, asha):
    url = page("user", "change", asha.pk)
    assert admin_client.post(url, form_of(admin_client, url) | {"name": "\u2068Asha\tPatil\u2069"}).status_code == 302
    assert User.objects.get(pk=asha.pk).name == "Asha Patil"


def test_a_name_with_control_characters_is_refused(admin_client, asha):
    url = page("user", "change", asha.pk)
    refused = admin_client.post(url, form_of(admin_client, url) | {"name": "Asha\x07"})
    assert refused.context["adminform"].form.errors == {"name": ["Must not contain control characters"]}


@pytest.mark.parametrize("model", ["user", "vleprofile"])
def test_browsers_do_not_cut_a_pin_code_with_a_space(admin_client, asha, ravi, model):
    row = asha if model == "user" else ravi.vle_profile
    field = admin_client.get(page(model, "change", row.pk)).context["adminform"].form["pincode"]
    assert "maxlength" not in str(field)


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
