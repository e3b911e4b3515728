"""Columns of exported leases."""

from core.admin.badges import humanize_status
from exports.columns import ID_WIDTH, Column

LEASE_COLUMNS = [
    Column("Lease id", "pk", width=ID_WIDTH),
    Column("Status", "status", humanize_status),
    Column("Order id", "order_id", width=ID_WIDTH),
    Column("Device", "device__name", width=28),
    Column("Device id", "device_id", width=ID_WIDTH),
    Column("PIN code", "device__pincode", width=10),
    Column("VLE", "vle__name", width=24),
    Column("VLE phone", "vle__user__phone"),
    Column("Start date", "start_date", width=12),
    Column("End date", "end_date", width=12),
    Column("Commitment", "commitment_type", humanize_status),
    Column("Commitment value", "commitment_value"),
    Column("Estimated price (₹)", "estimated_price", width=20),
    Column("Deposit (₹)", "deposit_amount"),
    Column("Notes", "notes", width=40),
    Column("Signed by", "signed_by__name", width=24),
    Column("Signed", "created_at", width=20),
    Column("Ended by", "ended_by__name", width=24),
    Column("Ended", "ended_at", width=20),
    Column("Note at the end", "end_note", width=40),
]
