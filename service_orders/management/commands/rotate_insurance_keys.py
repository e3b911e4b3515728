"""Re-encrypt all insurance data, so that only the first of INSURANCE_KEYS is needed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from service_orders.rotation import rotate_insurance_keys


class Command(BaseCommand):
    help = "Encrypt all insurance data with the first of INSURANCE_KEYS. Can be stopped and started again at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch-size", type=int, default=500, help="Orders per transaction.")

    def handle(self, *args: Any, batch_size: int, **options: Any) -> None:
        done = rotate_insurance_keys(batch_size=batch_size)
        unreadable = len(done.unreadable)
        self.stdout.write(f"{done.reencrypted} re-encrypted, {done.current} up to date, {unreadable} unreadable.")
        if done.unreadable:
            raise CommandError(f"No key decrypts the insurance data of: {', '.join(done.unreadable)}")
