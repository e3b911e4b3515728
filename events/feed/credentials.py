"""From the handshake to a pass: an API token (header or subprotocol) or the cookie of the back office."""

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
class TokenPass:
    """A signed token that has not expired; whether its session lives and agrees with it, the database knows."""

    session_id: UUID
    user_id: UUID
    version: int | None
    expires_at: float  # seconds since the epoch

    @property
    def holder(self) -> UUID:
        return self.user_id


@dataclass(frozen=True)
class CookiePass:
    """The key of a back-office session, sent by a page of our own."""

    session_key: str

    @property
    def holder(self) -> str:
        return self.session_key


Pass = TokenPass | CookiePass


def pass_of(scope: dict[str, Any]) -> Pass:
    """What the client identifies itself by; the address is never looked at. Raises Unauthenticated."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if "authorization" in headers:
        return _token_pass(_bearer_token(headers["authorization"].split()))
    if offers_token(scope):
        return _token_pass(_bearer_token(scope["subprotocols"]))
    return _cookie_pass(headers)


def offers_token(scope: dict[str, Any]) -> bool:
    """Whether the client speaks the subprotocol `bearer`: browsers go only on when it is answered."""
    return scope["subprotocols"][:1] == [SUBPROTOCOL]


def _bearer_token(words: list[str]) -> str:
    if len(words) != 2 or words[0].lower() != SUBPROTOCOL:
        raise Unauthenticated(INVALID_TOKEN)
    return words[1]


def _token_pass(token: str) -> TokenPass:
    claims = access_claims(token)
    return TokenPass(claims["sid"], claims["sub"], claims.get("ver"), claims["exp"])


def _cookie_pass(headers: dict[str, str]) -> CookiePass:
    key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    if not _SESSION_KEY.fullmatch(key) or not _is_same_origin(headers):
        raise Unauthenticated(INVALID_TOKEN)
    return CookiePass(key)


def _is_same_origin(headers: dict[str, str]) -> bool:
    """Browsers send cookies along for pages of anybody, and name the page's origin in every handshake."""
    try:
        origin = urlsplit(headers.get("origin", "")).netloc
    except ValueError:
        return False
    return origin != "" and origin.lower() == headers.get("host", "").lower()
