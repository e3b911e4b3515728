"""What staff do with service orders in the back office."""

import re
from html import unescape

LIST = "/admin/service_orders/serviceorder/"
QUEUE = f"{LIST}queue/"
NEXT = f"{QUEUE}next/"
IN_QUEUE = "?queue=1"


def page_of(order, query=""):
    return f"{LIST}{order.pk}/change/{query}"


def look_at(client, order):
    return client.post(f"{LIST}{order.pk}/insurance/")


def decide(client, order, to, query="", **values):
    """Press a button on the page as it showed `order`."""
    data = {"to": to, "expected_updated_at": order.updated_at.isoformat()} | values
    return client.post(f"{LIST}{order.pk}/transition/{query}", data, follow=True)


def messages(answer):
    return [str(message) for message in answer.context["messages"]]


def messages_on(answer):
    """The same, read off the page: where several clients are at work in threads, their contexts get mixed."""
    found = re.search(r'<ul class="messagelist">(.*?)</ul>', answer.content.decode(), re.DOTALL)
    return [unescape(re.sub("<[^>]*>", "", text)).strip() for text in found[1].split("</li>")[:-1]]


def buttons(answer):
    """What the buttons say that decide."""
    found = re.findall(r'name="to" value="\w+"[^>]*>([^<]*)<', answer.content.decode())
    return [unescape(text).strip() for text in found]


def queued(answer):
    return [order.tracking_id for order in answer.context["orders"]]
