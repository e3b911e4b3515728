"""Text cells stay text: no spreadsheet executes them, and no file breaks on them."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from openpyxl import load_workbook

from exports import sheets
from exports.cells import cell_of, is_formula
from exports.choices import Format
from exports.columns import Column
from exports.writing import write

FORMULAS = [
    '=HYPERLINK("http://example.com/?"&A1)',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u3000@SUM(A1)",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(A1)",
    " \uff1d1+1",
    "\ufe661+1",
    "\u22121+1",
    "+919876543210",
    "-",
    "\t",
]
HARMLESS = ["Tractor", "9876543210", "a=b", "1-2", "आशा", "\u0915=", "'=1+1", '"=1+1"', "(=1)", "#", "₹ 5", " a"]


def written(values, file_format, *headings):
    file = io.BytesIO()
    columns = [Column(heading, "pk") for heading in headings or ["Text"]]
    write([values], columns, file=file, file_format=file_format, title="Notes")
    return file


def csv_of(*values, headings=("Text",)):
    return written(values, Format.CSV, *headings).getvalue().decode("utf-8")


def sheet_of(*values, headings=("Text",)):
    return load_workbook(written(values, Format.XLSX, *headings))["Notes"]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_a_formula_becomes_text_in_csv(text):
    quoted = text.replace('"', '""')
    cell = f'"\'{quoted}"' if quoted != text or set(text) & set(",\r\n") else f"'{text}"
    assert csv_of(text) == f"\ufeffText\r\n{cell}\r\n"


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_a_formula_is_a_text_that_stays_one_in_excel(text):
    cell = sheet_of(text)["A2"]
    assert (cell.value, cell.data_type) == (
        text.replace("\r", "\n"),
        "s",
    )  # as every reader of XML reads the end of a line
    assert cell.quotePrefix


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_what_is_no_formula_stays_as_it_is(text):
    assert not is_formula(text)
    assert csv_of(text).removeprefix("\ufeffText\r\n").rstrip() in {text, '"""=1+1"""'}
    cell = sheet_of(text)["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "TRUE", "00123", "1E5", "12:30", "2024-01-01", "20%"])
def test_words_that_excel_would_read_as_something_else_stay_texts(text):
    cell = sheet_of(text)["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_phone_is_a_text_that_can_be_read():
    assert csv_of("+919876543210") == "\ufeffText\r\n'+919876543210\r\n"
    assert sheet_of("+919876543210")["A2"].value == "+919876543210"


def test_control_characters_break_no_file():
    text = "a\x00b\x07c\x0bd\x1be\ufffef\uffffg"
    assert csv_of(text) == "\ufeffText\r\nabcdefg\r\n"
    assert sheet_of(text)["A2"].value == "abcdefg"
    assert sheet_of("\x01=1+1")["A2"].data_type == "s"


def test_commas_quotes_and_lines_stay_in_their_cell():
    assert csv_of('a,"b"\nc') == '\ufeffText\r\n"a,""b""\nc"\r\n'
    assert sheet_of('a,"b"\nc & <d> ]]>')["A2"].value == 'a,"b"\nc & <d> ]]>'


def test_a_text_too_long_for_excel_is_cut_there_only():
    assert len(sheet_of("x" * 40000)["A2"].value) == 32767
    assert "x" * 40000 in csv_of("x" * 40000)


def test_values_are_of_their_kind():
    moment = datetime(2024, 1, 15, 20, 0, 0, 999, tzinfo=UTC)  # already the 16th in the office
    key = UUID("3f2504e0-4f89-41d3-9a0c-0305e82c3301")
    values = (key, moment, date(2024, 1, 15), Decimal("12500.50"), 7, 0.25, True, None, "")
    headings = ("id", "moment", "day", "money", "number", "part", "yes", "none", "empty")
    assert csv_of(*values, headings=headings).splitlines()[1] == (
        "3f2504e0-4f89-41d3-9a0c-0305e82c3301,2024-01-16T01:30:00+05:30,2024-01-15,12500.50,7,0.25,yes,,"
    )
    row = sheet_of(*values, headings=headings)[2]
    assert [cell.value for cell in row] == [
        "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        datetime(2024, 1, 16, 1, 30),
        datetime(2024, 1, 15),
        12500.50,
        7,
        0.25,
        "yes",
        *([None, None][: len(row) - 7]),
    ]
    assert [cell.data_type for cell in row[:7]] == ["s", "d", "d", "n", "n", "n", "s"]


def test_a_negative_number_stays_a_number():
    assert csv_of(Decimal("-5.00")) == "\ufeffText\r\n-5.00\r\n"
    assert sheet_of(Decimal("-5.00"))["A2"].value == -5


def test_what_excel_would_take_for_an_escaped_letter_stays_as_it_was_written():
    with zipfile.ZipFile(written(["_x0041_ a_b"], Format.XLSX)) as book:
        assert "<t>_x005F_x0041_ a_b</t>" in book.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("text", ["<r>a</r>", "<r><t>a</t></r>", "<r></is></c><f>1+1</f></r>"], ids=ascii)
def test_what_the_library_would_take_for_its_own_markup_stays_text(text):
    assert sheet_of(text)["A2"].value == f"{text} "


def test_headings_stay_in_sight():
    sheet = sheet_of("x")
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold


def test_what_one_sheet_cannot_hold_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    file = io.BytesIO()
    count = write(((n,) for n in range(5)), [Column("n", "pk")], file=file, file_format=Format.XLSX, title="Notes")
    assert count == 5
    iterate_values = [[cell.value for (cell,) in sheet.iter_rows()] for sheet in load_workbook(file)]
    assert iterate_values == [["n", 0, 1], ["n", 2, 3], ["n", 4]]


def test_a_workbook_holds_no_formula_at_all():
    with zipfile.ZipFile(written(FORMULAS, Format.XLSX, *["Text"] * len(FORMULAS))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == 2 * len(FORMULAS)


def test_a_moment_loses_its_microseconds():
    assert cell_of(datetime(2024, 1, 15, 0, 0, 0, 5, tzinfo=UTC)).microsecond == 0
