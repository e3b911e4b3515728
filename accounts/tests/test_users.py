"""API of users: personal data, and who may read and change it."""

import pytest

from accounts.models import Operator, Role, User, VleProfile
from accounts.services import (
    change_user,
    create_operator,
    create_vle,
    deactivate_user,
    log_out_everywhere,
    reactivate_user,
)
from core.errors import Forbidden
from tests.support import factories
from tests.support.clients import actor, token_of
from tests.support.otp import refusal

PUNE = {"type": "Point", "coordinates": [73.8567, 18.5204]}
DENIED = (403, "Access denied", "Access denied")


def update(api, who, body, role=None):
    return api(who, role).post("/user/update", body, format="json")


def test_users_change_their_own_data(api, asha):
    body = {"name": " Asha Patil ", "defaultLocation": PUNE, "pincode": "411001", "language": "mr"}
    response = update(api, asha, body)
    assert (response.status_code, response.body["message"]) == (200, "Resource updated")
    assert response.body["data"]["profile"] == {
        "name": "Asha Patil",
        "defaultLocation": PUNE,
        "pincode": "411001",
        "language": "mr",
    }
    assert response.body["data"]["activeRole"] == "FARMER"
    asha.refresh_from_db()
    assert (asha.name, asha.latitude, asha.longitude) == ("Asha Patil", 18.5204, 73.8567)


@pytest.mark.parametrize("body", [{}, {"name": None, "defaultLocation": None, "pincode": None, "language": None}])
def test_fields_that_are_missing_or_null_stay(api, asha, body):
    update(api, asha, {"name": "Asha", "defaultLocation": PUNE, "pincode": "411001", "language": "mr"})
    profile = update(api, asha, body).body["data"]["profile"]
    assert profile == {"name": "Asha", "defaultLocation": PUNE, "pincode": "411001", "language": "mr"}


def test_an_empty_text_clears_the_field(api, asha):
    update(api, asha, {"pincode": "411001", "language": "mr"})
    profile = update(api, asha, {"name": "", "pincode": "", "language": ""}).body["data"]["profile"]
    assert (profile["name"], profile["pincode"], profile["language"]) == ("", "", "")


