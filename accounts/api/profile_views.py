"""API of VLEs and operators."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from accounts.api.serializers import (
    ChangeOperatorInput,
    CreateOperatorInput,
    CreateVleInput,
    OperatorOutput,
    PublicVleOutput,
    VleOutput,
)
from accounts.choices import OperatorStatus, VleStatus
from accounts.models import Operator, User, VleProfile
from accounts.policies import must_be_vle, must_manage_profiles, sees_whole_profile
from accounts.queries import ProfileQuerySet
from accounts.requests import ActorRequest
from accounts.services import change_operator, create_operator, create_vle
from core.contracts.equipment import EquipmentView
from core.contracts.filters import choice_param, search_param
from core.contracts.schema import documented
from core.errors import NotFound

NO_VLE_PROFILE = "VLE profile not found for user"
FILTERS = {"status": "Only those with this status.", "search": "Only those whose name or phone contains this."}


class ManageProfilesViewSet(EquipmentView, ViewSet):
    """Refuse callers who may not manage profiles before anything they sent is read."""

    def initial(self, request: Request, *args: Any, **options: Any) -> None:
        super().initial(request, *args, **options)
        must_manage_profiles(None, self.caller)


class VleViewSet(ManageProfilesViewSet):
    """Manage VLE profiles, for an ADMIN."""

    vles = VleProfile.objects.select_related("user")

    @documented(request=CreateVleInput, response=VleOutput, status=201)
    def create(self, request: ActorRequest) -> Response:
        """Create the VLE profile of a user."""
        person, details = person_and_details(self.read(CreateVleInput))
        return self.reply_created(VleOutput(create_vle(by=request.auth, details=details, **person)).data)

    @documented(page=VleOutput, query=FILTERS)
    def list(self, request: ActorRequest) -> Response:
        """List VLEs, for an ADMIN."""
        return self.reply_page(matching(self.vles, VleStatus.values, request), VleOutput)

    @documented(response=VleOutput)
    def retrieve(self, request: ActorRequest, vle_id: str) -> Response:
        """Return a VLE, for an ADMIN."""
        return self.reply(VleOutput(self.vles.find(vle_id)).data)


class PublicVleViewSet(EquipmentView, ViewSet):
    """Look up VLE profiles, for every caller with a token."""

    vles = VleProfile.objects.select_related("user")

    @documented(response=VleOutput)
    def me(self, request: ActorRequest) -> Response:
        """Return the caller's own VLE profile."""
        must_be_vle(request.auth)
        if request.auth.vle is None:
            raise NotFound(NO_VLE_PROFILE)
        return self.reply(VleOutput(request.auth.vle).data)

    @documented(response=PublicVleOutput)
    def look_up(self, request: ActorRequest, vle_id: str) -> Response:
        """Return the public part of a VLE profile; all of it to the VLE and to an ADMIN."""
        profile = self.vles.find(vle_id)
        output = VleOutput if sees_whole_profile(profile, request.auth) else PublicVleOutput
        return self.reply(output(profile).data)


class OperatorViewSet(ManageProfilesViewSet):
    """Manage operators, for an ADMIN."""

    operators = Operator.objects.select_related("user").prefetch_related("training")

    @documented(request=CreateOperatorInput, response=OperatorOutput, status=201)
    def create(self, request: ActorRequest) -> Response:
        """Create the operator record of a user."""
        person, details = person_and_details(self.read(CreateOperatorInput))
        training = details.pop("training", [])
        operator = create_operator(by=request.auth, details=details, training=training, **person)
        return self.reply_created(OperatorOutput(operator).data)

    @documented(page=OperatorOutput, query=FILTERS)
    def list(self, request: ActorRequest) -> Response:
        """List operators."""
        return self.reply_page(matching(self.operators, OperatorStatus.values, request), OperatorOutput)

    @documented(response=OperatorOutput)
    def retrieve(self, request: ActorRequest, operator_id: str) -> Response:
        """Return one operator."""
        return self.reply(OperatorOutput(self.operators.find(operator_id)).data)

    @documented(request=ChangeOperatorInput, response=OperatorOutput)
    def update(self, request: ActorRequest, operator_id: str) -> Response:
        """Change the fields that are sent; `training` replaces all certificates."""
        operator, changes = self.operators.find(operator_id), self.read(ChangeOperatorInput)
        training = changes.pop("training", None)
        change_operator(operator, by=request.auth, changes=changes, training=training)
        return self.reply(OperatorOutput(self.operators.find(operator_id)).data)


def person_and_details(sent: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split the input into the user, by id or phone, and the details of the profile. Raises NotFound."""
    phone, user_id = sent.pop("phone", None), sent.pop("user_id", None)
    return {"user": User.objects.find(user_id) if user_id else None, "phone": phone}, sent


def matching(rows: ProfileQuerySet[Any], statuses: list[str], request: Request) -> ProfileQuerySet[Any]:
    """Filter profiles by the query parameters `status` and `search`. Raises Invalid for an unknown status."""
    query = request.query_params
    return rows.matching(
        status=choice_param(query.get("status"), statuses, "status"), search=search_param(query.get("search"))
    )
