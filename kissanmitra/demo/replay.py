"""Replay scenarios at the moments of their steps, in chronological order."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

import time_machine

Scenario = Iterator[datetime]
"""An iterator that yields the moment of its next step, and runs the step when it is resumed."""
STEP = timedelta(seconds=1)


def replay_in_order(scenarios: Iterable[Scenario], *, until: datetime) -> None:
    """Run every step with the clock set to its moment, but not later than `until`."""
    waiting = [
        (moment, number, scenario) for number, scenario in enumerate(scenarios) if (moment := next(scenario, None))
    ]
    heapify(waiting)
    clock = datetime.min.replace(tzinfo=until.tzinfo)
    while waiting:
        moment, number, scenario = heappop(waiting)
        clock = max(min(moment, until), clock + STEP)
        with time_machine.travel(clock, tick=True):
            following = next(scenario, None)
        if following is not None:
            heappush(waiting, (max(following, moment), number, scenario))
