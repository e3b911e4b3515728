"""Serve the request for a one-time password."""

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.api.serializers import SendOtpInput, with_phone
from core.addresses import client_address
from core.contracts.equipment import EquipmentView
from core.contracts.parsers import JSON_OR_FORM
from core.contracts.schema import documented
from notifications.otp import send_otp


class OtpViewSet(EquipmentView, ViewSet):
    authentication_classes: list = []
    parser_classes = JSON_OR_FORM
    permission_classes = [AllowAny]

    @documented(request=SendOtpInput, query={"phoneNumber": "In place of the body's."})
    def send(self, request: Request) -> Response:
        """Send a one-time password; the response is the same for known and unknown phones."""
        send_otp(**self.read(SendOtpInput, with_phone(request)), address=client_address(request))
        return self.reply(message="OTP sent successfully.")
