from datetime import date
from decimal import Decimal

import pytest

from devices.choices import Metric, RuleStatus
from devices.models import PricingRate, PricingRule
from devices.pricing import estimated_price
from tests.support import factories

DAY = date(2024, 1, 15)


def price_of(device, *, hours=None, acres=None, on=DAY):
    return estimated_price(device, on=on, hours=hours and Decimal(hours), acres=acres and Decimal(acres))


def period_rule(device, start, end, **rates):
    rule = PricingRule.objects.create(
        device_type=device.device_type, pincode=device.pincode, effective_from=start, effective_to=end
    )
    for metric, rate in rates.items():
        PricingRate.objects.create(rule=rule, metric=metric, rate=Decimal(rate))
    return rule


def test_hours_cost_hours_times_the_rate_per_hour(tractor):
    assert price_of(tractor, hours="10.5") == Decimal("15750.00")


def test_acres_count_only_without_hours(tractor):
    assert price_of(tractor, acres="5") == Decimal("4500.00")
    assert price_of(tractor, hours="1", acres="5") == Decimal("1500.00")


def test_a_price_is_rounded_half_up_to_the_paisa(tractor):
    PricingRate.objects.filter(metric=Metric.PER_HOUR).update(rate=Decimal("333.33"))
    assert price_of(tractor, hours="0.15") == Decimal("50.00")
    assert price_of(tractor, hours="0.50") == Decimal("166.67")


@pytest.mark.parametrize(
    ("on", "price"),
    [
        (date(2024, 1, 9), "1500"),
        (date(2024, 1, 10), "2000"),
        (date(2024, 1, 20), "2000"),
        (date(2024, 1, 21), "1500"),
    ],
)
def test_the_rate_of_a_period_takes_precedence_on_its_days(tractor, on, price):
    period_rule(tractor, date(2024, 1, 10), date(2024, 1, 20), PER_HOUR="2000")
    assert price_of(tractor, hours="1", on=on) == Decimal(price)


def test_a_period_that_prices_only_acres_leaves_hours_at_the_default(tractor):
    period_rule(tractor, date(2024, 1, 10), date(2024, 1, 20), PER_ACRE="1000")
    assert price_of(tractor, hours="1") == Decimal("1500")
    assert price_of(tractor, acres="1") == Decimal("1000")


def test_there_is_no_price_without_an_amount(tractor):
    assert price_of(tractor) is None


def test_there_is_no_price_without_a_matching_rule(tractor):
    PricingRule.objects.update(status=RuleStatus.INACTIVE)
    assert price_of(tractor, hours="1") is None


def test_there_is_no_price_before_the_default_rule_starts(tractor):
    PricingRule.objects.update(effective_from=date(2024, 1, 16))
    assert price_of(tractor, hours="1") is None
    assert price_of(tractor, hours="1", on=date(2024, 1, 16)) == Decimal("1500")


def test_rules_of_another_type_or_pin_code_do_not_apply():
    factories.price(factories.device_type("HARVESTER"))
    factories.price(factories.device_type(), "422001")
    assert price_of(factories.device(priced=False), hours="1") is None


def test_the_highest_price_fits_its_column(tractor):
    PricingRate.objects.update(rate=Decimal(1_000_000))
    assert price_of(tractor, hours="100000") < Decimal(10) ** 12
