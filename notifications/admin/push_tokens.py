"""Admin pages of push tokens; the tokens themselves are not shown."""

from django.contrib import admin

from accounts.admin.phone_search import PhoneSearchMixin
from core.admin.base import ReadOnlyAdmin
from core.admin.links import link_to
from notifications.models import PushToken


@admin.register(PushToken)
class PushTokenAdmin(PhoneSearchMixin, ReadOnlyAdmin):
    list_display = ["user", "platform", "created_at", "updated_at"]
    list_filter = ["platform"]
    list_select_related = ["user"]
    search_fields = ["user__phone", "user__name"]
    phone_path = "user__phone"
    user_link = link_to("user")
    fieldsets = [(None, {"fields": ["user_link", "platform", "created_at", "updated_at"]})]
