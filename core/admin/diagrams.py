"""The life of a thing as a picture: the road it should take, where it is, and where it may go from there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.admin.badges import humanize_status, status_color
from core.state_machine import StateModel


@dataclass(frozen=True)
class Stop:
    """One state in the picture."""

    state: str
    place: str
    """`past`, `here`, `next` (it may go there now), or `far`."""

    @property
    def label(self) -> str:
        return humanize_status(self.state)

    @property
    def tone(self) -> str:
        return status_color(self.state)


@dataclass(frozen=True)
class Diagram:
    """The road in its order, and the states beside it."""

    road: list[Stop]
    exits: list[Stop]


def diagram_of(row: StateModel, *, road: Sequence[str], visited: Collection[str]) -> Diagram:
    """Where `row` is among all states of its workflow.

    `road` are the states it goes through when all goes well, `visited` those that it has been in.
    """
    here = str(row.status)  # type: ignore[attr-defined]
    transitions = type(row).transitions()
    reachable = {target for source, target in transitions if source == here}

    def stop(state: str) -> Stop:
        place = "here" if state == here else "next" if state in reachable else "past" if state in visited else "far"
        return Stop(state, place)

    ends = dict.fromkeys([target for _, target in sorted(transitions)] + [here])
    return Diagram([stop(state) for state in road], [stop(state) for state in ends if state not in road])
