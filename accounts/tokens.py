"""Access and refresh tokens: signed for a session, and verified."""

import uuid
from dataclasses import dataclass
from typing import Any

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, Token

from accounts.models import Session
from core.errors import Unauthenticated

INVALID_TOKEN = "Invalid or expired token"
MAX_LENGTH = 2048  # characters; ours have about 400
REQUIRED_CLAIMS = {"exp", "iat", "jti", "sub", "aud", "typ", "sid"}


@dataclass(frozen=True)
class Tokens:
    """Hold the two tokens of a client: one for its requests, one to get new tokens."""

    access: str
    refresh: str


def tokens_of(session: Session) -> Tokens:
    """Sign tokens with the present state of a session."""
    access = _signed(AccessToken(), session, ver=session.version, activeRole=session.active_role)
    return Tokens(access, refresh=_signed(RefreshToken(), session, rid=str(session.refresh_id)))


def access_claims(token: str) -> dict[str, Any]:
    """Verify an access token and return its claims. Raises Unauthenticated if it is invalid or expired."""
    return _verified(AccessToken, token)


def refresh_claims(token: str) -> dict[str, Any]:
    """Verify a refresh token and return its claims, `rid` as UUID. Raises Unauthenticated like `access_claims`."""
    claims = _verified(RefreshToken, token)
    return claims | {"rid": _uuid(claims.get("rid"))}


def _signed(token: Token, session: Session, **claims: Any) -> str:
    token["sub"] = str(session.user_id)
    token["sid"] = str(session.pk)
    for name, value in claims.items():
        token[name] = value
    return str(token)


def _verified(kind: type[Token], token: str) -> dict[str, Any]:
    if len(token) > MAX_LENGTH:
        raise Unauthenticated(INVALID_TOKEN)
    try:
        claims = kind(token).payload  # type: ignore[arg-type]
    except (TokenError, ValueError, TypeError, ArithmeticError):
        # The library passes absurd claims on to date arithmetic: an `exp` of 1e99, for example.
        raise Unauthenticated(INVALID_TOKEN) from None
    if not claims.keys() >= REQUIRED_CLAIMS:
        raise Unauthenticated(INVALID_TOKEN)
    return claims | {"sid": _uuid(claims["sid"]), "sub": _uuid(claims["sub"])}


def _uuid(claim: object) -> uuid.UUID:
    try:
        return uuid.UUID(claim)  # type: ignore[arg-type]
    except (ValueError, TypeError, AttributeError):
        raise Unauthenticated(INVALID_TOKEN) from None
