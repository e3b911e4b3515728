"""Notifications over HTTP, in the words of the equipment contract."""

from typing import Any

from django.http import QueryDict
from rest_framework import viewsets
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from twilio.request_validator import SIGNATURE_HEADER

from accounts.actors import must_be_admin
from core.contracts.equipment import EquipmentView
from core.contracts.filters import choice_param, search_param
from core.contracts.parsers import read_limited
from core.contracts.schema import documented
from notifications.api.serializers import PushTokenInput, PushTokenOutput, SmsMessageOutput, TwilioReceiptInput
from notifications.models import SmsMessage
from notifications.services import keep_push_token
from notifications.twilio_receipts import must_come_from_twilio, note_status


class NotificationViewSet(EquipmentView, viewsets.ViewSet):
    """What people were told, for those who have to know that they were."""

    @documented(
        page=SmsMessageOutput,
        query={
            "relatedEntityId": "Only those about this order or lease.",
            "event": "Only those of this event, such as ORDER_CREATED.",
            "status": "Only PENDING, SENT, DELIVERED, FAILED or LOGGED ones.",
        },
    )
    def list(self, request: Request) -> Response:
        """Every SMS, newest first. ADMIN only."""
        must_be_admin(request.auth)
        asked, messages = request.query_params, SmsMessage.objects.all()
        if related_id := asked.get("relatedEntityId"):
            messages = messages.about(related_id)
        if event := search_param(asked.get("event"), "event"):
            messages = messages.filter(event=event)
        if status := choice_param(asked.get("status"), SmsMessage.Status.values, "status"):
            messages = messages.filter(status=status)
        return self.reply_page(messages, SmsMessageOutput)


class PushTokenViewSet(EquipmentView, viewsets.ViewSet):
    """Where a user's phones take push messages."""

    @documented(request=PushTokenInput, response=PushTokenOutput, status=201)
    def create(self, request: Request) -> Response:
        """Register this phone for push messages; it replaces the user's former phone of the same platform (200)."""
        token, is_new = keep_push_token(by=request.auth, **self.read(PushTokenInput))
        return self.reply(PushTokenOutput(token).data, status=201 if is_new else 200)


class LimitedFormParser(FormParser):
    """URL-encoded forms of a size that Twilio's have."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> QueryDict:
        return QueryDict(read_limited(stream), encoding="utf-8")


class TwilioViewSet(EquipmentView, viewsets.ViewSet):
    """Where Twilio calls back; its signature stands in for a token."""

    authentication_classes = []
    permission_classes = [AllowAny]
    parser_classes = [LimitedFormParser]

    @documented(request={"application/x-www-form-urlencoded": TwilioReceiptInput})
    def status(self, request: Request) -> Response:
        """How a text that Twilio took has ended."""
        must_come_from_twilio(request.data, request.headers.get(SIGNATURE_HEADER, ""))
        note_status(**self.read(TwilioReceiptInput))
        return self.reply()
