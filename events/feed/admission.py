"""Who may watch a territory, asked for many sockets at once: at the door, and of everybody inside every few seconds."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from accounts.authentication import live_sessions
from accounts.models import Territory, TerritoryMembership
from accounts.staff_sessions import staff_for_session_keys
from accounts.territories import with_global_access
from events.feed.closings import NOT_A_MEMBER, ROLE_NEEDED, UNAUTHENTICATED, Closing
from events.feed.credentials import CookiePass, Pass, TokenPass


@dataclass(frozen=True)
class Seat:
    """Who watches, by which pass, which territory."""

    held: Pass
    territory_id: str


@dataclass(frozen=True)
class _Holder:
    """Whom a pass stands for now."""

    user_id: UUID
    has_role: bool
    sees_all: bool = False


def refusals(seats: Collection[Seat]) -> dict[Seat, Closing]:
    """The seats nobody may have (any more), and why; the number of queries does not grow with the seats.

    A token needs a living session that agrees with it, and a role that is still held; a cookie, a member of staff.
    Both need a membership, but for staff who work everywhere.
    """
    holders = _holders({seat.held for seat in seats})
    users = {holder.user_id for holder in holders.values()}
    members = set(TerritoryMembership.objects.filter(user__in=users).values_list("user_id", "territory_id"))
    if any(holder.sees_all for holder in holders.values()):
        members |= _everywhere(holders.values(), {seat.territory_id for seat in seats})
    closings = {seat: _closing(holders.get(seat.held), seat.territory_id, members) for seat in seats}
    return {seat: closing for seat, closing in closings.items() if closing}


def _closing(holder: _Holder | None, territory_id: str, members: set[tuple[UUID, str]]) -> Closing | None:
    if holder is None:
        return UNAUTHENTICATED
    if not holder.has_role:
        return ROLE_NEEDED
    if (holder.user_id, territory_id) not in members:
        return NOT_A_MEMBER
    return None


def _holders(passes: set[Pass]) -> dict[Pass, _Holder]:
    tokens = {held for held in passes if isinstance(held, TokenPass) and held.expires_at > time.time()}
    cookies = {held for held in passes if isinstance(held, CookiePass)}
    return (_token_holders(tokens) if tokens else {}) | (_cookie_holders(cookies) if cookies else {})


def _token_holders(passes: set[TokenPass]) -> dict[Pass, _Holder]:
    asked = live_sessions().filter(pk__in={held.session_id for held in passes})
    rows = asked.values_list("pk", "user_id", "version", "role_is_held")  # type: ignore[misc]
    roles = {(pk, user_id, version): has_role for pk, user_id, version, has_role in rows}
    holders: dict[Pass, _Holder] = {}
    for held in passes:
        has_role = roles.get((held.session_id, held.user_id, held.version))
        if has_role is not None:
            holders[held] = _Holder(held.user_id, has_role)
    return holders


def _cookie_holders(passes: set[CookiePass]) -> dict[Pass, _Holder]:
    staff = staff_for_session_keys({held.session_key for held in passes})
    everywhere = with_global_access(staff.values())
    return {
        CookiePass(session_key): _Holder(user.pk, has_role=True, sees_all=user.pk in everywhere)
        for session_key, user in staff.items()
    }


def _everywhere(holders: Collection[_Holder], wanted: set[str]) -> set[tuple[UUID, str]]:
    known = Territory.objects.filter(pk__in=wanted).values_list("pk", flat=True)
    return {(holder.user_id, territory_id) for holder in holders if holder.sees_all for territory_id in known}


def territories_open_to(held: Pass) -> list[Territory]:
    """The territories that this pass may watch, by name, with as many queries as one seat takes and one more."""
    asked = {Seat(held, territory.pk): territory for territory in Territory.objects.all()}
    refused = refusals(asked.keys())
    return [territory for seat, territory in asked.items() if seat not in refused]
