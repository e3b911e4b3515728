"""What every workflow's declarations must agree on, and what is derived from them."""

import itertools

import pytest

from core.admin.badges import badge, humanize_status, status_color
from core.statuses import Status, Tone, find_status, status
from devices.models import Device
from devices.workflow import DeviceStatus
from leases.models import Lease
from leases.workflow import LeaseStatus
from orders.choices import Kind
from orders.models import Order
from orders.workflow import OrderStatus
from service_orders.models import ServiceOrder
from service_orders.policies import Member
from service_orders.workflow import ServiceOrderStatus
from tests.support import factories
from tests.support.clients import actor

WORKFLOWS = [
    pytest.param(Order, OrderStatus, id="orders"),
    pytest.param(ServiceOrder, ServiceOrderStatus, id="service orders"),
    pytest.param(Device, DeviceStatus, id="devices"),
    pytest.param(Lease, LeaseStatus, id="leases"),
]
every_workflow = pytest.mark.parametrize(("model", "statuses"), WORKFLOWS)


def test_every_workflow_is_asked_about_here():
    assert set(Status.__subclasses__()) == {workflow.values[1] for workflow in WORKFLOWS}


@every_workflow
def test_no_transition_starts_at_a_final_status_and_one_starts_at_every_other(model, statuses):
    sources = {source for source, _ in model.transitions()}
    assert {each for each in statuses if not each.is_final} == sources


@every_workflow
def test_the_main_path_follows_the_transitions(model, statuses):
    assert set(itertools.pairwise(statuses.main_path())) <= model.transitions()


@every_workflow
def test_every_status_that_staff_may_choose_has_an_action(model, statuses, meena, ravi):
    pune = factories.territory("pune")
    staff = actor(meena)
    if model is ServiceOrder:
        staff = Member(staff, factories.works_in(pune, meena, can_verify=True))
    rows = [model(status=each, **({"kind": Kind.LEASE} if model is Order else {})) for each in statuses]
    choices = {to for row in rows for to in row.available_transitions(staff)}
    assert choices == set(statuses.actions())


def test_available_transitions_come_in_the_order_of_declaration(meena):
    # By the names of their methods they would be: accept, reject, review.
    order = Order(kind=Kind.LEASE, status=OrderStatus.INTEREST_RAISED)
    assert order.available_transitions(actor(meena)) == ["UNDER_REVIEW", "ACCEPTED", "REJECTED"]
    device = Device(status=DeviceStatus.DRAFT)
    assert device.available_transitions(actor(meena)) == ["ONBOARDED", "LIVE", "RETIRED"]


def test_one_value_means_the_same_in_every_workflow():
    # An event or a badge holds the value alone.
    for value, each in [(each.value, each) for statuses in Status.__subclasses__() for each in statuses]:
        assert (each.label, each.tone) == (find_status(value).label, find_status(value).tone)


def test_a_status_is_declared_with_everything_that_screens_need():
    with pytest.raises(TypeError, match="'action' and 'tone'"):
        status("ON_HOLD", "On hold")


@pytest.mark.parametrize(
    ("value", "label", "tone"),
    [
        ("PICKUP_SCHEDULED", "Pickup scheduled", Tone.MOVING),
        ("pending_verification", "Pending verification", Tone.WAITING),
        ("UNDER_MAINTENANCE", "Under maintenance", Tone.BAD),
        ("TERMINATED", "Terminated", Tone.BAD),
        ("SENT", "Sent", Tone.MOVING),
        ("SUSPENDED", "Suspended", Tone.BAD),
        ("emergency", "Emergency", Tone.BAD),
        ("UNKNOWN_THING", "Unknown thing", Tone.QUIET),
    ],
)
def test_badges_show_the_declared_label_and_tone(value, label, tone):
    assert (humanize_status(value), status_color(value)) == (label, tone)
    assert badge(value) == f'<span class="badge" data-tone="{tone}">{label}</span>'
