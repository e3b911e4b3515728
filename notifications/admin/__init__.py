"""Admin pages of SMS messages and push tokens."""

from notifications.admin import push_tokens, sms_messages  # noqa: F401 (they register their pages)
