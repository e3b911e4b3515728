"""Prepare both scenarios: sign users in and create a device."""

import random
from typing import Any

from tests.smoke.expectations import UUID, must_be
from tests.smoke.sample_files import picture
from tests.smoke.server import Caller, Server

OTP = "123456"
OPERATOR_PHONE = "+919876543213"
TYPE, MAKER, PINCODE = "SMOKE_TRACTOR", "SMOKE_WORKS", "411001"


class Setup:
    """Create users, prices and a device; users and prices of an earlier walk on the same server are reused."""

    def __init__(self, server: Server):
        self.server = server
        self.meena = Caller("Meena", "+919876543200", "ADMIN")
        self.ravi = Caller("Ravi", "+919876543210", "VLE")
        self.asha = Caller("Asha", "+919876543211", "FARMER")
        # Degrees east and north, somewhere around Pune where no other walk's device stands.
        self.place = [round(random.uniform(73.4, 74.4), 5), round(random.uniform(18.0, 19.0), 5)]

    def set_up(self) -> None:
        self.server.say("\n=== Setup: an admin, a device, a VLE, a farmer")
        self.server.ask("GET", "/health/live")
        self.sign_in(self.meena)
        self.onboard_a_device()
        self.employ_people()
        self.sign_in(self.ravi)
        self.vle_id = self.server.ask("GET", "/vles/me", by=self.ravi, data={"phone": self.ravi.phone})["id"]
        self.sign_in(self.asha)
        self.server.ask("POST", "/user/update", {"name": "Asha"}, by=self.asha, message="Resource updated")

    def sign_in(self, who: Caller) -> None:
        who.token = ""
        self.server.ask("POST", "/auth/send-otp", {"phoneNumber": who.phone}, message="OTP sent successfully.")
        login = self.server.ask(
            "POST",
            "/auth/verify-otp",
            {"phoneNumber": who.phone, "otp": OTP},
            message="Authentication successful",
            data={"user": {"id": UUID, "phone": who.phone, "activeRole": None}},
        )
        must_be(who.role in login["user"]["roles"], True, f"{who.name} holds the role {who.role}")
        who.id, who.token = login["user"]["id"], login["token"]
        session = self.server.ask(
            "POST",
            "/auth/session/role",
            {"activeRole": who.role},
            by=who,
            message="Active role updated",
            data={"user": {"phone": who.phone, "activeRole": who.role}},
        )
        who.token = session["token"]

    def employ_people(self) -> None:
        vle = {"phoneNumber": self.ravi.phone, "type": "INDIVIDUAL", "name": "Ravi", "pincode": PINCODE}
        operator = {"phoneNumber": OPERATOR_PHONE, "name": "Ganesh"}
        self.enter("/admin/vles", vle, unless="VLE profile already exists for this user")
        self.enter("/admin/operators", operator, unless="Operator already exists for this user")
        found = self.server.ask("GET", f"/admin/operators?search={OPERATOR_PHONE[1:]}", by=self.meena)
        self.operator_id = found[0]["id"]

    def enter(self, path: str, row: dict[str, Any], *, unless: str) -> None:
        """Create a row, or accept that an earlier walk or the demo has created it."""
        self.server.ask("POST", path, row, by=self.meena, status=201, unless=unless)

    def onboard_a_device(self) -> None:
        self.enter_master_data()
        details = {
            "name": "Smoke test tractor",
            "description": "Comes and goes with each walk",
            "deviceTypeId": TYPE,
            "manufacturerId": MAKER,
            "owner": "KissanMitra",
            "manufacturedDate": "03/2021",
            "address": {"firstLine": "Gat 12", "pinCode": PINCODE, "city": "Pune", "state": "Maharashtra"},
            "location": {"type": "Point", "coordinates": self.place},
            "companyOwned": True,
        }
        entered = {"id": UUID, "status": "DRAFT", "currentLeaseId": None, "pincode": PINCODE}
        device = self.server.ask(
            "POST", "/admin/devices/onboard/step1", details, by=self.meena, status=201, data=entered
        )
        self.device_id, self.device = device["id"], f"/admin/devices/{device['id']}"
        self.server.ask(
            "POST", f"{self.device}/media", form={"files": picture(), "primaryIndex": "0"}, by=self.meena, status=201
        )
        self.price_it()
        self.server.ask("GET", f"{self.device}/onboard-summary", by=self.meena, data={"media": {"count": 1}})
        self.server.ask(
            "PATCH", f"{self.device}/finalize", {"action": "TAKE_LIVE"}, by=self.meena, data={"status": "LIVE"}
        )

    def enter_master_data(self) -> None:
        kind = {"code": TYPE, "displayName": "Tractor (smoke test)", "requiresOperator": False}
        maker = {"code": MAKER, "name": "Smoke Works"}
        self.enter("/admin/device-types", kind, unless=f"Device type with code {TYPE} already exists")
        self.enter("/admin/manufacturers", maker, unless=f"Manufacturer with code {MAKER} already exists")

    def price_it(self) -> None:
        prices = self.server.ask("GET", f"{self.device}/pricing-status", by=self.meena)
        rates = [{"metric": "PER_HOUR", "rate": 1500.0}, {"metric": "PER_ACRE", "rate": 900.0}]
        if prices["requiresPricingRule"]:
            self.server.ask("POST", f"{self.device}/pricing-rule", {"defaultRules": rates}, by=self.meena, status=201)
        self.server.ask(
            "GET",
            f"{self.device}/pricing-status",
            by=self.meena,
            data={"defaultRule": {"rules": rates}, "requiresPricingRule": False},
        )
