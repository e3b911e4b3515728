"""Serve orders in the equipment contract."""

from rest_framework import viewsets
from rest_framework.response import Response

from accounts.requests import ActorRequest
from core.contracts.equipment import EquipmentView
from core.contracts.filters import choice_param
from core.contracts.schema import documented
from events.queries import history_of
from orders.api.serializers import ChangeOutput, NoteInput, OrderOutput, OrderStatusInput, PlaceOrderInput
from orders.choices import Kind
from orders.models import Order
from orders.policies import (
    must_be_requester,
    must_create_orders,
    must_handle,
    must_have_role,
    must_list_lease_orders,
    must_list_rent_orders,
    must_reject,
    must_see,
)
from orders.queries import OrderQuerySet
from orders.services import cancel_order, change_order_status, place_order, reject_order
from orders.workflow import OrderStatus

STATUS = {"status": "Only orders with this status."}


class OrderViewSet(EquipmentView, viewsets.ViewSet):
    """Serve requesters and handlers."""

    orders = Order.objects.select_related("requester")

    @documented(request=PlaceOrderInput, response=OrderOutput, status=201)
    def create(self, request: ActorRequest) -> Response:
        """Request a device: a VLE for a lease, a farmer for a rent."""
        order = place_order(by=request.auth, **self.read(PlaceOrderInput, policy=must_create_orders))
        return self.reply_created(OrderOutput(order).data)

    @documented(page=OrderOutput, query=STATUS)
    def list(self, request: ActorRequest) -> Response:
        """List the caller's own orders in the active role, newest first."""
        must_have_role(request.auth)
        return self.reply_orders(self.orders.placed_by(request.auth))

    @documented(page=OrderOutput, query=STATUS)
    def lease_orders(self, request: ActorRequest) -> Response:
        """List all LEASE orders, for admins."""
        must_list_lease_orders(request.auth)
        return self.reply_orders(self.orders.of_kind(Kind.LEASE))

    @documented(page=OrderOutput, query=STATUS)
    def rent_orders(self, request: ActorRequest) -> Response:
        """List the RENT orders that the calling VLE handles."""
        must_list_rent_orders(request.auth)
        return self.reply_orders(self.orders.handled_by(request.auth))

    @documented(response=OrderOutput)
    def retrieve(self, request: ActorRequest, order_id: str) -> Response:
        """Return one order, to its requester and its handler."""
        order = self.orders.find(order_id)
        must_see(order, request.auth)
        return self.reply(OrderOutput(order).data)

    @documented(response=ChangeOutput, many=True)
    def history(self, request: ActorRequest, order_id: str) -> Response:
        """List every change of the order's status, oldest first."""
        order = self.orders.find(order_id)
        must_see(order, request.auth)
        # No order comes to the same status twice, so its history is short: it needs no pages.
        return self.reply(ChangeOutput(history_of(order.pk), many=True).data)

    @documented(request=OrderStatusInput, response=OrderOutput)
    def change_status(self, request: ActorRequest, order_id: str) -> Response:
        """Change the status of an order, as its handler."""
        order = self.orders.find(order_id)
        change = self.read(OrderStatusInput, policy=must_handle, subject=order)
        return self.reply(OrderOutput(change_order_status(order, by=request.auth, **change)).data)

    @documented(request=NoteInput, response=OrderOutput)
    def reject_as_admin(self, request: ActorRequest, order_id: str) -> Response:
        """Reject a LEASE order."""
        return self._reject(request, order_id)

    @documented(request=NoteInput, response=OrderOutput)
    def reject_as_vle(self, request: ActorRequest, order_id: str) -> Response:
        """Reject a RENT order, as the VLE it is assigned to."""
        return self._reject(request, order_id)

    def _reject(self, request: ActorRequest, order_id: str) -> Response:
        # One policy: the two endpoints differ in nothing but their path.
        order = self.orders.find(order_id)
        order = reject_order(order, by=request.auth, **self.read(NoteInput, policy=must_reject, subject=order))
        return self.reply(OrderOutput(order).data)

    @documented(request=NoteInput, response=OrderOutput)
    def cancel(self, request: ActorRequest, order_id: str) -> Response:
        """Cancel an order that has not been answered, as its requester."""
        order = self.orders.find(order_id)
        order = cancel_order(order, by=request.auth, **self.read(NoteInput, policy=must_be_requester, subject=order))
        return self.reply(OrderOutput(order).data)

    def reply_orders(self, orders: OrderQuerySet[Order]) -> Response:
        """Reply one page of `orders`, with the status that the query asks for. Raises Invalid for an unknown one."""
        status = choice_param(self.request.query_params.get("status"), OrderStatus.values, "status")
        return self.reply_page(orders.filter(status=status) if status else orders, OrderOutput)