@pytest.mark.parametrize("name", ["\u2068Asha Patil\u2069", "Asha\tPatil", " \ufeffAsha Patil\u200b"])
def test_a_pasted_name_is_stored_without_invisible_characters(api, asha, name):
    assert update(api, asha, {"name": name}).body["data"]["profile"]["name"] == "Asha Patil"


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"name": 5}, "{name=Name must be text}"),
        ({"name": "A" * 101}, "{name=Name must be at most 100 characters}"),
        ({"name": "A\nB"}, "{name=Name must be one line}"),
        ({"name": "A\x00"}, "{name=Name must not contain control characters}"),
        ({"name": "A\u0085"}, "{name=Name must not contain control characters}"),
        ({"pincode": 411001}, "{pincode=PIN code must be 6 digits and not start with 0}"),
        ({"pincode": "011001"}, "{pincode=PIN code must be 6 digits and not start with 0}"),
        ({"language": "x" * 11}, "{language=Language must be at most 10 characters}"),
        ({"defaultLocation": "Pune"}, "{defaultLocation=Default location must be a GeoJSON Point}"),
        (
            {"defaultLocation": {"type": "Point", "coordinates": [18.5, 93.8]}},
            "{defaultLocation=Default location latitude must be from -90 to 90}",
        ),
        ({"phoneNumber": "12"}, "{phoneNumber=Invalid phone number}"),
        (
            {"name": [], "pincode": {}},
            "{name=Name must be text, pincode=PIN code must be 6 digits and not start with 0}",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(api, asha, body, details):
    assert refusal(update(api, asha, {"language": "en"} | body)) == (400, "Validation failed", details)
    asha.refresh_from_db()
    assert (asha.name, asha.language) == ("Asha", "")


@pytest.mark.parametrize(
    "field", ["is_staff", "is_superuser", "isActive", "status", "roles", "id", "phone", "password"]
)
def test_users_cannot_change_their_own_rights(api, asha, field):
    before = User.objects.values().get(pk=asha.pk)
    assert update(api, asha, {field: "ADMIN"}).status_code == 200
    after = User.objects.values().get(pk=asha.pk)
    assert {**after, "updated_at": 0} == {**before, "updated_at": 0}
    assert list(asha.role_assignments.values_list("role", flat=True)) == ["FARMER"]


def test_ones_own_phone_names_oneself(api, asha):
    assert update(api, asha, {"phoneNumber": "98765 43211", "language": "hi"}).status_code == 200
    asha.refresh_from_db()
    assert asha.language == "hi"


def test_an_admin_changes_another_by_phone(api, meena, asha):
    response = update(api, meena, {"phoneNumber": asha.phone, "name": "Asha Patil"})
    assert response.body["data"]["id"] == str(asha.pk)
    assert response.body["data"]["activeRole"] is None
    asha.refresh_from_db()
    assert asha.name == "Asha Patil"


@pytest.mark.parametrize("phone", ["+919876543211", "+919876500000"])
def test_users_cannot_change_others_known_or_unknown(api, charu, asha, phone):
    assert refusal(update(api, charu, {"phoneNumber": phone, "name": "X"})) == DENIED
    assert not User.objects.filter(name="X").exists()


def test_an_admin_acting_as_farmer_cannot_change_others(api, asha):
    both = factories.user("+919876543223", "Charu", Role.ADMIN, Role.FARMER)
    assert refusal(update(api, both, {"phoneNumber": asha.phone, "name": "X"}, role=Role.FARMER)) == DENIED


def test_an_unknown_phone_is_not_found_for_an_admin(api, meena):
    answer = update(api, meena, {"phoneNumber": "+919876500000", "name": "X"})
    assert refusal(answer) == (404, "Resource not found", "User not found")


def test_people_read_themselves_and_admins_read_all(api, asha, meena):
    for reader in (asha, meena):
        response = api(reader).get(f"/user/get-user/{asha.pk}")
        assert (response.status_code, response.body["data"]["phone"]) == (200, asha.phone)


def test_a_stranger_cannot_read_others(api, asha, charu):
    response = api(charu).get(f"/user/get-user/{asha.pk}")
    assert refusal(response) == DENIED
    assert asha.phone not in response.content.decode()


@pytest.mark.parametrize(
    "user_id", [factories.UNKNOWN, "x", "1", "a" * 5000, "%00", "{}", f"urn:uuid:{factories.UNKNOWN}"]
)
def test_an_unknown_id_is_not_found(api, meena, user_id):
    assert refusal(api(meena).get(f"/user/get-user/{user_id}")) == (404, "Resource not found", "User not found")


@pytest.mark.parametrize(("method", "path"), [("post", "/user/update"), ("get", f"/user/get-user/{factories.UNKNOWN}")])
def test_users_are_read_and_changed_with_a_token_only(api, method, path):
    assert getattr(api(), method)(path).status_code == 401


def test_the_services_check_the_policies(asha, charu):
    stranger, victim = actor(charu), asha
    acts = [
        lambda: change_user(victim, by=stranger, changes={"name": "X"}),
        lambda: deactivate_user(victim, by=stranger),
        lambda: reactivate_user(victim, by=stranger),
        lambda: log_out_everywhere(victim, by=stranger),
        lambda: create_vle(by=stranger, user=victim, details={"name": "X"}),
        lambda: create_operator(by=stranger, user=victim, details={"name": "X"}),
    ]
    token_of(victim)
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    victim.refresh_from_db()
    assert (victim.name, victim.is_active, victim.sessions.filter(revoked_at=None).count()) == ("Asha", True, 1)
    assert not VleProfile.objects.exists()
    assert not Operator.objects.exists()
