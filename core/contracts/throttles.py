"""Rate limits of the API, asked after authentication and permissions: a stranger uses up nobody's share."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.limits import Usage, count

# HTTP methods, not actions: a client can foresee which share a request takes from.
KINDS = {"GET": "query", "HEAD": "query", "OPTIONS": "query", "POST": "create"}


class ContractThrottle(BaseThrottle):
    """Counts a request by its kind: `create` (POST), `update` (PUT, PATCH, DELETE), `query` (GET)."""

    scope: str
    usage: Usage

    def key(self, request: Request, view: Any) -> str | None:
        """Whose share the request takes from; None where nobody's."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.key(request, view)
        if key is None:
            return True
        self.usage = count(self.scope, KINDS.get(request.method or "", "update"), key)
        request.rate_limit = self.usage  # type: ignore[attr-defined]
        return not self.usage.is_exceeded

    def wait(self) -> float:
        return self.usage.reset


class PerUser(ContractThrottle):
    """The equipment contract's limits."""

    scope = "equipment"

    def key(self, request: Request, view: Any) -> str | None:
        return str(request.user.pk) if request.user else None


class PerTerritory(ContractThrottle):
    """The territory contract's limits; `view.territory_id` is set once the caller is known to be a member."""

    scope = "territory"

    def key(self, request: Request, view: Any) -> str | None:
        return getattr(view, "territory_id", None)
