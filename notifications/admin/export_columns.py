"""Columns of exported SMS messages."""

from core.admin.badges import humanize_status
from exports.columns import ID_WIDTH, Column

SMS_COLUMNS = [
    Column("SMS id", "pk", width=ID_WIDTH),
    Column("Created", "created_at", width=20),
    Column("Phone", "to"),
    Column("Recipient", "recipient__name", width=24),
    Column("Event", "event", width=28),
    Column("Text", "text", width=60),
    Column("Status", "status", humanize_status),
    Column("Error", "error", width=40),
    Column("Tries", "tries", width=8),
    Column("Sent", "sent_at", width=20),
    Column("About", "related_type", humanize_status),
    Column("About id", "related_id", width=ID_WIDTH),
    Column("Twilio id", "provider_message_id", width=ID_WIDTH),
]
