"""A status changes by transitions alone, and a refresh of one row lifts that protection for no other."""

import django_fsm
import pytest
from django.db.models import QuerySet
from django.test.utils import isolate_apps

from devices.models import Device
from devices.workflow import DeviceStatus as S
from orders.choices import Kind
from tests.support import factories
from tests.support.races import together

REFRESHES = 150


def assert_protected(device):
    with pytest.raises(AttributeError, match="Direct status modification is not allowed"):
        device.status = S.RETIRED
    assert device.status == S.LIVE


class SpyingRows(QuerySet):
    """Try to overwrite the status of `neighbour` in the middle of a refresh."""

    neighbour: Device

    def get(self, *args, **kwargs):
        self.neighbour.status = S.RETIRED
        return super().get(*args, **kwargs)


@pytest.fixture
def spying_rows(tractor):
    return type("Rows", (SpyingRows,), {"neighbour": Device.objects.get(pk=tractor.pk)})(Device)


def test_a_status_cannot_be_assigned(tractor):
    assert_protected(tractor)


def test_a_refresh_reads_the_status_and_protects_it_again(tractor):
    Device.objects.filter(pk=tractor.pk).update(status=S.NOT_LIVE)
    tractor.refresh_from_db()
    assert tractor.status == S.NOT_LIVE
    Device.objects.filter(pk=tractor.pk).update(status=S.LIVE)
    tractor.refresh_from_db(fields=["status"])
    assert_protected(tractor)


def test_a_refresh_is_one_query_and_drops_prefetched_rows(tractor, ravi, django_assert_num_queries):
    device = Device.objects.prefetch_related("orders").get(pk=tractor.pk)
    factories.order(Kind.LEASE, tractor, ravi)
    with django_assert_num_queries(1):
        device.refresh_from_db()
    assert len(device.orders.all()) == 1


def test_a_refresh_of_other_fields_leaves_the_status_alone(tractor):
    Device.objects.filter(pk=tractor.pk).update(status=S.NOT_LIVE, name="Harvester")
    tractor.refresh_from_db(fields=["name"])
    assert tractor.name == "Harvester"
    assert_protected(tractor)


def test_a_deferred_status_is_loaded_when_it_is_read_and_protected_from_then_on(tractor, django_assert_num_queries):
    device = Device.objects.defer("status").get(pk=tractor.pk)
    device.refresh_from_db()
    assert device.get_deferred_fields() == {"status"}
    with django_assert_num_queries(1):
        assert device.status == S.LIVE
    assert_protected(device)


def test_a_refresh_of_a_deleted_row_leaves_every_device_protected(tractor):
    deleted = factories.device("Harvester")
    Device.objects.filter(pk=deleted.pk).delete()
    with pytest.raises(Device.DoesNotExist):
        deleted.refresh_from_db()
    assert_protected(deleted)
    assert_protected(tractor)


def test_a_device_stays_protected_while_another_one_is_refreshed(tractor, spying_rows):
    with pytest.raises(AttributeError, match="Direct status modification is not allowed"):
        tractor.refresh_from_db(from_queryset=spying_rows)
    assert_protected(spying_rows.neighbour)


@isolate_apps("devices")
def test_control_the_mixin_of_the_library_lifts_the_protection_of_all_devices(tractor, spying_rows):
    class LibraryDevice(django_fsm.FSMModelMixin, Device):
        class Meta:
            proxy = True
            app_label = "devices"

    device = LibraryDevice.objects.get(pk=tractor.pk)
    device.refresh_from_db(from_queryset=spying_rows)
    assert spying_rows.neighbour.status == S.RETIRED


@pytest.mark.django_db(transaction=True)
def test_eight_threads_refresh_at_once_without_an_error(tractor):
    def refresh():
        device = Device.objects.get(pk=tractor.pk)
        for _ in range(REFRESHES):
            device.refresh_from_db()
        return device

    for device in together(*[refresh] * 8):
        assert_protected(device)
