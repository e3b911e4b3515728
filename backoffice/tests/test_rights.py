"""Permissions of each group of staff on every important page; a refused request changes nothing."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Operator, Territory, TerritoryMembership, User
from backoffice.groups import OPERATOR, TERRITORY_MANAGER, VIEWER
from events.models import OrderEvent
from orders.choices import Kind
from tests.support import factories
from tests.support.feed import change
from tests.support.staff import staff

SUPERUSER, CLERK, OUTSIDER = "superuser", "staff of no group", "anonymous"
EVERYBODY = (VIEWER, OPERATOR, TERRITORY_MANAGER, SUPERUSER, CLERK, OUTSIDER)
YES, NO, ELSEWHERE = "opens", "refused", "as if it were not there"


@pytest.fixture
def pune():
    return factories.territory("pune", "411")


@pytest.fixture
def nashik():
    return factories.territory("nashik", "422")


@pytest.fixture
def rows(pune, nashik, meena, asha):
    """Create one row of each model in Pune and in Nashik."""
    return {
        "pune": one_of_everything(pune, "411001", 1, meena),
        "nashik": one_of_everything(nashik, "422001", 2, meena),
    }


def one_of_everything(territory: Territory, pincode: str, number: int, admin: User) -> dict[str, object]:
    vle = factories.vle(f"+91987654331{number}", f"VLE of {territory}")
    User.objects.filter(pk=vle.pk).update(pincode=pincode)
    vle.vle_profile.pincode = pincode
    vle.vle_profile.save()
    leased, free = factories.device("Tractor", pincode=pincode), factories.device("Harrow", pincode=pincode)
    order = factories.order(Kind.LEASE, free, vle)
    return {
        "accounts.user": vle,
        "accounts.vleprofile": vle.vle_profile,
        "accounts.operator": Operator.objects.create(user=vle, name="Driver"),
        "accounts.territory": territory,
        "devices.device": free,
        "devices.devicetype": free.device_type,
        "devices.pricingrule": free.device_type.pricing_rules.get(pincode=pincode),
        "orders.order": order,
        "leases.lease": factories.lease(leased, vle, admin, date(2024, 1, 1), date(2024, 12, 31)),
        "service_orders.serviceorder": factories.service_order(territory, vle),
        "events.orderevent": change(admin, territory_id=territory.pk, order_id=order.pk),
    }


@pytest.fixture
def client_of(pune):
    """Return a client for a user of a group; the territory manager is a member of Pune."""

    def open_browser(group: str) -> Client:
        client = Client()
        if group == OUTSIDER:
            return client
        named = [group] if group in {VIEWER, OPERATOR, TERRITORY_MANAGER} else []
        person = staff("+919876543288", group, *named, is_superuser=group == SUPERUSER)
        if group == TERRITORY_MANAGER:
            factories.works_in(pune, person, can_verify=True)
        client.force_login(person)
        return client

    return open_browser


def page(model: str, act: str, *args: object) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_{act}", args=args)


def outcome(answer) -> str:
    """Classify a response: a row that is not found redirects home; an anonymous user is sent to the login."""
    if answer.status_code in {200, 204}:
        return YES
    if answer.status_code == 302 and answer.headers["Location"] == reverse("admin:index"):
        return ELSEWHERE
    assert answer.status_code in {403, 404} or answer.headers["Location"].startswith(reverse("admin:login")), answer
    return ELSEWHERE if answer.status_code == 404 else NO


IN_TERRITORIES = [
    "accounts.user",
    "accounts.vleprofile",
    "accounts.territory",
    "devices.device",
    "devices.pricingrule",
    "orders.order",
    "leases.lease",
    "service_orders.serviceorder",
    "events.orderevent",
]
ANYWHERE = ["accounts.operator", "devices.devicetype"]
SEES = {VIEWER, OPERATOR, TERRITORY_MANAGER, SUPERUSER}


@pytest.mark.parametrize("group", EVERYBODY)
def test_who_opens_which_list_and_which_page(client_of, rows, group):
    client, found, expected = client_of(group), {}, {}
    for model in [*IN_TERRITORIES, *ANYWHERE]:
        found[model] = outcome(client.get(page(model, "changelist")))
        expected[model] = YES if group in SEES else NO
        for place in ("pune", "nashik"):
            found[model, place] = outcome(client.get(page(model, "change", rows[place][model].pk)))
            is_foreign = group == TERRITORY_MANAGER and place == "nashik" and model in IN_TERRITORIES
            expected[model, place] = ELSEWHERE if is_foreign else expected[model]
        if group == CLERK:
            # Django looks for the row before it asks for the right.
            expected = dict.fromkeys(expected, NO)
    assert found == expected


@pytest.mark.parametrize("model", IN_TERRITORIES)
def test_lists_of_a_territory_manager_hold_only_their_territories(client_of, rows, model):
    results = client_of(TERRITORY_MANAGER).get(page(model, "changelist")).context["cl"].result_list
    listed = {row.pk for row in results}
    assert rows["pune"][model].pk in listed
    assert rows["nashik"][model].pk not in listed


@pytest.mark.parametrize("model", ["devices.device", "accounts.user"])
def test_autocomplete_offers_a_territory_manager_only_their_territories(client_of, rows, model):
    fields = {"devices.device": ("orders", "order", "device"), "accounts.user": ("accounts", "vleprofile", "user")}
    asked = dict(zip(("app_label", "model_name", "field_name"), fields[model], strict=True)) | {"term": ""}
    offered = {
        row["id"] for row in client_of(TERRITORY_MANAGER).get(reverse("admin:autocomplete"), asked).json()["results"]
    }
    assert str(rows["nashik"][model].pk) not in offered


ADDING = {
    "accounts.user": {SUPERUSER},
    "accounts.vleprofile": {SUPERUSER},
    "accounts.operator": {SUPERUSER},
    "accounts.territory": {SUPERUSER},
    "devices.devicetype": {SUPERUSER},
    "devices.pricingrule": {OPERATOR, TERRITORY_MANAGER, SUPERUSER},
}


@pytest.mark.parametrize("model", ADDING)
def test_who_adds(client_of, rows, model):
    url = page(model, "add")
    User.objects.filter(phone="+919876543288").delete()
    found = {}
    for number, group in enumerate(EVERYBODY):
        User.objects.filter(phone="+919876543288").update(phone=f"+91987654328{number}")
        found[group] = outcome(client_of(group).get(url))
    assert found == {group: YES if group in ADDING[model] else NO for group in EVERYBODY}


def change_order_status(client, row):
    seen = {"expected_updated_at": row.updated_at.isoformat(), "to": "UNDER_REVIEW"}
    return client.post(page("orders.order", "transition", row.pk), seen)


def suspend_vle(client, row):
    return client.post(page("accounts.vleprofile", "action", row.pk), {"action": "suspend"})


def deactivate_user(client, row):
    return client.post(page("accounts.user", "action", row.pk), {"action": "deactivate"})


# Name -> action, model of the row, groups that may (in Pune), column that shows it.
ACTIONS = {
    "changing an order": (
        change_order_status,
        "orders.order",
        {OPERATOR, TERRITORY_MANAGER, SUPERUSER},
        "status",
    ),
    "suspending a VLE": (suspend_vle, "accounts.vleprofile", {SUPERUSER}, "status"),
    "deactivating a user": (deactivate_user, "accounts.user", {SUPERUSER}, "is_active"),
}


@pytest.mark.parametrize("group", EVERYBODY)
@pytest.mark.parametrize("what", ACTIONS)
def test_who_does_what_and_where(client_of, rows, group, what):
    act, model, may, column = ACTIONS[what]
    client = client_of(group)
    for place in ("pune", "nashik"):
        row = rows[place][model]
        row.refresh_from_db()
        before = getattr(row, column)
        answer = act(client, row)
        is_allowed = group in may and (place == "pune" or group != TERRITORY_MANAGER)
        row.refresh_from_db()
        assert (getattr(row, column) != before) is is_allowed, (place, answer)
        if not is_allowed:
            assert answer.status_code in {403, 404} or "/login/" in answer.headers["Location"]
    assert OrderEvent.objects.filter(changed_by__phone="+919876543288").exists() is (
        what == "changing an order" and group in may
    )


def save_territory(client, territory, *, prefixes=(), members=()):
    """Post the page of a territory as a browser would, with rows added."""
    context = client.get(page("accounts.territory", "change", territory.pk)).context
    data = {"name": territory.name, "_version": context["form_version"]}
    for inline in context["inline_admin_formsets"]:
        formset = inline.formset
        added = prefixes if formset.prefix == "prefixes" else members
        kept = formset.initial_form_count()
        for number, form in enumerate(formset.initial_forms):
            data |= {f"{formset.prefix}-{number}-{name}": form[name].value() or "" for name in form.fields}
        for number, row in enumerate(added, start=kept):
            data |= {f"{formset.prefix}-{number}-{name}": value for name, value in row.items()}
        data |= {f"{formset.prefix}-INITIAL_FORMS": kept, f"{formset.prefix}-TOTAL_FORMS": kept + len(added)}
    return client.post(page("accounts.territory", "change", territory.pk), data)


def test_territory_managers_change_members_and_pin_codes_of_their_territories(client_of, rows, pune):
    manager, person = client_of(TERRITORY_MANAGER), rows["pune"]["accounts.user"]
    answer = save_territory(manager, pune, prefixes=[{"prefix": "412"}], members=[{"user": str(person.pk)}])
    assert answer.status_code == 302
    assert set(pune.prefixes.values_list("prefix", flat=True)) == {"411", "412"}
    assert pune.memberships.filter(user=person, can_verify=False).exists()


def test_territory_managers_cannot_take_pin_codes_or_people_of_other_territories(client_of, rows, pune):
    manager, stranger = client_of(TERRITORY_MANAGER), rows["nashik"]["accounts.user"]
    answer = save_territory(manager, pune, prefixes=[{"prefix": "4220"}], members=[{"user": str(stranger.pk)}])
    assert "These PIN codes lie in another territory" in answer.content.decode()
    assert "Select a valid choice" in answer.content.decode()
    assert set(pune.prefixes.values_list("prefix", flat=True)) == {"411"}
    assert not TerritoryMembership.objects.filter(user=stranger).exists()


@pytest.mark.parametrize("group", [VIEWER, OPERATOR])
def test_viewers_and_operators_cannot_change_a_territory(client_of, rows, pune, group):
    client = client_of(group)
    person = rows["pune"]["accounts.user"]
    data = {"name": "Mine", "prefixes-TOTAL_FORMS": 1, "prefixes-INITIAL_FORMS": 0, "prefixes-0-prefix": "412"}
    data |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0, "memberships-0-user": str(person.pk)}
    assert client.post(page("accounts.territory", "change", pune.pk), data).status_code == 403
    pune.refresh_from_db()
    assert (pune.name, pune.prefixes.count(), pune.memberships.count()) == ("Pune", 1, 0)


def test_a_prefix_or_member_that_exists_already_is_an_error_at_the_field(client_of, rows, pune, nashik):
    superuser, person = client_of(SUPERUSER), rows["pune"]["accounts.user"]
    answer = save_territory(superuser, pune, prefixes=[{"prefix": "422"}], members=[{"user": str(person.pk)}] * 2)
    text = answer.content.decode()
    assert "PIN code prefix already exists" in text
    assert pune.memberships.count() == 0
