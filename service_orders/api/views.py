"""Service orders over HTTP, in the words of the territory contract."""

from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from core.contracts.filters import choice_param
from core.contracts.paging import page_from_oldest
from core.contracts.schema import documented_in_territory
from core.contracts.territory import HEADER, TerritoryView
from core.errors import Invalid
from events.queries import history_of
from service_orders.api.serializers import (
    HistoryOutput,
    MovedOutput,
    MoveServiceOrderInput,
    PlacedOutput,
    PlaceServiceOrderInput,
    ServiceOrderOutput,
)
from service_orders.models import ServiceOrder
from service_orders.policies import Member, member_of, must_be_in_territory
from service_orders.services import change_service_order_status, place_service_order
from service_orders.workflow import ServiceOrderStatus

MAX_TERRITORY_ID_LENGTH = 50


class ServiceOrderViewSet(TerritoryView, viewsets.ViewSet):
    """The orders of the territory that the header names, for those who work there."""

    member: Member
    territory_id: str

    def check_permissions(self, request: Request) -> None:
        """Before throttling, so that only members use up a territory's share."""
        super().check_permissions(request)
        self.member = member_of(territory_asked_for(request), request.auth)
        self.territory_id = self.member.territory_id

    @property
    def caller(self) -> Member:
        return self.member

    @documented_in_territory(request=PlaceServiceOrderInput, response=PlacedOutput, status=201)
    def create(self, request: Request) -> Response:
        """Ask for an insured service; it waits to be verified."""
        order = place_service_order(by=self.member, **self.read(PlaceServiceOrderInput))
        return self.reply_created(PlacedOutput(order).data)

    @documented_in_territory(page=ServiceOrderOutput, query={"status": "Only orders in this state."})
    def list(self, request: Request) -> Response:
        """The territory's service orders, newest first."""
        orders = ServiceOrder.objects.in_territory(self.territory_id)
        status = choice_param(request.query_params.get("status"), ServiceOrderStatus.values, "status")
        orders = orders.filter(status=status) if status else orders
        return self.reply_page(orders, ServiceOrderOutput, member=self.member)

    @documented_in_territory(response=ServiceOrderOutput)
    def retrieve(self, request: Request, order_id: str) -> Response:
        """One service order; insurance data are for its creator and for those who may verify."""
        return self.reply(ServiceOrderOutput(self.order(order_id), context={"member": self.member}).data)

    @documented_in_territory(request=MoveServiceOrderInput, response=MovedOutput)
    def move(self, request: Request, order_id: str) -> Response:
        """Verify, reject or complete an order, cancel it or submit it again."""
        order = ServiceOrder.objects.find(order_id)
        change = self.read(MoveServiceOrderInput, policy=must_be_in_territory, subject=order)
        order, event = change_service_order_status(order, by=self.member, **change)
        return self.reply(MovedOutput(order, context={"event": event}).data)

    @documented_in_territory(page=HistoryOutput)
    def history(self, request: Request, order_id: str) -> Response:
        """Every change of its status, oldest first."""
        order = self.order(order_id)
        return self.reply_page(history_of(order.pk), HistoryOutput, pages=page_from_oldest)

    def order(self, order_id: str) -> ServiceOrder:
        """The order, if it is one of this territory. Raises OrderNotFound, TerritoryMismatch."""
        order = ServiceOrder.objects.find(order_id)
        must_be_in_territory(order, self.member)
        return order


def territory_asked_for(request: Request) -> str:
    """The one territory id of the header. Raises Invalid where it is missing, empty, a list or no id at all."""
    asked = request.headers.get(HEADER, "").strip()
    if not asked:
        raise Invalid({HEADER: f"{HEADER} is required"})
    # A header that is sent twice arrives as a list.
    if len(asked) > MAX_TERRITORY_ID_LENGTH or "," in asked or not (asked.isascii() and asked.isprintable()):
        raise Invalid({HEADER: f"{HEADER} must be one territory id"})
    return asked
