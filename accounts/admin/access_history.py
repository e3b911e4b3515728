"""Access changes as text, and the newest of them on the page of a user or territory."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import AccessChange

SHOWN_CHANGES = 10
LABELS = {
    "role": "Role",
    "is_staff": "Staff",
    "is_superuser": "Superuser",
    "groups": "Groups",
    "name": "Name",
    "permissions": "Permissions",
    "users": "Users",
    "prefixes": "PIN codes",
    "can_verify": "May verify",
}


def describe(change: AccessChange) -> str:
    """Format what changed: `Staff: no → yes; Superuser: no → yes`. Values that stayed the same are left out."""
    return "; ".join(_differences(change))


class AccessHistoryMixin(admin.ModelAdmin):
    """Show the newest access changes on the page of a user or territory, to staff who may view access changes."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not request.user.has_perm("accounts.view_accesschange"):
            return fieldsets
        return [*fieldsets, ("Access changes", {"fields": ["access_history"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "access_history"]

    @admin.display(description="newest")
    def access_history(self, row: Model) -> SafeString:
        found = row.access_changes.select_related("user", "territory", "changed_by")  # type: ignore[attr-defined]
        changes = list(found[: SHOWN_CHANGES + 1])
        context = {
            "changes": [(change, describe(change)) for change in changes[:SHOWN_CHANGES]],
            "has_more": len(changes) > SHOWN_CHANGES,
            "filter": f"{row._meta.model_name}={row.pk}",
            "of_territory": row._meta.model_name == "territory",
        }
        return SafeString(render_to_string("admin/includes/access_history.html", context))


def _differences(change: AccessChange) -> Iterator[str]:
    for key in dict.fromkeys([*change.before, *change.after]):
        before, after = (_text(state.get(key)) for state in (change.before, change.after))
        if before != after:
            yield f"{LABELS.get(key, key)}: {before} → {after}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "-" if value is None else str(value)
