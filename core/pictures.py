"""Pictures are decoded and encoded anew: what is stored shows the same, and carries nothing else."""

from io import BytesIO
from threading import BoundedSemaphore

from django.core.files import File
from django.core.files.base import ContentFile
from PIL import Image, ImageOps

from core.errors import DomainError, TooLarge

MAX_PIXELS = 40_000_000
_FORMATS = {"JPG": "JPEG", "PNG": "PNG"}
# A decoded picture takes up to 160 MB: few at a time, whatever the number of threads.
_decoders = BoundedSemaphore(2)


def cleaned_picture(file: File, kind: str) -> ContentFile:
    """The picture without metadata (place, camera, comments, appended bytes), turned the way its EXIF said.

    `kind` is JPG or PNG. Raises TooLarge above 40 megapixels, DomainError where it is damaged.
    """
    try:
        _check(file, _FORMATS[kind])
        with _decoders, Image.open(file, formats=[_FORMATS[kind]]) as picture:
            ImageOps.exif_transpose(picture, in_place=True)
            return _encoded(picture, _FORMATS[kind])
    except (TooLarge, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge(f"A picture must have at most {MAX_PIXELS // 1_000_000} megapixels") from None
    except Exception:  # a decoder fed with hostile bytes raises whatever it meets
        raise DomainError("Picture is damaged") from None


def _check(file: File, format_name: str) -> None:
    # The size stands in the header: a bomb is seen before anything is decoded. verify() makes the object unusable.
    with Image.open(file, formats=[format_name]) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise TooLarge("too many pixels")
        picture.verify()
    file.seek(0)


def _encoded(picture: Image.Image, format_name: str) -> ContentFile:
    if format_name == "JPEG" and picture.mode not in {"L", "RGB"}:
        picture = picture.convert("RGB")
    # Encoders copy comments, profiles and text from here; transparency is part of the picture.
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    content = ContentFile(b"")
    picture.save(content, format=format_name, **({"quality": 90} if format_name == "JPEG" else {}))
    content.size = content.tell()
    content.seek(0)
    return content


def small_picture(file: File, *, side: int) -> bytes:
    """A JPEG of a picture that was cleaned before, at most `side` pixels wide and high."""
    with _decoders, Image.open(file, formats=list(_FORMATS.values())) as picture:
        picture.draft("RGB", (side, side))  # of a JPEG only as much is decoded as is shown
        picture.thumbnail((side, side))
        flat = Image.new("RGB", picture.size, "white")
        solid = picture.convert("RGBA")
        flat.paste(solid, mask=solid)
    stream = BytesIO()
    flat.save(stream, format="JPEG", quality=80)
    return stream.getvalue()
