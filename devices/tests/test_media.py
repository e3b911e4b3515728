"""Test step 2: photos and videos of devices."""

import io
import os
import re
import time

import pytest
from PIL import Image

from accounts.models import Role
from devices import media as media_services
from devices.models import Device, DeviceMedia
from devices.tasks import sweep_orphan_media
from tests.support import factories
from tests.support.files import GPS_IFD, HTML, MOV, MP4, SVG, jpg, jpg_taken_upright, pdf, png, sent

MB = 2**20
STORED = re.compile(r"/media/devices/\d{4}/\d{2}/[0-9a-f]{32}\.(jpg|png|mp4|mov)")


@pytest.fixture
def admin_client(api, meena):
    return api(meena)


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Return a context manager that runs the on-commit callbacks of its block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def upload(client, device, *contents, **fields):
    files = [sent(content, f"file {number}.exe") for number, content in enumerate(contents)]
    return client.post(f"/admin/devices/{device.pk}/media", {"files": files} | fields, format="multipart")


def files_of(root):
    return [path for path in root.rglob("*") if path.is_file()]


def primary_of(device):
    return device.media.get(is_primary=True).url


def test_photos_and_videos_are_added_and_the_first_photo_is_primary(admin_client, tractor, media_root):
    response = upload(admin_client, tractor, MP4, jpg(), png(), MOV)
    assert response.status_code == 201
    data = response.body["data"]
    assert data["id"] == str(tractor.pk)
    assert [url[-3:] for url in data["mediaUrls"]] == ["mp4", "jpg", "png", "mov"]
    assert all(STORED.fullmatch(url) for url in data["mediaUrls"])
    assert data["primaryMediaUrl"] == data["mediaUrls"][1]
    assert len(files_of(media_root)) == 4
    assert admin_client.get(f"/admin/devices/{tractor.pk}/media").body["data"] == data


def test_added_media_keep_the_primary_unless_another_is_chosen(admin_client, tractor):
    first = upload(admin_client, tractor, jpg()).body["data"]["primaryMediaUrl"]
    assert upload(admin_client, tractor, png()).body["data"]["primaryMediaUrl"] == first
    data = upload(admin_client, tractor, png(), jpg(), primaryIndex="1").body["data"]
    assert data["primaryMediaUrl"] == data["mediaUrls"][-1]
    assert tractor.media.filter(is_primary=True).count() == 1


def test_videos_alone_leave_a_device_without_primary_until_a_photo_is_added(admin_client, tractor):
    assert upload(admin_client, tractor, MP4).body["data"]["primaryMediaUrl"] is None
    assert upload(admin_client, tractor, jpg()).body["data"]["primaryMediaUrl"].endswith(".jpg")


def test_stored_files_contain_no_location_and_no_name(admin_client, tractor, media_root):
    upload(admin_client, tractor, jpg_taken_upright((40, 30)))
    (path,) = files_of(media_root)
    stored = Image.open(io.BytesIO(path.read_bytes()))
    assert (stored.size, dict(stored.getexif().get_ifd(GPS_IFD))) == ((30, 40), {})
    assert re.fullmatch(r"[0-9a-f]{32}\.jpg", path.name)


@pytest.mark.parametrize("primary_index", ["-1", "2", "x", "1e1"])
def test_an_invalid_primary_index_is_refused(admin_client, tractor, media_root, primary_index):
    response = upload(admin_client, tractor, jpg(), png(), primaryIndex=primary_index)
    assert response.status_code == 400
    assert response.body["errorDetails"].startswith("{primaryIndex=Primary index must be ")
    assert not files_of(media_root)


def test_a_video_cannot_be_primary(admin_client, tractor, media_root):
    response = upload(admin_client, tractor, jpg(), MP4, primaryIndex="1")
    assert (response.status_code, response.body["errorDetails"]) == (400, "Only a picture can be the primary media")
    assert not files_of(media_root)
    assert not DeviceMedia.objects.exists()


@pytest.mark.parametrize(
    ("content", "status", "refusal"),
    [
        (SVG, 415, "Only JPG, PNG, MP4, MOV files are accepted"),
        (HTML, 415, "Only JPG, PNG, MP4, MOV files are accepted"),
        (pdf(), 415, "Only JPG, PNG, MP4, MOV files are accepted"),
        (b"", 400, "File is empty"),
        (jpg((400, 300))[:-800], 400, "Picture is damaged"),
        (b"\x89PNG\r\n\x1a\n" + HTML, 400, "Picture is damaged"),
        (b"\xff\xd8\xff" + bytes(20 * MB), 413, "Each file must be at most 20 MB"),
    ],
    ids=["SVG", "HTML", "PDF", "empty", "cut JPG", "HTML with the start of a PNG", "too large"],
)
def test_one_invalid_file_refuses_all(admin_client, tractor, media_root, content, status, refusal):
    response = upload(admin_client, tractor, jpg(), content)
    assert (response.status_code, response.body["errorDetails"]) == (status, refusal)
    assert not files_of(media_root)
    assert not DeviceMedia.objects.exists()


