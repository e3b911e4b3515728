"""The people and machines that tests know, and API clients that speak for them."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from accounts.models import Role
from tests.support import clients, factories
from tests.support.fake_twilio import FakeTwilio

# What migrations bring. Programs that run beside the tests remember it by its ids.
KEPT = {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests with transactions of their own end by emptying every table, which the history refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_orderevent DISABLE TRIGGER keep_events")
        cursor.execute("ALTER TABLE accounts_accesschange DISABLE TRIGGER access_changes_are_append_only")
    empty = DatabaseOperations.sql_flush

    def empty_all_but_kept(self: DatabaseOperations, style: object, tables: list[str], **options: bool) -> list[str]:
        return empty(self, style, [table for table in tables if table not in KEPT], **options)

    # Of the class: browsers' event loops give their tests a connection of its own.
    DatabaseOperations.sql_flush = empty_all_but_kept


@pytest.fixture(autouse=True)
def _fresh_limits():
    """What one test has counted limits no other."""
    cache.clear()


@pytest.fixture(autouse=True)
def _database(db):
    """Every test has the database; nothing here is worth testing without."""


@pytest.fixture
def asha(db):
    """A farmer."""
    return factories.user("+919876543211", "Asha", Role.FARMER)


@pytest.fixture
def ravi(db):
    """A VLE; his profile is `ravi.vle_profile`."""
    return factories.vle("+919876543210", "Ravi")


@pytest.fixture
def meena(db):
    """An admin."""
    return factories.user("+919876543200", "Meena", Role.ADMIN)


@pytest.fixture
def superuser(meena):
    """Meena, who may do everything in the back office."""
    meena.is_staff = meena.is_superuser = True
    meena.save()
    return meena


@pytest.fixture
def charu(db):
    """A stranger, who must see nothing: a farmer with nothing of her own."""
    return factories.user("+919876543299", "Charu", Role.FARMER)


@pytest.fixture
def tractor(db):
    """A LIVE, priced device without a lease."""
    return factories.device("Tractor")


@pytest.fixture
def leased_tractor(tractor, ravi, meena):
    """The tractor, leased by Ravi."""
    factories.lease(tractor, ravi, meena, date(2024, 1, 1), date(2024, 12, 31))
    return tractor


@pytest.fixture
def api():
    """Return a factory of clients: `api(user, role)`, anonymous `api()`; `territory="pune"` sends the header."""
    return clients.api_client


@pytest.fixture
def twilio(settings):
    """A Twilio of our own, to which all texts go."""
    with FakeTwilio() as fake:
        for name, value in fake.settings.items():
            setattr(settings, name, value)
        yield fake
