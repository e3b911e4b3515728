"""Link the figures of the home page to changelists: the same rows, seen by the same user."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from core.days import start_of


@dataclass(frozen=True)
class ChangelistLinks:
    """Represent the changelists of `site` as the user of `request` sees them."""

    site: AdminSite
    request: HttpRequest

    def can_view(self, model: type[Model]) -> bool:
        """Return whether the user may open the changelist of this model."""
        return self.site.is_registered(model) and self.site.get_model_admin(model).has_view_permission(self.request)

    def rows(self, model: type[Model]) -> QuerySet:
        """Return the rows of the unfiltered changelist; for territory managers those of their own territories."""
        return self.site.get_model_admin(model).get_queryset(self.request).order_by()

    def url(self, model: type[Model], **filters: Any) -> str:
        """Return the URL of the changelist with these query parameters; "" if the user may not open it."""
        if not self.can_view(model):
            return ""
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        return f"{url}?{urlencode(filters)}" if filters else url


def created_between(first: date, last: date | None = None) -> dict[str, str]:
    """Return the filters for rows created from `first` to `last`, both included; up to now without `last`."""
    since = {"created_at__gte": start_of(first).isoformat(sep=" ")}
    return since if last is None else since | {"created_at__lt": start_of(last + timedelta(days=1)).isoformat(sep=" ")}
