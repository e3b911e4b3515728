"""Decide who may export lists."""

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from core.errors import Forbidden

MAY_EXPORT = "exports.export"
NOT_ALLOWED = "You may not export this list"


def may_export(user: User) -> bool:
    """Tell whether an active member of staff has the export permission; each list limits its own rows."""
    return user.is_active and user.is_staff and user.has_perm(MAY_EXPORT)


def must_be_allowed(request: HttpRequest, model_admin: admin.ModelAdmin) -> None:
    """Raise Forbidden unless the user may export and view this list now."""
    if not (may_export(request.user) and model_admin.has_view_permission(request)):  # type: ignore[arg-type]
        raise Forbidden(NOT_ALLOWED)
