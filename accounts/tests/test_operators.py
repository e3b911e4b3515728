"""Operators and the certificates they hold: an admin's business alone."""

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
def sunil(admin):
    """An operator with one certificate, as answered."""
    body = {"phoneNumber": PHONE, "name": "Sunil", "licenseNumber": "MH12 2020", "training": [TRACTOR]}
    return admin.post("/admin/operators", body, format="json").body["data"]


def change(admin, operator, body):
    return admin.put(f"/admin/operators/{operator['id']}", body, format="json")


def test_an_admin_makes_an_operator_with_the_role_that_comes_with_it(sunil):
    operator = Operator.objects.get()
    assert sunil == {
        "id": str(operator.pk),
        "userId": str(operator.user_id),
        "phone": PHONE,
        "name": "Sunil",
        "licenseNumber": "MH12 2020",
        "status": "ACTIVE",
        "training": [TRACTOR],
        "createdAt": operator.created_at.isoformat().replace("+00:00", "Z"),
        "updatedAt": operator.updated_at.isoformat().replace("+00:00", "Z"),
    }
    assert [held.role for held in operator.user.role_assignments.all()] == ["OPERATOR"]
    assert operator.user.name == "Sunil"


def test_a_user_who_is_known_becomes_an_operator_too(admin, asha):
    answer = admin.post("/admin/operators", {"userId": str(asha.pk)}, format="json")
    assert (answer.status_code, answer.body["data"]["name"]) == (201, "Asha")
    assert [held.role for held in asha.role_assignments.all()] == ["FARMER", "OPERATOR"]


def test_nobody_is_an_operator_twice(admin, sunil):
    answer = admin.post("/admin/operators", {"userId": sunil["userId"]}, format="json")
    assert refusal(answer) == (400, "Operation failed", "Operator already exists for this user")


def test_what_is_sent_is_changed_and_the_rest_stays(admin, sunil):
    answer = change(admin, sunil, {"status": "SUSPENDED", "licenseNumber": ""})
    assert answer.status_code == 200
    assert answer.body["data"] | {"updatedAt": 0} == sunil | {
        "status": "SUSPENDED",
        "licenseNumber": "",
        "updatedAt": 0,
    }


def test_certificates_that_are_sent_replace_those_there_were(admin, sunil):
    training = [{"deviceTypeId": "HARVESTER"}, TRACTOR | {"validTill": None}]
    blank = {"certificateUrl": "", "completedOn": None, "validTill": None}
    assert change(admin, sunil, {"training": training}).body["data"]["training"] == [
        {"deviceTypeId": "HARVESTER", **blank},
        TRACTOR | {"validTill": None},
    ]
    assert change(admin, sunil, {"training": []}).body["data"]["training"] == []


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
def test_what_cannot_be_is_refused_and_changes_nothing(admin, sunil, body, details):
    assert refusal(change(admin, sunil, {"name": "Other"} | body)) == (400, "Validation failed", details)
    assert admin.get(f"/admin/operators/{sunil['id']}").body["data"] == sunil


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example/a", "/etc/passwd", "x", "http://"])
def test_a_certificate_lies_on_the_web(admin, sunil, url):
    answer = change(admin, sunil, {"training": [TRACTOR | {"certificateUrl": url}]})
    assert refusal(answer)[2] == "{training[0].certificateUrl=Certificate URL must be a web address}"


@pytest.mark.parametrize("training", ["x", {}, {"0": TRACTOR}, [1], ["x"], [[TRACTOR]], 5, [TRACTOR] * 51])
def test_training_of_another_shape_is_refused(admin, sunil, training):
    answer = change(admin, sunil, {"training": training})
    assert (answer.status_code, answer.body["message"]) == (400, "Validation failed")


def test_the_list_is_filtered_and_searched_and_costs_the_same(admin, sunil, django_assert_max_num_queries):
    for number in range(4):
        body = {"phoneNumber": f"+9198765432{50 + number}", "name": f"Operator {number}", "training": [TRACTOR]}
        admin.post("/admin/operators", body, format="json")
    change(admin, sunil, {"status": "ARCHIVED"})
    with django_assert_max_num_queries(3):
        assert len(admin.get("/admin/operators").body["data"]) == 5
    assert [row["name"] for row in admin.get("/admin/operators?status=ARCHIVED").body["data"]] == ["Sunil"]
    assert [row["name"] for row in admin.get("/admin/operators?search=43251").body["data"]] == ["Operator 1"]


@pytest.mark.parametrize("operator_id", [factories.UNKNOWN, "x"])
def test_an_unknown_operator_is_not_found(admin, operator_id):
    for answer in (admin.get(f"/admin/operators/{operator_id}"), admin.put(f"/admin/operators/{operator_id}", {})):
        assert refusal(answer) == (404, "Resource not found", "Operator not found")


def test_nobody_but_an_admin_changes_an_operator(api, sunil, asha):
    own = api(User.objects.get(phone=PHONE))
    for client in (own, api(asha)):
        answer = client.put(f"/admin/operators/{sunil['id']}", {"status": "ARCHIVED"}, format="json")
        assert refusal(answer) == (403, "Access denied", "Admin role required")
    assert Operator.objects.get().status == "ACTIVE"
