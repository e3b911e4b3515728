"""Serve discovery to all; with a token, results fit the caller's active role."""

from typing import Any

from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from accounts.requests import OptionalActorRequest
from core.contracts.equipment import EquipmentView
from core.contracts.schema import documented
from orders.api.discovery.fields import numbers_in
from orders.api.discovery.serializers import (
    DeviceDistanceInput,
    DevicePageOutput,
    IntentInput,
    SearchInput,
    SearchResultsOutput,
)
from orders.device_page import find_visible, get_device_page
from orders.discovery import SearchQuery, search
from orders.intents import note_intent


class DiscoveryView(EquipmentView, viewsets.ViewSet):
    """Serve callers with or without a token; an invalid token is refused all the same."""

    permission_classes = [AllowAny]

    @documented(request=SearchInput, response=SearchResultsOutput)
    def search(self, request: OptionalActorRequest) -> Response:
        """List available devices nearby, nearest first: leased ones for a FARMER, others for a VLE, else all."""
        results = search(SearchQuery(**self.read(SearchInput)), by=request.auth)
        return self.reply(SearchResultsOutput(results).data)

    @documented(
        response=DevicePageOutput, query={"lat": "Latitude of the caller, for the distance.", "lng": "As `lat`."}
    )
    def device(self, request: OptionalActorRequest, device_id: str) -> Response:
        """Return one device: a LIVE one to all, an ONBOARDED one with a token."""
        location = numbers_in(request.query_params, "lat", "lng")
        options = self.read(DeviceDistanceInput, {"location": location} if location else {})
        return self.reply(DevicePageOutput(get_device_page(device_id, by=request.auth, **options)).data)

    @documented(request=IntentInput, response=serializers.UUIDField, status=201)
    def note_intent(self, request: OptionalActorRequest) -> Response:
        """Note an enquiry, from the body or the query; an order placed within 30 minutes may name it."""
        enquiry = self.read(IntentInput, _query_or_body(request))
        device = find_visible(enquiry.pop("device_id"), by=request.auth)
        intent = note_intent(user=request.auth.user if request.auth else None, device=device, **enquiry)
        return self.reply_created(str(intent.pk))


def _query_or_body(request: OptionalActorRequest) -> Any:
    # Existing apps send an intent as query parameters, empty where nothing is given.
    query = {name: value for name, value in request.query_params.dict().items() if value}
    body = request.data
    given = query | numbers_in(query, "requestedHours", "requestedAcres")
    return given | body if isinstance(body, dict) else body
