"""What has to be in place before the servers start: tables, and demo data or collected static files."""

import os

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kissanmitra.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO:
        call_command("load_demo_data")
    else:
        call_command("check", databases=["default"])


if __name__ == "__main__":
    main()
