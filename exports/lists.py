"""A list of the back office, built anew: the rows that somebody sees under some filters, on all its pages."""

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

NOT_UNDERSTOOD = "These filters are not understood. Choose them again in the list."
# What says which part of the list is shown and how, not which rows are in it.
_OF_THE_PAGE = ("p", "all", "e", "_facets", "_popup", "_to_field")


def filters_of(parameters: Mapping[str, Any]) -> str:
    """The query string that the address of a list has for its filters, search and order."""
    query = QueryDict(mutable=True)
    query.update(parameters)
    for name in _OF_THE_PAGE:
        query.pop(name, None)
    return query.urlencode()


def list_named(name: str) -> admin.ModelAdmin:
    """The list of a model, by its label such as `orders.order`."""
    return admin.site.get_model_admin(apps.get_model(name))


def name_of(model: type[Model]) -> str:
    """What `list_named` finds a list by."""
    return model._meta.label_lower


def seen_by(user: User, filters: str) -> HttpRequest:
    """How a list is asked for its rows where nobody opens its page."""
    request = HttpRequest()
    request.method, request.user, request.GET = "GET", user, QueryDict(filters)
    return request


def rows_of(model_admin: admin.ModelAdmin, request: HttpRequest) -> QuerySet:
    """The rows of the list on all its pages, in its order. Raises DomainError for filters that it does not know."""
    try:
        return model_admin.get_changelist_instance(request).queryset
    except (IncorrectLookupParameters, SuspiciousOperation, MessageFailure):
        # A search it cannot read is told by a message, for which a request outside of a page has no place.
        raise DomainError(NOT_UNDERSTOOD) from None
