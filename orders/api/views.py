"""Orders over HTTP, in the words of the equipment contract."""

from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.contracts.equipment import EquipmentView
from core.contracts.filters import chosen
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
from orders.services import cancel_order, move_order, place_order, reject_order
from orders.workflow import OrderStatus


class OrderViewSet(EquipmentView, viewsets.ViewSet):
    """Orders of those who ask, and the acts of those who answer."""

    orders = Order.objects.select_related("requester")

    def create(self, request: Request) -> Response:
        must_create_orders(request.auth)
        order = place_order(by=request.auth, **self.read(PlaceOrderInput))
        return self.reply_created(OrderOutput(order).data)

    def list(self, request: Request) -> Response:
        must_have_role(request.auth)
        return self.reply_orders(self.orders.placed_by(request.auth))

    def lease_orders(self, request: Request) -> Response:
        must_list_lease_orders(request.auth)
        return self.reply_orders(self.orders.of_kind(Kind.LEASE))

    def rent_orders(self, request: Request) -> Response:
        must_list_rent_orders(request.auth)
        return self.reply_orders(self.orders.handled_by(request.auth))

    def retrieve(self, request: Request, order_id: str) -> Response:
        order = self.orders.find(order_id)
        must_see(order, request.auth)
        return self.reply(OrderOutput(order).data)

    def history(self, request: Request, order_id: str) -> Response:
        order = self.orders.find(order_id)
        must_see(order, request.auth)
        # No order comes to the same state twice, so its history is short: it needs no pages.
        return self.reply(ChangeOutput(history_of(order.pk), many=True).data)

    def move(self, request: Request, order_id: str) -> Response:
        order = self.orders.find(order_id)
        must_handle(order, request.auth)
        order = move_order(order, by=request.auth, **self.read(MoveOrderInput))
        return self.reply(OrderOutput(order).data)

    def reject(self, request: Request, order_id: str) -> Response:
        order = self.orders.find(order_id)
        must_reject(order, request.auth)
        order = reject_order(order, by=request.auth, **self.read(NoteInput))
        return self.reply(OrderOutput(order).data)

    def cancel(self, request: Request, order_id: str) -> Response:
        order = self.orders.find(order_id)
        must_be_requester(order, request.auth)
        order = cancel_order(order, by=request.auth, **self.read(NoteInput))
        return self.reply(OrderOutput(order).data)

    def reply_orders(self, orders: OrderQuerySet) -> Response:
        status = chosen(self.request.query_params.get("status"), OrderStatus.values, "status")
        return self.reply_page(orders.filter(status=status) if status else orders, OrderOutput)
