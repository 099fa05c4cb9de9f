"""A station of compressors in pictures: its supply, and what every fleet shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simgen.core import Curve, Illustration, Plot, Source
from simgen.domains.industrial.compressors.lookalikes import CompressorLookAlikes
from simgen.domains.industrial.compressors.signals import CompressorSignals
from simgen.domains.industrial.fleet.illustrations import fleet_illustrations
from simgen.domains.industrial.site.illustrations import DAYS, days, numbers

_SHOWN = 14.0  # [days]

# The station that gave least of what was asked for, or else the first.
_SUPPLY = """
SELECT hall_id, "at", demand, supplied, n_running, n_available FROM supply
WHERE hall_id = (
    SELECT hall_id FROM supply GROUP BY hall_id
    ORDER BY sum(supplied) / sum(demand), hall_id LIMIT 1
) ORDER BY "at"
"""


def supply(sources: Mapping[str, Source]) -> list[Plot]:
    """What one station of the first data set was asked for and gave, and who ran."""
    source = next(iter(sources.values()))
    rows = source.ask(_SUPPLY)
    at = days(source, rows, "at")
    lacks = numbers(rows, "supplied") < numbers(rows, "demand")
    # Around the first lack of air, if there is one.
    first = max(float(at[lacks][0]) - 0.3 * _SHOWN, 0.0) if lacks.any() else 0.0
    shown = (at >= first) & (at <= first + _SHOWN)
    station = rows["hall_id"][0].as_py()

    def plot(title: str, label: str, names: Mapping[str, str]) -> Plot:
        curves = [
            Curve(name=name, x=at[shown], y=numbers(rows, column)[shown], steps=True)
            for column, name in names.items()
        ]
        low = [f"{one.name} {np.min(one.y):.3g} to {np.max(one.y):.3g}" for one in curves]
        alt = f"{label} of station {station} over {_SHOWN:.0f} days: {', '.join(low)}."
        return Plot(title=f"Station {station}: {title}", x=DAYS, y=label, curves=curves, alt=alt)

    return [
        plot("air", "free air [m3/min]", {"demand": "asked for", "supplied": "given"}),
        plot("machines", "machines", {"n_available": "may run", "n_running": "run"}),
    ]


ILLUSTRATIONS = (
    Illustration(
        title="What the works got",
        doc="Demand follows the hours of work. Where less is given than asked for, all that may "
        "run do so at full speed, and the header's pressure falls.",
        plot=supply,
    ),
    *fleet_illustrations(CompressorSignals, CompressorLookAlikes),
)
