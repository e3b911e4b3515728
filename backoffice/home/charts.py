"""Lay out charts: the position and length of each bar. Widths are percentages, so that text keeps its size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

HEIGHT = 150
"""Height of a column chart in pixels."""
GAP = 0.28
"""Share of a column's width that stays free."""


@dataclass(frozen=True)
class Part:
    """Represent one part of a bar or column."""

    kind: str
    label: str
    value: float
    text: str
    url: str = ""


@dataclass(frozen=True)
class Box:
    """Represent the rectangle of a part: horizontal in percent, vertical in pixels."""

    part: Part
    label: str
    x: str
    width: str
    y: str = "0"
    height: str = "0"


@dataclass(frozen=True)
class Bar:
    """Represent one horizontal bar with a label and a number. Its parts lie side by side."""

    label: str
    url: str
    text: str
    parts: Sequence[Part]
    note: str = ""
    tone: str = ""
    """The colour of the label as a badge; "" for plain text."""
    scale: float = 1
    """The value that fills the whole width."""

    @property
    def value(self) -> float:
        return sum(part.value for part in self.parts)

    @property
    def boxes(self) -> list[Box]:
        boxes, start = [], 0.0
        for part in self.parts:
            width = 100 * part.value / self.scale
            boxes.append(Box(part, self.label, _percent(start), _percent(width)))
            start += width
        return boxes


def scale_to_longest(bars: Sequence[Bar]) -> list[Bar]:
    """Return the bars scaled so that the longest one fills the whole width."""
    longest = max((bar.value for bar in bars), default=0)
    return [replace(bar, scale=longest or 1) for bar in bars]


@dataclass(frozen=True)
class Column:
    """Represent one column of a chart. Its parts are stacked."""

    label: str
    tick: str
    """The text below it; "" for most columns."""
    parts: Sequence[Part]

    @property
    def value(self) -> float:
        return sum(part.value for part in self.parts)


@dataclass(frozen=True)
class Tick:
    """Represent one text below the columns."""

    text: str
    x: str
    anchor: str


@dataclass(frozen=True)
class ColumnChart:
    """Represent a chart of stacked columns."""

    columns: Sequence[Column]
    top: float
    """The value that fills the whole height."""

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def boxes(self) -> list[Box]:
        return [box for number, column in enumerate(self.columns) for box in self._stack(column, number)]

    @property
    def ticks(self) -> list[Tick]:
        last = len(self.columns) - 1
        return [
            Tick(column.tick, _percent((number + 0.5) * self._pitch), "end" if number == last else "middle")
            for number, column in enumerate(self.columns)
            if column.tick
        ]

    @property
    def _pitch(self) -> float:
        """Return the width of a column and its gap in percent."""
        return 100 / len(self.columns)

    def _stack(self, column: Column, number: int) -> list[Box]:
        x, width = _percent((number + GAP / 2) * self._pitch), _percent(self._pitch * (1 - GAP))
        boxes, bottom = [], float(HEIGHT)
        for part in column.parts:
            height = HEIGHT * part.value / self.top
            bottom -= height
            boxes.append(Box(part, column.label, x, width, f"{bottom:.2f}", f"{height:.2f}"))
        return boxes


def round_up_scale(value: float) -> int:
    """Return the next larger round number for the top of a scale: 4, 6, 10, 40, 60, 100, 400, ..."""
    size = 1
    while True:
        for step in (4, 6, 10):
            if value <= step * size:
                return step * size
        size *= 10


def _percent(value: float) -> str:
    return f"{value:.3f}%"
