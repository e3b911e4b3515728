"""Re-encode uploaded images, so that stored files contain pixels and nothing else."""

from io import BytesIO
from threading import BoundedSemaphore

from django.core.files import File
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from core.errors import DomainError, TooLarge

MAX_PIXELS = 40_000_000
_FORMATS = {"JPG": "JPEG", "PNG": "PNG"}
# A decoded image takes up to 160 MB: limit how many are decoded at once, whatever the number of threads.
_decoders = BoundedSemaphore(2)


def sanitized_image(file: File, kind: str) -> ContentFile:
    """Return the image without metadata (location, camera, comments, appended bytes), rotated as its EXIF says.

    `kind` is JPG or PNG. Raises TooLarge above 40 megapixels, DomainError where it is damaged.
    """
    try:
        _check(file, _FORMATS[kind])
        with _decoders, Image.open(file, formats=[_FORMATS[kind]]) as picture:
            ImageOps.exif_transpose(picture, in_place=True)
            return _encoded(picture, _FORMATS[kind])
    except (TooLarge, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge(f"A picture must have at most {MAX_PIXELS // 1_000_000} megapixels") from None
    except Exception:  # decoders raise arbitrary exceptions on hostile bytes
        raise DomainError("Picture is damaged") from None


def _check(file: File, format_name: str) -> None:
    # The header states the size: a bomb is detected before decoding. verify() makes the object unusable.
    with Image.open(file, formats=[format_name]) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise TooLarge("too many pixels")
        picture.verify()
    file.seek(0)


def _encoded(picture: Image.Image, format_name: str) -> ContentFile:
    if format_name == "JPEG" and picture.mode not in {"L", "RGB"}:
        picture = picture.convert("RGB")
    # Encoders copy comments, profiles and text from here; transparency is part of the image.
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    content = ContentFile(b"")
    picture.save(content, format=format_name, **({"quality": 90} if format_name == "JPEG" else {}))
    content.size = content.tell()
    content.seek(0)
    return content


def thumbnail(file: File, *, side: int) -> bytes:
    """Return a JPEG of a sanitized image, at most `side` pixels wide and high."""
    with _decoders, Image.open(file, formats=list(_FORMATS.values())) as picture:
        picture.draft("RGB", (side, side))  # decodes a JPEG at reduced size
        picture.thumbnail((side, side))
        flat = Image.new("RGB", picture.size, "white")
        solid = picture.convert("RGBA")
        flat.paste(solid, mask=solid)
    stream = BytesIO()
    flat.save(stream, format="JPEG", quality=80)
    return stream.getvalue()
