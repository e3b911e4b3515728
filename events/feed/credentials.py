"""Read the credential of a handshake: an API token (header or subprotocol) or the cookie of the back office."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import parse_cookie

from accounts.tokens import INVALID_TOKEN, access_claims
from core.errors import Unauthenticated

SUBPROTOCOL = "bearer"
_SESSION_KEY = re.compile(r"[a-z0-9]{8,40}", re.ASCII)


@dataclass(frozen=True)
class TokenCredential:
    """Represent a signed, unexpired access token. Whether its session is still valid is checked in the database."""

    session_id: UUID
    user_id: UUID
    version: int | None
    expires_at: float  # seconds since the epoch

    @property
    def owner(self) -> UUID:
        return self.user_id


@dataclass(frozen=True)
class CookieCredential:
    """Represent the key of a back-office session, sent by a page of the same origin."""

    session_key: str

    @property
    def owner(self) -> str:
        return self.session_key


Credential = TokenCredential | CookieCredential


def read_credential(scope: dict[str, Any]) -> Credential:
    """Return the credential of a handshake; the query string is ignored. Raises Unauthenticated if there is none."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if "authorization" in headers:
        return _token_credential(_bearer_token(headers["authorization"].split()))
    if offers_token(scope):
        return _token_credential(_bearer_token(scope["subprotocols"]))
    return _cookie_credential(headers)


def offers_token(scope: dict[str, Any]) -> bool:
    """Return whether the client offers the subprotocol `bearer`: browsers go on only if it is accepted."""
    return scope["subprotocols"][:1] == [SUBPROTOCOL]


def _bearer_token(parts: list[str]) -> str:
    if len(parts) != 2 or parts[0].lower() != SUBPROTOCOL:
        raise Unauthenticated(INVALID_TOKEN)
    return parts[1]


def _token_credential(token: str) -> TokenCredential:
    claims = access_claims(token)
    return TokenCredential(claims["sid"], claims["sub"], claims.get("ver"), claims["exp"])


def _cookie_credential(headers: dict[str, str]) -> CookieCredential:
    key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    if not _SESSION_KEY.fullmatch(key) or not _is_same_origin(headers):
        raise Unauthenticated(INVALID_TOKEN)
    return CookieCredential(key)


def _is_same_origin(headers: dict[str, str]) -> bool:
    """Compare `Origin` with `Host`: browsers send the cookie from pages of any site, and always name the origin."""
    try:
        origin = urlsplit(headers.get("origin", "")).netloc
    except ValueError:
        return False
    return origin != "" and origin.lower() == headers.get("host", "").lower()
