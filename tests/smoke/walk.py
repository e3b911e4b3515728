"""Run both end-to-end scenarios of the contract ("Complete Test Flow Example")."""

from itertools import pairwise
from typing import Any

from tests.smoke.expectations import UUID, must_be
from tests.smoke.sample_files import agreement
from tests.smoke.server import Caller
from tests.smoke.setup import Setup

LEASE_DAYS = {"startDate": "2024-01-15", "endDate": "2024-01-20"}
RENT_DAYS = {"startDate": "2024-01-25", "endDate": "2024-01-27"}


class Walk(Setup):
    def go(self) -> None:
        """Raise Different at the first deviation from the contract."""
        self.set_up()
        self.lease()
        self.rent()
        self.clear_away()

    # --- Scenario: End-to-End LEASE Order ---------------------------------------------------------------------------

    def lease(self) -> None:
        self.server.say("\n=== End-to-end LEASE order: Ravi leases from the company")
        self.must_be_found({self.ravi: "AVAILABLE", self.asha: None})
        self.place_lease_order()
        self.accept_lease_order()
        self.sign_lease()
        self.progress(self.lease_order, by=self.meena)
        self.must_be_found({self.ravi: None, self.asha: "LEASED"})

    def place_lease_order(self) -> None:
        asked = {
            "requestedHours": 10.0,
            "requestedAcres": 5.0,
            **LEASE_DAYS,
            "note": "Need equipment for farming season",
        }
        order = self.server.ask(
            "POST",
            "/orders",
            {"deviceId": self.device_id} | asked,
            by=self.ravi,
            status=201,
            data={
                "id": UUID,
                "orderType": "LEASE",
                "status": "INTEREST_RAISED",
                "deviceId": self.device_id,
                "requestedBy": self.ravi.id,
                "handledBy": {"type": "ADMIN", "id": "admin"},
                "phone": self.ravi.phone,
                "name": "Ravi",
            }
            | asked,
        )
        self.lease_order = order["id"]
        what = f"Device: {self.device_id[:8]}, Requested: 10.0 hours / 5.0 acres."
        number = f"#{self.lease_order[:8]}"
        self.must_be_told(
            self.lease_order,
            (self.meena, f"New LEASE order {number} created by VLE. {what} Please review."),
            (self.ravi, f"Your LEASE order {number} has been submitted successfully. {what} We'll review it shortly."),
        )

    def accept_lease_order(self) -> None:
        listed = self.server.ask("GET", "/admin/orders/lease?pageSize=1", by=self.meena)
        must_be([order["id"] for order in listed], [self.lease_order], "the newest LEASE order")
        refusals = (
            (self.ravi, "ACCEPTED", 403, "Only admins can handle LEASE orders"),
            (self.meena, "ACTIVE", 400, "Invalid state transition from INTEREST_RAISED to ACTIVE"),
        )
        for who, state, status, refusal in refusals:
            path = f"/orders/{self.lease_order}/status"
            self.server.ask("PATCH", path, {"toState": state}, by=who, status=status, refusal=refusal)
        self.move(self.lease_order, "ACCEPTED", by=self.meena, note="Approved", came_from="INTEREST_RAISED")
        self.must_be_found({self.ravi: None, self.asha: None})

    def sign_lease(self) -> None:
        request = {
            "orderId": self.lease_order,
            "depositAmount": 5000.0,
            "operators": [{"operatorId": self.operator_id, "role": "PRIMARY"}],
            "notes": "Lease agreement signed",
        }
        lease = self.server.ask(
            "POST",
            "/admin/leases",
            form={"request": request, "attachmentFiles": agreement(), "attachmentTypes": "LEASE_AGREEMENT"},
            by=self.meena,
            status=201,
            data={
                "id": UUID,
                "orderId": self.lease_order,
                "deviceId": self.device_id,
                "vleId": self.vle_id,
                "status": "ACTIVE",
                "estimatedPrice": 15000.0,
                "depositAmount": 5000.0,
                "operators": [{"operatorId": self.operator_id, "role": "PRIMARY"}],
                "attachments": [{"type": "LEASE_AGREEMENT", "name": "agreement.pdf"}],
            }
            | LEASE_DAYS,
        )
        self.lease_id = lease["id"]
        self.server.ask("GET", self.device, by=self.meena, data={"currentLeaseId": self.lease_id})
        what = f"Device: {self.device_id[:8]}, Start: 2024-01-15, End: 2024-01-20"
        number = f"#{self.lease_id[:8]}"
        self.must_be_told(
            self.lease_id,
            (self.ravi, f"Your lease {number} has been created successfully! {what}. You can now start operations."),
            (self.meena, f"Lease {number} created successfully for VLE. {what}"),
        )

    # --- Scenario: End-to-End RENT Order ----------------------------------------------------------------------------

    def rent(self) -> None:
        self.server.say("\n=== End-to-end RENT order: Asha rents from Ravi")
        self.place_rent_order()
        listed = self.server.ask("GET", "/vles/orders/rent?pageSize=1", by=self.ravi)
        must_be([order["id"] for order in listed], [self.rent_order], "the newest RENT order")
        self.move(self.rent_order, "ACCEPTED", by=self.ravi, note="Accepted", came_from="INTEREST_RAISED")
        self.must_be_found({self.asha: None})
        self.must_be_found({self.asha: None}, **RENT_DAYS)
        self.must_be_found({self.asha: "LEASED"}, startDate="2024-01-28", endDate="2024-01-30")
        self.progress(self.rent_order, by=self.ravi)
        self.must_be_found({self.asha: "LEASED"})
        self.server.ask("GET", f"/orders/{self.rent_order}", by=self.asha, data={"status": "CLOSED"})

    def place_rent_order(self) -> None:
        asked = {"requestedHours": 8.0, "requestedAcres": 3.0, **RENT_DAYS, "note": "Need for my farm"}
        order = self.server.ask(
            "POST",
            "/orders",
            {"deviceId": self.device_id} | asked,
            by=self.asha,
            status=201,
            data={
                "id": UUID,
                "orderType": "RENT",
                "status": "INTEREST_RAISED",
                "deviceId": self.device_id,
                "requestedBy": self.asha.id,
                "handledBy": {"type": "VLE", "id": self.vle_id},
                "phone": self.asha.phone,
                "name": "Asha",
            }
            | asked,
        )
        self.rent_order = order["id"]
        what = f"Device: {self.device_id[:8]}, Requested: 8.0 hours / 3.0 acres."
        number = f"#{self.rent_order[:8]}"
        self.must_be_told(
            self.rent_order,
            (self.ravi, f"New RENT order {number} from Farmer. {what} Please review."),
            (
                self.asha,
                f"Your RENT order {number} has been submitted successfully. {what} VLE will review it shortly.",
            ),
        )

    def clear_away(self) -> None:
        self.server.say("\n=== The lease ends, and the device leaves with it")
        note = {"note": "Came back in good order"}
        self.server.ask("POST", f"/admin/leases/{self.lease_id}/complete", note, by=self.meena)
        self.server.ask("GET", self.device, by=self.meena, data={"currentLeaseId": None})
        self.server.ask("PATCH", f"{self.device}/status?status=RETIRED", by=self.meena, data={"status": "RETIRED"})
        page = f"/public/discovery/devices/{self.device_id}"
        self.server.ask("GET", page, status=404, refusal="Device not found")

    # --- Steps of both ----------------------------------------------------------------------------------------------

    def progress(self, order: str, *, by: Caller) -> None:
        """Take the order from ACCEPTED to CLOSED; the device is hidden from searches until then."""
        states = ["ACCEPTED", "PICKUP_SCHEDULED", "ACTIVE", "COMPLETED", "CLOSED"]
        for came_from, state in pairwise(states):
            self.must_be_found({self.asha: None})
            self.move(order, state, by=by, came_from=came_from)

    def move(self, order: str, state: str, *, by: Caller, came_from: str, note: str | None = None) -> None:
        body = {"toState": state} | ({"note": note} if note else {})
        moved = {"id": order, "status": state} | ({"note": note} if note else {})
        self.server.ask("PATCH", f"/orders/{order}/status", body, by=by, data=moved)
        requester = self.ravi if order == self.lease_order else self.asha
        change = f"status updated: {came_from} → {state}"
        self.must_be_told(
            order,
            (requester, f"Your order #{order[:8]} {change}"),
            (by, f"Order #{order[:8]} you're handling {change}"),
        )

    def must_be_told(self, about: str, *texts: tuple[Caller, str]) -> None:
        """Check that these texts are among the SMS messages about an order or lease."""
        rows = self.server.ask("GET", f"/admin/notifications?relatedEntityId={about}", by=self.meena)
        sent = [(row["to"], row["message"]) for row in rows]
        for person, text in texts:
            must_be((person.phone, text) in sent, True, f"the SMS to {person.name}: {text!r}")

    def must_be_found(self, lease_states: dict[Caller, str | None], **days: str) -> None:
        """Check that each user finds the device at its location with this lease state; None: not at all."""
        longitude, latitude = self.place
        query: dict[str, Any] = {"location": {"lat": latitude, "lng": longitude}, "filters": {"radiusKm": 1} | days}
        for person, expected in lease_states.items():
            found = self.server.ask("POST", "/public/discovery/search", query, by=person)["results"]
            states = [result["leaseState"] for result in found if result["deviceId"] == self.device_id]
            must_be(states, [expected] if expected else [], f"what {person.name} finds of the device")
