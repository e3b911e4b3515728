"""Generate valid and invalid files for uploads."""

import io
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08free" * 8
MOV = b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  " + b"\x00\x00\x00\x08wide" * 8
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
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


def pdf(body: bytes = b"1 0 obj\n<< /Type /Catalog >>\nendobj\n") -> bytes:
    return b"%PDF-1.4\n" + body + b"xref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def pdf_with_hidden(objects: bytes) -> bytes:
    """Return a PDF with `objects` compressed in an object stream."""
    packed = zlib.compress(objects)
    return pdf(b"2 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream\nendobj\n")


def sent(content: bytes, name: str = "file.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def _picture(format_name: str, size: tuple[int, int], **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "green").save(stream, format=format_name, **options)
    return stream.getvalue()
