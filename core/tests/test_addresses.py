import pytest
from django.test import RequestFactory

from core.addresses import client_address


def address(settings, hops, forwarded="", peer="198.51.100.9"):
    settings.TRUSTED_PROXIES = hops
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded))


@pytest.mark.parametrize(
    ("hops", "forwarded", "counted"),
    [
        (0, "", "198.51.100.9"),
        (0, "203.0.113.7", "198.51.100.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "1.1.1.1, 2.2.2.2,203.0.113.7", "203.0.113.7"),
        (2, "1.1.1.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (1, "", "198.51.100.9"),
        (2, "203.0.113.7", "198.51.100.9"),
        (1, "203.0.113.7, unknown", "198.51.100.9"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8:1:2::7]:4711", "2001:db8:1:2::"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, hops, forwarded, counted):
    assert address(settings, hops, forwarded) == counted


def test_rotating_the_header_gives_no_further_addresses(settings):
    rotated = {address(settings, 1, f"10.9.{i}.1, 192.0.2.{i}, 203.0.113.7") for i in range(50)}
    assert rotated == {"203.0.113.7"}


@pytest.mark.parametrize("peer", ["2001:db8:1:2::1", "2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:0db8:0001:0002::9"])
def test_a_household_has_one_address_of_ipv6(settings, peer):
    assert address(settings, 0, peer=peer) == "2001:db8:1:2::"


def test_an_old_address_in_new_spelling_is_still_the_old_one(settings):
    assert address(settings, 0, peer="::ffff:203.0.113.7") == "203.0.113.7"


@pytest.mark.parametrize("peer", ["", "unix:", "999.1.1.1", "1:2"])
def test_who_comes_from_nowhere_shares_one_address(settings, peer):
    assert address(settings, 0, peer=peer) == "0.0.0.0"
