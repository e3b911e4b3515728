"""List the columns of exported orders."""

from accounts.territories import territory_id_for
from core.admin.badges import humanize_status
from exports.columns import ID_WIDTH, Column

ORDER_COLUMNS = [
    Column("Order id", "pk", width=ID_WIDTH),
    Column("Kind", "kind", humanize_status, width=8),
    Column("Status", "status", humanize_status),
    Column("Device", "device__name", width=28),
    Column("Device type", "device__device_type__display_name"),
    Column("Device id", "device_id", width=ID_WIDTH),
    Column("PIN code", "device__pincode", width=10),
    Column("Territory", territory_id_for("device__pincode")),
    Column("Requester", "requester__name", width=24),
    Column("Requester phone", "requester__phone"),
    Column("Handled by", "handler_vle__name", width=24),
    Column("Start date", "start_date", width=12),
    Column("End date", "end_date", width=12),
    Column("Requested hours", "requested_hours"),
    Column("Requested acres", "requested_acres"),
    Column("Note", "note", width=40),
    Column("Created", "created_at", width=20),
    Column("Last changed", "updated_at", width=20),
]