def test_a_photo_with_too_many_pixels_is_refused(admin_client, tractor, media_root):
    stream = io.BytesIO()
    Image.new("1", (9000, 9000)).save(stream, format="PNG")
    response = upload(admin_client, tractor, stream.getvalue())
    assert response.status_code == 413
    assert response.body["errorDetails"] == "A picture must have at most 40 megapixels"
    assert not files_of(media_root)


def test_20_files_can_be_sent_at_once_and_no_more(admin_client, tractor, media_root):
    assert upload(admin_client, tractor, *[MP4] * 20).status_code == 201
    response = upload(admin_client, tractor, *[MP4] * 21)
    assert (response.status_code, response.body["errorDetails"]) == (400, "At most 20 files can be sent at once")
    assert len(files_of(media_root)) == 20


@pytest.mark.parametrize("fields", [{}, {"files": "text"}, {"other": sent(jpg())}])
def test_a_form_without_files_is_refused(admin_client, tractor, fields):
    response = admin_client.post(f"/admin/devices/{tractor.pk}/media", fields, format="multipart")
    assert (response.status_code, response.body["message"]) == (400, "Validation failed")
    assert response.body["errorDetails"].startswith("{files")


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=\xff", b"x", 400),
        ("multipart/form-data; boundary=b", b"no parts at all", 400),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n\xff',
            400,
        ),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 1500 + b"--b--",
            400,
        ),
    ],
    ids=["JSON", "no boundary", "boundary of no text", "no parts", "cut off within a file", "1500 fields"],
)
def test_a_broken_form_is_refused_in_the_envelope(admin_client, tractor, media_root, content_type, body, status):
    response = admin_client.generic("POST", f"/admin/devices/{tractor.pk}/media", body, content_type=content_type)
    assert response.status_code == status
    assert (response.body["success"], response.body["errorCode"]) == (False, str(status))
    assert not files_of(media_root)


def test_a_removed_photo_is_deleted_and_the_next_one_is_primary(admin_client, tractor, media_root, commits):
    data = upload(admin_client, tractor, jpg(), MP4, png()).body["data"]
    first, video, second = data["mediaUrls"]
    with commits():
        response = admin_client.delete(f"/admin/devices/{tractor.pk}/media?mediaUrl={first}")
    assert response.status_code == 200
    assert response.body["data"]["mediaUrls"] == [video, second]
    assert response.body["data"]["primaryMediaUrl"] == second
    assert len(files_of(media_root)) == 2
    with commits():
        admin_client.delete(f"/admin/devices/{tractor.pk}/media?mediaUrl={second}")
    assert admin_client.get(f"/admin/devices/{tractor.pk}").body["data"]["primaryMediaUrl"] is None


def test_a_file_is_deleted_only_after_the_commit(admin_client, tractor, media_root):
    (url,) = upload(admin_client, tractor, jpg()).body["data"]["mediaUrls"]
    admin_client.delete(f"/admin/devices/{tractor.pk}/media?mediaUrl={url}")
    assert len(files_of(media_root)) == 1


def test_another_photo_can_be_made_primary(admin_client, tractor):
    data = upload(admin_client, tractor, jpg(), png()).body["data"]
    second = data["mediaUrls"][1]
    response = admin_client.put(f"/admin/devices/{tractor.pk}/media/set-primary?mediaUrl=https://host.example{second}")
    assert (response.status_code, response.body["data"]["primaryMediaUrl"]) == (200, second)
    assert tractor.media.filter(is_primary=True).count() == 1


def test_only_a_photo_of_the_device_can_be_made_primary_or_removed(admin_client, tractor):
    _, video = upload(admin_client, tractor, jpg(), MP4).body["data"]["mediaUrls"]
    (foreign,) = upload(admin_client, factories.device("Other"), jpg()).body["data"]["mediaUrls"]
    primary = f"/admin/devices/{tractor.pk}/media/set-primary"
    response = admin_client.put(f"{primary}?mediaUrl={video}")
    assert (response.status_code, response.body["errorDetails"]) == (400, "Only a picture can be the primary media")
    for url in (foreign, "/media/../../etc/passwd", "%00", "x" * 5000, "http://[", "/"):
        assert admin_client.put(f"{primary}?mediaUrl={url}").body["errorDetails"] == "Media not found"
        removal = admin_client.delete(f"/admin/devices/{tractor.pk}/media?mediaUrl={url}")
        assert (removal.status_code, removal.body["errorDetails"]) == (404, "Media not found")
    assert admin_client.put(primary).body["errorDetails"] == "{mediaUrl=mediaUrl is required}"
    assert DeviceMedia.objects.count() == 3


