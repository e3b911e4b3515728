"""Errors that have a code of their own in the territory contract."""

from core.errors import Forbidden, NotFound


class OrderNotFound(NotFound):
    """Report that no service order has this id; the id is repeated as it was sent."""

    code = "ORDER_NOT_FOUND"

    def __init__(self, order_id: str):
        self.details = {"order_id": order_id}
        super().__init__("Order not found")


class TerritoryMismatch(Forbidden):
    """Report that the order belongs to another territory than that of the request."""

    code = "TERRITORY_MISMATCH"

    def __init__(self, order_id: str):
        self.details = {"order_id": order_id}
        super().__init__("Order not in user's territory")
