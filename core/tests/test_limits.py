"""Rate limits of the equipment contract, and what becomes of them without Redis."""

from functools import partial

import pytest
from django.conf import settings as configured
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from core.cache import FailSafeRedisCache
from core.limits import count
from tests.support.clients import api_client
from tests.support.races import statuses, together

REFUSED = {"success": False, "message": "Too many requests", "errorDetails": "Too many requests", "errorCode": "429"}


@pytest.fixture
def limits(settings):
    settings.RATE_LIMITS = {"create": 2, "update": 3, "query": 4, "message": 5}


def test_answers_say_what_is_left(api, asha, limits):
    answer = api(asha).get("/orders")
    assert (answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) == ("4", "3")
    assert 1 <= int(answer.headers["RateLimit-Reset"]) <= 60


@pytest.mark.parametrize(("method", "limit"), [("POST", 2), ("GET", 4)])
def test_beyond_the_limit_one_is_asked_to_wait(api, asha, limits, method, limit):
    client = api(asha)
    for _ in range(limit):
        assert client.generic(method, "/orders").status_code != 429
    refused = client.generic(method, "/orders")
    assert refused.status_code == 429
    assert {key: refused.body[key] for key in REFUSED} == REFUSED
    assert int(refused.headers["Retry-After"]) >= int(refused.headers["RateLimit-Reset"])
    assert refused.headers["RateLimit-Remaining"] == "0"


def test_limits_are_each_users_own(api, asha, charu, limits):
    for _ in range(6):
        exhausted = api(asha).get("/orders")
    assert (exhausted.status_code, api(charu).get("/orders").status_code) == (429, 200)


def test_strangers_are_refused_before_they_are_counted(api, limits):
    answers = [api().get("/orders") for _ in range(9)]
    assert statuses(answers) == {401: 9}
    assert "RateLimit-Limit" not in answers[0].headers


@pytest.mark.django_db(transaction=True)
def test_counting_is_exact_under_parallel_requests(asha, limits):
    clients = [api_client(asha) for _ in range(16)]
    assert statuses(together(*[partial(client.get, "/orders") for client in clients])) == {200: 4, 429: 12}


@pytest.fixture
def redis_away(settings):
    """Return the URL of a closed port."""
    settings.CACHES = {"default": {**configured.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    yield
    caches["default"].close()


def test_without_redis_requests_are_answered_and_each_process_counts_for_itself(api, asha, limits, redis_away):
    assert isinstance(caches["default"], FailSafeRedisCache)
    client = api(asha)
    assert statuses([client.get("/orders") for _ in range(6)]) == {200: 4, 429: 2}


def test_the_common_count_goes_on_when_redis_is_back(limits, monkeypatch):
    assert [count("test", "query", "asha").used for _ in range(2)] == [1, 2]
    cache = caches["default"]
    monkeypatch.setattr(cache, "_retry_at", float("inf"))
    assert count("test", "query", "asha").used == 1
    monkeypatch.setattr(cache, "_retry_at", 0.0)
    assert count("test", "query", "asha").used == 3
    assert isinstance(cache, RedisCache)
