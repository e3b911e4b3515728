"""Decide who may watch a territory, for many sockets at once: at the handshake, and every few seconds afterwards."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from accounts.authentication import live_sessions
from accounts.models import Territory, TerritoryMembership
from accounts.staff_sessions import staff_for_session_keys
from accounts.territories import with_global_access
from events.feed.close_codes import NOT_A_MEMBER, ROLE_NEEDED, UNAUTHENTICATED, CloseReason
from events.feed.credentials import CookieCredential, Credential, TokenCredential


@dataclass(frozen=True)
class Subscription:
    """Represent the request to watch a territory with a credential."""

    credential: Credential
    territory_id: str


@dataclass(frozen=True)
class _Identity:
    """Represent the user that a credential stands for now."""

    user_id: UUID
    has_role: bool
    has_global_access: bool = False


def find_refused(subscriptions: Collection[Subscription]) -> dict[Subscription, CloseReason]:
    """Return the subscriptions that are not allowed (any more), with the reason, in a constant number of queries.

    A token needs a live session with the same version, and a role that the user still has; a cookie needs an active
    member of staff. Both need a membership in the territory, except staff with `accounts.work_everywhere`.
    """
    identities = _resolve({subscription.credential for subscription in subscriptions})
    users = {identity.user_id for identity in identities.values()}
    members = set(TerritoryMembership.objects.filter(user__in=users).values_list("user_id", "territory_id"))
    if any(identity.has_global_access for identity in identities.values()):
        members |= _global_members(identities.values(), {subscription.territory_id for subscription in subscriptions})
    reasons = {
        subscription: _close_reason(identities.get(subscription.credential), subscription.territory_id, members)
        for subscription in subscriptions
    }
    return {subscription: reason for subscription, reason in reasons.items() if reason}


def watchable_territories(credential: Credential) -> list[Territory]:
    """Return the territories that this credential may watch, by name, with one query more than one check takes."""
    requested = {Subscription(credential, territory.pk): territory for territory in Territory.objects.all()}
    refused = find_refused(requested.keys())
    return [territory for subscription, territory in requested.items() if subscription not in refused]


def _close_reason(identity: _Identity | None, territory_id: str, members: set[tuple[UUID, str]]) -> CloseReason | None:
    if identity is None:
        return UNAUTHENTICATED
    if not identity.has_role:
        return ROLE_NEEDED
    if (identity.user_id, territory_id) not in members:
        return NOT_A_MEMBER
    return None


def _resolve(credentials: set[Credential]) -> dict[Credential, _Identity]:
    now = time.time()
    tokens = {each for each in credentials if isinstance(each, TokenCredential) and each.expires_at > now}
    cookies = {each for each in credentials if isinstance(each, CookieCredential)}
    return (_resolve_tokens(tokens) if tokens else {}) | (_resolve_cookies(cookies) if cookies else {})


def _resolve_tokens(tokens: set[TokenCredential]) -> dict[Credential, _Identity]:
    sessions = live_sessions().filter(pk__in={token.session_id for token in tokens})
    rows = sessions.values_list("pk", "user_id", "version", "role_is_held")  # type: ignore[misc]
    roles = {(pk, user_id, version): has_role for pk, user_id, version, has_role in rows}
    identities: dict[Credential, _Identity] = {}
    for token in tokens:
        has_role = roles.get((token.session_id, token.user_id, token.version))
        if has_role is not None:
            identities[token] = _Identity(token.user_id, has_role)
    return identities


def _resolve_cookies(cookies: set[CookieCredential]) -> dict[Credential, _Identity]:
    staff = staff_for_session_keys({cookie.session_key for cookie in cookies})
    global_ids = with_global_access(staff.values())
    return {
        CookieCredential(session_key): _Identity(user.pk, has_role=True, has_global_access=user.pk in global_ids)
        for session_key, user in staff.items()
    }


def _global_members(identities: Collection[_Identity], territory_ids: set[str]) -> set[tuple[UUID, str]]:
    existing = Territory.objects.filter(pk__in=territory_ids).values_list("pk", flat=True)
    users = {identity.user_id for identity in identities if identity.has_global_access}
    return {(user_id, territory_id) for user_id in users for territory_id in existing}
