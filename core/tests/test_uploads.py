import io

import pytest
from django.core.files.storage import InMemoryStorage
from PIL import Image

from core.errors import DomainError, TooLarge, UnsupportedMedia
from core.uploads import FileKind, checked_upload, stored_files
from tests.support.files import (
    GPS_IFD,
    HTML,
    MOV,
    MP4,
    SVG,
    jpg,
    jpg_taken_upright,
    pdf,
    png,
    sent,
)

ALL = tuple(FileKind)
MB = 2**20


def check(content, *, kinds=ALL, max_bytes=MB, name="file.bin"):
    return checked_upload(sent(content, name), kinds=kinds, max_bytes=max_bytes)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(jpg(), "JPG"), (png(), "PNG"), (MP4, "MP4"), (MOV, "MOV"), (pdf(), "PDF")],
    ids=["JPG", "PNG", "MP4", "MOV", "PDF"],
)
def test_a_file_is_known_by_its_content_whatever_it_is_called(content, kind):
    upload = check(content, name="malware.exe")
    assert (upload.kind.name, upload.extension) == (kind, kind.lower())


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        HTML,
        b"GIF89a" + bytes(40),
        b"MZ" + bytes(60),
        b"PK\x03\x04" + bytes(40),
        b"<?php echo 1;",
        b"plain",
        b"\x00",
    ],
)
def test_other_kinds_of_content_are_refused_whatever_they_are_called(content):
    with pytest.raises(UnsupportedMedia, match="Only JPG, PNG, MP4, MOV, PDF files are accepted"):
        check(content, name="tractor.jpg")


def test_a_known_kind_that_is_not_asked_for_is_refused():
    with pytest.raises(UnsupportedMedia, match="Only JPG, PNG files are accepted"):
        check(pdf(), kinds=(FileKind.JPG, FileKind.PNG))


def test_an_empty_file_is_refused():
    with pytest.raises(DomainError, match="File is empty"):
        check(b"")


def test_a_file_above_the_limit_is_refused():
    with pytest.raises(TooLarge, match="Each file must be at most 1 MB"):
        check(MP4 + bytes(MB))


@pytest.mark.parametrize(
    "content",
    [
        jpg((400, 300))[:-800],
        png((400, 300))[:-60],
        b"\xff\xd8\xff\xe0" + bytes(200),
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        png().replace(b"IDAT", b"IDAX"),
        b"\x89PNG" + HTML,
    ],
    ids=["cut JPG", "cut PNG", "JPG in name only", "PNG in name only", "broken PNG", "HTML with a PNG's first bytes"],
)
def test_a_damaged_picture_is_refused(content):
    with pytest.raises(DomainError, match="Picture is damaged"):
        check(content)


@pytest.mark.parametrize("side", [9000, 13500])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(side):
    stream = io.BytesIO()
    Image.new("1", (side, side)).save(stream, format="PNG")
    with pytest.raises(TooLarge, match="A picture must have at most 40 megapixels"):
        check(stream.getvalue())


def test_a_photo_is_turned_upright_and_tells_no_place():
    kept = Image.open(check(jpg_taken_upright((40, 30))).content)
    assert kept.size == (30, 40)
    assert not kept.getexif().get_ifd(GPS_IFD)
    assert not kept.getexif()
    assert "comment" not in kept.info


def test_text_and_profiles_of_a_png_are_dropped_and_its_transparency_kept():
    stream = io.BytesIO()
    Image.new("P", (9, 9)).save(stream, format="PNG", icc_profile=b"secret profile", transparency=0)
    kept = Image.open(check(stream.getvalue()).content)
    assert "icc_profile" not in kept.info
    assert kept.info["transparency"] == 0


@pytest.mark.parametrize("picture", [jpg(), png()], ids=["JPG", "PNG"])
def test_what_is_appended_to_a_picture_is_gone(picture):
    kept = check(picture + HTML + b"PK\x05\x06").content.read()
    assert b"<script>" not in kept
    assert b"PK\x05\x06" not in kept


def test_a_print_ready_jpg_becomes_one_that_every_screen_shows():
    stream = io.BytesIO()
    Image.new("CMYK", (9, 9)).save(stream, format="JPEG")
    assert Image.open(check(stream.getvalue()).content).mode == "RGB"


def test_stored_files_get_random_names_and_what_they_are():
    storage = InMemoryStorage()
    uploads = (check(content, name="../../etc/passwd") for content in (jpg(), MP4))
    with stored_files(uploads, storage=storage, folder="devices/2024/01") as files:
        pass
    picture, film = files
    assert picture.name.startswith("devices/2024/01/")
    assert picture.name.endswith(".jpg")
    assert (film.kind, film.size) == (FileKind.MP4, len(MP4))
    assert storage.open(film.name).read() == MP4
    assert storage.size(picture.name) == picture.size


def test_files_are_taken_away_again_when_their_rows_cannot_be_written():
    storage = InMemoryStorage()
    with (
        pytest.raises(DomainError, match="no"),
        stored_files([check(jpg())], storage=storage, folder="devices"),
    ):
        raise DomainError("no")
    assert storage.listdir("devices") == ([], [])


def test_one_bad_file_leaves_none_of_the_others_behind():
    storage = InMemoryStorage()
    uploads = (check(content) for content in (jpg(), HTML))
    with pytest.raises(UnsupportedMedia), stored_files(uploads, storage=storage, folder="devices"):
        pass
    assert storage.listdir("devices") == ([], [])
