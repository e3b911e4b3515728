"""Check the SMS settings; `manage.py check` and every worker start run this."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning

NAMES = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM_NUMBER")


def warn_of_incomplete_twilio(**_: Any) -> list[CheckMessage]:
    """Warn if only some of the three Twilio settings are set: SMS messages would only be logged."""
    missing = [name for name in NAMES if not getattr(settings, name)]
    if not 0 < len(missing) < len(NAMES):
        return []
    hint = f"Set {' and '.join(missing)} too, or none of them."
    return [Warning("Twilio is half configured: SMS are logged, not sent.", hint=hint, id="notifications.W001")]
