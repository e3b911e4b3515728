"""Test the admin page that creates a lease."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import Operator, OperatorTraining, User
from leases.models import Lease
from leases.tests.conftest import operator
from leases.tests.test_lease_admin import admin_client, browser_of, clerk, staff  # noqa: F401 (fixtures)
from notifications.models import SmsMessage
from tests.support import factories
from tests.support.files import jpg, pdf, png, sent

OPTIONS = "/admin/leases/lease/operators/"
EMPTY = {
    "operators-TOTAL_FORMS": "10",
    "operators-INITIAL_FORMS": "0",
    "files-TOTAL_FORMS": "10",
    "files-INITIAL_FORMS": "0",
}


def page_of(order):
    return f"/admin/leases/lease/create/{order.pk}/"


def sign(browser, order, **typed):
    return browser.post(page_of(order), EMPTY | {name.replace("__", "-"): value for name, value in typed.items()})


def operator_row(number, person, role="PRIMARY"):
    return {f"operators-{number}-operator": str(person.pk), f"operators-{number}-role": role}


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def api_error_from(response):
    assert Lease.objects.count() == 0
    assert SmsMessage.objects.count() == 0
    return response.context["error"]


def messages_of(response):
    return [str(message) for message in response.wsgi_request._messages]


def test_the_page_shows_order_and_device(admin_client, accepted):  # noqa: F811
    text = text_of(admin_client.get(page_of(accepted)))
    for what in [
        f"LEASE #{accepted.short_id}",
        'data-tone="good">Accepted</span>',
        ">Ravi</a>",
        str(accepted.device),
        "15 Jan 2024 to 20 Jan 2024",
        "6 days",
        "10 hours",
        "₹ 15,000",
        "Up to 10 files, PDF, JPG, PNG, at most 10 MB each.",
    ]:
        assert what in text
    assert "style=" not in text


def test_a_lease_is_created_with_all_fields(admin_client, staff, accepted, farid, gita):  # noqa: F811
    files = {
        "files-0-file": sent(png(), "id.png"),
        "files-0-type": "IDENTITY_PROOF",
        "files-4-file": sent(pdf(), "agreement.pdf"),
        "files-4-type": "LEASE_AGREEMENT",
    }
    operators = operator_row(0, farid) | operator_row(3, gita, "SECONDARY")
    response = sign(
        admin_client,
        accepted,
        deposit_amount="₹ 1,25,000",
        notes="Under a roof\r\n\u2068please\u2069",
        **operators,
        **files,
    )
    lease = Lease.objects.get()
    assert response.headers["Location"] == f"/admin/leases/lease/{lease.pk}/change/"
    assert messages_of(response) == [f"Lease #{lease.short_id} is signed. Ravi is told by SMS."]
    assert (lease.deposit_amount, lease.notes, lease.signed_by) == (Decimal(125000), "Under a roof\nplease", staff)
    assert {(one.operator, one.role) for one in lease.operators.all()} == {(farid, "PRIMARY"), (gita, "SECONDARY")}
    stored = lease.attachments.values_list("name", "type", "content_type")
    assert set(stored) == {
        ("id.png", "IDENTITY_PROOF", "image/png"),
        ("agreement.pdf", "LEASE_AGREEMENT", "application/pdf"),
    }
    assert SmsMessage.objects.filter(related_id=lease.pk).count() == 4


def test_all_fields_are_optional(admin_client, accepted):  # noqa: F811
    assert sign(admin_client, accepted).status_code == 302
    lease = Lease.objects.get()
    assert (lease.deposit_amount, lease.notes, lease.operators.count(), lease.attachments.count()) == (None, "", 0, 0)


def test_the_script_gets_the_url_of_the_lease(admin_client, accepted):  # noqa: F811
    response = admin_client.post(page_of(accepted), EMPTY, headers={"Accept": "application/json, text/html"})
    assert response.json() == {"page": f"/admin/leases/lease/{Lease.objects.get().pk}/change/"}


def test_submitting_twice_creates_one_lease_and_redirects_to_it(admin_client, accepted):  # noqa: F811
    sign(admin_client, accepted)
    lease = Lease.objects.get()
    for response in (sign(admin_client, accepted), admin_client.get(page_of(accepted))):
        assert response.headers["Location"] == f"/admin/leases/lease/{lease.pk}/change/"
        assert messages_of(response)[-1] == (f"This lease already exists: Lease #{lease.short_id}.")
    assert Lease.objects.get() == lease


@pytest.mark.parametrize("status", ["INTEREST_RAISED", "PICKUP_SCHEDULED", "CANCELLED"])
def test_a_stale_order_is_refused(admin_client, tractor, ravi, status):  # noqa: F811
    order = factories.order("LEASE", tractor, ravi, status=status)
    shown, sent_in = admin_client.get(page_of(order)), sign(admin_client, order)
    for response in (shown, sent_in):
        assert api_error_from(response) == "Order must be ACCEPTED to create lease"
        assert 'id="lease-form"' not in text_of(response)


def test_a_device_leased_meanwhile_is_refused(admin_client, accepted, ravi, meena):  # noqa: F811
    other = factories.lease(accepted.device, ravi, meena, date(2024, 1, 1), date(2024, 2, 1))
    assert sign(admin_client, accepted).context["error"] == "Device is already leased"
    assert Lease.objects.get() == other


def test_a_rent_order_is_refused(admin_client, leased_tractor, asha):  # noqa: F811
    order = factories.order("RENT", leased_tractor, asha, status="ACCEPTED")
    assert sign(admin_client, order).context["error"] == "Only LEASE orders can create leases"


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        (
            lambda farid, gita: operator_row(0, farid) | operator_row(1, gita),
            "A lease can have at most one PRIMARY operator",
        ),
        (
            lambda farid, gita: operator_row(0, farid) | operator_row(1, farid, "SECONDARY"),
            "Operator is assigned twice",
        ),
    ],
    ids=["two primaries", "one twice"],
)
def test_errors_of_the_service_are_shown_and_the_input_stays(admin_client, accepted, farid, gita, rows, refusal):  # noqa: F811
    response = sign(admin_client, accepted, deposit_amount="500", notes="Typed", **rows(farid, gita))
    text = text_of(response)
    assert api_error_from(response) == refusal
    assert 'value="500"' in text
    assert "Typed</textarea>" in text
    assert text.count(f'value="{farid.pk}"') >= 1


def test_a_suspended_operator_is_refused(admin_client, accepted, farid):  # noqa: F811
    Operator.objects.update(status="SUSPENDED")
    assert api_error_from(sign(admin_client, accepted, **operator_row(0, farid))) == "Operator is not active"


@pytest.mark.parametrize(
    ("deposit", "error"),
    [
        ("abc", "Enter a number."),
        ("-1", "Ensure this value is greater than or equal to 0."),
        ("1.234", "Ensure that there are no more than 2 decimal places."),
        ("NaN", "Enter a number."),
        ("1" * 13, "Ensure that there are no more than 12 digits in total."),
    ],
)
def test_an_invalid_deposit_shows_the_error_at_the_field(admin_client, accepted, deposit, error):  # noqa: F811
    response = sign(admin_client, accepted, deposit_amount=deposit)
    assert response.context["form"].terms.errors["deposit_amount"] == [error]
    assert api_error_from(response) == "Nothing was saved: see what is marked below."


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"GIF89a" + b"x" * 50, "a.png", "Only PDF, JPG, PNG files are accepted"),
        (pdf()[:-30], "a.pdf", "PDF is damaged"),
        (jpg()[:200], "a.jpg", "Picture is damaged"),
        (b"%PDF-1.4" + b"x" * (10 * 2**20), "a.pdf", "Each file must be at most 10 MB. Choose another."),
        (b"", "a.pdf", "The submitted file is empty."),
    ],
    ids=["other kind", "damaged pdf", "damaged picture", "too large", "empty"],
)
def test_an_invalid_file_shows_the_error_at_the_file(admin_client, accepted, private_files, content, name, error):  # noqa: F811
    files = {"files-0-file": sent(png(), "good.png"), "files-2-file": sent(content, name)}
    files |= {"files-0-type": "OTHER", "files-2-type": "OTHER"}
    response = sign(admin_client, accepted, notes="Typed", **files)
    forms = response.context["form"].documents.forms
    assert (forms[0].errors, forms[2].errors["file"]) == ({}, [error])
    assert api_error_from(response) in {error, "Nothing was saved: see what is marked below."}
    assert "Typed</textarea>" in text_of(response)
    assert not [path for path in private_files.rglob("*") if path.is_file()]


def test_without_javascript_an_operator_is_found_by_name_or_phone(admin_client, accepted, farid):  # noqa: F811
    sign(admin_client, accepted, **{"operators-0-who": "3213", "operators-0-role": "SECONDARY"})
    assert [(one.operator, one.role) for one in Lease.objects.get().operators.all()] == [(farid, "SECONDARY")]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("No such name", "No active operator has this name or phone"),
        (
            "987654321",
            "Which one? Farid (+919876543213), Gita (+919876543214): type the phone number",
        ),
    ],
)
def test_an_ambiguous_or_unknown_operator_is_refused(admin_client, accepted, farid, gita, typed, error):  # noqa: F811
    response = sign(admin_client, accepted, **{"operators-0-who": typed, "operators-0-role": "PRIMARY"})
    assert response.context["form"].operators.forms[0].errors["who"] == [error]
    api_error_from(response)
    assert f'value="{typed}"' in text_of(response)


def test_operators_are_found_with_their_training(admin_client, farid, gita):  # noqa: F811
    OperatorTraining.objects.create(
        operator=gita, device_type_code="TRACTOR", valid_till=date.today() + timedelta(days=3650)
    )
    found = admin_client.get(OPTIONS, {"q": "GIT", "type": "TRACTOR"}).json()
    (option,) = found["operators"]
    assert (option["id"], option["label"], found["more"]) == (str(gita.pk), "Gita (+919876543214)", False)
    for spelling in ("09876543214", "+91 98765-43214", "९८७६५४३२१४"):
        found = admin_client.get(OPTIONS, {"q": spelling, "type": "TRACTOR"}).json()
        assert [option["id"] for option in found["operators"]] == [str(gita.pk)]
    assert option["training"]["tone"] == "good"
    (option,) = admin_client.get(OPTIONS, {"q": "3213", "type": "TRACTOR"}).json()["operators"]
    assert option["training"] == {"tone": "bad", "label": "No training for this type"}


def test_the_number_of_suggested_operators_and_queries_is_limited(admin_client, django_assert_max_num_queries):  # noqa: F811
    for number in range(30):
        operator(f"+9198765500{number:02}", f"Driver {number:02}")
    Operator.objects.filter(name="Driver 00").update(status="ARCHIVED")
    with django_assert_max_num_queries(4):
        found = admin_client.get(OPTIONS, {"q": "driver", "type": "TRACTOR", "until": "nonsense"}).json()
    assert [one["name"] for one in found["operators"]] == [f"Driver {number:02}" for number in range(1, 13)]
    assert found["more"] is True


def test_the_page_needs_the_add_permission(clerk, accepted):  # noqa: F811
    reader = User.objects.create(phone="+919876543296", is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=["view_lease", "work_everywhere"]))
    for browser in (clerk, browser_of(reader)):
        assert browser.get(page_of(accepted)).status_code == 403
        assert sign(browser, accepted).status_code == 403
        assert browser.get(OPTIONS, {"type": "TRACTOR"}).status_code == 403
    assert Client().get(page_of(accepted)).status_code == 302
    assert Lease.objects.count() == 0


def test_orders_of_other_territories_are_not_found(accepted):
    factories.territory("pune", "411")
    manager = User.objects.create(phone="+919876543296", is_staff=True)
    manager.user_permissions.add(*Permission.objects.filter(codename__in=["add_lease", "view_lease"]))
    factories.works_in(factories.territory("nashik", "422"), manager)
    assert browser_of(manager).get(page_of(accepted)).status_code == 404
    assert sign(browser_of(manager), accepted).status_code == 404
    assert Lease.objects.count() == 0


def test_an_unknown_order_is_not_found(admin_client, staff):  # noqa: F811
    assert admin_client.get(f"/admin/leases/lease/create/{factories.UNKNOWN}/").status_code == 404
