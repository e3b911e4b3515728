"""Rows as files that spreadsheets open, written row by row: a long list takes no more memory than a short one."""

import csv
import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import IO, Any, Protocol, Self

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from exports.cells import Cell, is_formula
from exports.columns import Column

MAX_SHEET_ROWS = 2**20  # that Excel opens, heading included
MAX_TEXT = 32767  # characters that Excel takes in one cell


class Sheet(Protocol):
    """An open file; it is whole when the block around it ends."""

    def write(self, row: Sequence[Cell]) -> None: ...


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
        self.file, self.columns, self.title = file, columns, title
        self.book = Workbook(write_only=True)
        self.book.properties.creator = "KissanMitra"
        self._begin_sheet()

    def write(self, row: Sequence[Cell]) -> None:
        if self.rows == MAX_SHEET_ROWS:
            self._begin_sheet()
        self.sheet.append([self._written(cell) for cell in row])
        self.rows += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        if kind is None:
            self.book.save(self.file)
        else:
            self._abandon()

    def _begin_sheet(self) -> None:
        self.sheet = self.book.create_sheet(self.title)
        self.sheet.freeze_panes = "A2"
        for number, column in enumerate(self.columns, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = column.width
        self.sheet.append([self._heading(column) for column in self.columns])
        self.rows = 1

    def _abandon(self) -> None:
        """Take away what the sheets wrote down meanwhile."""
        for sheet in self.book.worksheets:
            sheet.close()
            sheet._writer.cleanup()

    def _heading(self, column: Column) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet, column.heading)
        cell.font = Font(bold=True)
        return cell

    def _written(self, cell: Cell) -> Any:
        match cell:
            case str():
                return self._text(cell[:MAX_TEXT])
            case datetime():
                return cell.replace(tzinfo=None)
            case _:
                return cell

    def _text(self, text: str) -> Any:
        # openpyxl takes "=..." for a formula and "#N/A" for an error unless told that it is text.
        if not (is_formula(text) or text.startswith("#")):
            return text
        cell = WriteOnlyCell(self.sheet, text)
        cell.data_type = "s"
        cell.quotePrefix = True  # stays text when somebody edits it
        return cell
