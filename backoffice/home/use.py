"""How much of the last 30 days the devices were taken, as pictures."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backoffice.home.charts import Bar, Part
from backoffice.home.figures import Use
from backoffice.home.lists import Lists
from backoffice.home.words import percent
from devices.models import Device
from devices.workflow import DeviceStatus

SHOWN = 10
"""Types and territories, those with the most devices first."""
NOWHERE = "Outside of all territories"


@dataclass(frozen=True)
class UsePictures:
    total: str
    devices: int
    url: str
    by_type: list[Bar]
    by_territory: list[Bar]
    more_types: int
    more_territories: int


def use_pictures(uses: Sequence[Use], lists: Lists) -> UsePictures:
    """One bar for each type and each territory."""
    live = {"status__exact": DeviceStatus.LIVE.value}
    types = _bars(
        uses,
        lambda use: (use.type, use.type_name),
        lambda code: lists.url(Device, device_type__code__exact=code, **live),
    )
    territories = _bars(
        uses,
        lambda use: (use.territory, use.territory_name or NOWHERE),
        lambda code: lists.url(Device, territory=code or "-", **live),
    )
    return UsePictures(
        total=percent(sum(use.taken for use in uses), sum(use.days for use in uses)),
        devices=sum(use.devices for use in uses),
        url=lists.url(Device, **live),
        by_type=types[:SHOWN],
        by_territory=territories[:SHOWN],
        more_types=len(types[SHOWN:]),
        more_territories=len(territories[SHOWN:]),
    )


def _bars(uses: Sequence[Use], named: Callable[[Use], tuple[str, str]], url: Callable[[str], str]) -> list[Bar]:
    groups = defaultdict[tuple[str, str], list[Use]](list)
    for use in uses:
        groups[named(use)].append(use)
    largest_first = sorted(groups.items(), key=lambda group: (-sum(use.days for use in group[1]), group[0]))
    return [_bar(label, url(code), group) for (code, label), group in largest_first]


def _bar(label: str, url: str, uses: Sequence[Use]) -> Bar:
    taken, days, devices = (sum(getattr(use, name) for use in uses) for name in ("taken", "days", "devices"))
    share = percent(taken, days)
    machines = f"{devices} device" if devices == 1 else f"{devices} devices"
    note = f"{machines}, {taken} of {days} days"
    return Bar(label, url, share, [Part("use", "taken", taken / days, share)], note=note)
