"""API of operators and their certificates, for admins."""

import pytest

from accounts.models import Operator, User
from tests.support import factories
from tests.support.otp import refusal

PHONE = "+919876543233"
TRACTOR = {
    "deviceTypeId": "TRACTOR",
    "certificateUrl": "https://certificates.example/1.pdf",
    "completedOn": "2024-01-15",
    "validTill": "2026-01-14",
}


@pytest.fixture
def admin(api, meena):
    return api(meena)


@pytest.fixture
def operator_data(admin):
    """Create an operator with one certificate and return the response data."""
    body = {"phoneNumber": PHONE, "name": "Charu", "licenseNumber": "MH12 2020", "training": [TRACTOR]}
    return admin.post("/admin/operators", body, format="json").body["data"]


def change(admin, operator, body):
    return admin.put(f"/admin/operators/{operator['id']}", body, format="json")


def test_an_admin_creates_an_operator_with_the_role(operator_data):
    operator = Operator.objects.get()
    assert operator_data == {
        "id": str(operator.pk),
        "userId": str(operator.user_id),
        "phone": PHONE,
        "name": "Charu",
        "licenseNumber": "MH12 2020",
        "status": "ACTIVE",
        "training": [TRACTOR],
        "createdAt": operator.created_at.isoformat().replace("+00:00", "Z"),
        "updatedAt": operator.updated_at.isoformat().replace("+00:00", "Z"),
    }
    assert [held.role for held in operator.user.role_assignments.all()] == ["OPERATOR"]
    assert operator.user.name == "Charu"


def test_a_user_who_is_known_becomes_an_operator_too(admin, asha):
    answer = admin.post("/admin/operators", {"userId": str(asha.pk)}, format="json")
    assert (answer.status_code, answer.body["data"]["name"]) == (201, "Asha")
    assert [held.role for held in asha.role_assignments.all()] == ["FARMER", "OPERATOR"]


def test_a_second_operator_record_of_a_user_is_refused(admin, operator_data):
    answer = admin.post("/admin/operators", {"userId": operator_data["userId"]}, format="json")
    assert refusal(answer) == (400, "Operation failed", "Operator already exists for this user")


def test_what_is_sent_is_changed_and_the_rest_stays(admin, operator_data):
    answer = change(admin, operator_data, {"status": "SUSPENDED", "licenseNumber": ""})
    assert answer.status_code == 200
    assert answer.body["data"] | {"updatedAt": 0} == operator_data | {
        "status": "SUSPENDED",
        "licenseNumber": "",
        "updatedAt": 0,
    }


def test_certificates_that_are_sent_replace_all_others(admin, operator_data):
    training = [{"deviceTypeId": "HARVESTER"}, TRACTOR | {"validTill": None}]
    blank = {"certificateUrl": "", "completedOn": None, "validTill": None}
    assert change(admin, operator_data, {"training": training}).body["data"]["training"] == [
        {"deviceTypeId": "HARVESTER", **blank},
        TRACTOR | {"validTill": None},
    ]
    assert change(admin, operator_data, {"training": []}).body["data"]["training"] == []


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ({"status": "active"}, "{status=Status must be one of ACTIVE, SUSPENDED, ARCHIVED}"),
        ({"licenseNumber": "x" * 51}, "{licenseNumber=License number must be at most 50 characters}"),
        ({"training": [{}]}, "{training[0].deviceTypeId=Device type is required}"),
        (
            {"training": [TRACTOR, {"deviceTypeId": "tractor"}]},
            "{training[1].deviceTypeId=Device type must be a code of A-Z, 0-9 and _}",
        ),
        (
            {"training": [TRACTOR | {"validTill": "2024-01-14"}]},
            "{training[0].validTill=Valid till must not be before completed on}",
        ),
        (
            {"training": [TRACTOR | {"completedOn": "15-01-2024"}]},
            "{training[0].completedOn=Completed on must be a date (YYYY-MM-DD)}",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(admin, operator_data, body, details):
    assert refusal(change(admin, operator_data, {"name": "Other"} | body)) == (400, "Validation failed", details)
    assert admin.get(f"/admin/operators/{operator_data['id']}").body["data"] == operator_data


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example/a", "/etc/passwd", "x", "http://"])
def test_a_certificate_lies_on_the_web(admin, operator_data, url):
    answer = change(admin, operator_data, {"training": [TRACTOR | {"certificateUrl": url}]})
    assert refusal(answer)[2] == "{training[0].certificateUrl=Certificate URL must be a web address}"


@pytest.mark.parametrize("training", ["x", {}, {"0": TRACTOR}, [1], ["x"], [[TRACTOR]], 5, [TRACTOR] * 51])
def test_training_of_another_shape_is_refused(admin, operator_data, training):
    answer = change(admin, operator_data, {"training": training})
    assert (answer.status_code, answer.body["message"]) == (400, "Validation failed")


def test_the_list_is_filtered_and_searched_and_costs_the_same(admin, operator_data, django_assert_max_num_queries):
    for number in range(4):
        body = {"phoneNumber": f"+9198765432{50 + number}", "name": f"Operator {number}", "training": [TRACTOR]}
        admin.post("/admin/operators", body, format="json")
    change(admin, operator_data, {"status": "ARCHIVED"})
    with django_assert_max_num_queries(3):
        assert len(admin.get("/admin/operators").body["data"]) == 5
    assert [row["name"] for row in admin.get("/admin/operators?status=ARCHIVED").body["data"]] == ["Charu"]
    assert [row["name"] for row in admin.get("/admin/operators?search=43251").body["data"]] == ["Operator 1"]


@pytest.mark.parametrize("operator_id", [factories.UNKNOWN, "x"])
def test_an_unknown_operator_is_not_found(admin, operator_id):
    for answer in (admin.get(f"/admin/operators/{operator_id}"), admin.put(f"/admin/operators/{operator_id}", {})):
        assert refusal(answer) == (404, "Resource not found", "Operator not found")


def test_only_admins_change_an_operator(api, operator_data, asha):
    own = api(User.objects.get(phone=PHONE))
    for client in (own, api(asha)):
        answer = client.put(f"/admin/operators/{operator_data['id']}", {"status": "ARCHIVED"}, format="json")
        assert refusal(answer) == (403, "Access denied", "Admin role required")
    assert Operator.objects.get().status == "ACTIVE"
