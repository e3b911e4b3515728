"""The SMS messages about an order or lease, on its page: `admin/includes/sms_messages.html` renders them."""

from typing import Any
from uuid import UUID

from accounts.models import User
from notifications.choices import SmsStatus
from notifications.models import SmsMessage
from notifications.segments import segments_of

MAX_MESSAGES = 20
VIEW = "notifications.view_smsmessage"
CHANGE = "notifications.change_smsmessage"


def messages_about(*ids: UUID, user: User) -> dict[str, Any]:
    """Return the SMS messages about these orders and leases that the user may see: failed first, then the newest."""
    if not user.has_perm(VIEW):
        return {"may_see_sms": False}
    messages = SmsMessage.objects.filter(related_id__in=ids).select_related("recipient")
    messages = messages.order_by("-created_at", "-pk")
    newest = list(messages[: MAX_MESSAGES + 1])
    failed = list(messages.filter(status=SmsStatus.FAILED)[:MAX_MESSAGES])
    shown = dict.fromkeys([*failed, *newest[:MAX_MESSAGES]])
    return {
        "may_see_sms": True,
        "may_resend_sms": user.has_perm(CHANGE),
        "sms_messages": [(message, segments_of(message.text)) for message in shown],
        "has_more_sms": len(newest) > MAX_MESSAGES,
        "failed_sms": len(failed),
    }
