from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kissanmitra.demo.loading import load_demo


class Command(BaseCommand):
    help = "Load the people, machines and orders of the demo, once. Refused outside of demo mode."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo data is for demo mode only: its accounts have known passwords.")
        was_loaded = load_demo()
        self.stdout.write("Demo data loaded." if was_loaded else "Demo data is there already; nothing was changed.")
