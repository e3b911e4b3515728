"""Write rows to CSV and XLSX files with constant memory.

A sheet is a context manager; the file is complete when its block ends.
"""

import csv
import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import IO, Any

from xlsxwriter import Workbook

from exports.cells import Cell, is_formula
from exports.columns import Column
from exports.models import drafts_folder

MAX_ROWS = 2**20  # of one sheet that Excel opens, heading included
MAX_TEXT = 32767  # characters that Excel takes in one cell


class CsvSheet(AbstractContextManager["CsvSheet"]):
    """Write UTF-8 with a byte order mark for Excel; text that looks like a formula gets an apostrophe."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], title: str) -> None:
        self.text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self.writer = csv.writer(self.text)
        self.writer.writerow([column.heading for column in columns])

    def write(self, row: Sequence[Cell]) -> None:
        self.writer.writerow([self._written(cell) for cell in row])

    def __exit__(self, *error: object) -> None:
        self.text.detach()

    def _written(self, cell: Cell) -> Any:
        match cell:
            case str():
                return f"'{cell}" if is_formula(cell) else cell
            case date():
                return cell.isoformat()
            case _:
                return cell


class XlsxSheet(AbstractContextManager["XlsxSheet"]):
    """Write a workbook whose text cells are typed as text, so that no formula is executed."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], title: str) -> None:
        self.headings, self.title = [column.heading for column in columns], title
        self.widths = [column.width for column in columns]
        self.drafts = TemporaryDirectory(dir=drafts_folder())
        self.book = Workbook(file, {"constant_memory": True, "tmpdir": self.drafts.name})
        self.bold = self.book.add_format({"bold": True})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.quoted_text = self.book.add_format({"quote_prefix": True})  # also when it is edited
        self._add_sheet()

    def write(self, row: Sequence[Cell]) -> None:
        if self.rows == MAX_ROWS:
            self._add_sheet()
        for column, cell in enumerate(row):
            self._write(column, cell)
        self.rows += 1

    def __exit__(self, *error: object) -> None:
        with self.drafts:
            self.book.close()

    def _add_sheet(self) -> None:
        number = len(self.book.worksheets()) + 1
        self.sheet = self.book.add_worksheet(self.title if number == 1 else f"{self.title} {number}")
        for column, (heading, width) in enumerate(zip(self.headings, self.widths, strict=True)):
            self.sheet.set_column(column, column, width)
            self.sheet.write_string(0, column, heading, self.bold)
        self.sheet.freeze_panes(1, 0)
        self.rows = 1

    def _write(self, column: int, cell: Cell) -> None:
        match cell:
            case None:
                pass
            case str():
                self._write_text(column, cell[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n"))
            case datetime():
                self.sheet.write_datetime(self.rows, column, cell.replace(tzinfo=None), self.moment)
            case date():
                self.sheet.write_datetime(self.rows, column, cell, self.day)
            case _:
                self.sheet.write_number(self.rows, column, cell)

    def _write_text(self, column: int, text: str) -> None:
        # XlsxWriter treats text in <r>...</r> as its own markup; a trailing space prevents that.
        written = f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
        self.sheet.write_string(self.rows, column, written, self.quoted_text if is_formula(text) else None)
