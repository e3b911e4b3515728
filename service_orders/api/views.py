"""Serve service orders in the territory contract."""

from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.contracts.filters import choice_param
from core.contracts.paging import page_from_oldest
from core.contracts.schema import documented_in_territory
from core.contracts.territory import TerritoryView, requested_territory
from events.queries import history_of
from service_orders.api.serializers import (
    HistoryOutput,
    PlacedOutput,
    PlaceServiceOrderInput,
    ServiceOrderOutput,
    ServiceOrderStatusInput,
    ServiceOrderStatusOutput,
)
from service_orders.models import ServiceOrder
from service_orders.policies import Member, member_of, must_be_in_territory
from service_orders.services import change_service_order_status, place_service_order
from service_orders.workflow import ServiceOrderStatus


class ServiceOrderViewSet(TerritoryView, viewsets.ViewSet):
    """Serve the orders of the territory that the header names, to its members."""

    member: Member
    territory_id: str

    def check_permissions(self, request: Request) -> None:
        """Check the membership before throttling, so that only members use up a territory's limit."""
        super().check_permissions(request)
        self.member = member_of(requested_territory(request), super().caller)
        self.territory_id = self.member.territory_id

    @property
    def caller(self) -> Member:
        return self.member

    @documented_in_territory(request=PlaceServiceOrderInput, response=PlacedOutput, status=201)
    def create(self, request: Request) -> Response:
        """Request an insured service; it waits for verification."""
        order = place_service_order(by=self.member, **self.read(PlaceServiceOrderInput))
        return self.reply_created(PlacedOutput(order).data)

    @documented_in_territory(page=ServiceOrderOutput, query={"status": "Only orders with this status."})
    def list(self, request: Request) -> Response:
        """List the territory's service orders, newest first."""
        orders = ServiceOrder.objects.in_territory(self.territory_id)
        status = choice_param(request.query_params.get("status"), ServiceOrderStatus.values, "status")
        orders = orders.filter(status=status) if status else orders
        return self.reply_page(orders, ServiceOrderOutput, member=self.member)

    @documented_in_territory(response=ServiceOrderOutput)
    def retrieve(self, request: Request, order_id: str) -> Response:
        """Return one service order; insurance data are for its creator and for verifiers."""
        order = ServiceOrder.objects.find(order_id)
        must_be_in_territory(order, self.member)
        return self.reply(ServiceOrderOutput(order, context={"member": self.member}).data)

    @documented_in_territory(request=ServiceOrderStatusInput, response=ServiceOrderStatusOutput)
    def change_status(self, request: Request, order_id: str) -> Response:
        """Verify, reject or complete an order, cancel it or submit it again."""
        order = ServiceOrder.objects.find(order_id)
        change = self.read(ServiceOrderStatusInput, policy=must_be_in_territory, subject=order)
        order = change_service_order_status(order, by=self.member, **change)
        return self.reply(ServiceOrderStatusOutput(order).data)

    @documented_in_territory(page=HistoryOutput)
    def history(self, request: Request, order_id: str) -> Response:
        """List every change of the order's status, oldest first."""
        order = ServiceOrder.objects.find(order_id)
        must_be_in_territory(order, self.member)
        return self.reply_page(history_of(order.pk), HistoryOutput, pages=page_from_oldest)
