import pytest

from accounts.models import Role
from devices.models import DeviceType, Manufacturer
from tests.support import factories

KINDS = {
    "device-types": (DeviceType, {"displayName": "Rotavator", "requiresOperator": True}, "device type", "type"),
    "manufacturers": (Manufacturer, {"name": "Rotavator"}, "manufacturer", "manufacturer"),
}


@pytest.fixture
def admin_client(api, meena):
    return api(meena)


@pytest.fixture(params=KINDS)
def path(request):
    return f"/admin/{request.param}"


def entry_of(path, **changes):
    return {"code": "ROTAVATOR"} | KINDS[path.split("/")[-1]][1] | changes


def test_a_type_is_created_and_listed_publicly(admin_client, api):
    response = admin_client.post(
        "/admin/device-types", {"code": "ROTAVATOR", "displayName": "Rotavator", "color": "red"}
    )
    assert response.status_code == 201
    assert response.body["data"] == {
        "code": "ROTAVATOR",
        "displayName": "Rotavator",
        "requiresOperator": False,
        "active": True,
    }
    assert api().get("/public/device-types").body["data"] == [
        {"code": "ROTAVATOR", "displayName": "Rotavator", "active": True}
    ]


def test_a_manufacturer_is_created_and_listed_publicly(admin_client, api):
    response = admin_client.post("/admin/manufacturers", {"code": "SONALIKA", "name": "Sonalika"})
    assert (response.status_code, response.body["data"]) == (
        201,
        {"code": "SONALIKA", "name": "Sonalika", "active": True},
    )
    assert api().get("/public/manufacturers").body["data"] == [
        {"code": "SONALIKA", "displayName": "Sonalika", "active": True}
    ]


def test_a_code_is_unique(admin_client, path):
    admin_client.post(path, entry_of(path))
    again = admin_client.post(path, entry_of(path))
    kind = KINDS[path.split("/")[-1]][2]
    assert again.status_code == 400
    assert again.body["errorDetails"] == f"{kind.capitalize()} with code ROTAVATOR already exists"


@pytest.mark.parametrize(
    "code", ["", "tractor", "TRACTOR 4", "A" * 51, "TRÄKTOR", "A\n", "A\u0000", "١", 5, None, ["A"]]
)
def test_an_invalid_code_is_refused(admin_client, path, code):
    response = admin_client.post(path, entry_of(path, code=code))
    assert (response.status_code, response.body["message"]) == (400, "Validation failed")
    assert response.body["errorDetails"] in {
        "{code=Code must be 1 to 50 characters of A-Z, 0-9 and _}",
        "{code=Code is required}",
    }
    assert not DeviceType.objects.exists()


def test_all_missing_fields_are_named(admin_client):
    response = admin_client.post("/admin/device-types", {})
    assert response.body["errorDetails"] == "{displayName=Display name is required, code=Code is required}"


def test_an_entry_is_read_and_updated(admin_client, path):
    admin_client.post(path, entry_of(path))
    name = "displayName" if "types" in path else "name"
    response = admin_client.put(f"{path}/ROTAVATOR", {name: "Rotary tiller", "code": "OTHER"})
    assert (response.status_code, response.body["data"][name]) == (200, "Rotary tiller")
    assert admin_client.get(f"{path}/ROTAVATOR").body["data"] == response.body["data"]
    assert response.body["data"]["active"] is True


@pytest.mark.parametrize("code", ["UNKNOWN", "unknown", "A" * 5000, "A%00", "..", "%F0%9F%9A%9C"])
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_an_unknown_code_is_not_found(admin_client, path, code, method):
    response = getattr(admin_client, method)(f"{path}/{code}", {})
    kind = KINDS[path.split("/")[-1]][2]
    assert (response.status_code, response.body["errorDetails"]) == (404, f"{kind.capitalize()} not found")


def test_deleting_deactivates_an_unreferenced_entry(admin_client, api, path):
    admin_client.post(path, entry_of(path))
    response = admin_client.delete(f"{path}/ROTAVATOR")
    assert (response.status_code, response.body["data"]["active"]) == (200, False)
    assert api().get(path.replace("admin", "public")).body["data"] == []
    assert [row["code"] for row in admin_client.get(path).body["data"]] == ["ROTAVATOR"]


