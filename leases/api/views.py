"""Handle requests about leases, for the equipment contract."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import ActorRequest
from core.contracts.equipment import EquipmentView
from core.contracts.filters import choice_param
from core.contracts.parsers import StrictJSONParser
from core.contracts.schema import documented
from leases.api.forms import LeaseFormParser, lease_json, uploaded_documents
from leases.api.serializers import AssignmentInput, CreateLeaseInput, EndLeaseInput, LeaseFormInput, LeaseOutput
from leases.downloads import download, find_attachment
from leases.models import Lease
from leases.policies import must_have_leases, must_manage_leases, must_see_lease
from leases.queries import LeaseQuerySet
from leases.services import assign_operator, complete_lease, create_lease, terminate_lease
from leases.workflow import LeaseStatus


class LeaseView(EquipmentView, viewsets.ViewSet):
    """Provide the replies that the views of admins and of parties share."""

    leases = Lease.objects.with_details()

    def reply_lease(self, lease: Lease, status: int = 200) -> Response:
        """Reply with the lease as it is in the database, with its operators and attachments."""
        return self.reply(LeaseOutput(self.leases.get(pk=lease.pk)).data, status=status)

    def reply_leases(self, leases: LeaseQuerySet[Lease]) -> Response:
        status = choice_param(self.request.query_params.get("status"), LeaseStatus.values, "status")
        return self.reply_page(leases.filter(status=status) if status else leases, LeaseOutput)


class AdminLeaseView(LeaseView):
    """Let admins create and end leases."""

    parser_classes = [StrictJSONParser, LeaseFormParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Before the body is read: do not receive documents of other callers.
        must_manage_leases(None, self.caller)

    @documented(
        request={"multipart/form-data": LeaseFormInput, "application/json": CreateLeaseInput},
        response=LeaseOutput,
        status=201,
    )
    def create(self, request: ActorRequest) -> Response:
        """Create the lease of an accepted LEASE order."""
        terms = self.read(CreateLeaseInput, lease_json(request))
        lease = create_lease(by=request.auth, attachments=uploaded_documents(request), **terms)
        return self.reply_lease(lease, status=201)

    @documented(
        page=LeaseOutput, query={"vleId": "Only leases of this VLE profile.", "status": "Only with this status."}
    )
    def list(self, request: ActorRequest) -> Response:
        """List all leases, newest first."""
        vle_id = request.query_params.get("vleId")
        return self.reply_leases(self.leases.of_vle(vle_id) if vle_id else self.leases)

    @documented(response=LeaseOutput)
    def retrieve(self, request: ActorRequest, lease_id: str) -> Response:
        """Return one lease."""
        return self.reply(LeaseOutput(self.leases.find(lease_id)).data)

    @documented(request=AssignmentInput, response=LeaseOutput)
    def assign(self, request: ActorRequest, lease_id: str) -> Response:
        """Assign an operator to an active lease; a PRIMARY replaces the PRIMARY."""
        lease = Lease.objects.find(lease_id)
        return self.reply_lease(assign_operator(lease, by=request.auth, **self.read(AssignmentInput)))

    @documented(request=EndLeaseInput, response=LeaseOutput)
    def complete(self, request: ActorRequest, lease_id: str) -> Response:
        """End a lease as agreed; the device can be leased again."""
        lease = Lease.objects.find(lease_id)
        return self.reply_lease(complete_lease(lease, by=request.auth, **self.read(EndLeaseInput)))

    @documented(request=EndLeaseInput, response=LeaseOutput)
    def terminate(self, request: ActorRequest, lease_id: str) -> Response:
        """End a lease early; the device can be leased again."""
        lease = Lease.objects.find(lease_id)
        return self.reply_lease(terminate_lease(lease, by=request.auth, **self.read(EndLeaseInput)))


class OwnLeaseView(LeaseView):
    """Show leases to their parties."""

    @documented(page=LeaseOutput, query={"status": "Only leases with this status."})
    def list(self, request: ActorRequest) -> Response:
        """List the VLE's own leases, newest first; for an ADMIN, those signed."""
        must_have_leases(request.auth)
        return self.reply_leases(self.leases.of(request.auth))

    @documented(response=LeaseOutput)
    def retrieve(self, request: ActorRequest, lease_id: str) -> Response:
        """Return one lease, to its VLE and to admins."""
        lease = self.leases.find(lease_id)
        must_see_lease(lease, request.auth)
        return self.reply(LeaseOutput(lease).data)

    @extend_schema(
        operation_id="own_lease_attachment", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def attachment(self, request: ActorRequest, lease_id: str, attachment_id: str) -> FileResponse:
        """Return a document of the lease, to its VLE and to admins."""
        lease = Lease.objects.find(lease_id)
        must_see_lease(lease, request.auth)
        return download(find_attachment(lease, attachment_id))
