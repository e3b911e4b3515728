"""Generate files to upload."""

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Upload:
    """Describe one file of a form."""

    name: str
    content_type: str
    content: bytes


def picture() -> Upload:
    """Return a green PNG of 32 x 24 pixels."""
    width, height = 32, 24
    rows = b"".join(b"\x00" + b"\x2e\x7d\x32" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return Upload("tractor.png", "image/png", b"\x89PNG\r\n\x1a\n" + chunks)


def agreement() -> Upload:
    """Return a PDF of one empty page."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    content, offsets = b"%PDF-1.4\n", []
    for number, described in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, described)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"xref\n0 4\n0000000000 65535 f \n" + table + _trailer(start=len(content))
    return Upload("agreement.pdf", "application/pdf", content)


def _trailer(start: int) -> bytes:
    return b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
