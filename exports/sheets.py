"""Rows as files that spreadsheets open, written row by row: a long list takes no more memory than a short one.

A sheet is whole when the block around it ends.
"""

import csv
import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import IO, Any

from exports.cells import Cell, is_formula
from exports.columns import Column
from exports.workbooks import BOLD, MAX_ROWS, Workbook


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
        self.headings = [column.heading for column in columns]
        self.book = Workbook(file, title, [column.width for column in columns])
        self._begin_sheet()

    def write(self, row: Sequence[Cell]) -> None:
        if self.book.rows == MAX_ROWS:
            self.book.end_sheet()
            self._begin_sheet()
        self.book.write_row(row)

    def __exit__(self, *error: object) -> None:
        self.book.end_sheet()
        self.book.finish()

    def _begin_sheet(self) -> None:
        self.book.begin_sheet()
        self.book.write_row(self.headings, BOLD)
