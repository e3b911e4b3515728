"""Columns of exported devices."""

from accounts.territories import territory_id_for
from core.admin.badges import humanize_status
from exports.columns import ID_WIDTH, Column

DEVICE_COLUMNS = [
    Column("Device id", "pk", width=ID_WIDTH),
    Column("Name", "name", width=28),
    Column("Status", "status", humanize_status),
    Column("Type", "device_type__display_name"),
    Column("Manufacturer", "manufacturer__name"),
    Column("Sensor", "sensor_id"),
    Column("PIN code", "pincode", width=10),
    Column("Territory", territory_id_for("pincode")),
    Column("City", "city"),
    Column("State", "state"),
    Column("Latitude", "latitude", width=12),
    Column("Longitude", "longitude", width=12),
    Column("Company owned", "company_owned", width=14),
    Column("Needs an operator", "requires_operator"),
    Column("Leased by", "lessee", width=24),
    Column("Created", "created_at", width=20),
    Column("Last changed", "updated_at", width=20),
]
