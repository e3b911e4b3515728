"""Fifty password attempts at once."""

from functools import partial

import pytest
from django.contrib.auth.backends import ModelBackend
from django.test import Client
from django.urls import reverse

from backoffice.sign_in import forms
from tests.support.races import statuses, together
from tests.support.staff import staff

pytestmark = pytest.mark.django_db(transaction=True)
CROWD, LIMIT = 50, 10
PHONE = "+919876543200"


@pytest.fixture
def evaluated(monkeypatch):
    """Collect every password that is compared with the stored one."""
    passwords = []
    check = ModelBackend.authenticate

    def collect(self, request, username=None, password=None, **options):
        passwords.append(password)
        return check(self, request, username=username, password=password, **options)

    monkeypatch.setattr(ModelBackend, "authenticate", collect)
    return passwords


def guess_at_once():
    clients = [Client(REMOTE_ADDR=f"203.0.113.{number}") for number in range(CROWD)]
    guesses = [{"username": PHONE, "password": f"guess {number}"} for number in range(CROWD)]
    url = reverse("admin:login")
    return together(*[partial(client.post, url, guess) for client, guess in zip(clients, guesses, strict=True)])


def test_of_fifty_parallel_guesses_no_more_than_the_limit_are_evaluated(evaluated):
    staff(PHONE, "Meena")
    assert statuses(guess_at_once()) == {200: LIMIT, 429: CROWD - LIMIT}
    assert len(evaluated) == LIMIT


def test_without_the_check_all_fifty_are_evaluated(evaluated, monkeypatch):
    """Control."""
    staff(PHONE, "Meena")
    monkeypatch.setattr(forms, "check_login_rate", lambda **attempt: None)
    assert statuses(guess_at_once()) == {200: CROWD}
    assert len(evaluated) == CROWD
