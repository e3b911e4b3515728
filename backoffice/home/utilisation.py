"""Chart the utilisation of devices in the last 30 days."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backoffice.home.charts import Bar, Part
from backoffice.home.formatting import format_percent
from backoffice.home.links import ChangelistLinks
from backoffice.home.stats import Utilisation
from devices.models import Device
from devices.workflow import DeviceStatus

MAX_BARS = 10
"""Types and territories shown, those with the most devices first."""
NO_TERRITORY = "Outside of all territories"


@dataclass(frozen=True)
class UtilisationCharts:
    """Hold the charts by type and by territory, and how many bars were left out."""

    total: str
    devices: int
    url: str
    by_type: list[Bar]
    by_territory: list[Bar]
    more_types: int
    more_territories: int


def utilisation_charts(rows: Sequence[Utilisation], links: ChangelistLinks) -> UtilisationCharts:
    """Chart the figures of `device_utilisation`: one bar for each type and each territory."""
    live = {"status__exact": DeviceStatus.LIVE.value}
    types = _bars(
        rows,
        lambda row: (row.type, row.type_name),
        lambda code: links.url(Device, device_type__code__exact=code, **live),
    )
    territories = _bars(
        rows,
        lambda row: (row.territory, row.territory_name or NO_TERRITORY),
        lambda code: links.url(Device, territory=code or "-", **live),
    )
    return UtilisationCharts(
        total=format_percent(sum(row.booked for row in rows), sum(row.days for row in rows)),
        devices=sum(row.devices for row in rows),
        url=links.url(Device, **live),
        by_type=types[:MAX_BARS],
        by_territory=territories[:MAX_BARS],
        more_types=len(types[MAX_BARS:]),
        more_territories=len(territories[MAX_BARS:]),
    )


def _bars(
    rows: Sequence[Utilisation], key: Callable[[Utilisation], tuple[str, str]], url: Callable[[str], str]
) -> list[Bar]:
    """Return one bar for each (code, label) of `key`, those with the most available days first."""
    groups = defaultdict[tuple[str, str], list[Utilisation]](list)
    for row in rows:
        groups[key(row)].append(row)
    largest_first = sorted(groups.items(), key=lambda group: (-sum(row.days for row in group[1]), group[0]))
    return [_bar(label, url(code), group) for (code, label), group in largest_first]


def _bar(label: str, url: str, rows: Sequence[Utilisation]) -> Bar:
    booked, days, devices = (sum(getattr(row, name) for row in rows) for name in ("booked", "days", "devices"))
    share = format_percent(booked, days)
    note = f"{devices} device{'' if devices == 1 else 's'}, {booked} of {days} days"
    return Bar(label, url, share, [Part("use", "booked", booked / days, share)], note=note)
