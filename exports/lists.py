"""Rebuild the rows of a back-office list for a user and a set of filters, across all pages."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.messages import MessageFailure
from django.core.exceptions import SuspiciousOperation
from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict

from accounts.models import User
from core.errors import DomainError

UNKNOWN_FILTERS = "These filters are not understood. Choose them again in the list."
# Parameters that select a page or a layout, not rows.
_PAGE_PARAMETERS = ("p", "all", "e", "_facets", "_popup", "_to_field")


def filters_of(parameters: Mapping[str, Any]) -> str:
    """Return the query string of a list's filters, search and order, without paging."""
    query = QueryDict(mutable=True)
    query.update(parameters)
    for name in _PAGE_PARAMETERS:
        query.pop(name, None)
    return query.urlencode()


def model_admin_for(name: str) -> admin.ModelAdmin:
    """Return the ModelAdmin of a model label such as `orders.order`."""
    return admin.site.get_model_admin(apps.get_model(name))


def label_of(model: type[Model]) -> str:
    """Return the label by which `model_admin_for` finds the model."""
    return model._meta.label_lower


def list_request(user: User, filters: str) -> HttpRequest:
    """Build the GET request with which a list is queried outside of a page view."""
    request = HttpRequest()
    request.method, request.user, request.GET = "GET", user, QueryDict(filters)
    return request


def rows_of(model_admin: admin.ModelAdmin, request: HttpRequest) -> QuerySet:
    """Return the rows of the list on all pages, in its order. Raises DomainError for unknown filters."""
    try:
        return model_admin.get_changelist_instance(request).queryset
    except (IncorrectLookupParameters, SuspiciousOperation, MessageFailure):
        # Django reports an invalid search by a message, which a request without message storage cannot hold.
        raise DomainError(UNKNOWN_FILTERS) from None
