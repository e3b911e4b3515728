"""Drive the admin pages of service orders."""

import re
from html import unescape

LIST = "/admin/service_orders/serviceorder/"
QUEUE = f"{LIST}queue/"
NEXT = f"{QUEUE}next/"
IN_QUEUE = "?queue=1"


def page_of(order, query=""):
    return f"{LIST}{order.pk}/change/{query}"


def show_insurance(client, order):
    return client.post(f"{LIST}{order.pk}/insurance/")


def decide(client, order, to, query="", **fields):
    """Press a button on the page as it showed `order`; return the response."""
    data = {"to": to, "expected_updated_at": order.updated_at.isoformat()} | fields
    return client.post(f"{LIST}{order.pk}/transition/{query}", data, follow=True)


def messages(answer):
    return [str(message) for message in answer.context["messages"]]


def messages_on(answer):
    """Return the messages from the page: contexts of clients in several threads get mixed."""
    found = re.search(r'<ul class="messagelist">(.*?)</ul>', answer.content.decode(), re.DOTALL)
    return [unescape(re.sub("<[^>]*>", "", text)).strip() for text in found[1].split("</li>")[:-1]]


def buttons(answer):
    """Return the labels of the transition buttons."""
    found = re.findall(r'name="to" value="\w+"[^>]*>([^<]*)<', answer.content.decode())
    return [unescape(text).strip() for text in found]


def queued(answer):
    return [order.tracking_id for order in answer.context["orders"]]
