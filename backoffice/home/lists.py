"""The lists that the home page counts and leads to: the same rows, seen by the same person."""

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
class Lists:
    """The lists of `site` as whoever sent `request` sees them."""

    site: AdminSite
    request: HttpRequest

    def may_see(self, model: type[Model]) -> bool:
        return self.site.is_registered(model) and self.site.get_model_admin(model).has_view_permission(self.request)

    def rows(self, model: type[Model]) -> QuerySet:
        """What the list shows unfiltered; of territory managers, their own territories only."""
        return self.site.get_model_admin(model).get_queryset(self.request).order_by()

    def url(self, model: type[Model], **filters: Any) -> str:
        """The address of the list, filtered; empty for those who may not see it."""
        if not self.may_see(model):
            return ""
        return list_url(model, **filters)


def list_url(model: type[Model], **filters: Any) -> str:
    """The address of a model's list, filtered by lookups or by the parameters of its own filters."""
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{url}?{urlencode(filters)}" if filters else url


def made_on(first: date, last: date | None = None) -> dict[str, str]:
    """The filters for rows made from `first` to `last`, both included; without a last day, since `first`."""
    since = {"created_at__gte": start_of(first).isoformat(sep=" ")}
    return since if last is None else since | {"created_at__lt": start_of(last + timedelta(days=1)).isoformat(sep=" ")}
