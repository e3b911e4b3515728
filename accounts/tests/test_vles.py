"""API of VLE profiles: managed by admins, public in part."""

import pytest

from accounts.models import Role, User, VleProfile
from accounts.services import create_vle
from core.errors import DomainError
from tests.support import factories
from tests.support.clients import actor
from tests.support.otp import refusal
from tests.support.races import together

PUNE = {"type": "Point", "coordinates": [73.8567, 18.5204]}
PHONE = "+919876543230"


def make(api, who, body, role=None):
    return api(who, role).post("/admin/vles", body, format="json")


def test_an_admin_creates_a_vle_profile_with_the_role(api, meena, asha):
    body = {"userId": str(asha.pk), "type": "COMPANY", "name": "Patil Agro", "location": PUNE, "pincode": "411001"}
    response = make(api, meena, body)
    assert response.status_code == 201
    profile = VleProfile.objects.get()
    assert response.body["data"] == {
        "id": str(profile.pk),
        "userId": str(asha.pk),
        "phone": asha.phone,
        "type": "COMPANY",
        "name": "Patil Agro",
        "location": PUNE,
        "pincode": "411001",
        "status": "ACTIVE",
        "createdAt": profile.created_at.isoformat().replace("+00:00", "Z"),
        "updatedAt": profile.updated_at.isoformat().replace("+00:00", "Z"),
    }
    assert [held.role for held in asha.role_assignments.all()] == ["FARMER", "VLE"]
    assert api(asha, Role.VLE).get("/vles/me").body["data"]["name"] == "Patil Agro"


def test_a_new_phone_becomes_a_user_who_is_a_vle_only(api, meena):
    response = make(api, meena, {"phoneNumber": "98765 43230", "name": "Ravi Kumar"})
    user = User.objects.get(phone=PHONE)
    assert response.body["data"]["userId"] == str(user.pk)
    assert (user.name, [held.role for held in user.role_assignments.all()]) == ("Ravi Kumar", ["VLE"])
    assert not user.has_usable_password()


def test_a_phone_that_is_known_stays_the_same_user(api, meena, asha):
    assert make(api, meena, {"phoneNumber": asha.phone, "name": "Patil Agro"}).body["data"]["userId"] == str(asha.pk)
    asha.refresh_from_db()
    assert asha.name == "Asha"


def test_without_a_name_the_profile_takes_the_users(api, meena, asha):
    assert make(api, meena, {"userId": str(asha.pk)}).body["data"]["name"] == "Asha"


def test_a_name_is_required(api, meena):
    assert refusal(make(api, meena, {"phoneNumber": PHONE})) == (400, "Validation failed", "{name=Name is required}")
    assert not User.objects.filter(phone=PHONE).exists()


def test_a_second_profile_is_refused(api, meena, ravi):
    for body in ({"userId": str(ravi.pk)}, {"phoneNumber": ravi.phone, "name": "Again"}):
        response = make(api, meena, body)
        assert refusal(response) == (400, "Operation failed", "VLE profile already exists for this user")
    assert VleProfile.objects.get().name == "Ravi"


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({}, "{userId=User ID or phone number is required}"),
        ({"userId": None, "phoneNumber": None}, "{userId=User ID or phone number is required}"),
        ({"phoneNumber": "12"}, "{phoneNumber=Invalid phone number}"),
        ({"phoneNumber": PHONE, "type": "king"}, "{type=Type must be one of INDIVIDUAL, COMPANY}"),
        ({"phoneNumber": PHONE, "status": "GONE"}, "{status=Status must be one of ACTIVE, SUSPENDED}"),
        ({"phoneNumber": PHONE, "name": ""}, "{name=Name must not be empty}"),
        ({"phoneNumber": PHONE, "location": [1, 2]}, "{location=Location must be a GeoJSON Point}"),
        ({"phoneNumber": PHONE, "pincode": "1"}, "{pincode=PIN code must be 6 digits and not start with 0}"),
    ],
)
def test_invalid_input_is_refused_and_creates_no_user(api, meena, body, details):
    assert refusal(make(api, meena, body)) == (400, "Validation failed", details)
    assert User.objects.count() == 1


@pytest.mark.parametrize("user_id", [factories.UNKNOWN, "x", "a" * 4000])
def test_an_unknown_user_is_not_found(api, meena, user_id):
    answer = make(api, meena, {"userId": user_id, "name": "X"})
    assert refusal(answer) == (404, "Resource not found", "User not found")


