"""The text that `make run` prints when everything is ready."""

from django.conf import settings

DEMO_PEOPLE = """
  Demo people sign in with their number and the code {code}:
    +919876543200  ADMIN; back office with password kissanmitra
    +919876543210  VLE
    +919876543211  FARMER
    +919876543212  VLE
    +919876543213  OPERATOR
    +919876543214  FARMER
"""


def render(port: int) -> str:
    """Return the URLs and, in the demo, the logins."""
    base = f"http://localhost:{port}"
    people = DEMO_PEOPLE.format(code=settings.OTP_FIXED_CODE) if settings.DEMO else ""
    sms = "" if settings.TWILIO_ACCOUNT_SID else "\n  Text messages are logged, not sent: no Twilio account is set.\n"
    return f"""
  KissanMitra runs. Ctrl-C stops everything.

    API          {base}/api/v1
    API docs     {base}/docs
    Back office  {base}/admin/
    Live board   {base}/board/
{people}{sms}"""
