"""Two territories, and who works in Pune: Ravi, who creates; Sita, another member; Meena, who verifies."""

import pytest

from tests.support import world


@pytest.fixture
def pune(db, ravi, meena):
    territory = world.territory("pune", "411", "412")
    world.works_in(territory, ravi)
    world.works_in(territory, meena, can_verify=True)
    return territory


@pytest.fixture
def nashik(db, meena):
    territory = world.territory("nashik", "422", "423")
    world.works_in(territory, meena, can_verify=True)
    return territory


@pytest.fixture
def sita(pune):
    person = world.vle("+919876543212", "Sita")
    world.works_in(pune, person)
    return person


@pytest.fixture
def order(pune, ravi):
    """Ravi's, waiting to be verified."""
    return world.service_order(pune, ravi)


@pytest.fixture
def wish():
    """The body of the document's create example."""
    return {
        "patient_id": "patient-1",
        "provider_id": "provider-1",
        "insurance_info": {"carrier": "Star Health", "policy_number": "SH-4711", "group_number": "G-1"},
        "service_type": "spraying",
        "priority": "urgent",
    }
