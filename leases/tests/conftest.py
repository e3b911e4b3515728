"""Provide the fixtures of the tests of leases."""

from pathlib import Path

import pytest
from django.core.files.storage import storages

from accounts.models import Operator, Role
from orders.choices import Kind
from tests.support import factories


@pytest.fixture(autouse=True)
def private_files(tmp_path, monkeypatch) -> Path:
    """Store documents in a folder of the test and return it."""
    folder = tmp_path / "private"
    monkeypatch.setattr(storages["private"], "location", str(folder))
    return folder


@pytest.fixture
def accepted(tractor, ravi):
    """Return Ravi's accepted LEASE order for the tractor: 10 hours or 5 acres, 15 to 20 January 2024."""
    return factories.order(Kind.LEASE, tractor, ravi, status="ACCEPTED", requested_hours=10, requested_acres=5)


@pytest.fixture
def lease(leased_tractor):
    """Return Ravi's lease of the tractor, signed by Meena."""
    return leased_tractor.leases.get()


@pytest.fixture
def farid(db):
    """Return an operator."""
    return operator("+919876543213", "Farid")


@pytest.fixture
def gita(db):
    """Return another operator."""
    return operator("+919876543214", "Gita")


def operator(phone: str, name: str, **fields: str) -> Operator:
    return Operator.objects.create(user=factories.user(phone, name, Role.OPERATOR), name=name, **fields)
