"""Change lists titled by what they list."""

from typing import Any, ClassVar

from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.text import capfirst


class NamedChangeList(ChangeList):
    """Title a list with the plural name of its model instead of "Select ... to change"."""

    def __init__(self, *args: Any):
        super().__init__(*args)
        self.title = str(capfirst(self.opts.verbose_name_plural))


class CardChangeList(NamedChangeList):
    """Render each row as a card on a phone, and links to `query_shortcuts` above the list."""

    has_cards = True
    query_shortcuts: ClassVar[list[tuple[str, str]]] = []
    """Labels and query strings, such as `("Waiting", "status__exact=PENDING")`."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        query = request.GET.urlencode()
        self.shortcuts = [(label, f"?{target}", target == query) for label, target in self.query_shortcuts]
