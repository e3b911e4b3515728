"""Letting the past happen: every story of the demo in its time, all of them in the order of time."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

import time_machine

Tale = Iterator[datetime]
"""Yields when its next step happens; the step is made when it is asked to go on."""
STEP = timedelta(seconds=1)


def tell_in_order(tales: Iterable[Tale], *, until: datetime) -> None:
    """Have every step made by the clock of its moment, which for those after `until` is about then."""
    waiting = [(moment, number, tale) for number, tale in enumerate(tales) if (moment := next(tale, None))]
    heapify(waiting)
    clock = datetime.min.replace(tzinfo=until.tzinfo)
    while waiting:
        moment, number, tale = heappop(waiting)
        clock = max(min(moment, until), clock + STEP)
        with time_machine.travel(clock, tick=True):
            following = next(tale, None)
        if following is not None:
            heappush(waiting, (max(following, moment), number, tale))
