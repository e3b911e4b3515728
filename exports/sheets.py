"""Rows as files that spreadsheets open, written row by row: a long list takes no more memory than a short one.

A sheet is whole when the block around it ends.
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
    """UTF-8 that says so, for Excel; what might be a formula is text behind an apostrophe."""

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
    """A workbook whose texts are typed as texts: what looks like a formula stays one to be read."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], title: str) -> None:
        self.headings, self.title = [column.heading for column in columns], title
        self.widths = [column.width for column in columns]
        self.drafts = TemporaryDirectory(dir=drafts_folder())
        self.book = Workbook(file, {"constant_memory": True, "tmpdir": self.drafts.name})
        self.bold = self.book.add_format({"bold": True})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.text_for_ever = self.book.add_format({"quote_prefix": True})  # also when it is edited
        self._begin_sheet()

    def write(self, row: Sequence[Cell]) -> None:
        if self.rows == MAX_ROWS:
            self._begin_sheet()
        for place, cell in enumerate(row):
            self._write(place, cell)
        self.rows += 1

    def __exit__(self, *error: object) -> None:
        with self.drafts:
            self.book.close()

    def _begin_sheet(self) -> None:
        number = len(self.book.worksheets()) + 1
        self.sheet = self.book.add_worksheet(self.title if number == 1 else f"{self.title} {number}")
        for place, (heading, width) in enumerate(zip(self.headings, self.widths, strict=True)):
            self.sheet.set_column(place, place, width)
            self.sheet.write_string(0, place, heading, self.bold)
        self.sheet.freeze_panes(1, 0)
        self.rows = 1

    def _write(self, place: int, cell: Cell) -> None:
        match cell:
            case None:
                pass
            case str():
                self._write_text(place, cell[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n"))
            case datetime():
                self.sheet.write_datetime(self.rows, place, cell.replace(tzinfo=None), self.moment)
            case date():
                self.sheet.write_datetime(self.rows, place, cell, self.day)
            case _:
                self.sheet.write_number(self.rows, place, cell)

    def _write_text(self, place: int, text: str) -> None:
        # The library takes what begins and ends so for markup of its own; a space is enough to tell it otherwise.
        said = f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
        self.sheet.write_string(self.rows, place, said, self.text_for_ever if is_formula(text) else None)
