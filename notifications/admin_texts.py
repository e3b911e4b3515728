"""The SMS about something, for its page: `admin/includes/texts.html` shows them."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from notifications.choices import SmsStatus
from notifications.models import SmsMessage
from notifications.segments import segments_of

SHOWN = 20
SEE = "notifications.view_smsmessage"
SEND = "notifications.change_smsmessage"


def texts_about(*ids: UUID, reader: User | AnonymousUser) -> dict[str, Any]:
    """The SMS about these orders and leases, as far as the reader may see them: failed ones first, then the newest."""
    if not reader.has_perm(SEE):
        return {"may_see_texts": False}
    texts = SmsMessage.objects.filter(related_id__in=ids).select_related("recipient").order_by("-created_at", "-pk")
    newest = list(texts[: SHOWN + 1])
    failed = list(texts.filter(status=SmsStatus.FAILED)[:SHOWN])
    return {
        "may_see_texts": True,
        "may_send_texts": reader.has_perm(SEND),
        "texts": [(text, segments_of(text.text)) for text in dict.fromkeys([*failed, *newest[:SHOWN]])],
        "more_texts": len(newest) > SHOWN,
        "failed_texts": len(failed),
    }
