"""Serve notifications over HTTP in the equipment contract."""

from typing import Any

from django.http import QueryDict
from rest_framework import viewsets
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from twilio.request_validator import SIGNATURE_HEADER

from accounts.actors import must_be_admin
from accounts.requests import ActorRequest
from core.contracts.equipment import EquipmentView
from core.contracts.filters import choice_param, search_param
from core.contracts.parsers import read_limited
from core.contracts.schema import documented
from notifications.api.serializers import PushTokenInput, PushTokenOutput, SmsMessageOutput, TwilioReceiptInput
from notifications.choices import SmsStatus
from notifications.delivery_reports import must_come_from_twilio, record_status
from notifications.models import SmsMessage
from notifications.services import save_push_token


class NotificationViewSet(EquipmentView, viewsets.ViewSet):
    """List SMS messages for admins."""

    @documented(
        page=SmsMessageOutput,
        query={
            "relatedEntityId": "Only those about this order or lease.",
            "event": "Only those of this event, such as ORDER_CREATED.",
            "status": "Only PENDING, SENT, DELIVERED, FAILED or LOGGED ones.",
        },
    )
    def list(self, request: ActorRequest) -> Response:
        """List every SMS message, newest first. ADMIN only."""
        must_be_admin(request.auth)
        asked, messages = request.query_params, SmsMessage.objects.all()
        if related_id := asked.get("relatedEntityId"):
            messages = messages.about(related_id)
        if event := search_param(asked.get("event"), "event"):
            messages = messages.filter(event=event)
        if status := choice_param(asked.get("status"), SmsStatus.values, "status"):
            messages = messages.filter(status=status)
        return self.reply_page(messages, SmsMessageOutput)


class PushTokenViewSet(EquipmentView, viewsets.ViewSet):
    """Register push tokens."""

    @documented(request=PushTokenInput, response=PushTokenOutput, status=201)
    def create(self, request: ActorRequest) -> Response:
        """Register this phone for push messages; it replaces the user's former phone of the same platform (200)."""
        token, is_new = save_push_token(by=request.auth, **self.read(PushTokenInput))
        return self.reply(PushTokenOutput(token).data, status=201 if is_new else 200)


class LimitedFormParser(FormParser):
    """Parse URL-encoded forms up to the size of Twilio's."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return QueryDict(read_limited(stream), encoding="utf-8")


class TwilioViewSet(EquipmentView, viewsets.ViewSet):
    """Receive Twilio's delivery reports, authenticated by their signature."""

    authentication_classes = []
    permission_classes = [AllowAny]
    parser_classes = [LimitedFormParser]

    @documented(request={"application/x-www-form-urlencoded": TwilioReceiptInput})
    def status(self, request: Request) -> Response:
        """Record how the delivery of an accepted message ended."""
        must_come_from_twilio(request.data, request.headers.get(SIGNATURE_HEADER, ""))
        record_status(**self.read(TwilioReceiptInput))
        return self.reply()
