"""Workbooks for Excel, written cell by cell into their zip file.

openpyxl takes four times the processor for the same, and a killed worker would leave its drafts in /tmp.
"""

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from exports.cells import Cell, is_formula

MAX_ROWS = 2**20  # of one sheet that Excel opens, heading included
MAX_TEXT = 32767  # characters that Excel takes in one cell
DAY_ZERO = datetime(1899, 12, 30)

BOLD, DAY, MOMENT, TEXT_FOR_EVER = 1, 2, 3, 4
"""Styles of cells, by their place in `cellXfs`. The last keeps a text from becoming a formula when it is edited."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
_PLAIN = 'numFmtId="0" fontId="0" fillId="0" borderId="0"'
_STYLES = f"""{_HEAD}<styleSheet xmlns="{_MAIN}">
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>\
<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf {_PLAIN}/></cellStyleXfs>
<cellXfs count="5"><xf {_PLAIN} xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf {_PLAIN} xfId="0" quotePrefix="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""
_PLACES = f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
# `_x0041_` in a file means the letter A.
_LOOKS_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")


class Workbook:
    """An open file, to which one sheet after the other is written."""

    def __init__(self, file: IO[bytes], title: str, widths: Sequence[int]) -> None:
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self.title, self.widths = title, widths
        self.letters = [_letters(number) for number in range(1, len(widths) + 1)]
        self.sheets = self.rows = 0

    def begin_sheet(self) -> None:
        self.sheets, self.rows = self.sheets + 1, 0
        self.sheet = self.zip.open(f"xl/worksheets/sheet{self.sheets}.xml", "w", force_zip64=True)
        columns = (
            f'<col min="{n}" max="{n}" width="{each}" customWidth="1"/>' for n, each in enumerate(self.widths, 1)
        )
        self._say(
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
            'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{''.join(columns)}</cols><sheetData>"
        )

    def write_row(self, row: Sequence[Cell], style: int = 0) -> None:
        self.rows += 1
        places = (f"{letters}{self.rows}" for letters in self.letters)
        cells = (_written(cell, place, style) for place, cell in zip(places, row, strict=True) if cell is not None)
        self._say(f'<row r="{self.rows}">{"".join(cells)}</row>')

    def end_sheet(self) -> None:
        self._say("</sheetData></worksheet>")
        self.sheet.close()

    def finish(self) -> None:
        """Say what is in the file, and close it."""
        numbers = range(1, self.sheets + 1)
        self.zip.writestr("xl/styles.xml", _STYLES)
        self.zip.writestr("_rels/.rels", _PLACES)
        self.zip.writestr("xl/workbook.xml", self._contents(numbers))
        self.zip.writestr("xl/_rels/workbook.xml.rels", _places_of(numbers))
        self.zip.writestr("[Content_Types].xml", _types_of(numbers))
        self.zip.close()

    def _say(self, text: str) -> None:
        self.sheet.write(text.encode())

    def _contents(self, numbers: Sequence[int]) -> str:
        titles = (self.title if n == 1 else f"{self.title} {n}" for n in numbers)
        sheets = "".join(
            f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="rId{n}"/>'
            for n, title in zip(numbers, titles, strict=True)
        )
        return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _written(cell: Cell, place: str, style: int) -> str:
    match cell:
        case str():
            return _text(cell[:MAX_TEXT], place, style)
        case datetime():
            days = (cell.replace(tzinfo=None) - DAY_ZERO).total_seconds() / 86400
            return f'<c r="{place}" s="{MOMENT}"><v>{days:.10f}</v></c>'
        case date():
            return f'<c r="{place}" s="{DAY}"><v>{cell.toordinal() - DAY_ZERO.toordinal()}</v></c>'
        case _:
            return f'<c r="{place}"><v>{cell}</v></c>'


def _text(text: str, place: str, style: int) -> str:
    style = TEXT_FOR_EVER if is_formula(text) else style
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    said = escape(_LOOKS_ESCAPED.sub("_x005F_", lines))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _letters(number: int) -> str:
    """What Excel calls the column: A, B, ..., Z, AA."""
    before, last = divmod(number - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + last)


def _places_of(numbers: Sequence[int]) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    styles = f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{sheets}{styles}</Relationships>'


def _types_of(numbers: Sequence[int]) -> str:
    parts = {"workbook": "sheet.main", "styles": "styles"} | {f"worksheets/sheet{n}": "worksheet" for n in numbers}
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in parts.items()
    )
    relations = f'<Default Extension="rels" ContentType="{_RELATIONS}"/>'
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{relations}{overrides}</Types>'
