"""Limit the rate of API requests, after authentication and permissions, so that strangers consume no quota."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.limits import Usage, count

# HTTP methods, not actions: a client can predict which quota a request uses.
KINDS = {"GET": "query", "HEAD": "query", "OPTIONS": "query", "POST": "create"}


class ContractThrottle(BaseThrottle):
    """Count a request by its kind: `create` (POST), `update` (PUT, PATCH, DELETE), `query` (GET)."""

    scope: str
    usage: Usage

    def key(self, request: Request, view: Any) -> str | None:
        """Return the owner of the quota that the request uses; None for no limit."""
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
    """Limit requests per user (equipment contract)."""

    scope = "equipment"

    def key(self, request: Request, view: Any) -> str | None:
        return str(request.user.pk) if request.user else None


class PerTerritory(ContractThrottle):
    """Limit requests per territory (territory contract); `view.territory_id` is set after the membership check."""

    scope = "territory"

    def key(self, request: Request, view: Any) -> str | None:
        return getattr(view, "territory_id", None)
