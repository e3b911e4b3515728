"""Every page that staff can reach by links: it answers, it changes nothing, and what people typed stays text."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import resolve

from accounts.actors import Actor
from accounts.choices import AccessChangeKind, Role, Source
from accounts.models import AccessChange, Operator
from leases.models import LeaseOperator
from notifications.models import SmsMessage
from orders.choices import Kind
from orders.services import change_order_status
from tests.support import factories

HOSTILE = "<script>alert(1)</script>{{7*7}}\"'><img src=x onerror=alert(2)>=1+1"
# Sessions with their last use, and the key proposed to users without a second factor.
LOOKED_AT = {"sessions.session", "accounts.staffsession", "otp_totp.totpdevice"}
LINK = re.compile(r'(?:href|src)="([^"]+)"')


@pytest.fixture
def staff(superuser):
    client = Client()
    client.force_login(superuser)
    return client


@pytest.fixture
def hostile_world(meena, ravi, asha):
    """A row of everything, whose every free text tries to be more than text."""
    for person in (ravi, asha):
        person.name = HOSTILE[:100]
        person.save()
    profile = ravi.vle_profile
    profile.name = HOSTILE[:100]
    profile.save()
    pune = factories.territory("pune", "411")
    AccessChange.objects.record(
        AccessChangeKind.TERRITORY_SAVED,
        changed_by_id=ravi.pk,
        source=Source.API,
        user_id=ravi.pk,
        territory_id=pune.pk,
        after={"name": HOSTILE, "prefixes": [HOSTILE]},
    )
    factories.works_in(pune, meena, can_verify=True)
    factories.service_order(pune, ravi, patient_id=HOSTILE, provider_id=HOSTILE, service_type=HOSTILE, note=HOSTILE)
    device = factories.device(HOSTILE[:100], description=HOSTILE, owner=HOSTILE[:100], city=HOSTILE[:100])
    lease = factories.lease(device, ravi, meena, date(2024, 1, 1), date(2024, 12, 31))
    operator = Operator.objects.create(user=asha, name=HOSTILE[:100], license_number=HOSTILE[:50])
    LeaseOperator.objects.create(lease=lease, operator=operator)
    factories.order(Kind.RENT, device, asha, note=HOSTILE)
    free = factories.device("Free tractor")
    order = factories.order(Kind.LEASE, free, ravi, note=HOSTILE)
    change_order_status(order, to="ACCEPTED", by=Actor(meena, Role.ADMIN), note=HOSTILE)


def pages_from(client: Client, start: str) -> Iterator[tuple[str, int, str]]:
    """Address, status and text of every page to be reached from `start`, one of each kind."""
    waiting, seen, visited = deque([start]), {start}, {None}
    while waiting:
        address = waiting.popleft()
        kind = _kind(address)
        if kind in visited:
            continue
        visited.add(kind)
        answer = client.get(address)
        is_text = answer.headers.get("Content-Type", "").startswith("text/html")
        text = answer.content.decode() if is_text else ""
        yield address, answer.status_code, text
        found = [answer.headers["Location"]] if answer.status_code in (301, 302) else LINK.findall(text)
        for link in (urljoin(address, unescape(each)) for each in found):
            if link not in seen:
                seen.add(link)
                waiting.append(link)


def _kind(address: str) -> tuple | None:
    """What makes two pages alike: their view and the names of their parameters. None for what is no page of ours."""
    parts = urlsplit(address)
    asked = parse_qs(parts.query, keep_blank_values=True)
    if parts.netloc or not parts.path.startswith(("/admin/", "/board/")) or len(asked) > 1:
        return None
    return (resolve(parts.path).view_name, *asked)


def everything() -> dict[str, list]:
    """All rows of the database, but for those that looking writes."""
    models = [model for model in apps.get_models() if model._meta.label_lower not in LOOKED_AT]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def changed_since(before: dict[str, list]) -> list[str]:
    """The models whose rows are no longer as they were."""
    return [label for label, rows in everything().items() if rows != before[label]]


def states(rows_of: dict[str, list]) -> dict[str, list]:
    return {label: [row["status"] for row in rows if "status" in row] for label, rows in rows_of.items()}


def test_every_page_answers_changes_nothing_and_shows_text_as_text(staff, hostile_world):
    before = everything()
    visited = list(pages_from(staff, "/admin/"))
    assert len({resolve(urlsplit(address).path).view_name for address, *_ in visited}) > 40
    assert [(address, status) for address, status, _ in visited if status >= 400] == []
    harmed = [address for address, _, text in visited if "<script>alert(1)" in text or "<img src=x" in text]
    assert harmed == []
    assert [address for address, _, text in visited if "49&quot;&#x27;" in text or "49\"'" in text] == []
    shown = sum("&lt;script&gt;alert(1)" in text for _, _, text in visited)
    assert shown > 10
    assert changed_since(before) == []


def test_no_page_is_written_to_without_its_token_and_no_form_writes_a_status(staff, superuser, hostile_world):
    """States move by their own buttons only, whatever is posted to the form of a page."""
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(superuser)
    before = everything()
    pages = [address for address, status, text in pages_from(staff, "/admin/") if status == 200 and text]
    answers = Counter(stranger.post(address, {"action": "x"}).status_code for address in pages)
    assert set(answers) <= {403, 405}
    assert answers[403] > 40
    assert changed_since(before) == []
    forms = [address for address in pages if address.endswith("/change/")]
    assert len(forms) > 10
    for address in forms:
        staff.post(address, {"status": "CLOSED", "current_lease": "", "device-status": "RETIRED"})
    assert states(everything()) == states(before)
    assert SmsMessage.objects.count() == len(before["notifications.SmsMessage"])
