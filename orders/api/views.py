"""Orders over HTTP, in the words of the equipment contract."""

from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.contracts.equipment import EquipmentView
from core.contracts.filters import choice_param
from core.contracts.schema import documented
from events.queries import history_of
from orders.api.serializers import ChangeOutput, MoveOrderInput, NoteInput, OrderOutput, PlaceOrderInput
from orders.models import Kind, Order
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

STATUS = {"status": "Only orders in this state."}


class OrderViewSet(EquipmentView, viewsets.ViewSet):
    """Orders of those who ask, and the acts of those who answer."""

    orders = Order.objects.select_related("requester")

    @documented(request=PlaceOrderInput, response=OrderOutput, status=201)
    def create(self, request: Request) -> Response:
        """Ask for a device: as a VLE for a lease, as a farmer for a rent."""
        order = place_order(by=request.auth, **self.read(PlaceOrderInput, policy=must_create_orders))
        return self.reply_created(OrderOutput(order).data)

    @documented(page=OrderOutput, query=STATUS)
    def list(self, request: Request) -> Response:
        """What the caller asked for in the active role, newest first."""
        must_have_role(request.auth)
        return self.reply_orders(self.orders.placed_by(request.auth))

    @documented(page=OrderOutput, query=STATUS)
    def lease_orders(self, request: Request) -> Response:
        """All LEASE orders, for admins."""
        must_list_lease_orders(request.auth)
        return self.reply_orders(self.orders.of_kind(Kind.LEASE))

    @documented(page=OrderOutput, query=STATUS)
    def rent_orders(self, request: Request) -> Response:
        """The RENT orders that a VLE is to handle."""
        must_list_rent_orders(request.auth)
        return self.reply_orders(self.orders.handled_by(request.auth))

    @documented(response=OrderOutput)
    def retrieve(self, request: Request, order_id: str) -> Response:
        """One order, for its requester and its handler."""
        order = self.orders.find(order_id)
        must_see(order, request.auth)
        return self.reply(OrderOutput(order).data)

    @documented(response=ChangeOutput, many=True)
    def history(self, request: Request, order_id: str) -> Response:
        """Every change of its status, oldest first."""
        order = self.orders.find(order_id)
        must_see(order, request.auth)
        # No order comes to the same state twice, so its history is short: it needs no pages.
        return self.reply(ChangeOutput(history_of(order.pk), many=True).data)

    @documented(request=MoveOrderInput, response=OrderOutput)
    def move(self, request: Request, order_id: str) -> Response:
        """Move an order along its lifecycle, as its handler."""
        order = self.orders.find(order_id)
        change = self.read(MoveOrderInput, policy=must_handle, subject=order)
        order = change_order_status(order, by=request.auth, **change)
        return self.reply(OrderOutput(order).data)

    @documented(request=NoteInput, response=OrderOutput)
    def reject_as_admin(self, request: Request, order_id: str) -> Response:
        """Turn a LEASE order down."""
        return self._reject(request, order_id)

    @documented(request=NoteInput, response=OrderOutput)
    def reject_as_vle(self, request: Request, order_id: str) -> Response:
        """Turn a RENT order down, as the VLE it is assigned to."""
        return self._reject(request, order_id)

    def _reject(self, request: Request, order_id: str) -> Response:
        # One right, one policy: the two doors differ in nothing but their address.
        order = self.orders.find(order_id)
        order = reject_order(order, by=request.auth, **self.read(NoteInput, policy=must_reject, subject=order))
        return self.reply(OrderOutput(order).data)

    @documented(request=NoteInput, response=OrderOutput)
    def cancel(self, request: Request, order_id: str) -> Response:
        """Take back a wish that nobody has answered, as its requester."""
        order = self.orders.find(order_id)
        order = cancel_order(order, by=request.auth, **self.read(NoteInput, policy=must_be_requester, subject=order))
        return self.reply(OrderOutput(order).data)

    def reply_orders(self, orders: OrderQuerySet) -> Response:
        status = choice_param(self.request.query_params.get("status"), OrderStatus.values, "status")
        return self.reply_page(orders.filter(status=status) if status else orders, OrderOutput)
