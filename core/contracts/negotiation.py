"""Content negotiation without the negotiation.

A module of its own: DRF imports it while its own view modules are still loading.
"""

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation


class AlwaysJSON(DefaultContentNegotiation):
    """The API has one language; an `Accept` header that names another does not make a request fail."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type
