"""What the pages of devices and of what they refer to have in common."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class KeptAdmin(admin.ModelAdmin):
    """Of rows that others refer to: they are taken out of use, never deleted."""

    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
