"""Looking around over HTTP: open to all; who says who they are is shown what suits the active role."""

from typing import Any

from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from core.contracts.equipment import EquipmentView
from core.contracts.schema import documented
from orders.api.discovery.inputs import IntentInput, LookInput, SearchInput, numbers_in
from orders.api.discovery.outputs import DevicePageOutput, FoundDevicesOutput
from orders.device_page import find_visible, get_device_page
from orders.discovery import Search, search
from orders.intents import note_intent


class DiscoveryView(EquipmentView, viewsets.ViewSet):
    """A token is optional; one that is not good is refused all the same."""

    permission_classes = [AllowAny]

    @documented(request=SearchInput, response=FoundDevicesOutput)
    def search(self, request: Request) -> Response:
        """Devices nearby that can be had, nearest first: leased ones for a FARMER, others for a VLE, else all."""
        found = search(Search(**self.read(SearchInput)), by=request.auth)
        return self.reply(FoundDevicesOutput(found).data)

    @documented(response=DevicePageOutput, query={"lat": "Where one stands, for the distance.", "lng": "As `lat`."})
    def device(self, request: Request, device_id: str) -> Response:
        """One device: LIVE ones for all, ONBOARDED ones with a token."""
        place = numbers_in(request.query_params, "lat", "lng")
        asked = self.read(LookInput, {"location": place} if place else {})
        return self.reply(DevicePageOutput(get_device_page(device_id, by=request.auth, **asked)).data)

    @documented(request=IntentInput, response=serializers.UUIDField, status=201)
    def note_intent(self, request: Request) -> Response:
        """Note a wish before placing an order, in the body or the query; an order may name it within 30 minutes."""
        wish = self.read(IntentInput, _query_or_body(request))
        device = find_visible(wish.pop("device_id"), by=request.auth)
        intent = note_intent(user=request.auth and request.auth.user, device=device, **wish)
        return self.reply_created(str(intent.pk))


def _query_or_body(request: Request) -> Any:
    # Existing apps send an intent as query parameters.
    query, body = request.query_params.dict(), request.data
    sent = query | numbers_in(query, "requestedHours", "requestedAcres")
    return sent | body if isinstance(body, dict) else body
