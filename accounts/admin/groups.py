"""The admin page of groups of staff."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group

from core.admin.base import BaseAdmin

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(BaseAdmin, DjangoGroupAdmin):
    """Show groups as Django does, under a list titled like the others."""
