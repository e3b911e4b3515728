"""Decide who may export lists."""

from typing import Protocol

from django.http import HttpRequest

from accounts.models import User
from core.errors import Forbidden

MAY_EXPORT = "exports.export"
NOT_ALLOWED = "You may not export this list"


class ExportedList(Protocol):
    """Tell whether a user may view the list; a ModelAdmin does."""

    def has_view_permission(self, request: HttpRequest) -> bool: ...


def may_export(user: User) -> bool:
    """Tell whether an active member of staff has the export permission; each list limits its own rows."""
    return user.is_active and user.is_staff and user.has_perm(MAY_EXPORT)


def must_be_allowed(request: HttpRequest, exported_list: ExportedList) -> None:
    """Raise Forbidden unless the user may export and view this list now."""
    if not (may_export(request.user) and exported_list.has_view_permission(request)):  # type: ignore[arg-type]
        raise Forbidden(NOT_ALLOWED)