def test_deleting_is_refused_while_devices_refer_to_it(admin_client):
    factories.device("Tractor")
    factories.device("Old tractor", status="RETIRED")
    response = admin_client.delete("/admin/device-types/TRACTOR")
    assert (response.status_code, response.body["message"]) == (400, "Operation failed")
    assert response.body["errorDetails"] == "Cannot delete device type: 2 device(s) reference this type"
    response = admin_client.delete("/admin/manufacturers/MAHINDRA")
    assert response.body["errorDetails"] == "Cannot delete manufacturer: 2 device(s) reference this manufacturer"
    assert DeviceType.objects.get().active
    assert Manufacturer.objects.get().active


def test_a_deactivated_type_can_be_activated_again(admin_client, api):
    admin_client.post("/admin/device-types", {"code": "PLOUGH", "displayName": "Plough", "active": False})
    assert api().get("/public/device-types").body["data"] == []
    admin_client.put("/admin/device-types/PLOUGH", {"active": True})
    assert len(api().get("/public/device-types").body["data"]) == 1


@pytest.mark.parametrize("flag", ["true", 1, None, []])
def test_a_flag_is_true_or_false(admin_client, flag):
    response = admin_client.post("/admin/device-types", {"code": "A", "displayName": "A", "active": flag})
    assert response.body["errorDetails"] == "{active=Active must be true or false}"


@pytest.mark.parametrize(
    ("query", "codes"), [("", ["IN_USE", "OLD"]), ("?active=true", ["IN_USE"]), ("?active=false", ["OLD"])]
)
def test_a_list_is_filtered_by_active(admin_client, path, query, codes):
    admin_client.post(path, entry_of(path, code="IN_USE"))
    admin_client.post(path, entry_of(path, code="OLD", active=False))
    assert [row["code"] for row in admin_client.get(path + query).body["data"]] == codes


@pytest.mark.parametrize("active", ["False", "0", "no", "", "null"])
def test_the_filter_active_is_true_or_false(admin_client, path, active):
    answer = admin_client.get(f"{path}?active={active}")
    assert (answer.status_code, answer.body["errorDetails"]) == (400, "{active=active must be true or false}")


def test_lists_come_in_pages_by_code_with_one_query_each(api, django_assert_max_num_queries):
    for code in ("C", "A", "D", "B"):
        factories.device_type(code)
    seen, cursor = [], ""
    while cursor is not None:
        with django_assert_max_num_queries(1):
            body = api().get(f"/public/device-types?pageSize=2&cursor={cursor}").body
        seen.append([row["code"] for row in body["data"]])
        assert body["pagination"]["pageSize"] == 2
        cursor = body["pagination"]["nextCursor"]
    assert seen == [["A", "B"], ["C", "D"]]


@pytest.mark.parametrize("cursor", ["%00", "AA", "AAAA", "!!", "é", "x" * 5000])
def test_an_invalid_cursor_does_not_break_a_list(api, cursor):
    assert api().get(f"/public/device-types?cursor={cursor}").status_code in {200, 400}


def test_the_public_lists_need_no_token_and_ignore_an_invalid_one(api):
    client = api()
    client.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    assert client.get("/public/device-types").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_admins_manage_master_data(api, path, method, ravi, asha):
    for client, status in ((api(), 401), (api(ravi), 403), (api(asha), 403)):
        assert getattr(client, method)(path, entry_of(path)).status_code == status
    assert not DeviceType.objects.exists()
    assert not Manufacturer.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_admins_manage_one_entry(api, method, ravi, meena, tractor):
    for path in ("/admin/device-types/TRACTOR", "/admin/manufacturers/MAHINDRA"):
        assert getattr(api(), method)(path, {}).status_code == 401
        assert getattr(api(ravi, Role.VLE), method)(path, {"active": False}).status_code == 403
    assert DeviceType.objects.get().active
