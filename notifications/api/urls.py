"""Route the notification endpoints under /api/v1."""

from django.urls import path

from notifications.api.otp import OtpViewSet
from notifications.api.views import NotificationViewSet, PushTokenViewSet, TwilioViewSet

urlpatterns = [
    path("auth/send-otp", OtpViewSet.as_view({"post": "send"})),
    path("admin/notifications", NotificationViewSet.as_view({"get": "list"})),
    path("devices/push-token", PushTokenViewSet.as_view({"post": "create"})),
    path("notifications/twilio/status", TwilioViewSet.as_view({"post": "status"})),
]
