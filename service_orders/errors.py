"""The refusals that the territory contract tells apart by a code of their own."""

from core.errors import Forbidden, NotFound


class OrderNotFound(NotFound):
    """There is no service order with this id, which is said as it was sent."""

    code = "ORDER_NOT_FOUND"

    def __init__(self, order_id: str):
        self.details = {"order_id": order_id}
        super().__init__("Order not found")


class TerritoryMismatch(Forbidden):
    """The order belongs to another territory than the one spoken for."""

    code = "TERRITORY_MISMATCH"

    def __init__(self, order_id: str):
        self.details = {"order_id": order_id}
        super().__init__("Order not in user's territory")
