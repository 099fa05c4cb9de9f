"""How much of what is paid is fraud, by hour of the day and by amount."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simgen.core import Bars, Curve, Plot, Source
from simgen.core.illustration import Floats
from simgen.domains.fraud.schema import RARE_KINDS

_PER = 1000.0  # fraud is counted among so many payments
_BOUND = 1.96  # of an interval of 95 %, in standard errors
_EDGES = (0.005, 2.0, 10.0, 50.0, 200.0, 1000.0)  # between bands of amounts [EUR]

_HOURS = """
SELECT date_part('hour', "at")::INTEGER AS hour, sum(weight) AS weight,
    sum(weight * weight) AS squares, sum(weight * label::INTEGER) AS rare
FROM transactions GROUP BY hour
"""

_AMOUNTS = f"""
SELECT {" + ".join(f"(amount >= {edge})::INTEGER" for edge in _EDGES)} AS band,
    sum(weight) AS weight,
    {", ".join(f"sum(weight) FILTER (label AND event_kind = '{k}') AS {k}" for k in RARE_KINDS)}
FROM transactions GROUP BY band
"""  # noqa: S608 - our own constants


def rates(source: Source) -> list[Plot]:
    """How many of a thousand payments are fraud, by hour of the day and by amount."""
    by_hour = source.ask(_HOURS)
    if not by_hour.num_rows:
        return []
    return [_by_hour(by_hour), _by_amount(source.ask(_AMOUNTS))]


def _by_hour(rows: pa.Table) -> Plot:
    weight, squares, rare = (np.zeros(24) for _ in range(3))
    hours = rows["hour"].to_numpy()
    for into, name in ((weight, "weight"), (squares, "squares"), (rare, "rare")):
        into[hours] = rows[name].to_numpy()
    share, low, high = _shares(rare, weight, squares)
    whole = _PER * rare.sum() / weight.sum()
    edges = np.arange(25.0)
    return Plot(
        title="By hour of the day",
        x="hour",
        y="fraud [1/1000 payments]",
        curves=[
            Curve(
                name="fraud, with an interval of 95 %",
                x=edges,
                y=np.append(share, share[-1]),
                low=np.append(low, low[-1]),
                high=np.append(high, high[-1]),
                steps=True,
            ),
            Curve(name="of the whole day", x=edges[[0, -1]], y=np.array([whole, whole])),
        ],
        alt=f"Of 1000 payments {whole:.2f} are fraud; the most in the hour from "
        f"{np.nanargmax(share)} o'clock, {np.nanmax(share):.2f}, the fewest in that from "
        f"{np.nanargmin(share)} o'clock, {np.nanmin(share):.2f}.",
        x_range=(0.0, 24.0),
        is_wide=False,
    )


def _shares(rare: Floats, weight: Floats, squares: Floats) -> tuple[Floats, Floats, Floats]:
    """Rare ones among a thousand, with their intervals `(n,)`; NaN where there is nothing.

    Wilson (1927), for as many payments as weigh as much as the weighted ones: Kish (1965).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share, n = rare / weight, weight**2 / squares
        middle = (share + _BOUND**2 / (2 * n)) / (1 + _BOUND**2 / n)
        half = _BOUND * np.sqrt(share * (1 - share) / n + (_BOUND / (2 * n)) ** 2)
        half = half / (1 + _BOUND**2 / n)
    return _PER * share, _PER * (middle - half), _PER * (middle + half)


def _by_amount(rows: pa.Table) -> Plot:
    n_bands = len(_EDGES) + 1
    band = rows["band"].to_numpy()
    weight, reached, bars = np.zeros(n_bands), np.zeros(n_bands), []
    weight[band] = rows["weight"].to_numpy()
    for kind in RARE_KINDS:
        rare = np.zeros(n_bands)
        rare[band] = rows[kind].cast(pa.float64()).fill_null(0.0).to_numpy()
        stop = reached + _PER * rare / np.maximum(weight, 1e-9)
        some = np.flatnonzero(rare)  # a bar of nothing would be drawn as a thin line
        bars.append(
            Bars(name=kind.replace("_", " "), row=some, start=reached[some], stop=stop[some])
        )
        reached = stop
    names = ["0 EUR", *(f"to {edge:,.0f} EUR" for edge in _EDGES[1:]), f"> {_EDGES[-1]:,.0f} EUR"]
    top, low = int(reached.argmax()), int(reached.argmin())
    return Plot(
        title="By amount",
        x="fraud [1/1000 payments]",
        y="",
        bars=bars,
        rows=names,
        alt=f"Of 1000 payments of the band '{names[top]}' {reached[top]:.1f} are fraud, of that "
        f"'{names[low]}' {reached[low]:.1f}.",
        x_range=(0.0, 1.05 * max(float(reached.max()), 1e-3)),
        is_wide=False,
    )
