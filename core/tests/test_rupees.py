"""Rupees in figures and in words."""

from decimal import Decimal

import pytest

from core.rupees import amount_in_words, format_inr


@pytest.mark.parametrize(
    ("amount", "figures", "words"),
    [
        ("0", "₹ 0", "Rupees zero only"),
        ("7", "₹ 7", "Rupees seven only"),
        ("0.50", "₹ 0.50", "Rupees zero and fifty paise only"),
        ("999", "₹ 999", "Rupees nine hundred ninety nine only"),
        ("1000", "₹ 1,000", "Rupees one thousand only"),
        ("12500.05", "₹ 12,500.05", "Rupees twelve thousand five hundred and five paise only"),
        ("99999", "₹ 99,999", "Rupees ninety nine thousand nine hundred ninety nine only"),
        ("125000", "₹ 1,25,000", "Rupees one lakh twenty five thousand only"),
        ("1000000", "₹ 10,00,000", "Rupees ten lakh only"),
        ("10000000.00", "₹ 1,00,00,000", "Rupees one crore only"),
        ("1234567890", "₹ 1,23,45,67,890", None),
        ("-1500", "-₹ 1,500", None),
    ],
)
def test_rupees_are_written_as_people_here_do(amount, figures, words):
    assert format_inr(Decimal(amount)) == figures
    assert words is None or amount_in_words(Decimal(amount)) == words


def test_the_largest_price_has_words():
    assert amount_in_words(Decimal("999999999999.99")).startswith(
        "Rupees ninety nine thousand nine hundred ninety nine crore"
    )


def test_every_number_of_the_first_lakhs_keeps_its_digits():
    assert all(int(format_inr(Decimal(n)).removeprefix("₹ ").replace(",", "")) == n for n in range(0, 300_000, 7))
