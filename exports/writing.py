"""Write the rows of a list to a file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.db.models import QuerySet

from exports.cells import cell_of
from exports.choices import Format
from exports.columns import Column, values_of
from exports.sheets import CsvSheet, XlsxSheet

SHEETS: dict[Format, type[CsvSheet] | type[XlsxSheet]] = {Format.CSV: CsvSheet, Format.XLSX: XlsxSheet}
CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK_ROWS = 1000  # in memory at once


def iterate_values(rows: QuerySet, columns: Sequence[Column]) -> Iterator[tuple[Any, ...]]:
    """Yield the column values of each row, fetched in chunks."""
    return values_of(rows, columns).iterator(chunk_size=CHUNK_ROWS)


def write(
    values: Iterable[Sequence[Any]], columns: Sequence[Column], *, file: IO[bytes], file_format: Format, title: str
) -> int:
    """Write the values of `columns` to an open file. Return the number of rows."""
    count = 0
    with SHEETS[file_format](file, columns, title) as sheet:
        for count, row in enumerate(values, 1):  # noqa: B007
            sheet.write([cell_of(column.value(value)) for column, value in zip(columns, row, strict=True)])
    return count
