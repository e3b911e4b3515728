"""Search of lists by phone."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.search import has_phone
from core.admin.base import BaseAdmin


class PhoneSearchMixin(BaseAdmin):
    """Find rows also by the phone in `phone_path`, in any spelling."""

    phone_path: ClassVar[str]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, term)
        return found | queryset.filter(has_phone(term, self.phone_path)), duplicates
