"""Check that a PDF is whole and does nothing but show pages."""

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore

from django.core.files import File

from core.errors import DomainError

_PROGRAM = Path(__file__).with_name("pdf_inspection.py")
_TIMEOUT = 20  # seconds; the program limits its processor time itself, but a busy machine gives it less
_REFUSALS = {
    "damaged": "PDF is damaged",
    "active": "PDF with scripts, attached files or encryption is not accepted",
    "too complex": "PDF is too complex",
}
_ACCEPTED = "accepted"
# An inspection takes up to 384 MB: limit how many run at once, whatever the number of threads.
_inspections = BoundedSemaphore(2)
logger = logging.getLogger(__name__)


def check_pdf(file: File) -> None:
    """Rewind the file. Raises DomainError if it is damaged, needs a password, carries scripts, programs or files, or
    takes too much time or memory to inspect.
    """
    verdict = _inspect(file)
    file.seek(0)
    if verdict != _ACCEPTED:
        raise DomainError(_REFUSALS[verdict])


def _inspect(file: File) -> str:
    """Return the verdict of core/pdf_inspection.py, which runs without the environment and its secrets."""
    with _inspections, tempfile.TemporaryFile() as copy:
        copy.writelines(file.chunks())
        copy.seek(0)
        try:
            process = subprocess.run(
                [sys.executable, "-P", _PROGRAM],
                stdin=copy,
                capture_output=True,
                timeout=_TIMEOUT,
                env={"PYTHONPATH": os.pathsep.join(sys.path)},
                text=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "too complex"
    if process.returncode < 0:  # killed by its limits, or crashed
        return "too complex"
    verdict = process.stdout.strip()
    if process.returncode or verdict not in {_ACCEPTED, *_REFUSALS}:
        logger.error("PDF inspection failed: %s", (process.stderr or verdict)[-2000:])
        return "damaged"
    return verdict
