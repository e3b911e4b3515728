"""Test the documents of a lease: which are accepted, how they are stored, and who may download them."""

import json
from pathlib import Path

import pytest
from django.db import OperationalError

from accounts.models import Role
from leases.documents import Document, stored_attachments
from leases.models import Lease, LeaseAttachment
from tests.support import factories
from tests.support.files import HTML, MP4, SVG, jpg, jpg_taken_upright, packed_pdf, pdf, png, sent

UNKNOWN = "00000000-0000-4000-8000-000000000000"
MB = 2**20


@pytest.fixture
def sign(api, meena, accepted):
    """Return a function that creates the lease with these files as (content, name)."""

    def post(*files):
        form = {
            "request": json.dumps({"orderId": str(accepted.pk)}),
            "attachmentFiles": [sent(content, name) for content, name in files],
        }
        return api(meena).post("/admin/leases", form, format="multipart")

    return post


@pytest.fixture
def agreement(sign):
    """Return the path of Ravi's lease agreement in the API."""
    return sign((pdf(), "agreement.pdf")).body["data"]["attachments"][0]["url"]


def fetch(client, path):
    """Return the response, with its streamed content as `response.file`."""
    response = client.get(path)
    response.file = response.getvalue() if response.streaming else None
    return response


def files_below(folder: Path):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_document_is_listed_with_its_metadata(sign, private_files):
    (listed,) = sign((pdf(), "agreement.pdf")).body["data"]["attachments"]
    row = LeaseAttachment.objects.get()
    assert listed == {
        "id": str(row.pk),
        "type": "OTHER",
        "url": f"/api/v1/leases/{row.lease_id}/attachments/{row.pk}",
        "name": "agreement.pdf",
        "size": len(pdf()),
        "uploadedAt": row.uploaded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    assert [path.suffix for path in files_below(private_files)] == [".pdf"]


def test_ten_files_of_every_kind_are_accepted(sign, private_files):
    kinds = [(pdf(), "p.pdf"), (jpg(), "j.jpg"), (png(), "n.png"), (jpg(), "j.jpeg")]
    response = sign(*(kinds * 3)[:10])
    assert response.status_code == 201
    assert len(response.body["data"]["attachments"]) == len(files_below(private_files)) == 10


@pytest.mark.parametrize("count", [11, 12, 30])
def test_more_than_ten_files_are_refused(sign, private_files, count):
    response = sign(*[(pdf(), f"{number}.pdf") for number in range(count)])
    assert response.status_code == 400
    assert response.body["errorDetails"] == "{attachmentFiles=At most 10 files can be attached to a lease}"
    assert_nothing_was_stored(private_files)


def test_a_file_of_ten_megabytes_is_accepted(sign):
    filling = bytes(10 * MB - len(pdf(b"")))
    assert sign((pdf(filling), "large.pdf")).body["data"]["attachments"][0]["size"] == 10 * MB


def test_a_larger_file_is_refused(sign, private_files):
    response = sign((pdf(bytes(10 * MB)), "larger.pdf"))
    assert (response.status_code, response.body["errorDetails"]) == (413, "Each file must be at most 10 MB")
    assert_nothing_was_stored(private_files)


@pytest.mark.parametrize(
    ("content", "status", "details"),
    [
        (SVG, 415, "Only PDF, JPG, PNG files are accepted"),
        (HTML, 415, "Only PDF, JPG, PNG files are accepted"),
        (MP4, 415, "Only PDF, JPG, PNG files are accepted"),
        (b"MZ" + bytes(100), 415, "Only PDF, JPG, PNG files are accepted"),
        (b"", 400, "File is empty"),
        (pdf()[:-30], 400, "PDF is damaged"),
        (jpg((400, 300))[:-800], 400, "Picture is damaged"),
        (pdf(catalog=b"/OpenAction << /S /JavaScript >>"), 400, "PDF with scripts, attached files or encryption"),
        (packed_pdf(b"<< /S /Launch >>"), 400, "PDF with scripts, attached files or encryption"),
    ],
    ids=["svg", "html", "mp4", "exe", "empty", "cut pdf", "cut jpg", "script", "hidden program"],
)
def test_the_type_is_detected_by_content_not_by_name(sign, private_files, content, status, details):
    response = sign((pdf(), "good.pdf"), (content, "agreement.pdf"))
    assert response.status_code == status
    assert response.body["errorDetails"].startswith(details)
    assert_nothing_was_stored(private_files)


def test_an_image_is_stored_without_location_metadata(sign, private_files):
    sign((jpg_taken_upright(), "identity.jpg"))
    (stored,) = files_below(private_files)
    assert b"Exif" not in stored.read_bytes()


@pytest.mark.parametrize(
    ("sent_as", "shown", "saved_as"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf", 'filename="passwd.pdf"'),
        ("..\\..\\boot.pdf", "boot.pdf", 'filename="boot.pdf"'),
        ("evil.exe", "evil.exe", 'filename="evil.exe.pdf"'),
        ("CON", "CON", 'filename="CON.pdf"'),
        ("a\u202efdp.exe", "afdp.exe", 'filename="afdp.exe.pdf"'),
        ("करार.pdf", "करार.pdf", "filename*=utf-8''%E0%A4%95%E0%A4%B0%E0%A4%BE%E0%A4%B0.pdf"),
        ("a;b=c,d.PDF", "a;b=c,d.PDF", 'filename="a;b=c,d.PDF"'),
        ("%2e%2e%2fx.pdf", "%2e%2e%2fx.pdf", 'filename="%2e%2e%2fx.pdf"'),
        ("<script>.pdf", "<script>.pdf", 'filename="<script>.pdf"'),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_hostile_name_is_sanitized(api, meena, sign, private_files, sent_as, shown, saved_as):
    (listed,) = sign((pdf(), sent_as)).body["data"]["attachments"]
    assert listed["name"] == shown
    (stored,) = files_below(private_files)
    assert stored.name != shown and stored.suffix == ".pdf"
    disposition = fetch(api(meena), listed["url"]).headers["Content-Disposition"]
    assert disposition.startswith("attachment; ") and saved_as in disposition


def test_files_stay_if_the_commit_may_have_happened(private_files):
    with pytest.raises(OperationalError), stored_attachments([Document(sent(pdf(), "a.pdf"))]):
        raise OperationalError("server closed the connection unexpectedly")
    assert len(files_below(private_files)) == 1


# --- Downloads ---


def test_a_document_is_served_as_a_download(api, ravi, agreement):
    response = fetch(api(ravi), agreement)
    assert response.status_code == 200
    assert response.file == pdf()
    expected = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": 'attachment; filename="agreement.pdf"',
        "Content-Length": str(len(pdf())),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Type": "application/pdf",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: response.headers[name] for name in expected} == expected


def test_the_vle_of_the_lease_and_every_admin_may_download(api, ravi, meena, agreement):
    other_admin = factories.user("+919876543201", "Nila", Role.ADMIN)
    assert [fetch(api(person), agreement).status_code for person in (ravi, meena, other_admin)] == [200, 200, 200]


@pytest.mark.parametrize("role", [Role.FARMER, Role.OPERATOR, Role.VLE])
def test_strangers_are_refused(api, agreement, role):
    stranger = (
        factories.vle("+919876543255", "Other") if role == Role.VLE else factories.user("+919876543255", "Other", role)
    )
    response = api(stranger).get(agreement)
    assert (response.status_code, response.body["message"]) == (403, "Access denied")
    assert response.body["errorDetails"] == "You do not have access to this lease"


def test_the_operator_of_the_lease_is_refused(api, farid, agreement):
    Lease.objects.get().operators.create(operator=farid, role="PRIMARY")
    assert api(farid.user).get(agreement).status_code == 403


def test_a_download_needs_a_token(api, agreement):
    response = api().get(agreement)
    assert (response.status_code, response.body["errorDetails"]) == (401, "Authentication failed")


def test_a_vle_in_another_role_is_refused(api, ravi, agreement):
    ravi.role_assignments.create(role=Role.FARMER)
    assert api(ravi, Role.FARMER).get(agreement).status_code == 403


@pytest.mark.parametrize("attachment_id", [UNKNOWN, "x", "..", "%00", "a" * 5000])
def test_an_unknown_document_is_not_found(api, ravi, agreement, attachment_id):
    response = api(ravi).get(agreement.rsplit("/", 1)[0] + "/" + attachment_id)
    assert (response.status_code, response.body["message"]) == (404, "Resource not found")


def test_a_document_belongs_to_its_lease_only(api, ravi, meena, agreement):
    other = factories.lease(factories.device("Plough"), ravi, meena, *[Lease.objects.get().start_date] * 2)
    response = api(ravi).get(f"/leases/{other.pk}/attachments/{LeaseAttachment.objects.get().pk}")
    assert (response.status_code, response.body["errorDetails"]) == (404, "Attachment not found")


def test_a_document_whose_file_is_missing_is_not_found(api, ravi, agreement, private_files, caplog):
    for file in files_below(private_files):
        file.unlink()
    response = fetch(api(ravi), agreement)
    assert (response.status_code, response.body["errorDetails"]) == (404, "Attachment not found")
    assert "has lost its file" in caplog.text


def test_documents_are_not_public_media(api, agreement):
    name = LeaseAttachment.objects.get().file.name
    assert api().get(f"/api/v1/{name}").status_code == 404


def assert_nothing_was_stored(private_files):
    assert not Lease.objects.exists()
    assert files_below(private_files) == []
