"""From the rows of a list to a file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from django.db.models import QuerySet

from exports.cells import cell_of
from exports.columns import Column, values_of
from exports.models import Format
from exports.sheets import CsvSheet, XlsxSheet

SHEETS: dict[Format, type[CsvSheet] | type[XlsxSheet]] = {Format.CSV: CsvSheet, Format.XLSX: XlsxSheet}
CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK = 1000  # rows in memory


def found(rows: QuerySet, columns: Sequence[Column]) -> Iterator[tuple[Any, ...]]:
    """The values of the rows, fetched bit by bit."""
    return values_of(rows, columns).iterator(chunk_size=CHUNK)


def write(
    values: Iterable[Sequence[Any]], columns: Sequence[Column], *, file: IO[bytes], file_format: Format, title: str
) -> int:
    """Write the values of `columns` to an open file; answers how many rows there were."""
    count = 0
    with SHEETS[file_format](file, columns, title) as sheet:
        for count, row in enumerate(values, 1):  # noqa: B007
            sheet.write([cell_of(column.value(value)) for column, value in zip(columns, row, strict=True)])
    return count
