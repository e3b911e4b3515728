"""Admin pages of users, VLEs, operators, territories and groups of staff."""

from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin import groups, profiles, territories, users  # noqa: F401 (they register their pages)

# The library's pages would show everybody's secrets; ours only reset them.
admin.site.unregister([TOTPDevice, StaticDevice])
