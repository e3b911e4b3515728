"""Test the lease agreement as a PDF."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from core.pdf import check_pdf
from leases.agreement import render_agreement
from leases.models import Lease
from leases.tests.test_lease_admin import LIST, admin_client, clerk, staff  # noqa: F401 (fixtures)
from tests.support import factories
from tests.support.pdf_text import pages_of

HINDI = "श्रीकांत ठाकरे"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-11-22T23:00:00Z", tick=False)


@pytest.fixture
def lease(leased_tractor, farid, gita):
    """Return Ravi's lease with every field filled."""
    leased_tractor.sensor_id = "KM-4711"
    leased_tractor.save()
    farid.license_number = "MH12 2020 0012345"
    farid.save()
    lease = leased_tractor.leases.get()
    lease.commitment_type, lease.commitment_value = "HOURS", Decimal("120.00")
    lease.estimated_price, lease.deposit_amount = Decimal("180000.50"), Decimal(125000)
    lease.notes = "Keep it under a roof.\nReturn it with a full tank."
    lease.save()
    lease.operators.create(operator=farid, role="PRIMARY")
    lease.operators.create(operator=gita, role="SECONDARY")
    return lease


def read(lease):
    return pages_of(render_agreement(lease))


def test_the_agreement_contains_all_terms(lease):
    (text,) = read(lease)
    lines = text.splitlines()
    for expected in [
        f"Lease agreement #{lease.short_id}",
        "Between KissanMitra and Ravi",
        "Drawn up on 23 November 2026",
        "Meena (+919876543200)",
        "Ravi, individual",
        "+919876543210",
        "Tractor (Tractor, Mahindra)",
        str(lease.device_id),
        "KM-4711",
        "1 January 2024 to 31 December 2024 (366 days)",
        "120 hours",
        "₹ 1,80,000.50 (Rupees one lakh eighty thousand and fifty paise only)",
        "₹ 1,25,000 (Rupees one lakh twenty five thousand only)",
        f"#{lease.order.short_id}",
        "Farid, +919876543213, licence MH12 2020 0012345",
        "Gita, +919876543214, no licence on record",
        "Keep it under a roof.",
        "Return it with a full tank.",
        "For KissanMitra: Meena",
        "Signature, place and date",
        f"Lease #{lease.short_id}, printed on 23 November 2026",
        "Page 1 of 1",
    ]:
        assert expected in lines


def test_missing_terms_are_stated(leased_tractor):
    (text,) = read(leased_tractor.leases.get())
    lines = text.splitlines()
    assert {"Not estimated", "None", "None named yet", "-"} <= set(lines)


def test_only_current_operators_are_named(lease, farid):
    lease.operators.filter(operator=farid).update(released_at=lease.created_at)
    (text,) = read(lease)
    assert "Farid" not in text
    assert "Gita" in text


def test_names_in_devanagari_are_rendered(lease):
    lease.vle.name = HINDI
    (text,) = read(lease)
    assert text.splitlines().count(HINDI) == 1
    assert f"Between KissanMitra and {HINDI}" in text


def test_text_after_a_line_in_devanagari_keeps_its_font(lease):
    lease.notes = f"{HINDI} {HINDI}\nSecond line\n{HINDI}\n" + "x" * 300
    text = "".join(read(lease))
    assert "Second line" in text
    assert text.count("x" * 60) >= 3


def test_long_notes_continue_on_the_next_page_and_signatures_are_not_split(lease):
    lease.notes = "word " * 199
    lease.device.name = "W" * 100
    first, second = read(lease)
    assert (first + second).count("word") == 199
    assert "Page 1 of 2" in first
    assert second.count("Signature, place and date") == 2
    assert "For KissanMitra: Meena" in second


@pytest.mark.parametrize(
    ("name", "drawn"),
    [("தமிழ்", "?????"), ("😀 Ravi", "? Ravi"), ("a\u202eb", "ab")],
    ids=["tamil", "emoji", "turned"],
)
def test_characters_without_a_glyph_become_question_marks(lease, name, drawn):
    lease.vle.name = name
    (text,) = read(lease)
    assert f"Between KissanMitra and {drawn}" in text.splitlines()


def test_the_pdf_is_deterministic(lease):
    assert render_agreement(lease) == render_agreement(Lease.objects.get(pk=lease.pk))


def test_the_pdf_is_accepted_as_an_attachment(lease):
    check_pdf(ContentFile(render_agreement(lease)))


def test_staff_open_the_agreement(admin_client, lease):  # noqa: F811
    response = admin_client.get(f"{LIST}{lease.pk}/agreement.pdf")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="lease-{lease.short_id}.pdf"'
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    assert response.headers["Cache-Control"].startswith("private, no-store")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_agreement_needs_the_view_permission(admin_client, clerk, lease):  # noqa: F811
    page = f"{LIST}{lease.pk}/agreement.pdf"
    assert clerk.get(page).status_code == 403
    assert admin_client.get(f"{LIST}{factories.UNKNOWN}/agreement.pdf").status_code == 404
    assert admin_client.post(page).status_code == 405
