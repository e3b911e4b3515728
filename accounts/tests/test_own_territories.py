"""Territories of a user: rows are found by the longest prefix, and memberships act at once."""

import pytest
from django.contrib.auth.models import Permission

from accounts.models import TerritoryMembership, User
from accounts.territories import in_territories, own_territories, territory_id_of, with_global_access
from tests.support import factories

PINCODES = ["411001", "411999", "412001", "411201", "411211", "422001", "500001", "410000", ""]


@pytest.fixture
def people_everywhere():
    """Create one user for each PIN code."""
    for number, pincode in enumerate(PINCODES):
        User.objects.create(phone=f"+9198765430{number:02}", pincode=pincode)


@pytest.fixture
def nested(people_everywhere):
    """Create two territories with nested prefixes: Nashik has a part inside Pune, and Pune a part inside that."""
    return [factories.territory("pune", "411", "412", "41121"), factories.territory("nashik", "422", "4112")]


@pytest.mark.parametrize("own", [set(), {"pune"}, {"nashik"}, {"pune", "nashik"}, {"nowhere"}], ids=sorted)
def test_a_query_of_many_rows_finds_what_single_lookups_find(nested, own):
    found = User.objects.filter(in_territories(own, pincode_path="pincode")).values_list("pincode", flat=True)
    assert sorted(found) == sorted(pincode for pincode in PINCODES if territory_id_of(pincode) in own)


def test_the_prefixes_are_read_once(nested, django_assert_num_queries):
    with django_assert_num_queries(2):
        list(User.objects.filter(in_territories({"pune"}, pincode_path="pincode")))


def test_work_is_limited_to_memberships_but_for_those_who_work_everywhere(nested, charu):
    pune, nashik = nested
    assert own_territories(charu) == set()
    factories.works_in(pune, charu)
    factories.works_in(nashik, charu)
    assert own_territories(charu) == {"pune", "nashik"}
    TerritoryMembership.objects.filter(territory=nashik).delete()
    assert own_territories(charu) == {"pune"}
    charu.user_permissions.add(Permission.objects.get(codename="work_everywhere"))
    assert own_territories(User.objects.get(pk=charu.pk)) is None


def test_superusers_work_everywhere(charu):
    charu.is_superuser = True
    assert own_territories(charu) is None


def test_users_with_global_access_are_found_with_one_query(nested, charu, asha, ravi, django_assert_num_queries):
    charu.user_permissions.add(Permission.objects.get(codename="work_everywhere"))
    ravi.is_superuser = True
    ravi.save()
    with django_assert_num_queries(1):
        assert with_global_access([charu, asha, ravi]) == {charu.pk, ravi.pk}
