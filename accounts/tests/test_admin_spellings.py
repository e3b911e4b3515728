"""Admin pages of people accept and find phones, PIN codes and names in any spelling."""

import pytest
from django.urls import reverse

from accounts.models import Operator, User
from tests.support.admin_pages import admin_url, form_of

SPELLINGS = ["09876543210", "+91 98765-43210", "98765 43210", "\u202a+91 98765 43210\u202c", "९८७६५४३२१०", "43210"]


@pytest.fixture
def admin_client(client, superuser):
    """Return a client of a superuser."""
    client.force_login(superuser)
    return client


@pytest.mark.parametrize("term", SPELLINGS)
@pytest.mark.parametrize("model", ["user", "vleprofile", "operator"])
def test_people_are_found_by_phone_in_any_spelling(admin_client, asha, ravi, charu, model, term):
    operator = Operator.objects.create(user=ravi, name="Farid")
    Operator.objects.create(user=charu, name="Gita")
    found = admin_client.get(admin_url(f"accounts_{model}"), {"q": term}).context["cl"].result_list
    assert list(found) == [{"user": ravi, "vleprofile": ravi.vle_profile, "operator": operator}[model]]


@pytest.mark.parametrize("term", SPELLINGS)
def test_a_picker_finds_a_user_by_phone_in_any_spelling(admin_client, asha, ravi, term):
    asked = {"app_label": "accounts", "model_name": "territorymembership", "field_name": "user", "term": term}
    results = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [result["id"] for result in results] == [str(ravi.pk)]


@pytest.mark.parametrize("spelling", ["98765 43240", "\u202a+91 98765\u201143240\u202c", "९८७६५ ४३२४०"])
def test_a_user_is_added_by_phone_in_any_spelling(admin_client, spelling):
    data = {"phone": spelling, "name": "Charu", "usable_password": "false"}
    data |= {"role_assignments-TOTAL_FORMS": "1", "role_assignments-INITIAL_FORMS": "0"}
    data |= {"role_assignments-0-role": "ADMIN"}
    assert admin_client.post(admin_url("accounts_user", "add"), data).status_code == 302
    charu = User.objects.get(phone="+919876543240")
    assert [held.role for held in charu.role_assignments.all()] == ["ADMIN"]
    assert not charu.has_usable_password()


@pytest.mark.parametrize("spelling", ["411 001", "४११००१", "\u2068411001\u2069"])
def test_a_pin_code_is_saved_in_any_spelling(admin_client, asha, spelling):
    url = admin_url("accounts_user", "change", asha.pk)
    assert admin_client.post(url, form_of(admin_client, url) | {"pincode": spelling}).status_code == 302
    assert User.objects.get(pk=asha.pk).pincode == "411001"


def test_a_pasted_name_is_saved_without_invisible_characters(admin_client, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    assert admin_client.post(url, form_of(admin_client, url) | {"name": "\u2068Asha\tPatil\u2069"}).status_code == 302
    assert User.objects.get(pk=asha.pk).name == "Asha Patil"


def test_a_name_with_control_characters_is_refused(admin_client, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    refused = admin_client.post(url, form_of(admin_client, url) | {"name": "Asha\x07"})
    assert refused.context["adminform"].form.errors == {"name": ["Must not contain control characters"]}


@pytest.mark.parametrize("model", ["user", "vleprofile"])
def test_browsers_do_not_cut_a_pin_code_with_a_space(admin_client, asha, ravi, model):
    row = asha if model == "user" else ravi.vle_profile
    field = admin_client.get(admin_url(f"accounts_{model}", "change", row.pk)).context["adminform"].form["pincode"]
    assert "maxlength" not in str(field)
