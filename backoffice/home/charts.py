"""Figures as pictures: where each bar stands and how long it is. Percent across, so that text keeps its size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.admin.badges import status_color

HEIGHT = 150
"""Of the columns, in pixels."""
GAP = 0.28
"""Of a column's place, how much stays free."""


@dataclass(frozen=True)
class Part:
    """Some of what a bar or column stands for."""

    kind: str
    label: str
    value: float
    shown: str
    url: str = ""


@dataclass(frozen=True)
class Box:
    """A part in its place: across in percent, up and down in pixels."""

    part: Part
    of: str
    x: str
    width: str
    y: str = "0"
    height: str = "0"


@dataclass(frozen=True)
class Bar:
    """A line of its own: a label, a bar, and the number in words. Its parts lie beside one another."""

    label: str
    url: str
    shown: str
    parts: Sequence[Part]
    note: str = ""
    state: str = ""
    full: float = 1
    """The value that fills the line."""

    @property
    def value(self) -> float:
        return sum(part.value for part in self.parts)

    @property
    def tone(self) -> str:
        return status_color(self.state)

    @property
    def boxes(self) -> list[Box]:
        boxes, start = [], 0.0
        for part in self.parts:
            width = 100 * part.value / self.full
            boxes.append(Box(part, self.label, _percent(start), _percent(width)))
            start += width
        return boxes


def beside_one_another(bars: Sequence[Bar]) -> list[Bar]:
    """The same bars, of which the longest fills its line."""
    longest = max((bar.value for bar in bars), default=0)
    return [replace(bar, full=longest or 1) for bar in bars]


@dataclass(frozen=True)
class Column:
    """One of many side by side; its parts lie on one another."""

    label: str
    tick: str
    """What stands below it; few columns have one."""
    parts: Sequence[Part]

    @property
    def value(self) -> float:
        return sum(part.value for part in self.parts)


@dataclass(frozen=True)
class Tick:
    text: str
    x: str
    anchor: str


@dataclass(frozen=True)
class Columns:
    """A picture of columns."""

    columns: Sequence[Column]
    top: float
    """The value that fills the height."""

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def boxes(self) -> list[Box]:
        place = 100 / len(self.columns)
        return [box for number, column in enumerate(self.columns) for box in self._stack(column, number, place)]

    @property
    def ticks(self) -> list[Tick]:
        place, last = 100 / len(self.columns), len(self.columns) - 1
        return [
            Tick(column.tick, _percent((number + 0.5) * place), "end" if number == last else "middle")
            for number, column in enumerate(self.columns)
            if column.tick
        ]

    def _stack(self, column: Column, number: int, place: float) -> list[Box]:
        boxes, bottom = [], float(HEIGHT)
        for part in column.parts:
            height = HEIGHT * part.value / self.top
            bottom -= height
            x, width = _percent((number + GAP / 2) * place), _percent(place * (1 - GAP))
            boxes.append(Box(part, column.label, x, width, f"{bottom:.2f}", f"{height:.2f}"))
        return boxes


def round_above(value: float) -> int:
    """The next number above that people like at the top of a scale: 4, 6, 10, 20, 40, 60, 100, ..."""
    size = 1
    while True:
        for step in (4, 6, 10):
            if value <= step * size:
                return step * size
        size *= 10


def _percent(value: float) -> str:
    return f"{value:.3f}%"
