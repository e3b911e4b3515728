"""Test who may read which leases, and with how many queries."""

from datetime import date

import pytest

from accounts.models import Role
from leases.models import Lease
from tests.support import factories

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def sita(db):
    """Return another VLE."""
    return factories.vle("+919876543212", "Sita")


def leases_of(vle, signer, count):
    days = date(2024, 1, 1), date(2024, 12, 31)
    return [factories.lease(factories.device(f"{vle.name} {number}"), vle, signer, *days) for number in range(count)]


def ids(response):
    assert response.status_code == 200
    return [one["id"] for one in response.body["data"]]


def newest_first(leases):
    return [str(lease.pk) for lease in sorted(leases, key=lambda lease: lease.created_at, reverse=True)]


def test_admins_see_all_leases_newest_first(api, ravi, sita, meena):
    leases = leases_of(ravi, meena, 2) + leases_of(sita, meena, 1)
    response = api(meena).get("/admin/leases")
    assert ids(response) == newest_first(leases)
    assert response.body["pagination"] == {"nextCursor": None, "pageSize": 50}


def test_admins_filter_leases_by_vle(api, ravi, sita, meena):
    own = leases_of(ravi, meena, 2)
    leases_of(sita, meena, 1)
    assert ids(api(meena).get("/admin/leases", {"vleId": str(ravi.vle_profile.pk)})) == newest_first(own)


@pytest.mark.parametrize("vle_id", [UNKNOWN, "vle-profile-id", "\u0000", "x" * 5000])
def test_an_unknown_vle_has_no_leases(api, meena, lease, vle_id):
    assert ids(api(meena).get("/admin/leases", {"vleId": vle_id})) == []


def test_leases_are_filtered_by_status(api, ravi, meena):
    active, ended = leases_of(ravi, meena, 2)
    api(meena).post(f"/admin/leases/{ended.pk}/complete", {}, format="json")
    assert ids(api(meena).get("/admin/leases", {"status": "ACTIVE"})) == [str(active.pk)]
    assert ids(api(ravi).get("/leases/me", {"status": "COMPLETED"})) == [str(ended.pk)]


def test_a_status_that_does_not_exist_is_refused(api, meena):
    response = api(meena).get("/admin/leases", {"status": "active"})
    assert response.status_code == 400
    assert response.body["errorDetails"] == "{status=status must be one of ACTIVE, COMPLETED, TERMINATED}"


def test_pages_follow_one_another(api, ravi, meena):
    leases = leases_of(ravi, meena, 3)
    first = api(meena).get("/admin/leases", {"pageSize": 2})
    second = api(meena).get("/admin/leases", {"pageSize": 2, "cursor": first.body["pagination"]["nextCursor"]})
    assert ids(first) + ids(second) == newest_first(leases)
    assert second.body["pagination"]["nextCursor"] is None


def test_a_vle_sees_own_leases_only(api, ravi, sita, meena):
    own = leases_of(ravi, meena, 2)
    leases_of(sita, meena, 1)
    assert ids(api(ravi).get("/leases/me")) == newest_first(own)


def test_an_admin_lists_the_leases_that_admin_signed(api, ravi, meena):
    other = factories.user("+919876543201", "Nila", Role.ADMIN)
    (signed,) = leases_of(ravi, other, 1)
    leases_of(ravi, meena, 1)
    assert ids(api(other).get("/leases/me")) == [str(signed.pk)]


@pytest.mark.parametrize(
    ("role", "details"),
    [
        (Role.FARMER, "Only VLEs and admins have leases"),
        (Role.OPERATOR, "Only VLEs and admins have leases"),
        (Role.VLE, "VLE profile not found for user"),
    ],
)
def test_others_have_no_leases(api, lease, role, details):
    response = api(factories.user("+919876543255", "Other", role)).get("/leases/me")
    assert (response.status_code, response.body["errorDetails"]) == (403, details)


def test_the_vle_and_admins_read_a_lease(api, ravi, meena, lease):
    own, admins = api(ravi).get(f"/leases/{lease.pk}"), api(meena).get(f"/leases/{lease.pk}")
    assert own.status_code == admins.status_code == 200
    assert own.body["data"] == admins.body["data"] == api(meena).get(f"/admin/leases/{lease.pk}").body["data"]
    assert own.body["data"]["id"] == str(lease.pk)


def test_strangers_are_refused(api, asha, charu, sita, farid, lease):
    for stranger in (asha, charu, sita, farid.user):
        response = api(stranger).get(f"/leases/{lease.pk}")
        assert (response.status_code, response.body["errorDetails"]) == (403, "You do not have access to this lease")


@pytest.mark.parametrize("path", ["/admin/leases", "/admin/leases/{}", "/leases/{}", "/leases/me"])
def test_reading_needs_a_token(api, lease, path):
    assert api().get(path.format(lease.pk)).status_code == 401


@pytest.mark.parametrize("path", ["/admin/leases", "/admin/leases/{}"])
def test_only_admins_read_the_admin_paths(api, ravi, asha, lease, path):
    for person in (ravi, asha):
        response = api(person).get(path.format(lease.pk))
        assert (response.status_code, response.body["errorDetails"]) == (403, "Admin role required")


@pytest.mark.parametrize("path", ["/admin/leases/{}", "/leases/{}"])
@pytest.mark.parametrize("lease_id", [UNKNOWN, "lease-id-456", "%00", "{x}", "é", "x" * 5000])
def test_an_unknown_lease_is_not_found(api, meena, path, lease_id):
    response = api(meena).get(path.format(lease_id))
    assert (response.status_code, response.body["errorDetails"]) == (404, "Lease not found")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_leases_are_not_edited_in_place(api, meena, lease, method):
    response = getattr(api(meena), method)(f"/admin/leases/{lease.pk}", {"status": "TERMINATED"}, format="json")
    assert (response.status_code, response.body["message"]) == (405, "Method not allowed")
    assert Lease.objects.get().status == "ACTIVE"


@pytest.mark.parametrize("count", [2, 50])
def test_the_number_of_queries_of_a_list_is_constant(
    api, ravi, meena, farid, gita, django_assert_max_num_queries, count
):
    for lease in leases_of(ravi, meena, count):
        lease.operators.create(operator=farid, role="PRIMARY")
        lease.operators.create(operator=gita, role="SECONDARY")
        lease.attachments.create(name="a.pdf", file="leases/a.pdf", content_type="application/pdf", size=1)
    for client, path in ((api(meena), "/admin/leases"), (api(ravi), "/leases/me")):
        with django_assert_max_num_queries(5):
            response = client.get(path)
        assert len(ids(response)) == count
        assert len(response.body["data"][0]["operators"]) == 2
        assert len(response.body["data"][0]["attachments"]) == 1
