"""Leases over HTTP, in the words of the equipment contract."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.contracts.equipment import EquipmentView
from core.contracts.filters import choice_param
from core.contracts.parsers import StrictJSONParser
from core.contracts.schema import documented
from leases.api.forms import LeaseFormParser, documents_sent, lease_asked_for
from leases.api.serializers import AssignmentInput, CreateLeaseInput, EndLeaseInput, LeaseFormInput, LeaseOutput
from leases.downloads import download, find_attachment
from leases.models import Lease
from leases.policies import must_have_leases, must_manage_leases, must_see_lease
from leases.queries import LeaseQuerySet
from leases.services import assign_operator, complete_lease, create_lease, terminate_lease
from leases.workflow import LeaseStatus


class LeaseView(EquipmentView, viewsets.ViewSet):
    """What both parties of a lease share."""

    leases = Lease.objects.with_details()

    def reply_lease(self, lease: Lease, status: int = 200) -> Response:
        """The lease as it is now in the database, with all that hangs on it."""
        return self.reply(LeaseOutput(self.leases.get(pk=lease.pk)).data, status=status)

    def reply_leases(self, leases: LeaseQuerySet) -> Response:
        status = choice_param(self.request.query_params.get("status"), LeaseStatus.values, "status")
        return self.reply_page(leases.filter(status=status) if status else leases, LeaseOutput)


class AdminLeaseView(LeaseView):
    """Leases as the company signs and ends them."""

    parser_classes = [StrictJSONParser, LeaseFormParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Before a body is read: documents of strangers are not worth it.
        must_manage_leases(None, request.auth)

    @documented(
        request={"multipart/form-data": LeaseFormInput, "application/json": CreateLeaseInput},
        response=LeaseOutput,
        status=201,
    )
    def create(self, request: Request) -> Response:
        """Make the lease that an accepted LEASE order leads to."""
        terms = self.read(CreateLeaseInput, lease_asked_for(request))
        lease = create_lease(by=request.auth, attachments=documents_sent(request), **terms)
        return self.reply_lease(lease, status=201)

    @documented(page=LeaseOutput, query={"vleId": "Only leases of this VLE profile.", "status": "Only in this state."})
    def list(self, request: Request) -> Response:
        """All leases, newest first."""
        vle_id = request.query_params.get("vleId")
        return self.reply_leases(self.leases.of_vle(vle_id) if vle_id else self.leases)

    @documented(response=LeaseOutput)
    def retrieve(self, request: Request, lease_id: str) -> Response:
        """One lease."""
        return self.reply(LeaseOutput(self.leases.find(lease_id)).data)

    @documented(request=AssignmentInput, response=LeaseOutput)
    def assign(self, request: Request, lease_id: str) -> Response:
        """Put an operator on a running lease; a PRIMARY replaces the PRIMARY."""
        lease = Lease.objects.find(lease_id)
        return self.reply_lease(assign_operator(lease, by=request.auth, **self.read(AssignmentInput)))

    @documented(request=EndLeaseInput, response=LeaseOutput)
    def complete(self, request: Request, lease_id: str) -> Response:
        """End a lease as agreed; the device can be leased anew."""
        lease = Lease.objects.find(lease_id)
        return self.reply_lease(complete_lease(lease, by=request.auth, **self.read(EndLeaseInput)))

    @documented(request=EndLeaseInput, response=LeaseOutput)
    def terminate(self, request: Request, lease_id: str) -> Response:
        """End a lease before its time; the device can be leased anew."""
        lease = Lease.objects.find(lease_id)
        return self.reply_lease(terminate_lease(lease, by=request.auth, **self.read(EndLeaseInput)))


class OwnLeaseView(LeaseView):
    """Leases as their parties look at them."""

    @documented(page=LeaseOutput, query={"status": "Only leases in this state."})
    def list(self, request: Request) -> Response:
        """The VLE's own leases, newest first; for an ADMIN, those signed."""
        must_have_leases(request.auth)
        return self.reply_leases(self.leases.of(request.auth))

    @documented(response=LeaseOutput)
    def retrieve(self, request: Request, lease_id: str) -> Response:
        """One lease, for its VLE and for admins."""
        lease = self.leases.find(lease_id)
        must_see_lease(lease, request.auth)
        return self.reply(LeaseOutput(lease).data)

    @extend_schema(
        operation_id="own_lease_attachment", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def attachment(self, request: Request, lease_id: str, attachment_id: str) -> FileResponse:
        """A document of the lease, for its VLE and for admins."""
        lease = Lease.objects.find(lease_id)
        must_see_lease(lease, request.auth)
        return download(find_attachment(lease, attachment_id))
