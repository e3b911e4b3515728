"""Test the admin page of a service order: rights, decisions with their data, and stale pages."""

import pytest
from pytest_django.asserts import assertInHTML

from events.models import OrderEvent
from service_orders.models import ServiceOrder
from service_orders.tests.backoffice import LIST, buttons, decide, messages, page_of
from tests.support import factories

LOOKING = "You may look at service orders, but not change them."
STRANGER = "You are not a member of Pune. Only its members decide there, whatever else you may do."
MEMBER = "You work in Pune without the right to verify."
RIGHTS = [  # who, whether they verify in Pune (None: no member), the buttons, the sentence instead
    ("viewer", None, [], LOOKING),
    ("viewer", True, [], LOOKING),
    ("operator", True, [], LOOKING),
    ("manager", False, [], MEMBER),
    ("manager", True, ["Verify", "Reject"], ""),
    ("superuser", None, [], STRANGER),
    ("superuser", False, [], MEMBER),
    ("superuser", True, ["Verify", "Reject"], ""),
]
BUTTONS = [
    ("pending_verification", ["Verify", "Reject"]),
    ("verified", ["Complete", "Cancel the order"]),
    ("rejected", ["Submit again", "Cancel the order"]),
    ("completed", []),
    ("cancelled", []),
]


@pytest.fixture
def desk(desk_of, pune):
    return desk_of("manager", pune=True)


def stored():
    return ServiceOrder.objects.values().get(), OrderEvent.objects.count()


@pytest.mark.parametrize(("kind", "can_verify", "shown", "instead"), RIGHTS)
def test_the_buttons_match_the_rights(desk_of, order, kind, can_verify, shown, instead):
    desk = desk_of(kind, **({} if can_verify is None else {"pune": can_verify}))
    page = desk.get(page_of(order))
    assert (buttons(page), page.context["no_transition_reason"]) == (shown, instead)
    assert instead in page.content.decode()
    before = stored()
    answer = decide(desk, order, "verified")
    assert (stored() != before) == bool(shown)
    assert answer.status_code == (403 if instead == LOOKING else 200)


def test_orders_of_other_territories_are_not_found(desk_of, order, nashik):
    desk = desk_of("manager", nashik=True)
    before = stored()
    assert desk.get(page_of(order)).status_code == 302
    assert decide(desk, order, "verified").status_code == 404
    assert order.tracking_id not in desk.get(LIST).content.decode()
    assert stored() == before


@pytest.mark.parametrize(("status", "shown"), BUTTONS, ids=[status for status, _ in BUTTONS])
def test_each_status_has_its_buttons(desk, pune, ravi, status, shown):
    order = factories.service_order(pune, ravi, status=status)
    page = desk.get(page_of(order))
    assert buttons(page) == shown
    assert bool(shown) or "nothing more is to be done" in page.content.decode()


def test_the_creator_may_submit_again_without_verifying(desk_of, pune):
    desk = desk_of("manager", pune=False)
    order = factories.service_order(pune, desk.user, status="rejected")
    assert buttons(desk.get(page_of(order))) == ["Submit again", "Cancel the order"]
    assert messages(decide(desk, order, "pending_verification")) == [f"{order}: Pending verification"]


def test_verification_data_are_stored_in_the_history(desk, order):
    fields = {
        "note": "Spoke with\t\u2068Mr Patil\u2069",
        "verification_method": "Phone call to the carrier",
        "checked_document": "",
        "reference_number": "CALL-881\u200b",
        "coverage_name": ["Limit\ta day", "", "Valid until"],
        "coverage_value": ["₹ 4,000", "", "31 March 2027"],
    }
    assert messages(decide(desk, order, "verified", **fields)) == [f"{order}: Verified"]
    event = OrderEvent.objects.get()
    assert (event.note, event.source, event.changed_by) == ("Spoke with Mr Patil", "back office", desk.user)
    assert event.verification_data == {
        "verified_by": "Manager 0",
        "verification_method": "Phone call to the carrier",
        "reference_number": "CALL-881",
        "coverage_details": {"Limit a day": "₹ 4,000", "Valid until": "31 March 2027"},
    }
    page = desk.get(page_of(order)).content.decode()
    assertInHTML("<div><dt>Reference number</dt><dd>CALL-881</dd></div>", page)
    for text in ("Limit a day: ₹ 4,000", "Valid until: 31 March 2027"):
        assert text in page


