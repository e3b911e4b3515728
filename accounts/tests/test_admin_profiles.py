"""Admin pages of VLEs and operators."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Operator, VleProfile
from tests.support.admin_pages import admin_url, form_of, run_action


@pytest.fixture
def admin_client(client, superuser):
    """Return a client of a superuser."""
    client.force_login(superuser)
    return client


def test_a_vle_made_here_holds_the_role_too(admin_client, asha):
    data = {"user": str(asha.pk), "type": "INDIVIDUAL", "name": "Patil Agro", "pincode": "411 001"}
    assert admin_client.post(admin_url("accounts_vleprofile", "add"), data).status_code == 302
    profile = VleProfile.objects.get()
    assert (profile.name, profile.pincode) == ("Patil Agro", "411001")
    assert [held.role for held in asha.role_assignments.all()] == ["FARMER", "VLE"]


def test_a_second_profile_is_refused_on_the_form(admin_client, ravi):
    data = {"user": str(ravi.pk), "type": "INDIVIDUAL", "name": "Again", "pincode": ""}
    response = admin_client.post(admin_url("accounts_vleprofile", "add"), data)
    assert "user" in response.context["adminform"].form.errors


def test_a_vle_is_suspended_by_an_action_and_not_by_the_form(admin_client, ravi):
    url = admin_url("accounts_vleprofile", "change", ravi.vle_profile.pk)
    admin_client.post(url, form_of(admin_client, url) | {"status": "SUSPENDED", "name": "Ravi Agro"})
    profile = VleProfile.objects.get()
    assert (profile.name, profile.status) == ("Ravi Agro", "ACTIVE")
    run_action(admin_client, "accounts_vleprofile", "suspend", profile)
    assert VleProfile.objects.get().status == "SUSPENDED"
    run_action(admin_client, "accounts_vleprofile", "activate", profile)
    assert VleProfile.objects.get().status == "ACTIVE"


def test_an_operator_made_here_holds_the_role_and_certificates(admin_client, asha):
    data = {"user": str(asha.pk), "name": "Asha", "license_number": "MH12"}
    data |= {"training-TOTAL_FORMS": "1", "training-INITIAL_FORMS": "0", "training-0-device_type_code": "TRACTOR"}
    assert admin_client.post(admin_url("accounts_operator", "add"), data).status_code == 302
    operator = Operator.objects.get()
    assert [row.device_type_code for row in operator.training.all()] == ["TRACTOR"]
    assert [held.role for held in asha.role_assignments.all()] == ["FARMER", "OPERATOR"]


@pytest.mark.parametrize(
    ("action", "status"), [("suspend", "SUSPENDED"), ("archive", "ARCHIVED"), ("activate", "ACTIVE")]
)
def test_an_operators_state_is_changed_by_actions(admin_client, asha, action, status):
    operator = Operator.objects.create(user=asha, name="Asha")
    run_action(admin_client, "accounts_operator", action, operator)
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
    listed = admin_client.get(admin_url("accounts_operator")).content.decode()
    assert f'data-tone="{tone}">TRACTOR: {text.lower()}' in listed
    shown = admin_client.get(admin_url("accounts_operator", "change", operator.pk)).content.decode()
    assert f'data-tone="{tone}">{text}' in shown
