"""Diagrams of workflows: the main path, the status of a row on it, and the statuses it may get next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.admin.badges import humanize_status, status_color
from core.state_machine import StateModel


@dataclass(frozen=True)
class Stop:
    """Represent one status in the diagram."""

    status: str
    position: str
    """`past`, `here`, `next` (a transition leads there from `here`), or `far`."""

    @property
    def label(self) -> str:
        return humanize_status(self.status)

    @property
    def tone(self) -> str:
        return status_color(self.status)


@dataclass(frozen=True)
class Diagram:
    """Hold the main path in its order, and the statuses beside it."""

    main_path: list[Stop]
    exits: list[Stop]


def diagram_of(row: StateModel, *, main_path: Sequence[str], visited: Collection[str]) -> Diagram:
    """Return where `row` is among all statuses of its workflow; `visited` are those it has had."""
    here = str(row.status)
    transitions = type(row).transitions()
    reachable = {target for source, target in transitions if source == here}

    def stop(status: str) -> Stop:
        is_next, is_past = status in reachable, status in visited
        return Stop(status, "here" if status == here else "next" if is_next else "past" if is_past else "far")

    statuses = dict.fromkeys([target for _, target in sorted(transitions)] + [here])
    return Diagram([stop(each) for each in main_path], [stop(each) for each in statuses if each not in main_path])