def test_free_form_verification_data_are_shown_escaped(desk, api, meena, order):
    data = {"items": [1, "<b>"], "coverage_details": {}, "verified_by": None}
    api(meena, territory="pune").put(f"/orders/{order.pk}/status", {"status": "verified", "verification_data": data})
    page = desk.get(page_of(order)).content.decode()
    assertInHTML("<div><dt>Items</dt><dd>[1, &#x27;&lt;b&gt;&#x27;]</dd></div>", page)
    assert "<b>" not in page


def test_an_empty_form_stores_no_verification_data(desk, order):
    decide(desk, order, "verified")
    assert OrderEvent.objects.get().verification_data is None


WRONG = [
    ("rejected", {}, "note", "Say why it is rejected"),
    ("rejected", {"note": "  "}, "note", "Say why it is rejected"),
    ("verified", {"note": "x" * 1001}, "note", "Ensure this value has at most 1000 characters (it has 1001)."),
    ("verified", {"note": "\0"}, "note", "Null characters are not allowed."),
    ("verified", {"reference_number": "x" * 101}, "reference_number", "at most 100 characters"),
    ("verified", {"coverage_name": "Limit", "coverage_value": ""}, "coverage", "Say both in the row “Limit”"),
    ("verified", {"coverage_name": ["a", "a"], "coverage_value": ["1", "2"]}, "coverage", "Say each of them once"),
    ("verified", {"coverage_name": [*"abcdefghijk"], "coverage_value": ["1"] * 11}, "coverage", "At most 10 rows"),
    ("verified", {"coverage_name": "\0", "coverage_value": "1"}, "coverage", "Rows are text"),
]


@pytest.mark.parametrize(("to", "fields", "field", "reason"), WRONG, ids=range(len(WRONG)))
def test_form_errors_are_shown_at_their_field_and_keep_the_input(desk, order, to, fields, field, reason):
    before = stored()
    answer = decide(desk, order, to, checked_document="Card of the patient", **fields)
    assert reason in answer.context["decision"].errors[field][0]
    assert "Card of the patient" in answer.content.decode()
    assert stored() == before


def test_a_stale_page_changes_nothing_and_keeps_the_input(desk, desk_of, order):
    decide(desk_of("manager", pune=True), order, "rejected", note="Unknown")
    answer = decide(desk, order, "verified", reference_number="CALL-881")
    assert messages(answer) == [f"{order}: Changed after you opened it. Look at it again, then decide."]
    assert "CALL-881" in answer.content.decode()
    assert buttons(answer) == ["Submit again", "Cancel the order"]
    order.refresh_from_db()
    assert order.status == "rejected"


@pytest.mark.parametrize("seen", ["", "yesterday", "2024-13-41", "2024-01-01T00:00:00+00:00"])
def test_a_missing_or_invalid_expected_updated_at_is_stale(desk, order, seen):
    before = stored()
    assert "Changed after you opened it" in messages(decide(desk, order, "verified", expected_updated_at=seen))[0]
    assert stored() == before


def test_undeclared_transitions_are_refused(desk, order):
    before = stored()
    for to in ("completed", "nowhere", ""):
        assert "Invalid state transition" in messages(decide(desk, order, to))[0]
    assert desk.get(f"{LIST}{order.pk}/transition/").status_code == 405
    assert stored() == before


def test_a_revoked_right_ends_with_the_next_press(desk, order):
    desk.user.memberships.update(can_verify=False)
    before = stored()
    answer = decide(desk, order, "verified")
    assert messages(answer) == [f"{order}: Only those who may verify in this territory can do this"]
    assert answer.context["no_transition_reason"] == MEMBER
    assert stored() == before


def test_the_diagram_shows_the_main_path_and_the_exits(desk, pune, ravi):
    diagram = desk.get(page_of(factories.service_order(pune, ravi, status="verified"))).context["diagram"]
    assert [(stop.label, stop.position) for stop in diagram.main_path] == [
        *(("Pending verification", "past"), ("Verified", "here"), ("Completed", "next")),
    ]
    assert {(stop.label, stop.position) for stop in diagram.exits} == {("Rejected", "far"), ("Cancelled", "next")}


def test_rejecting_many_at_once_is_not_offered(desk, order):
    actions = dict(desk.get(LIST).context["action_form"].fields["action"].choices)
    assert [label for name, label in actions.items() if name.startswith("transition_to")] == [
        *("Submit again", "Verify", "Complete", "Cancel the order"),
    ]
