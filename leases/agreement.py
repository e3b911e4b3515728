"""Render the lease agreement as a PDF, in any script that the bundled fonts cover."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

from core.rupees import amount_in_words, format_inr
from leases.models import Lease

COMPANY = "KissanMitra"
FONTS = Path(__file__).parent / "fonts"
SANS, DEVANAGARI = "Noto Sans", "Noto Sans Devanagari"
MARGIN, LABEL_WIDTH, LINE = 20, 44, 5.4  # millimetres
BLACK, GREY, GREEN, RULE = (20, 26, 22), (90, 102, 95), (29, 92, 59), (203, 200, 186)
SIGNATURES_HEIGHT, ROOM_TO_SIGN = 34, 21

AGREED = "Both parties agree to what is written above, and each keeps a signed copy."

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Invisible characters that change the direction of the text after them."""

Row = tuple[str, str]


def render_agreement(lease: Lease) -> bytes:
    """Return the agreement as a PDF of one or two A4 pages. Load `lease` with order, device, VLE and signer."""
    document = _AgreementPDF(lease)
    document.add_page()
    document.headline(f"Lease agreement #{lease.short_id}", f"Between {COMPANY} and {lease.vle.name}")
    for heading, rows in contents(lease):
        document.section(heading, rows)
    document.section("Agreed", [("", AGREED)])
    document.signatures(_company_line(lease.signed_by.get_short_name()), lease.vle.name)
    return bytes(document.output())


def contents(lease: Lease) -> list[tuple[str, list[Row]]]:
    """Return the sections of the agreement: headings with labelled rows."""
    return [
        ("Parties", _parties(lease)),
        ("Device", _device(lease)),
        ("Terms", _terms(lease)),
        ("Operators", list(_operators(lease))),
        ("Notes", [("", lease.notes or "None")]),
    ]


def _parties(lease: Lease) -> list[Row]:
    vle = lease.vle
    return [
        ("Company", COMPANY),
        ("Signed for it by", str(lease.signed_by)),
        ("VLE", f"{vle.name}, {vle.get_type_display().lower()}"),
        ("Phone", vle.user.phone),
        ("PIN code", vle.pincode or "-"),
    ]


def _device(lease: Lease) -> list[Row]:
    device = lease.device
    address = ", ".join(filter(None, [device.address_first_line, device.city, device.state, device.pincode]))
    return [
        ("Device", f"{device.name} ({device.device_type}, {device.manufacturer})"),
        ("Device id", str(device.pk)),
        ("Sensor id", device.sensor_id or "-"),
        ("Stands at", address),
    ]


def _terms(lease: Lease) -> list[Row]:
    days = (lease.end_date - lease.start_date).days + 1
    period = f"{_day(lease.start_date)} to {_day(lease.end_date)} ({days} {'day' if days == 1 else 'days'})"
    price, deposit = lease.estimated_price, lease.deposit_amount
    return [
        ("Period", period),
        ("Commitment", lease.commitment),
        ("Estimated price", "Not estimated" if price is None else _money(price)),
        ("Deposit", "None" if not deposit else _money(deposit)),
        ("Order", f"#{lease.order.short_id}"),
    ]


def _operators(lease: Lease) -> Iterable[Row]:
    rows = lease.operators.filter(released_at=None).select_related("operator__user").order_by("role", "assigned_at")
    for number, assignment in enumerate(rows, start=1):
        operator, role = assignment.operator, assignment.get_role_display().capitalize()
        licence = f"licence {operator.license_number}" if operator.license_number else "no licence on record"
        yield f"{number}. {role}", f"{operator.name}, {operator.user.phone}, {licence}"
    if not rows:
        yield "", "None named yet"


def _money(amount: Decimal) -> str:
    return f"{format_inr(amount)} ({amount_in_words(amount)})"


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _company_line(name: str) -> str:
    return f"For {COMPANY}: {name}"


class _AgreementPDF(FPDF):
    """Lay out A4 pages with the number of the lease on each."""

    def __init__(self, lease: Lease):
        super().__init__(format="A4")
        self.lease = lease
        for family, file in ((SANS, "NotoSans"), (DEVANAGARI, "NotoSansDevanagari")):
            self.add_font(family, "", FONTS / f"{file}-Regular.ttf")
            self.add_font(family, "B", FONTS / f"{file}-Bold.ttf")
        self._character_maps = [font.cmap for font in self.fonts.values() if isinstance(font, TTFFont)]
        self.set_fallback_fonts([DEVANAGARI])
        self.set_text_shaping(True)
        self.set_margins(MARGIN, 16, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=20)
        self.set_title(f"Lease agreement #{lease.short_id}")
        self.set_lang("en-IN")
        self.set_creation_date(lease.created_at)

    def headline(self, title: str, subtitle: str) -> None:
        self._put(title, size=18, style="B", color=GREEN, height=9)
        self._put(subtitle, size=11, color=GREY)
        self._put(f"Drawn up on {_day(timezone.localdate(self.lease.created_at))}", size=11, color=GREY)

    def section(self, heading: str, rows: Iterable[Row]) -> None:
        self._heading(heading)
        for label, value in rows:
            self._row(label, value)

    def signatures(self, *names: str) -> None:
        """Draw the signature lines side by side, never split by a page break."""
        if self.will_page_break(SIGNATURES_HEIGHT):
            self.add_page()
        self.ln(ROOM_TO_SIGN)
        width, top = (self.epw - 16) / len(names), self.get_y()
        for number, name in enumerate(names):
            left = MARGIN + number * (width + 16)
            self.set_draw_color(*BLACK)
            self.line(left, top, left + width, top)
            self.set_xy(left, top + 1.5)
            self._put(name, size=9.5, style="B", width=width, height=5)
            self.set_x(left)
            self._put("Signature, place and date", size=8.5, color=GREY, width=width, height=5)

    def footer(self) -> None:
        self.set_y(-15)
        left = f"Lease #{self.lease.short_id}, printed on {_day(timezone.localdate())}"
        self.set_font(SANS, size=8)
        self.set_text_color(*GREY)
        self.cell(self.epw / 2, 6, left)
        self.cell(self.epw / 2, 6, f"Page {self.page_no()} of {{nb}}", align="R")

    def _heading(self, text: str) -> None:
        if self.will_page_break(LINE * 4):
            self.add_page()
        self.ln(3)
        self._put(text, size=11.5, style="B", color=GREEN, height=6.5)
        self.set_draw_color(*RULE)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(1.5)

    def _row(self, label: str, value: str) -> None:
        if label:
            self.set_font(SANS, size=10)
            self.set_text_color(*GREY)
            self.cell(LABEL_WIDTH, LINE, label)
        self._put(value, size=10, width=self.epw - (LABEL_WIDTH if label else 0))

    def _put(
        self,
        text: str,
        *,
        size: float,
        style: str = "",
        color: tuple[int, int, int] = BLACK,
        width: float = 0,
        height: float = LINE,
    ) -> None:
        self.set_font(SANS, style, size)
        self.set_text_color(*color)
        # fpdf2 (2.8.9) loses the font after a line that starts in the fallback font, unless it was used before.
        self.cell(0, 0, " ", new_x=XPos.LEFT)
        self.multi_cell(width, height, self._printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _printable(self, text: str) -> str:
        """Replace characters that no font has by question marks; fpdf2 would omit them."""
        return "".join(self._character(character) for character in text)

    def _character(self, character: str) -> str:
        if character in "\n\u200c\u200d" or any(ord(character) in cmap for cmap in self._character_maps):
            return "" if character in BIDI_CONTROLS else character
        return "?"
