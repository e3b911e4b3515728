"""The contract's testing checklist (`checklist.md` beside this file): a class is a heading, a test a line of it."""

import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Role, User
from devices.models import Device
from leases.models import Lease
from notifications.models import SmsMessage
from orders.choices import Kind
from orders.models import Order
from orders.workflow import OrderStatus as S
from tests.support import factories
from tests.support.inbox import last_text_to, texts_to

LEASE_DATES = {"startDate": "2024-01-15", "endDate": "2024-01-20"}
RENT_DATES = {"startDate": "2024-01-25", "endDate": "2024-01-27"}


def order_data(device: Device, dates: dict[str, str], **more: object) -> dict[str, object]:
    return {"deviceId": str(device.pk), "requestedHours": 10.0, "requestedAcres": 5.0, **dates, **more}


def refusal(response) -> tuple[int, str]:
    return response.status_code, response.body["errorDetails"]


def log_in(api, settings, phone: str, role: str) -> dict:
    """The document's three steps of logging in, over HTTP; the last answer's data."""
    settings.OTP_FIXED_CODE = "123456"
    client = api()
    assert client.post("/auth/send-otp", {"phoneNumber": phone}, format="json").status_code == 200
    verified = client.post("/auth/verify-otp", {"phoneNumber": phone, "otp": "123456"}, format="json").body["data"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {verified['token']}")
    return client.post("/auth/session/role", {"activeRole": role}, format="json").body["data"]


@pytest.fixture
def lease_order(tractor, ravi):
    return factories.order(Kind.LEASE, tractor, ravi)


@pytest.fixture
def rent_order(leased_tractor, asha):
    return factories.order(Kind.RENT, leased_tractor, asha, start_date=date(2024, 1, 25), end_date=date(2024, 1, 27))


@pytest.fixture
def as_vle(api, ravi):
    return api(ravi, Role.VLE)


@pytest.fixture
def as_admin(api, meena):
    return api(meena, Role.ADMIN)


@pytest.fixture
def as_farmer(api, asha):
    return api(asha, Role.FARMER)


def move(client, order: Order, to: str):
    return client.patch(f"/orders/{order.pk}/status", {"toState": to}, format="json")


def found_by_farmers(api, device: Device) -> bool:
    """Whether a search without dates shows the device to a farmer next to it."""
    place = {"location": {"lat": device.latitude, "lng": device.longitude}}
    answer = api().post("/public/discovery/search", place, format="json")
    return str(device.pk) in [result["deviceId"] for result in answer.body["data"]["results"]]


class TestLeaseSetup:
    """LEASE Order Flow / Setup"""

    def test_admin_user(self, db):
        """Create ADMIN user"""
        User.objects.create_superuser("98765 43200", "a long password")
        admin = User.objects.get(phone="+919876543200")
        assert [a.role for a in admin.role_assignments.all()] == ["ADMIN"]

    def test_vle_user(self, as_admin):
        """Create VLE user with VLE Profile"""
        made = as_admin.post("/admin/vles", {"phoneNumber": "9876543210", "name": "Ravi"}, format="json")
        assert made.status_code == 201
        vle = User.objects.get(phone="+919876543210")
        assert str(vle.vle_profile.pk) == made.body["data"]["id"]
        assert vle.role_assignments.filter(role="VLE").exists()

    def test_live_device(self, tractor):
        """Create device with `LIVE` status (not leased)"""
        device = Device.objects.with_current_lease().get(pk=tractor.pk)
        assert (device.status, device.current_lease_id) == ("LIVE", None)

    def test_pricing_rules(self, as_admin):
        """Set up pricing rules for device"""
        device = factories.device(priced=False)
        rules = {"defaultRules": [{"metric": "PER_HOUR", "rate": 1500.0}]}
        assert as_admin.post(f"/admin/devices/{device.pk}/pricing-rule", rules, format="json").status_code in (200, 201)
        status = as_admin.get(f"/admin/devices/{device.pk}/pricing-status").body["data"]
        assert status["requiresPricingRule"] is False


class TestLeaseOrderCreation:
    """LEASE Order Flow / Order Creation"""

    def test_login(self, api, settings, ravi):
        """Login as VLE, set active role to VLE"""
        session = log_in(api, settings, "+919876543210", "VLE")
        assert (session["user"]["phone"], session["user"]["activeRole"]) == ("+919876543210", "VLE")

    def test_create(self, as_vle, tractor, ravi):
        """Create LEASE order"""
        assert as_vle.post("/orders", order_data(tractor, LEASE_DATES), format="json").status_code == 201
        assert Order.objects.get().requester == ravi

    def test_status(self, as_vle, tractor):
        """Verify order created with `INTEREST_RAISED` status"""
        made = as_vle.post("/orders", order_data(tractor, LEASE_DATES), format="json")
        assert made.body["data"]["status"] == "INTEREST_RAISED"

    def test_type(self, as_vle, tractor):
        """Verify `orderType` is `LEASE`"""
        made = as_vle.post("/orders", order_data(tractor, LEASE_DATES), format="json")
        assert made.body["data"]["orderType"] == "LEASE"

    def test_handler(self, as_vle, tractor):
        """Verify `handledBy.type` is `ADMIN`"""
        made = as_vle.post("/orders", order_data(tractor, LEASE_DATES), format="json")
        assert made.body["data"]["handledBy"] == {"type": "ADMIN", "id": "admin"}

    def test_sms(self, as_vle, tractor, ravi, meena):
        """Check SMS notifications sent to Admin and VLE"""
        order = as_vle.post("/orders", order_data(tractor, LEASE_DATES), format="json").body["data"]["id"][:8]
        device = str(tractor.pk)[:8]
        assert texts_to(meena) == [
            f"New LEASE order #{order} created by VLE. Device: {device}, "
            "Requested: 10.0 hours / 5.0 acres. Please review."
        ]
        assert texts_to(ravi) == [
            f"Your LEASE order #{order} has been submitted successfully. Device: {device}, "
            "Requested: 10.0 hours / 5.0 acres. We'll review it shortly."
        ]


class TestLeaseOrderManagement:
    """LEASE Order Flow / Order Management (Admin)"""

    def test_login(self, api, settings, meena):
        """Login as Admin"""
        assert log_in(api, settings, "+919876543200", "ADMIN")["user"]["activeRole"] == "ADMIN"

    def test_view_all(self, as_admin, lease_order):
        """View all LEASE orders"""
        assert [o["id"] for o in as_admin.get("/admin/orders/lease").body["data"]] == [str(lease_order.pk)]

    def test_review(self, as_admin, lease_order):
        """Update status: `INTEREST_RAISED` → `UNDER_REVIEW`"""
        assert move(as_admin, lease_order, "UNDER_REVIEW").body["data"]["status"] == "UNDER_REVIEW"

    def test_accept(self, as_admin, lease_order):
        """Update status: `UNDER_REVIEW` → `ACCEPTED`"""
        move(as_admin, lease_order, "UNDER_REVIEW")
        assert move(as_admin, lease_order, "ACCEPTED").body["data"]["status"] == "ACCEPTED"

    def test_sms(self, as_admin, lease_order, ravi, meena):
        """Check SMS notifications for each status change"""
        move(as_admin, lease_order, "UNDER_REVIEW")
        move(as_admin, lease_order, "ACCEPTED")
        name = f"#{str(lease_order.pk)[:8]}"
        assert texts_to(ravi) == [
            f"Your order {name} status updated: INTEREST_RAISED → UNDER_REVIEW",
            f"Your order {name} status updated: UNDER_REVIEW → ACCEPTED",
        ]
        assert texts_to(meena) == [
            f"Order {name} you're handling status updated: INTEREST_RAISED → UNDER_REVIEW",
            f"Order {name} you're handling status updated: UNDER_REVIEW → ACCEPTED",
        ]

    def test_discovery(self, api, as_admin, lease_order, tractor):
        """Verify device is no longer in discovery"""
        assert found_by_farmers(api, tractor)
        move(as_admin, lease_order, "ACCEPTED")
        assert not found_by_farmers(api, tractor)


class TestLeaseCreation:
    """LEASE Order Flow / Lease Creation"""

    @pytest.fixture
    def accepted(self, tractor, ravi):
        return factories.order(Kind.LEASE, tractor, ravi, status=S.ACCEPTED)

    def sign(self, client, order):
        return client.post("/admin/leases", {"orderId": str(order.pk), "depositAmount": 5000.0}, format="json")

    def test_create(self, as_admin, accepted):
        """Create lease from ACCEPTED order"""
        assert self.sign(as_admin, accepted).status_code == 201

    def test_created(self, as_admin, accepted, tractor, ravi):
        """Verify lease created successfully"""
        data = self.sign(as_admin, accepted).body["data"]
        lease = Lease.objects.get(pk=data["id"])
        assert (lease.order, lease.device, lease.vle, lease.status) == (accepted, tractor, ravi.vle_profile, "ACTIVE")

    def test_device_is_leased(self, as_admin, accepted, tractor):
        """Verify `device.currentLeaseId` is set"""
        lease_id = self.sign(as_admin, accepted).body["data"]["id"]
        assert as_admin.get(f"/admin/devices/{tractor.pk}").body["data"]["currentLeaseId"] == lease_id

    def test_sms(self, as_admin, accepted, tractor, ravi, meena):
        """Check SMS notifications to VLE and Admin"""
        lease, device = self.sign(as_admin, accepted).body["data"]["id"][:8], str(tractor.pk)[:8]
        assert last_text_to(ravi) == (
            f"Your lease #{lease} has been created successfully! Device: {device}, Start: 2024-01-15, End: 2024-01-20. "
            "You can now start operations."
        )
        assert last_text_to(meena) == (
            f"Lease #{lease} created successfully for VLE. Device: {device}, Start: 2024-01-15, End: 2024-01-20"
        )


class TestLeaseStatusProgression:
    """LEASE Order Flow / Status Progression"""

    def moved(self, client, device, requester, start: str, to: str) -> str:
        return move(client, factories.order(Kind.LEASE, device, requester, status=start), to).body["data"]["status"]

    def test_pickup(self, as_admin, tractor, ravi):
        """Update status: `ACCEPTED` → `PICKUP_SCHEDULED`"""
        assert self.moved(as_admin, tractor, ravi, "ACCEPTED", "PICKUP_SCHEDULED") == "PICKUP_SCHEDULED"

    def test_handover(self, as_admin, tractor, ravi):
        """Update status: `PICKUP_SCHEDULED` → `ACTIVE`"""
        assert self.moved(as_admin, tractor, ravi, "PICKUP_SCHEDULED", "ACTIVE") == "ACTIVE"

    def test_completion(self, as_admin, tractor, ravi):
        """Update status: `ACTIVE` → `COMPLETED`"""
        assert self.moved(as_admin, tractor, ravi, "ACTIVE", "COMPLETED") == "COMPLETED"

    def test_closing(self, as_admin, tractor, ravi):
        """Update status: `COMPLETED` → `CLOSED`"""
        assert self.moved(as_admin, tractor, ravi, "COMPLETED", "CLOSED") == "CLOSED"


class TestLeaseRejection:
    """LEASE Order Flow / Rejection Flow"""

    def reject(self, client, order):
        return client.post(f"/admin/orders/{order.pk}/reject", {"note": "Equipment not available"}, format="json")

    def test_create(self, as_vle, tractor):
        """Create new LEASE order"""
        assert as_vle.post("/orders", order_data(tractor, LEASE_DATES), format="json").status_code == 201

    def test_reject(self, as_admin, lease_order):
        """Admin rejects order"""
        assert self.reject(as_admin, lease_order).status_code == 200

    def test_status(self, as_admin, lease_order):
        """Verify status is `REJECTED`"""
        data = self.reject(as_admin, lease_order).body["data"]
        assert (data["status"], data["note"]) == ("REJECTED", "Equipment not available")

    def test_sms(self, as_admin, lease_order, ravi, meena):
        """Check SMS notification to VLE"""
        self.reject(as_admin, lease_order)
        name = f"#{str(lease_order.pk)[:8]}"
        assert texts_to(ravi) == [f"Your order {name} has been rejected. Reason: Equipment not available"]
        assert texts_to(meena) == []

    def test_final(self, as_admin, lease_order):
        """Verify order cannot be updated further"""
        self.reject(as_admin, lease_order)
        answers = {refusal(move(as_admin, lease_order, to)) for to in ("UNDER_REVIEW", "ACCEPTED")}
        assert answers == {
            (400, "Invalid state transition from REJECTED to UNDER_REVIEW"),
            (400, "Invalid state transition from REJECTED to ACCEPTED"),
        }


class TestLeaseCancellation:
    """LEASE Order Flow / Cancellation Flow"""

    def cancel(self, client, order):
        return client.post(f"/orders/{order.pk}/cancel", {"note": "Changed my mind"}, format="json")

    def test_create(self, as_vle, tractor):
        """Create new LEASE order"""
        assert as_vle.post("/orders", order_data(tractor, LEASE_DATES), format="json").status_code == 201

    def test_cancel(self, as_vle, lease_order):
        """VLE cancels order (as requester)"""
        assert self.cancel(as_vle, lease_order).status_code == 200

    def test_status(self, as_vle, lease_order):
        """Verify status is `CANCELLED`"""
        data = self.cancel(as_vle, lease_order).body["data"]
        assert (data["status"], data["note"]) == ("CANCELLED", "Changed my mind")

    def test_sms(self, as_vle, lease_order, ravi, meena):
        """Check SMS notification to Admin"""
        self.cancel(as_vle, lease_order)
        assert texts_to(meena) == [f"Order #{str(lease_order.pk)[:8]} has been cancelled by the requester."]
        assert texts_to(ravi) == []

    def test_final(self, as_vle, as_admin, lease_order):
        """Verify order cannot be updated further"""
        self.cancel(as_vle, lease_order)
        assert refusal(move(as_admin, lease_order, "ACCEPTED")) == (
            400,
            "Invalid state transition from CANCELLED to ACCEPTED",
        )


class TestRentSetup:
    """RENT Order Flow / Setup"""

    def test_farmer(self, api, settings):
        """Create FARMER user"""
        assert log_in(api, settings, "+919876543211", "FARMER")["user"]["roles"] == ["FARMER"]

    def test_lease(self, leased_tractor, ravi):
        """Ensure device is leased (create lease first)"""
        assert Lease.objects.get(device=leased_tractor, status="ACTIVE").vle == ravi.vle_profile

    def test_device_is_leased(self, leased_tractor):
        """Verify `device.currentLeaseId` is set"""
        device = Device.objects.with_current_lease().get(pk=leased_tractor.pk)
        assert device.current_lease_id == Lease.objects.get().pk


class TestRentOrderCreation:
    """RENT Order Flow / Order Creation"""

    def test_login(self, api, settings, asha):
        """Login as FARMER, set active role to FARMER"""
        assert log_in(api, settings, "+919876543211", "FARMER")["user"]["activeRole"] == "FARMER"

    def test_create(self, as_farmer, leased_tractor, asha):
        """Create RENT order"""
        assert as_farmer.post("/orders", order_data(leased_tractor, RENT_DATES), format="json").status_code == 201
        assert Order.objects.get(kind="RENT").requester == asha

    def test_status(self, as_farmer, leased_tractor):
        """Verify order created with `INTEREST_RAISED` status"""
        made = as_farmer.post("/orders", order_data(leased_tractor, RENT_DATES), format="json")
        assert made.body["data"]["status"] == "INTEREST_RAISED"

    def test_type(self, as_farmer, leased_tractor):
        """Verify `orderType` is `RENT`"""
        made = as_farmer.post("/orders", order_data(leased_tractor, RENT_DATES), format="json")
        assert made.body["data"]["orderType"] == "RENT"

    def test_handler_type(self, as_farmer, leased_tractor):
        """Verify `handledBy.type` is `VLE`"""
        made = as_farmer.post("/orders", order_data(leased_tractor, RENT_DATES), format="json")
        assert made.body["data"]["handledBy"]["type"] == "VLE"

    def test_handler_id(self, as_farmer, leased_tractor, ravi):
        """Verify `handledBy.id` matches VLE profile ID"""
        made = as_farmer.post("/orders", order_data(leased_tractor, RENT_DATES), format="json")
        assert made.body["data"]["handledBy"]["id"] == str(ravi.vle_profile.pk)

    def test_sms(self, as_farmer, leased_tractor, ravi, asha):
        """Check SMS notifications sent to VLE and FARMER"""
        data = order_data(leased_tractor, RENT_DATES, requestedHours=8.0, requestedAcres=3.0)
        order = as_farmer.post("/orders", data, format="json").body["data"]["id"][:8]
        device = str(leased_tractor.pk)[:8]
        assert texts_to(ravi) == [
            f"New RENT order #{order} from Farmer. Device: {device}, Requested: 8.0 hours / 3.0 acres. Please review."
        ]
        assert texts_to(asha) == [
            f"Your RENT order #{order} has been submitted successfully. Device: {device}, "
            "Requested: 8.0 hours / 3.0 acres. VLE will review it shortly."
        ]


class TestRentOrderManagement:
    """RENT Order Flow / Order Management (VLE)"""

    def test_login(self, api, settings, ravi):
        """Login as VLE (device owner)"""
        assert log_in(api, settings, "+919876543210", "VLE")["user"]["activeRole"] == "VLE"

    def test_view_assigned(self, as_vle, rent_order):
        """View all RENT orders assigned to this VLE"""
        assert [o["id"] for o in as_vle.get("/vles/orders/rent").body["data"]] == [str(rent_order.pk)]

    def test_accept(self, as_vle, rent_order):
        """Update status: `INTEREST_RAISED` → `ACCEPTED`"""
        assert move(as_vle, rent_order, "ACCEPTED").body["data"]["status"] == "ACCEPTED"

    def test_sms(self, as_vle, rent_order, ravi, asha):
        """Check SMS notifications for status change"""
        move(as_vle, rent_order, "ACCEPTED")
        name = f"#{str(rent_order.pk)[:8]}"
        assert texts_to(asha) == [f"Your order {name} status updated: INTEREST_RAISED → ACCEPTED"]
        assert texts_to(ravi) == [f"Order {name} you're handling status updated: INTEREST_RAISED → ACCEPTED"]

    def test_lifecycle(self, as_vle, rent_order):
        """Continue status progression through lifecycle"""
        way = ["ACCEPTED", "PICKUP_SCHEDULED", "ACTIVE", "COMPLETED", "CLOSED"]
        assert [move(as_vle, rent_order, to).body["data"]["status"] for to in way] == way


class TestRentRejection:
    """RENT Order Flow / Rejection Flow"""

    def reject(self, client, order):
        note = {"note": "Not available on requested dates"}
        return client.post(f"/vles/orders/{order.pk}/reject", note, format="json")

    def test_create(self, as_farmer, leased_tractor):
        """Create new RENT order"""
        assert as_farmer.post("/orders", order_data(leased_tractor, RENT_DATES), format="json").status_code == 201

    def test_reject(self, as_vle, rent_order):
        """VLE rejects order"""
        assert self.reject(as_vle, rent_order).status_code == 200

    def test_status(self, as_vle, rent_order):
        """Verify status is `REJECTED`"""
        assert self.reject(as_vle, rent_order).body["data"]["status"] == "REJECTED"

    def test_sms(self, as_vle, rent_order, asha, ravi):
        """Check SMS notification to FARMER"""
        self.reject(as_vle, rent_order)
        name = f"#{str(rent_order.pk)[:8]}"
        assert texts_to(asha) == [f"Your order {name} has been rejected. Reason: Not available on requested dates"]
        assert texts_to(ravi) == []


class TestRentCancellation:
    """RENT Order Flow / Cancellation Flow"""

    def cancel(self, client, order):
        return client.post(f"/orders/{order.pk}/cancel", {"note": "Changed my mind"}, format="json")

    def test_create(self, as_farmer, leased_tractor):
        """Create new RENT order"""
        assert as_farmer.post("/orders", order_data(leased_tractor, RENT_DATES), format="json").status_code == 201

    def test_cancel(self, as_farmer, rent_order):
        """FARMER cancels order (as requester)"""
        assert self.cancel(as_farmer, rent_order).status_code == 200

    def test_status(self, as_farmer, rent_order):
        """Verify status is `CANCELLED`"""
        assert self.cancel(as_farmer, rent_order).body["data"]["status"] == "CANCELLED"

    def test_sms(self, as_farmer, rent_order, ravi):
        """Check SMS notification to VLE"""
        self.cancel(as_farmer, rent_order)
        assert texts_to(ravi) == [f"Order #{str(rent_order.pk)[:8]} has been cancelled by the requester."]


class TestInvalidOrderCreation:
    """Edge Cases & Error Scenarios / Invalid Order Creation"""

    @pytest.fixture(autouse=True)
    def nothing_is_written(self, db):
        yield
        assert not Order.objects.exclude(status=S.CLOSED).exists()
        assert not SmsMessage.objects.exists()

    def test_leased(self, as_vle, leased_tractor):
        """Try to create LEASE order for leased device (should fail)"""
        answer = as_vle.post("/orders", order_data(leased_tractor, LEASE_DATES), format="json")
        assert refusal(answer) == (400, "Device is already leased. Cannot create LEASE order for leased device")

    def test_unleased(self, as_farmer, tractor):
        """Try to create RENT order for unleased device (should fail)"""
        answer = as_farmer.post("/orders", order_data(tractor, RENT_DATES), format="json")
        assert refusal(answer) == (400, "Device must be leased to a VLE for RENT orders")

    def test_anonymous(self, api, tractor):
        """Try to create order without authentication (should fail)"""
        answer = api().post("/orders", order_data(tractor, LEASE_DATES), format="json")
        assert refusal(answer) == (401, "Authentication failed")
        assert answer.body["message"] == "Invalid or expired token"

    def test_wrong_role(self, as_admin, tractor):
        """Try to create order with wrong active role (should fail)"""
        answer = as_admin.post("/orders", order_data(tractor, LEASE_DATES), format="json")
        assert refusal(answer) == (403, "Only FARMER and VLE roles can create orders")

    def test_no_dates(self, as_vle, tractor):
        """Try to create order without `startDate`/`endDate` (should fail)"""
        answer = as_vle.post("/orders", {"deviceId": str(tractor.pk)}, format="json")
        assert refusal(answer) == (400, "{startDate=Start date is required, endDate=End date is required}")


class TestInvalidStatusTransitions:
    """Edge Cases & Error Scenarios / Invalid Status Transitions"""

    def test_invalid(self, as_admin, lease_order):
        """Try invalid transition (e.g., `INTEREST_RAISED` → `ACTIVE`) (should fail)"""
        answer = move(as_admin, lease_order, "ACTIVE")
        assert refusal(answer) == (400, "Invalid state transition from INTEREST_RAISED to ACTIVE")

    @pytest.mark.parametrize("terminal", ["CLOSED", "REJECTED", "CANCELLED"])
    def test_terminal(self, as_admin, tractor, ravi, terminal):
        """Try to transition from terminal state (should fail)"""
        order = factories.order(Kind.LEASE, tractor, ravi, status=terminal)
        answer = move(as_admin, order, "ACTIVE")
        assert refusal(answer) == (400, f"Invalid state transition from {terminal} to ACTIVE")

    def test_non_handler(self, as_vle, lease_order):
        """Try to update status as non-handler (should fail)"""
        assert refusal(move(as_vle, lease_order, "ACCEPTED")) == (403, "Only admins can handle LEASE orders")
        assert Order.objects.get().status == S.INTEREST_RAISED


class TestInvalidAuthorization:
    """Edge Cases & Error Scenarios / Invalid Authorization"""

    def test_vle_rejects_lease(self, as_vle, lease_order):
        """Try to reject LEASE order as VLE (should fail - only Admin can reject)"""
        answer = as_vle.post(f"/vles/orders/{lease_order.pk}/reject", {"note": "No"}, format="json")
        expected = "Only admins can reject LEASE orders. VLE is the requester, not the handler."
        assert refusal(answer) == (403, expected)
        assert Order.objects.get().status == S.INTEREST_RAISED

    def test_admin_rejects_rent(self, as_admin, rent_order):
        """Try to reject RENT order as Admin (should fail - only VLE can reject)"""
        answer = as_admin.post(f"/admin/orders/{rent_order.pk}/reject", {"note": "No"}, format="json")
        assert refusal(answer) == (403, "Only the assigned VLE can handle this RENT order")
        assert Order.objects.get(kind="RENT").status == S.INTEREST_RAISED

    def test_stranger_cancels(self, api, charu, rent_order):
        """Try to cancel order as non-requester (should fail)"""
        answer = api(charu).post(f"/orders/{rent_order.pk}/cancel", {}, format="json")
        assert refusal(answer) == (403, "Only the requester can cancel the order")
        assert Order.objects.get(kind="RENT").status == S.INTEREST_RAISED

    def test_late_cancellation(self, as_vle, tractor, ravi):
        """Try to cancel order in `UNDER_REVIEW` (should fail - only `INTEREST_RAISED`)"""
        order = factories.order(Kind.LEASE, tractor, ravi, status=S.UNDER_REVIEW)
        answer = as_vle.post(f"/orders/{order.pk}/cancel", {}, format="json")
        assert refusal(answer) == (400, "Order can only be cancelled when status is INTEREST_RAISED")
        assert Order.objects.get().status == S.UNDER_REVIEW


class TestDiscoveryVisibility:
    """Edge Cases & Error Scenarios / Discovery Visibility"""

    def hidden_by(self, api, device, requester, status: str) -> bool:
        assert found_by_farmers(api, device)
        factories.order(Kind.LEASE, device, requester, status=status)
        return not found_by_farmers(api, device)

    def test_accepted(self, api, tractor, ravi):
        """Verify device with `ACCEPTED` order is not in discovery"""
        assert self.hidden_by(api, tractor, ravi, "ACCEPTED")

    def test_active(self, api, tractor, ravi):
        """Verify device with `ACTIVE` order is not in discovery"""
        assert self.hidden_by(api, tractor, ravi, "ACTIVE")

    def test_completed(self, api, tractor, ravi):
        """Verify device with `COMPLETED` order is not in discovery"""
        assert self.hidden_by(api, tractor, ravi, "COMPLETED")

    def test_closed(self, api, as_admin, tractor, ravi):
        """Verify device with `CLOSED` order appears in discovery again"""
        order = factories.order(Kind.LEASE, tractor, ravi, status="COMPLETED")
        assert not found_by_farmers(api, tractor)
        move(as_admin, order, "CLOSED")
        assert found_by_farmers(api, tractor)


def test_every_line_of_the_checklist_is_a_test():
    assert _lines_tested() == _lines_of_the_document()


def _lines_of_the_document() -> list[tuple[str, str]]:
    lines, flow, section = [], "", ""
    for line in (Path(settings.BASE_DIR) / "tests" / "checklist.md").read_text().splitlines():
        if line.startswith("### "):
            flow = line.removeprefix("### ")
        elif line.startswith("- [ ] **"):
            section = line.removeprefix("- [ ] **").removesuffix(":**")
        elif line.startswith("  - [ ] "):
            lines.append((f"{flow} / {section}", line.removeprefix("  - [ ] ")))
    return lines


def _lines_tested() -> list[tuple[str, str]]:
    classes = [thing for name, thing in vars(sys.modules[__name__]).items() if name.startswith("Test")]
    return [
        (heading.__doc__, test.__doc__)
        for heading in classes
        for name, test in vars(heading).items()
        if name.startswith("test_")
    ]
