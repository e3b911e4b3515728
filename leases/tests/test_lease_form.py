"""Test POST /admin/leases as multipart: the forms that clients send, and malformed ones."""

import json
import tempfile
from pathlib import Path

import pytest

from leases.models import Lease, LeaseAttachment
from tests.support.files import pdf, png, sent

PATH = "/admin/leases"
BOUNDARY = "----a-boundary"
JSON_PART = 'name="request"; filename="blob"\r\nContent-Type: application/json'


@pytest.fixture
def temporary_files(tmp_path, monkeypatch):
    """Return the folder in which Django puts large uploads while they are read."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def admin(api, meena):
    return api(meena)


def described(order, **terms):
    return json.dumps({"orderId": str(order.pk), **terms})


def part(headers, content):
    content = content.encode() if isinstance(content, str) else content
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {headers}\r\n\r\n".encode() + content + b"\r\n"


def attachment(content=None, name="agreement.pdf", field="attachmentFiles"):
    return part(f'name="{field}"; filename="{name}"\r\nContent-Type: application/pdf', content or pdf())


def post(client, *parts, end=f"--{BOUNDARY}--\r\n", content_type=f"multipart/form-data; boundary={BOUNDARY}"):
    return client.generic("POST", PATH, b"".join(parts) + end.encode(), content_type=content_type)


def files_below(folder: Path):
    return [path for path in folder.rglob("*") if path.is_file()]


def assert_refused(response, status, private_files):
    """Assert an error in the envelope, and that there is no lease, no row and no file."""
    assert (response.status_code, response.body["success"]) == (status, False)
    assert response.body["errorCode"] == str(status)
    assert response.body["correlationId"]
    assert not Lease.objects.exists()
    assert not LeaseAttachment.objects.exists()
    assert files_below(private_files) == []


def test_the_request_may_be_a_plain_form_field(admin, accepted):
    response = admin.post(PATH, {"request": described(accepted)}, format="multipart")
    assert response.status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        'name="request"',
        'name="request"\r\nContent-Type: application/json',
        'name="request"; filename="request.json"',
        'name="request"; filename="blob"\r\nContent-Type: application/json; charset=utf-8',
        'name="request"; filename="blob"\r\nContent-Type: text/plain',
        'name=request; filename=""\r\nContent-Type: application/json',
    ],
)
def test_the_request_may_be_a_part_of_its_own_kind(admin, accepted, headers):
    response = post(admin, part(headers, described(accepted, notes="शेती")))
    assert (response.status_code, response.body["data"]["notes"]) == (201, "शेती")


def test_the_order_of_the_parts_does_not_matter(admin, accepted):
    response = post(admin, attachment(), part(JSON_PART, described(accepted)))
    assert [one["name"] for one in response.body["data"]["attachments"]] == ["agreement.pdf"]


@pytest.mark.parametrize("field", ["attachmentFiles", "attachmentFiles[]"])
def test_both_field_names_of_files_are_accepted(admin, accepted, field):
    response = post(admin, part(JSON_PART, described(accepted)), attachment(field=field), attachment(field=field))
    assert len(response.body["data"]["attachments"]) == 2


@pytest.mark.parametrize("field", ["attachmentTypes", "attachmentTypes[]"])
def test_types_belong_to_files_by_index(admin, accepted, field):
    types = [part(f'name="{field}"', kind) for kind in ("LEASE_AGREEMENT", "", "IDENTITY_PROOF")]
    files = [attachment(name=f"{number}.pdf") for number in range(4)]
    response = post(admin, part(JSON_PART, described(accepted)), *types, *files)
    assert [(one["name"], one["type"]) for one in response.body["data"]["attachments"]] == [
        ("0.pdf", "LEASE_AGREEMENT"),
        ("1.pdf", "OTHER"),
        ("2.pdf", "IDENTITY_PROOF"),
        ("3.pdf", "OTHER"),
    ]


def test_a_type_without_a_file_is_ignored(admin, accepted):
    response = post(admin, part(JSON_PART, described(accepted)), part('name="attachmentTypes"', "NONSENSE"))
    assert response.status_code == 201


def test_an_unknown_type_is_refused(admin, accepted, private_files):
    response = post(
        admin, part(JSON_PART, described(accepted)), part('name="attachmentTypes[]"', "SELFIE"), attachment()
    )
    assert response.body["errorDetails"] == (
        "{attachmentTypes[0]=Attachment type must be one of LEASE_AGREEMENT, TRAINING_CERT, IDENTITY_PROOF, OTHER}"
    )
    assert_refused(response, 400, private_files)


def test_unknown_parts_are_ignored(admin, accepted):
    others = [part('name="orderId"', "x"), part('name="photo"; filename="x.exe"', "MZ"), part('x="y"', "z")]
    response = post(admin, part(JSON_PART, described(accepted)), *others)
    assert (response.status_code, response.body["data"]["attachments"]) == (201, [])


def test_an_empty_list_of_files_is_ignored(admin, accepted):
    response = post(admin, part(JSON_PART, described(accepted)), part('name="attachmentFiles"', ""))
    assert response.status_code == 201


def test_files_sent_as_text_are_refused(admin, accepted, private_files):
    response = post(admin, part(JSON_PART, described(accepted)), part('name="attachmentFiles"', "JVBERi0xLjQK"))
    assert response.body["errorDetails"] == "{attachmentFiles=Attachments must be sent as files}"
    assert_refused(response, 400, private_files)


def test_the_request_part_is_required(admin, private_files):
    response = post(admin, attachment())
    assert response.body["errorDetails"] == "{request=Request is required}"
    assert_refused(response, 400, private_files)


def test_an_empty_form_is_refused(admin, private_files):
    assert_refused(post(admin, end=""), 400, private_files)


@pytest.mark.parametrize("second", ['name="request"', JSON_PART])
def test_a_request_sent_twice_is_refused(admin, accepted, private_files, second):
    response = post(admin, part('name="request"', described(accepted)), part(second, described(accepted)))
    assert response.body["errorDetails"] == "{request=Request must be sent once}"
    assert_refused(response, 400, private_files)


@pytest.mark.parametrize("headers", ['name="request"', JSON_PART])
def test_a_request_above_64_kb_is_refused(admin, accepted, private_files, headers):
    response = post(admin, part(headers, described(accepted, ignored="x" * 65536)), attachment())
    assert response.body["message"] == "Request too large"
    assert_refused(response, 413, private_files)


@pytest.mark.parametrize("headers", ['name="request"', JSON_PART])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"orderId=1",
        b"{",
        b"[" * 1000,
        b'{"orderId": NaN}',
        b'{"orderId": "a", "orderId": "b"}',
        b'{"orderId": "\xff\xfe"}',
        b'{"orderId": "\\ud800"}',
        b"\x00",
        b"<request/>",
    ],
)
def test_invalid_json_is_refused(admin, private_files, headers, content):
    response = post(admin, part(headers, content), attachment())
    assert response.body["errorDetails"] == "Malformed JSON request"
    assert_refused(response, 400, private_files)


@pytest.mark.parametrize("content", ["null", "[]", '"text"', "5"])
def test_json_that_is_not_an_object_is_refused(admin, accepted, private_files, content):
    response = post(admin, part('name="request"', content), part('name="orderId"', str(accepted.pk)))
    assert response.body["errorDetails"] == "{request=Request must be a JSON object}"
    assert_refused(response, 400, private_files)


def test_a_urlencoded_form_is_refused(admin, accepted, private_files):
    body = f"orderId={accepted.pk}".encode()
    response = admin.generic("POST", PATH, body, content_type="application/x-www-form-urlencoded")
    assert response.body["message"] == "Unsupported media type"
    assert_refused(response, 415, private_files)


@pytest.mark.parametrize("end", ["", f"--{BOUNDARY}", "\r\n"])
def test_a_body_without_its_end_is_refused(admin, accepted, private_files, temporary_files, end):
    described_part = part(JSON_PART, described(accepted))
    assert_refused(post(admin, described_part, end=end), 400, private_files)
    assert_refused(post(admin, described_part, attachment(), end=end), 400, private_files)
    assert_refused(post(admin, attachment(pdf(bytes(3 * 2**20))), described_part, end=end), 400, private_files)
    assert files_below(temporary_files) == []


def test_a_truncated_file_is_refused(admin, accepted, private_files, temporary_files):
    whole = part(JSON_PART, described(accepted)) + attachment(pdf(bytes(4 * 2**20)))
    assert_refused(post(admin, whole[: 3 * 2**20], end=""), 400, private_files)
    assert files_below(temporary_files) == []


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=ä", "multipart/mixed"])
def test_a_content_type_without_a_usable_boundary_is_refused(admin, accepted, private_files, content_type):
    response = post(admin, part(JSON_PART, described(accepted)), content_type=content_type)
    assert_refused(response, 415 if "mixed" in content_type else 400, private_files)


@pytest.mark.parametrize("extra", ['name="x{}"', 'name="request"', 'name="attachmentFiles"; filename="{}.pdf"', "{}"])
def test_a_thousand_parts_are_refused(admin, accepted, private_files, temporary_files, extra):
    parts = [part(extra.format(number), "x") for number in range(1000)]
    response = post(admin, part(JSON_PART, described(accepted)), *parts)
    assert response.body["errorDetails"] == "At most 100 parts can be sent at once"
    assert_refused(response, 400, private_files)
    assert files_below(temporary_files) == []


def test_a_hundred_parts_are_accepted(admin, accepted):
    parts = [part(f'name="x{number}"', "x") for number in range(99)]
    assert post(admin, part(JSON_PART, described(accepted)), *parts).status_code == 201


def test_a_final_boundary_split_between_two_reads_is_found(admin):
    request, closing = part('name="request"', '{"orderId": "unknown"}'), f"--{BOUNDARY}--"
    shortest = len(request + part('name="x"', ""))
    for already_read in range(len(closing) + 1):
        filler = "x" * (64 * 1024 - shortest - already_read)
        response = post(admin, request, part('name="x"', filler), end=closing)
        assert response.body["errorDetails"] == "Order not found"


def test_headers_of_a_part_are_limited(admin, accepted, private_files):
    response = post(admin, part(JSON_PART, described(accepted)), attachment(name="x" * 5000))
    assert_refused(response, 400, private_files)


def test_a_body_announced_as_too_long_is_refused_before_it_is_read(admin, private_files):
    response = admin.generic(
        "POST", PATH, b"", content_type=f"multipart/form-data; boundary={BOUNDARY}", CONTENT_LENGTH=str(200 * 2**20)
    )
    assert_refused(response, 413, private_files)


def test_large_files_leave_nothing_in_the_temporary_folder(admin, accepted, temporary_files, private_files):
    large = pdf(bytes(3 * 2**20))
    response = post(admin, part(JSON_PART, described(accepted)), attachment(large))
    assert response.status_code == 201
    assert files_below(temporary_files) == []
    assert [path.stat().st_size for path in files_below(private_files)] == [len(large)]


def test_a_refused_lease_leaves_no_file(admin, accepted, private_files):
    assignments = [{"operatorId": "00000000-0000-4000-8000-000000000000", "role": "PRIMARY"}]
    response = admin.post(
        PATH,
        {
            "request": described(accepted, operators=assignments),
            "attachmentFiles": [sent(pdf(), "a.pdf"), sent(png(), "b.png")],
        },
        format="multipart",
    )
    assert response.body["errorDetails"] == "Operator not found"
    assert_refused(response, 404, private_files)
