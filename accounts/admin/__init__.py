"""Admin pages of users, VLEs, operators, territories, groups of staff and access changes."""

from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin import access_changes, groups, profiles, territories, users  # noqa: F401 (register pages)

# The library's pages would show everybody's secrets; ours only reset them.
admin.site.unregister([TOTPDevice, StaticDevice])