@pytest.mark.parametrize("user_id", ["a" * 6000, "\x00", [], {}, True])
def test_an_id_of_another_shape_is_refused(api, meena, user_id):
    assert make(api, meena, {"userId": user_id, "name": "X"}).status_code == 400


@pytest.mark.parametrize("path", ["/admin/vles", "/admin/operators"])
def test_only_admins_make_and_list(api, asha, ravi, path):
    for client in (api(asha), api(ravi)):
        for answer in (
            client.get(path),
            client.post(path, {}, format="json"),
            client.get(f"{path}/{factories.UNKNOWN}"),
        ):
            assert refusal(answer) == (403, "Access denied", "Admin role required")
    assert api().get(path).status_code == 401
    assert VleProfile.objects.count() == 1


def test_the_list_is_filtered_and_searched(api, meena, ravi):
    factories.vle("+919876543231", "Charu")
    VleProfile.objects.filter(name="Charu").update(status="SUSPENDED")

    def names(query):
        return [row["name"] for row in api(meena).get(f"/admin/vles{query}").body["data"]]

    assert names("") == ["Charu", "Ravi"]
    assert names("?status=SUSPENDED") == ["Charu"]
    assert names("?search=rav") == ["Ravi"]
    assert names("?search=43231") == ["Charu"]
    for spelling in ("09876543231", "%2B91 98765-43231", "\u202a9876543231\u202c", "९८७६५४३२३१"):
        assert names(f"?search={spelling}") == ["Charu"]
    assert names("?status=ACTIVE&search=Charu") == []
    assert names("?search=%25") == names("?search=_") == []


@pytest.mark.parametrize("query", ["status=GONE", "search=%00", f"search={'x' * 101}", "cursor=x", "pageSize=0"])
def test_an_invalid_query_is_refused(api, meena, query):
    assert api(meena).get(f"/admin/vles?{query}").status_code == 400


def test_a_list_costs_the_same_however_long(api, meena, django_assert_max_num_queries):
    for number in range(5):
        factories.vle(f"+9198765432{40 + number}", f"VLE {number}")
    client = api(meena)
    with django_assert_max_num_queries(2):
        assert len(client.get("/admin/vles").body["data"]) == 5


def test_an_admin_reads_one(api, meena, ravi):
    assert api(meena).get(f"/admin/vles/{ravi.vle_profile.pk}").body["data"]["phone"] == ravi.phone
    assert refusal(api(meena).get("/admin/vles/x")) == (404, "Resource not found", "VLE not found")


def test_a_vle_reads_its_own_profile(api, ravi):
    data = api(ravi).get("/vles/me").body["data"]
    assert (data["id"], data["phone"]) == (str(ravi.vle_profile.pk), ravi.phone)


def test_only_vles_read_their_own_profile(api, asha):
    assert refusal(api(asha).get("/vles/me")) == (403, "Access denied", "VLE role required")


def test_a_vle_without_a_profile_gets_404(api):
    charu = factories.user("+919876543232", "Charu", Role.VLE)
    assert refusal(api(charu).get("/vles/me")) == (404, "Resource not found", "VLE profile not found for user")


def test_others_see_only_the_public_part(api, asha, ravi):
    data = api(asha).get(f"/vles/{ravi.vle_profile.pk}").body["data"]
    assert data == {
        "id": str(ravi.vle_profile.pk),
        "type": "INDIVIDUAL",
        "name": "Ravi",
        "pincode": "411001",
        "status": "ACTIVE",
    }


def test_the_vle_and_admins_see_the_whole_profile(api, ravi, meena):
    for client in (api(ravi), api(meena)):
        assert client.get(f"/vles/{ravi.vle_profile.pk}").body["data"]["phone"] == ravi.phone


def test_a_vle_is_looked_up_with_a_token_only(api, ravi, asha):
    assert api().get(f"/vles/{ravi.vle_profile.pk}").status_code == 401
    assert refusal(api(asha).get(f"/vles/{factories.UNKNOWN}")) == (404, "Resource not found", "VLE not found")


@pytest.mark.django_db(transaction=True)
def test_of_many_admins_at_once_one_makes_the_profile(meena):
    def act():
        try:
            return create_vle(by=actor(meena), phone=PHONE, details={"name": "Ravi"}).name
        except DomainError as refusal:
            return str(refusal)

    answers = together(*[act] * 8)
    assert sorted(answers) == ["Ravi"] + ["VLE profile already exists for this user"] * 7
    assert User.objects.get(phone=PHONE).role_assignments.count() == 1
