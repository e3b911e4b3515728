"""VLEs and operators over HTTP."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.actors import must_be_admin
from accounts.api.serializers import (
    ChangeOperatorInput,
    MakeOperatorInput,
    MakeVleInput,
    OperatorOutput,
    PublicVleOutput,
    VleOutput,
)
from accounts.models import Operator, User, VleProfile
from accounts.policies import must_be_vle, sees_all_of
from accounts.queries import ProfileQuerySet
from accounts.services import change_operator, create_operator, create_vle
from core.contracts.equipment import EquipmentView
from core.contracts.filters import choice_param, search_param
from core.contracts.schema import documented
from core.database import find_by_id
from core.errors import NotFound

NARROWED = {"status": "Only those in this state.", "search": "Only those whose name or phone contains this."}


class VleViewSet(EquipmentView, ViewSet):
    vles = VleProfile.objects.select_related("user")

    @documented(request=MakeVleInput, response=VleOutput, status=201)
    def create(self, request: Request) -> Response:
        """Make a user a VLE."""
        must_be_admin(request.auth)
        person, details = person_and_details(self.read(MakeVleInput))
        return self.reply_created(VleOutput(create_vle(by=request.auth, details=details, **person)).data)

    @documented(page=VleOutput, query=NARROWED)
    def list(self, request: Request) -> Response:
        """All VLEs, for an ADMIN."""
        must_be_admin(request.auth)
        return self.reply_page(narrowed(self.vles, VleProfile.Status.values, request), VleOutput)

    @documented(response=VleOutput)
    def retrieve(self, request: Request, vle_id: str) -> Response:
        """A VLE, for an ADMIN."""
        must_be_admin(request.auth)
        return self.reply(VleOutput(find_by_id(self.vles, vle_id, "VLE not found")).data)

    @documented(response=VleOutput)
    def me(self, request: Request) -> Response:
        """The caller's own VLE profile."""
        must_be_vle(request.auth)
        if request.auth.vle is None:
            raise NotFound("VLE profile not found for user")
        return self.reply(VleOutput(request.auth.vle).data)

    @documented(response=PublicVleOutput)
    def look_up(self, request: Request, vle_id: str) -> Response:
        """What everybody may know of a VLE; themselves and an ADMIN see all."""
        profile = find_by_id(self.vles, vle_id, "VLE not found")
        output = VleOutput if sees_all_of(request.auth, profile) else PublicVleOutput
        return self.reply(output(profile).data)


class OperatorViewSet(EquipmentView, ViewSet):
    """Operators, for an ADMIN."""

    operators = Operator.objects.select_related("user").prefetch_related("training")

    @documented(request=MakeOperatorInput, response=OperatorOutput, status=201)
    def create(self, request: Request) -> Response:
        """Make a user an operator."""
        must_be_admin(request.auth)
        person, details = person_and_details(self.read(MakeOperatorInput))
        training = details.pop("training", [])
        operator = create_operator(by=request.auth, details=details, training=training, **person)
        return self.reply_created(OperatorOutput(operator).data)

    @documented(page=OperatorOutput, query=NARROWED)
    def list(self, request: Request) -> Response:
        """All operators."""
        must_be_admin(request.auth)
        return self.reply_page(narrowed(self.operators, Operator.Status.values, request), OperatorOutput)

    @documented(response=OperatorOutput)
    def retrieve(self, request: Request, operator_id: str) -> Response:
        """One operator."""
        must_be_admin(request.auth)
        return self.reply(OperatorOutput(self._found(operator_id)).data)

    @documented(request=ChangeOperatorInput, response=OperatorOutput)
    def update(self, request: Request, operator_id: str) -> Response:
        """Change what is sent; `training` replaces all certificates there were."""
        must_be_admin(request.auth)
        operator, changes = self._found(operator_id), self.read(ChangeOperatorInput)
        training = changes.pop("training", None)
        change_operator(by=request.auth, operator=operator, changes=changes, training=training)
        return self.reply(OperatorOutput(self._found(operator_id)).data)

    def _found(self, operator_id: str) -> Operator:
        return find_by_id(self.operators, operator_id, "Operator not found")


def person_and_details(sent: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The person named by id or phone, and the rest of what was sent."""
    phone, user_id = sent.pop("phone", None), sent.pop("user_id", None)
    user = find_by_id(User.objects.all(), user_id, "User not found") if user_id else None
    return {"user": user, "phone": phone}, sent


def narrowed(rows: ProfileQuerySet, states: list[str], request: Request) -> ProfileQuerySet:
    asked = request.query_params
    return rows.narrowed(
        status=choice_param(asked.get("status"), states, "status"), search=search_param(asked.get("search"))
    )
