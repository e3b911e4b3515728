"""Extract the text of PDFs written by fpdf2."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_MAPPED = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
_DRAWN = re.compile(
    rb"BT /F(?P<page_font>\d+) [\d.]+ Tf ET|/F(?P<font>\d+) [\d.]+ Tf|"
    rb"\((?P<piece>(?:[^()\\]|\\.)*)\) Tj|BT [\d.]+ [\d.]+ Td",
    re.DOTALL,
)
_ESCAPED = {b"r": b"\r", b"n": b"\n"}


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, one line per positioned piece."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = _fonts(objects)
    pages = [body for body in objects.values() if b"/Type /Page\n" in body]
    return [_text(_stream(objects[_reference(page, b"Contents")]), fonts) for page in pages]


def _fonts(objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """Return the character of each code, by the font's name in the pages."""
    named = {name: int(key) for body in objects.values() for name, key in re.findall(rb"/F(\d+) (\d+) 0 R", body)}
    return {name: _mapping(objects[_reference(objects[key], b"ToUnicode")]) for name, key in named.items()}


def _mapping(body: bytes) -> dict[int, str]:
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in _MAPPED.findall(body)}


def _text(drawn: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    read: list[str] = []
    font = page_font = b"1"
    for step in _DRAWN.finditer(drawn):
        if step["page_font"]:
            font = page_font = step["page_font"]
        elif step["font"]:
            font = step["font"]
        elif step["piece"] is not None:
            read += [fonts[font].get(code, "") for code in _codes(step["piece"])]
        else:
            font = page_font
            read.append("\n")
    return "".join(read)


def _codes(piece: bytes) -> list[int]:
    plain = re.sub(rb"\\(.)", lambda escaped: _ESCAPED.get(escaped[1], escaped[1]), piece, flags=re.DOTALL)
    return [high << 8 | low for high, low in zip(plain[::2], plain[1::2], strict=True)]


def _reference(body: bytes, name: bytes) -> int:
    return int(re.search(rb"/" + name + rb" (\d+) 0 R", body)[1])


def _stream(body: bytes) -> bytes:
    return zlib.decompress(body.partition(b"stream\n")[2])
