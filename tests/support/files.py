"""Generate valid and invalid files for uploads."""

import io
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08free" * 8
MOV = b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  " + b"\x00\x00\x00\x08wide" * 8
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R %s >>"
PAGES = [
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
]
GPS_IFD, ORIENTATION = 0x8825, 0x0112


def jpg(size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    return _picture("JPEG", size, **options)


def png(size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    return _picture("PNG", size, **options)


def jpg_taken_upright(size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a photo that is rotated by its EXIF data, which also contains a location."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS_IFD)[2] = (18.0, 31.0, 13.4)
    return jpg(size, exif=exif, comment=b"taken by Asha")


def pdf(filling: bytes = b"", *, catalog: bytes = b"", objects: Sequence[bytes] = ()) -> bytes:
    """Return a PDF of one empty page; `filling` follows its objects, `objects` are numbered from 4."""
    content, offsets = _numbered([CATALOG % catalog, *PAGES, *objects])
    content += filling
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(offsets) + 1
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%010d\n%%%%EOF\n" % (size, len(content))
    )


def deflated(content: bytes) -> tuple[bytes, bytes]:
    """Return entries of a stream's dictionary, and its data."""
    return b"/Filter /FlateDecode", zlib.compress(content)


def packed_pdf(
    packed: bytes,
    *,
    encode: Callable[[bytes], tuple[bytes, bytes]] = deflated,
    dictionary: bytes = b"/Type /ObjStm",
) -> bytes:
    """Return a PDF that keeps `packed`, its object 5, in the object stream 4, and refers to it as /OpenAction."""
    entries, data = encode(b"5 0 " + packed)
    object_stream = pdf_stream(dictionary + b" /N 1 /First 4 " + entries, data)
    content, offsets = _numbered([CATALOG % b"/OpenAction 5 0 R", *PAGES, object_stream])
    in_file = [b"\1" + offset.to_bytes(4) + b"\0" for offset in [*offsets, len(content)]]
    rows = [bytes(6), *in_file[:4], b"\2" + (4).to_bytes(4) + b"\0", in_file[4]]
    table = pdf_stream(b"/Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R", b"".join(rows))
    return content + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(content))


def pdf_stream(dictionary: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(data), data)


def _numbered(objects: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """Return the objects behind a header, numbered from 1, and the offset of each."""
    parts, offsets, position = [b"%PDF-1.5\n"], [], 9
    for number, described in enumerate(objects, start=1):
        offsets.append(position)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, described))
        position += len(parts[-1])
    return b"".join(parts), offsets


def sent(content: bytes, name: str = "file.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def _picture(format_name: str, size: tuple[int, int], **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "green").save(stream, format=format_name, **options)
    return stream.getvalue()
