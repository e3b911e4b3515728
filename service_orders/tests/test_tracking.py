"""Test tracking ids: unique, easy to read aloud, and safe from single typing errors."""

import random
import re

import pytest

from service_orders import tracking
from service_orders.models import TRACKING_ID_SHAPE, ServiceOrder
from service_orders.tracking import ALPHABET, canonical_tracking_id, new_tracking_id
from tests.support import factories

SAMPLES = [new_tracking_id() for _ in range(50)]


def plain(tracking_id: str) -> str:
    return tracking_id.removeprefix("KM-").replace("-", "")


def test_the_alphabet_has_no_similar_characters_and_no_vowels():
    assert not set(ALPHABET) & set("01AEIOU")
    assert len(set(ALPHABET)) == 29  # a prime: what makes the check character see every slip


@pytest.mark.parametrize("sample", range(5))
def test_tracking_ids_pass_the_check_constraint(sample):
    tracking_id = SAMPLES[sample]
    assert re.fullmatch(r"KM-[2-9B-Z]{4}-[2-9B-Z]{4}", tracking_id)
    assert re.match(TRACKING_ID_SHAPE, tracking_id)
    assert canonical_tracking_id(tracking_id) == tracking_id


def test_every_single_wrong_character_is_detected():
    for code in map(plain, SAMPLES):
        for place, right in enumerate(code):
            for wrong in set(ALPHABET) - {right}:
                assert canonical_tracking_id(code[:place] + wrong + code[place + 1 :]) is None


def test_every_swap_of_two_characters_is_detected():
    for code in map(plain, SAMPLES):
        for first in range(len(code)):
            for second in range(first + 1, len(code)):
                swapped = list(code)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                if swapped != list(code):
                    assert canonical_tracking_id("".join(swapped)) is None


@pytest.mark.parametrize("spell", [str.lower, plain, lambda code: f" {code} ", lambda code: code.replace("-", " ")])
def test_spellings_are_normalised(spell):
    assert canonical_tracking_id(spell(SAMPLES[0])) == SAMPLES[0]


@pytest.mark.parametrize(
    "text", ["", "KM", "KM-2222-222", "KM-2222-22222", "0000-0000", "KM-22२2-2222", "\x00", "é" * 99]
)
def test_invalid_tracking_ids(text):
    assert canonical_tracking_id(text) is None


def test_a_taken_tracking_id_is_replaced(api, pune, ravi, order_body, monkeypatch):
    client = api(ravi, territory="pune")
    ids = []
    for _ in range(2):
        monkeypatch.setattr(tracking, "_random", random.Random(7))
        ids.append(client.post("/orders", order_body).body["data"]["tracking_id"])
    assert len(set(ids)) == 2
    assert set(ServiceOrder.objects.values_list("tracking_id", flat=True)) == set(ids)


def test_the_database_refuses_equal_tracking_ids(pune, ravi):
    order = factories.service_order(pune, ravi)
    assert ServiceOrder.objects.filter(tracking_id=order.tracking_id).count() == 1
    with pytest.raises(Exception, match="one_service_order_per_tracking_id"):
        ServiceOrder.objects.bulk_create([ServiceOrder(**row_like(order))])


def row_like(order: ServiceOrder) -> dict:
    names = [
        "tracking_id",
        "territory",
        "patient_id",
        "provider_id",
        "insurance_encrypted",
        "service_type",
        "created_by",
    ]
    return {name: getattr(order, name) for name in names}
