"""Provide two territories and the members of Pune: Ravi (creates), Sita, and Meena (verifies)."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.support import factories

RIGHTS = {
    "viewer": ["view_serviceorder", "work_everywhere"],
    "operator": ["view_serviceorder", "work_everywhere"],
    "manager": ["view_serviceorder", "change_serviceorder", "view_insurance"],
}


@pytest.fixture
def pune(db, ravi, meena):
    territory = factories.territory("pune", "411", "412")
    factories.works_in(territory, ravi)
    factories.works_in(territory, meena, can_verify=True)
    return territory


@pytest.fixture
def nashik(db, meena):
    territory = factories.territory("nashik", "422", "423")
    factories.works_in(territory, meena, can_verify=True)
    return territory


@pytest.fixture
def sita(pune):
    person = factories.vle("+919876543212", "Sita")
    factories.works_in(pune, person)
    return person


@pytest.fixture
def order(pune, ravi):
    """Return an order by Ravi that waits for verification."""
    return factories.service_order(pune, ravi)


@pytest.fixture
def order_body():
    """Return the body of the contract's create example."""
    return {
        "patient_id": "patient-1",
        "provider_id": "provider-1",
        "insurance_info": {"carrier": "Star Health", "policy_number": "SH-4711", "group_number": "G-1"},
        "service_type": "spraying",
        "priority": "urgent",
    }


@pytest.fixture
def desk_of(db):
    """Return `desk_of("manager", pune=True)`: an admin client of a manager who verifies in Pune, with its `.user`."""

    def open_browser(kind, **memberships):
        client = Client()
        client.user = factories.user(f"+9198765999{len(sitting):02}", f"{kind.capitalize()} {len(sitting)}")
        client.user.is_staff, client.user.is_superuser = True, kind == "superuser"
        client.user.save()
        client.user.user_permissions.set(Permission.objects.filter(codename__in=RIGHTS.get(kind, [])))
        for territory, can_verify in memberships.items():
            client.user.memberships.create(territory_id=territory, can_verify=can_verify)
        client.force_login(client.user)
        sitting.append(client)
        return client

    sitting = []
    return open_browser
