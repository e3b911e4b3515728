"""List the columns of exported service orders; insurance data are not exported."""

from core.admin.badges import humanize_status
from exports.columns import ID_WIDTH, Column

SERVICE_ORDER_COLUMNS = [
    Column("Tracking id", "tracking_id"),
    Column("Order id", "pk", width=ID_WIDTH),
    Column("Status", "status", humanize_status),
    Column("Priority", "priority", humanize_status),
    Column("Territory", "territory_id"),
    Column("Service", "service_type", width=24),
    Column("Patient", "patient_id", width=24),
    Column("Provider", "provider_id", width=24),
    Column("Note", "note", width=40),
    Column("Created by", "created_by__name", width=24),
    Column("Phone of creator", "created_by__phone", width=22),
    Column("Created", "created_at", width=20),
    Column("Last changed", "updated_at", width=20),
]
