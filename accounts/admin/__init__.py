"""People in the back office: users, their roles and sessions; VLEs and operators; territories and who works there."""

from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin import access_changes, groups, profiles, territories, users  # noqa: F401 (register pages)

# The library's pages would show the secrets of everybody; ours only resets them.
admin.site.unregister([TOTPDevice, StaticDevice])