def test_the_media_of_a_retired_device_cannot_be_changed(admin_client, tractor, media_root):
    (url,) = upload(admin_client, tractor, jpg()).body["data"]["mediaUrls"]
    admin_client.patch(f"/admin/devices/{tractor.pk}/status?status=RETIRED")
    path = f"/admin/devices/{tractor.pk}/media"
    for response in (
        upload(admin_client, tractor, png()),
        admin_client.delete(f"{path}?mediaUrl={url}"),
        admin_client.put(f"{path}/set-primary?mediaUrl={url}"),
    ):
        assert (response.status_code, response.body["errorDetails"]) == (400, "Retired device cannot be changed")
    assert len(files_of(media_root)) == 1
    assert admin_client.get(path).body["data"]["mediaUrls"] == [url]


def test_the_number_of_media_is_limited(admin_client, tractor, media_root, monkeypatch):
    monkeypatch.setattr(media_services, "MAX_MEDIA", 3)
    upload(admin_client, tractor, MP4, MP4)
    response = upload(admin_client, tractor, MP4, MP4)
    assert response.status_code == 400
    assert response.body["errorDetails"] == "A device can have at most 100 pictures and films"
    assert len(files_of(media_root)) == 2


def test_only_admins_change_media(api, ravi, tractor, media_root):
    assert upload(api(), tractor, jpg()).status_code == 401
    assert upload(api(ravi, Role.VLE), tractor, jpg()).status_code == 403
    assert not files_of(media_root)


def test_changed_media_change_updated_at(admin_client, tractor):
    before = Device.objects.get().updated_at
    upload(admin_client, tractor, jpg())
    assert Device.objects.get().updated_at > before


def test_media_are_public_with_their_content_type(admin_client, client, tractor, media_root):
    photo, video = upload(admin_client, tractor, jpg(), MP4).body["data"]["mediaUrls"]
    for url, content_type in ((photo, "image/jpeg"), (video, "video/mp4")):
        response = client.get(url)
        assert (response.status_code, response["Content-Type"]) == (200, content_type)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "sandbox" in response["Content-Security-Policy"]
        assert b"".join(response) == (media_root / url.removeprefix("/media/")).read_bytes()


@pytest.mark.parametrize(
    ("range_header", "status", "content", "content_range"),
    [
        ("bytes=0-3", 206, MP4[:4], f"bytes 0-3/{len(MP4)}"),
        ("bytes=10-", 206, MP4[10:], f"bytes 10-{len(MP4) - 1}/{len(MP4)}"),
        ("bytes=-5", 206, MP4[-5:], f"bytes {len(MP4) - 5}-{len(MP4) - 1}/{len(MP4)}"),
        ("bytes=5-99999", 206, MP4[5:], f"bytes 5-{len(MP4) - 1}/{len(MP4)}"),
        ("bytes=-99999", 206, MP4, f"bytes 0-{len(MP4) - 1}/{len(MP4)}"),
        ("bytes=99999-", 416, b"", f"bytes */{len(MP4)}"),
        ("bytes=-0", 416, b"", f"bytes */{len(MP4)}"),
        ("bytes=-", 200, MP4, None),
        ("bytes=0-1,4-5", 200, MP4, None),
        ("lines=1-2", 200, MP4, None),
        ("bytes=" + "9" * 400 + "-", 200, MP4, None),
    ],
)
def test_a_range_of_a_video_is_served(admin_client, client, tractor, range_header, status, content, content_range):
    (video,) = upload(admin_client, tractor, MP4).body["data"]["mediaUrls"]
    response = client.get(video, headers={"Range": range_header})
    assert (response.status_code, response.get("Content-Range")) == (status, content_range)
    assert b"".join(response) == content
    assert response["Content-Length"] == str(len(content))


@pytest.mark.parametrize(
    "path",
    [
        "devices/2024/01/" + "0" * 32 + ".jpg",
        "devices/../secret_key",
        "devices/2024/01/..%2f..%2f..%2fsecret_key",
        "%2e%2e/secret_key",
        "devices/",
        "devices/2024/01/",
        "devices/2024/01/%00.jpg",
        "../private/leases/a.pdf",
        "devices/2024/01/" + "0" * 32 + ".html",
    ],
)
def test_no_other_file_is_served(client, media_root, path):
    (media_root / "secret_key").write_text("secret")
    assert client.get(f"/media/{path}").status_code == 404


def test_files_without_a_row_are_swept_after_a_day(admin_client, tractor, media_root):
    upload(admin_client, tractor, jpg())
    (stored,) = files_of(media_root)
    orphan, fresh = stored.with_name("0" * 32 + ".jpg"), stored.with_name("1" * 32 + ".jpg")
    for path in (orphan, fresh):
        path.write_bytes(b"left behind")
    two_days_ago = time.time() - 2 * 86400
    for path in (stored, orphan):
        os.utime(path, (two_days_ago, two_days_ago))
    assert sweep_orphan_media() == 1
    assert set(files_of(media_root)) == {stored, fresh}
