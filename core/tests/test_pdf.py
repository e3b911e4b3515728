"""Which PDFs are accepted: the parser decides, within its limits."""

import io
import subprocess
import sys
import zlib
from functools import partial
from itertools import accumulate

import pikepdf
import pytest
from django.core.files.base import ContentFile

from core import pdf as pdf_module
from core.errors import DomainError
from core.pdf import check_pdf
from tests.support.files import packed_pdf, pdf, pdf_stream
from tests.support.races import together

ACTIVE = "PDF with scripts, attached files or encryption is not accepted"
DAMAGED, TOO_COMPLEX = "PDF is damaged", "PDF is too complex"
MB = 2**20
SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"


def check(content):
    file = ContentFile(content)
    check_pdf(file)
    assert file.read() == content


def assert_refused(content, reason):
    with pytest.raises(DomainError) as refusal:
        check(content)
    assert str(refusal.value) == reason


def saved(content=None, **options):
    """Return a PDF as pikepdf writes it with these options."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(content or pdf())) as document:
        document.save(stream, **options)
    return stream.getvalue()


def encrypted(*, user, revision):
    return saved(encryption=pikepdf.Encryption(owner="owner", user=user, R=revision))


def deflated_twice(content):
    return b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(zlib.compress(content))


def predicted(content):
    """Encode as rows of a PNG, each as the difference to the row above."""
    rows = [content[start : start + 16].ljust(16) for start in range(0, len(content), 16)]
    above = [bytes(16), *rows[:-1]]
    coded = [b"\2" + bytes((a - b) % 256 for a, b in zip(*pair, strict=True)) for pair in zip(rows, above, strict=True)]
    return b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 16 >>", zlib.compress(b"".join(coded))


def run_length_bomb(content):
    return b"/Filter [/FlateDecode /RunLengthDecode]", zlib.compress(b"\x81 " * MB)


# --- Whole ---


@pytest.mark.parametrize("content", [b"%PDF-1.4\nnothing more", pdf()[:-8], pdf().replace(b"startxref", b"")])
def test_a_pdf_that_is_cut_off_is_refused(content):
    assert_refused(content, DAMAGED)


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\nstartxref\n0\n%%EOF",
        pdf().replace(b"/Pages 2 0 R", b"/Pages 9 0 R"),
        pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
        packed_pdf(b"<< /A 1 >>", encode=lambda content: (b"/Filter /FlateDecode", b"garbage")),
        packed_pdf(b"<< /A 1 >>", encode=lambda content: (b"/Filter /Unknown", content)),
        pdf(catalog=b"/A " + b"9" * 30),
    ],
    ids=["nothing", "no pages", "pages in a loop", "broken packing", "unknown packing", "number beyond 64 bits"],
)
def test_a_pdf_that_cannot_be_read_is_refused(content):
    assert_refused(content, DAMAGED)


@pytest.mark.parametrize(
    "content",
    [
        pdf(),
        saved(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        saved(linearize=True),
        pdf().replace(b"startxref\n", b"startxref\n1"),
        pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % pdf().index(b"xref\n0")),
    ],
    ids=["plain", "packed", "linearized", "wrong offset", "tables in a loop"],
)
def test_a_pdf_that_viewers_open_is_accepted_as_it_is(content):
    check(content)


# --- Does nothing but show pages ---


@pytest.mark.parametrize(
    "content",
    [
        pdf(catalog=b"/OpenAction " + SCRIPT),
        pdf(catalog=b"/OpenAction << /S /J#61vaScript >>"),
        pdf(catalog=b"/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", objects=[SCRIPT]),
        pdf(catalog=b"/OpenAction << /S 4 0 R >>", objects=[b"/JavaScript"]),
        pdf(catalog=b"/AA [[<< /Next [" + SCRIPT + b"] >>]]"),
        pdf(objects=[SCRIPT]),
        pdf(catalog=b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
        pdf(catalog=b"/OpenAction << /S /SubmitForm /F (https://kissanmitra.example) >>"),
        pdf(catalog=b"/Names << /EmbeddedFiles 4 0 R >>", objects=[b"<< >>"]),
        pdf(objects=[b"<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>", pdf_stream(b"", b"MZ")]),
        pdf(catalog=b"/AcroForm << /XFA 4 0 R >>", objects=[pdf_stream(b"", b"<xdp/>")]),
        pdf(objects=[b"<< /Type /Annot /Subtype /RichMedia >>"]),
        encrypted(user="secret", revision=4),
        encrypted(user="secret", revision=6),
        packed_pdf(SCRIPT),
        packed_pdf(b"<< /S /J#61vaScript >>"),
        packed_pdf(SCRIPT, dictionary=b"/Type /ObjStm /Note (obj)"),
        packed_pdf(SCRIPT, dictionary=b"/Type /Unknown"),
        packed_pdf(SCRIPT, encode=predicted),
        packed_pdf(SCRIPT, encode=deflated_twice),
        saved(pdf(catalog=b"/OpenAction " + SCRIPT), encryption=pikepdf.Encryption(owner="owner", user="")),
    ],
    ids=[
        "script",
        "script spelt to hide",
        "script by name",
        "script by reference",
        "script nested",
        "script that nothing refers to",
        "program",
        "form that is sent",
        "attached files",
        "attached file",
        "XFA form",
        "rich media",
        "password",
        "password of PDF 2.0",
        "packed script",
        "packed script spelt to hide",
        "packed script behind a string with obj",
        "packed script in a stream of another type",
        "packed script behind a PNG predictor",
        "packed script compressed twice",
        "script behind an owner password",
    ],
)
def test_a_pdf_that_does_more_than_show_pages_is_refused(content):
    assert_refused(content, ACTIVE)


@pytest.mark.parametrize("revision", [4, 6])
def test_a_pdf_that_opens_without_a_password_is_accepted(revision):
    check(encrypted(user="", revision=revision))


@pytest.mark.parametrize(
    "content",
    [
        pdf(objects=[pdf_stream(b"", b"BT (/JavaScript /Encrypt /Launch) Tj ET")]),
        pdf(catalog=b"/Outlines 4 0 R", objects=[b"<< /Title (/JavaScript /Encrypt /EmbeddedFiles) >>"]),
        pdf(b"% /OpenAction << /S /JavaScript >>\n"),
        pdf(catalog=b"/JavaScripts true"),
    ],
    ids=["page", "bookmark", "comment", "longer name"],
)
def test_a_pdf_that_only_writes_of_scripts_is_accepted(content):
    check(content)


def test_a_pdf_with_harmless_packed_objects_and_a_first_page_to_open_is_accepted():
    check(packed_pdf(b"[3 0 R /Fit]"))


# --- Limits ---


@pytest.mark.parametrize(
    "content",
    [
        packed_pdf(b"<< >>" + bytes(40 * MB)),
        pdf(objects=[b"[" * 100_000]),
        pdf(objects=[b"[" + b"0 " * 4 * MB + b"]"]),
        packed_pdf(b"<< >>", encode=run_length_bomb),
    ],
    ids=["packed objects that explode", "deep", "wide", "runs that explode"],
)
def test_a_pdf_that_exhausts_the_parser_is_refused(content):
    assert_refused(content, TOO_COMPLEX)


@pytest.mark.parametrize(
    "crowd", [b"/ObjStm " * 100_000, b"stream\n" * 100_000, b"/ObjStm/Filter stream\nendstream " * 9, b"#41" * 3 * MB]
)
def test_a_pdf_made_to_be_read_slowly_is_answered_at_once(crowd):
    check(pdf(crowd))


def test_a_name_of_nine_megabytes_is_read():
    check(pdf(objects=[b"/" + b"#41" * 3 * MB]))


def test_the_parser_has_limits():
    limits = subprocess.run(
        [
            sys.executable,
            "-c",
            "from core.pdf_inspection import limit_resources as limit; limit(); import resource as r;"
            "print(r.getrlimit(r.RLIMIT_CPU), r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_AS)[0] >> 20)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert limits == "(5, 6) (0, 0) 384\n"


@pytest.fixture
def inspect_with(monkeypatch, tmp_path):
    """Let another program inspect."""

    def replace(source):
        program = tmp_path / "program.py"
        program.write_text(source)
        monkeypatch.setattr(pdf_module, "_PROGRAM", program)

    return replace


def test_a_pdf_that_kills_the_parser_is_refused(inspect_with):
    inspect_with("import os; os.abort()")
    assert_refused(pdf(), TOO_COMPLEX)


def test_a_pdf_that_takes_too_long_is_refused(inspect_with, monkeypatch):
    monkeypatch.setattr(pdf_module, "_TIMEOUT", 0.2)
    inspect_with("import time; time.sleep(60)")
    assert_refused(pdf(), TOO_COMPLEX)


def test_a_failure_of_the_inspection_is_logged_and_refuses_the_file(inspect_with, caplog):
    inspect_with("raise ImportError('no pikepdf')")
    assert_refused(pdf(), DAMAGED)
    assert "no pikepdf" in caplog.text


def test_an_unknown_verdict_is_logged_and_refuses_the_file(inspect_with, caplog):
    inspect_with("print('warning: surprise'); print('accepted')")
    assert_refused(pdf(), DAMAGED)
    assert "warning: surprise" in caplog.text


def test_two_inspections_run_at_once_and_no_more(inspect_with, tmp_path):
    log = tmp_path / "log"
    note = f"open({str(log)!r}, 'a').write"
    inspect_with(f"import time; {note}('+'); time.sleep(0.3); {note}('-'); print('accepted')")
    together(*[partial(check, pdf())] * 5)
    running = list(accumulate({"+": 1, "-": -1}[mark] for mark in log.read_text()))
    assert (max(running), running[-1], len(running)) == (2, 0, 10)


def test_the_parser_gets_no_secrets_of_the_environment(inspect_with, monkeypatch):
    monkeypatch.setenv("DJANGO_SECRET_KEY", "secret")
    inspect_with("import os; print('active' if 'DJANGO_SECRET_KEY' in os.environ else 'accepted')")
    check(pdf())
