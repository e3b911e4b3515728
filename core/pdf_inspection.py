"""Inspect the PDF on standard input and print a verdict.

Runs as a process of its own (`core/pdf.py`): a hostile file can cost the parser any amount of time and memory.
"""

import io
import json
import resource
import sys
from contextlib import suppress
from typing import Any, BinaryIO

import pikepdf
from pikepdf.settings import qpdf_limit_errors, set_qpdf_limits

ACCEPTED, DAMAGED, ACTIVE, TOO_COMPLEX = "accepted", "damaged", "active", "too complex"

_MB = 2**20
_MEMORY, _UNPACKED = 384 * _MB, 32 * _MB  # bytes: of the process, of one compressed stream
_CPU_SECONDS = 5
_WARNINGS = 1_000
_TAIL = 2048  # bytes in which the end mark must stand

_ACTIVE_KEYS = frozenset({"/JavaScript", "/JS", "/EmbeddedFiles", "/EF", "/XFA"})
_ACTIVE_KINDS = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/EmbeddedFile", "/RichMedia")
_KIND_KEYS = ("/S", "/Type", "/Subtype", "value")  # "value": a name that is an object, and may be referred to as /S

# qpdf reads on where an object cannot be read, and so would a check that did not look at its warnings.
_EXHAUSTED = ("bad_alloc", "memory limit")
_UNREADABLE = ("object stream", "unfilterable stream", "error reading object")


class _ActiveContent(Exception):
    """The PDF does more than show pages."""


def limit_resources() -> None:
    """Bound what the process may use. Systems that know no limit on memory keep qpdf's own limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    set_qpdf_limits(doc_max_warnings=_WARNINGS, flate_max_memory=_UNPACKED, run_length_max_memory=_UNPACKED)


def inspect(file: BinaryIO) -> str:
    """Return the verdict on a PDF, which is read with an empty password if it is encrypted."""
    if not _has_end_mark(file):
        return DAMAGED
    try:
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.mmap, inherit_page_attributes=False) as pdf:
            objects, warnings = _objects_as_json(pdf), " ".join(map(str, pdf.get_warnings()))
        _refuse_active(objects)
        return _verdict_on_warnings(warnings)
    except (pikepdf.PasswordError, _ActiveContent):
        return ACTIVE
    except (MemoryError, RecursionError):
        return TOO_COMPLEX
    except (pikepdf.PikepdfError, ValueError) as error:  # ValueError: a number beyond 64 bits
        return TOO_COMPLEX if _is_exhausted(str(error)) else DAMAGED


def _has_end_mark(file: BinaryIO) -> bool:
    """qpdf repairs a file that was cut off; here it is refused."""
    file.seek(max(0, file.seek(0, io.SEEK_END) - _TAIL))
    tail = file.read()
    file.seek(0)
    return b"startxref" in tail and b"%%EOF" in tail


def _objects_as_json(pdf: pikepdf.Pdf) -> str:
    """Return every object of the file, packed ones too, with names decoded and without the data of streams."""
    objects = io.BytesIO()
    pdf.write_qpdf_json(
        objects, decode_level=pikepdf.StreamDecodeLevel.none, json_stream_data=pikepdf.JSONStreamData.none
    )
    return str(objects.getbuffer(), "utf-8")


def _refuse_active(objects: str) -> None:
    def check(dictionary: dict[str, Any]) -> None:
        if not _ACTIVE_KEYS.isdisjoint(dictionary) or any(dictionary.get(key) in _ACTIVE_KINDS for key in _KIND_KEYS):
            raise _ActiveContent

    json.loads(objects, object_hook=check)


def _verdict_on_warnings(warnings: str) -> str:
    if _is_exhausted(warnings):
        return TOO_COMPLEX
    return DAMAGED if any(text in warnings for text in _UNREADABLE) else ACCEPTED


def _is_exhausted(warnings: str) -> bool:
    return qpdf_limit_errors() > 0 or any(text in warnings for text in _EXHAUSTED)


if __name__ == "__main__":
    limit_resources()
    print(inspect(sys.stdin.buffer))  # noqa: T201
