"""The page of one order: permissions, verification data, and refused stale pages."""

import pytest

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
ROADS = [
    ("pending_verification", ["Verify", "Reject"]),
    ("verified", ["Complete", "Cancel the order"]),
    ("rejected", ["Submit again", "Cancel the order"]),
    ("completed", []),
    ("cancelled", []),
]


@pytest.fixture
def desk(desk_of, pune):
    return desk_of("manager", pune=True)


def as_it_is():
    return ServiceOrder.objects.values().get(), OrderEvent.objects.count()


@pytest.mark.parametrize(("kind", "can_verify", "shown", "instead"), RIGHTS)
def test_the_buttons_are_those_that_this_member_of_staff_may_press(desk_of, order, kind, can_verify, shown, instead):
    desk = desk_of(kind, **({} if can_verify is None else {"pune": can_verify}))
    page = desk.get(page_of(order))
    assert (buttons(page), page.context["no_transition_reason"]) == (shown, instead)
    assert instead in page.content.decode()
    before = as_it_is()
    answer = decide(desk, order, "verified")
    assert (as_it_is() != before) == bool(shown)
    assert answer.status_code == (403 if instead == LOOKING else 200)


def test_orders_of_other_territories_are_as_if_they_did_not_exist(desk_of, order, nashik):
    desk = desk_of("manager", nashik=True)
    before = as_it_is()
    assert desk.get(page_of(order)).status_code == 302
    assert decide(desk, order, "verified").status_code == 404
    assert order.tracking_id not in desk.get(LIST).content.decode()
    assert as_it_is() == before


@pytest.mark.parametrize(("status", "shown"), ROADS, ids=[status for status, _ in ROADS])
def test_each_state_has_its_buttons(desk, pune, ravi, status, shown):
    order = factories.service_order(pune, ravi, status=status)
    page = desk.get(page_of(order))
    assert buttons(page) == shown
    assert bool(shown) or "nothing more is to be done" in page.content.decode()


def test_the_creator_may_submit_again_without_verifying(desk_of, pune):
    desk = desk_of("manager", pune=False)
    order = factories.service_order(pune, desk.user, status="rejected")
    assert buttons(desk.get(page_of(order))) == ["Submit again", "Cancel the order"]
    assert messages(decide(desk, order, "pending_verification")) == [f"{order}: Pending verification"]


def test_what_was_checked_is_kept_in_the_history(desk, order):
    values = {
        "note": "Spoke with Mr Patil",
        "verification_method": "Phone call to the carrier",
        "checked_document": "",
        "reference_number": "CALL-881",
        "coverage_name": ["Limit a day", "", "Valid until"],
        "coverage_value": ["₹ 4,000", "", "31 March 2027"],
    }
    assert messages(decide(desk, order, "verified", **values)) == [f"{order}: Verified"]
    event = OrderEvent.objects.get()
    assert (event.note, event.source, event.changed_by) == ("Spoke with Mr Patil", "back office", desk.user)
    assert event.verification_data == {
        "verified_by": "Manager 0",
        "verification_method": "Phone call to the carrier",
        "reference_number": "CALL-881",
        "coverage_details": {"Limit a day": "₹ 4,000", "Valid until": "31 March 2027"},
    }
    page = desk.get(page_of(order)).content.decode()
    for text in ("<dt>Reference number</dt><dd>CALL-881</dd>", "Limit a day: ₹ 4,000", "Valid until: 31 March 2027"):
        assert text in page


def test_data_of_clients_are_shown_whatever_their_shape(desk, api, meena, order):
    data = {"items": [1, "<b>"], "coverage_details": {}, "verified_by": None}
    api(meena, territory="pune").put(f"/orders/{order.pk}/status", {"status": "verified", "verification_data": data})
    page = desk.get(page_of(order)).content.decode()
    assert "<dt>Items</dt><dd>[1, &#x27;&lt;b&gt;&#x27;]</dd>" in page


def test_who_says_nothing_leaves_no_verification_data(desk, order):
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


@pytest.mark.parametrize(("to", "values", "field", "reason"), WRONG, ids=range(len(WRONG)))
def test_errors_are_shown_at_their_fields_and_input_is_kept(desk, order, to, values, field, reason):
    before = as_it_is()
    answer = decide(desk, order, to, checked_document="Card of the patient", **values)
    assert reason in answer.context["decision"].errors[field][0]
    assert "Card of the patient" in answer.content.decode()
    assert as_it_is() == before


def test_an_old_page_decides_nothing_and_keeps_what_was_typed(desk, desk_of, order):
    decide(desk_of("manager", pune=True), order, "rejected", note="Unknown")
    answer = decide(desk, order, "verified", reference_number="CALL-881")
    assert messages(answer) == [f"{order}: Changed after you opened it. Look at it again, then decide."]
    assert "CALL-881" in answer.content.decode()
    assert buttons(answer) == ["Submit again", "Cancel the order"]
    order.refresh_from_db()
    assert order.status == "rejected"


@pytest.mark.parametrize("seen", ["", "yesterday", "2024-13-41", "2024-01-01T00:00:00+00:00"])
def test_a_page_that_says_not_when_it_was_made_is_old(desk, order, seen):
    before = as_it_is()
    assert "Changed meanwhile" in messages(decide(desk, order, "verified", expected_updated_at=seen))[0]
    assert as_it_is() == before


def test_no_button_leads_where_no_arrow_does(desk, order):
    before = as_it_is()
    for to in ("completed", "nowhere", ""):
        assert "Invalid state transition" in messages(decide(desk, order, to))[0]
    assert desk.get(f"{LIST}{order.pk}/transition/").status_code == 405
    assert as_it_is() == before


def test_a_right_that_was_taken_away_is_gone_at_the_next_press(desk, order):
    desk.user.memberships.update(can_verify=False)
    before = as_it_is()
    answer = decide(desk, order, "verified")
    assert messages(answer) == [f"{order}: Only those who may verify in this territory can do this"]
    assert answer.context["no_transition_reason"] == MEMBER
    assert as_it_is() == before


def test_the_picture_shows_the_way(desk, pune, ravi):
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
