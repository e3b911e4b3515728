"""API of login, sessions and users."""

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.actors import Actor, must_be_admin
from accounts.api.serializers import (
    ChooseRoleInput,
    RefreshInput,
    SignedInOutput,
    TokensOutput,
    UpdateUserInput,
    UserOutput,
    VerifyOtpInput,
    with_phone,
)
from accounts.models import Session, User
from accounts.otp import redeem_otp
from accounts.policies import ACCESS_DENIED, must_be_self_or_admin
from accounts.queries import UserQuerySet
from accounts.requests import ActorRequest
from accounts.services import change_user
from accounts.sessions import choose_role, end_session, refresh_session
from accounts.tokens import Tokens
from core.contracts.equipment import EquipmentView
from core.contracts.schema import documented
from core.errors import NotFound


class LoginViewSet(EquipmentView, ViewSet):
    """Log in and refresh tokens. An `Authorization` header is ignored: the client has no valid token."""

    authentication_classes: list = []
    permission_classes = [AllowAny]

    @documented(request=VerifyOtpInput, response=SignedInOutput, query={"phoneNumber": "In place of the body's."})
    def verify_otp(self, request: Request) -> Response:
        """Log in with a one-time password."""
        session, tokens = redeem_otp(**self.read(VerifyOtpInput, with_phone(request)))
        return self.reply(signed_in(session, tokens), message="Authentication successful")

    @documented(request=RefreshInput, response=TokensOutput)
    def refresh(self, request: Request) -> Response:
        """Exchange a refresh token for new tokens."""
        _, tokens = refresh_session(**self.read(RefreshInput))
        return self.reply(TokensOutput(tokens).data)


class SessionViewSet(EquipmentView, ViewSet):
    """Show and change the caller's own session."""

    @documented(request=ChooseRoleInput, response=SignedInOutput)
    def choose_role(self, request: ActorRequest) -> Response:
        """Choose the active role. Tokens issued before are void."""
        session, tokens = choose_role(request.auth, **self.read(ChooseRoleInput))
        return self.reply(signed_in(session, tokens), message="Active role updated")

    @documented()
    def logout(self, request: ActorRequest) -> Response:
        """End the session; its tokens are void at once."""
        end_session(request.auth)
        return self.reply(message="Logged out successfully")

    @documented(response=UserOutput)
    def me(self, request: ActorRequest) -> Response:
        """Return the user and the active role."""
        return self.reply(user_seen_by(request.auth, request.user))


class UserViewSet(EquipmentView, ViewSet):
    @documented(request=UpdateUserInput, response=UserOutput)
    def update(self, request: ActorRequest) -> Response:
        """Change a user's personal data: one's own, or for an ADMIN that of the user with `phoneNumber`."""
        changes = self.read(UpdateUserInput)
        user = self._find(changes.pop("phone", None))
        user = change_user(user, by=request.auth, changes=changes)
        return self.reply(user_seen_by(request.auth, user), message="Resource updated")

    @documented(response=UserOutput)
    def retrieve(self, request: ActorRequest, user_id: str) -> Response:
        """Return a user, to themselves and to an ADMIN."""
        user = User.objects.find(user_id)
        must_be_self_or_admin(user, request.auth)
        return self.reply(user_seen_by(request.auth, user))

    def _find(self, phone: str | None) -> User:
        if phone in {None, self.request.user.phone}:
            return self.request.user
        must_be_admin(self.request.auth, ACCESS_DENIED)
        user = User.objects.filter(phone=phone).first()
        if user is None:
            raise NotFound(UserQuerySet.not_found)
        return user


def signed_in(session: Session, tokens: Tokens) -> dict[str, Any]:
    user = UserOutput(session.user, context={"active_role": session.active_role}).data
    return TokensOutput(tokens).data | {"user": user}


def user_seen_by(actor: Actor, user: User) -> dict[str, Any]:
    return UserOutput(user, context={"active_role": actor.role if user == actor.user else None}).data
