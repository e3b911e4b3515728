"""Content negotiation without the negotiation.

A module of its own: DRF imports it while its own view modules are still loading.
"""

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation


class AlwaysJSON(DefaultContentNegotiation):
    """Render JSON whatever the `Accept` header says, so that it never fails a request."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type
