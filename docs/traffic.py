"""Draws the fundamental diagram of simulated traffic beside the IDM's closed form.

Alike drivers on a ring with the defaults' means, from standing; and the default population, whose
slower drivers hold up those behind them on one lane.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import brentq

from simgen.core import Streams
from simgen.worlds.road.traffic import Drivers, Traffic, TrafficRules, make_town, ring

PICTURE = Path(__file__).parent / "pictures" / "traffic-diagram.png"
CIRCUMFERENCE, LENGTH, LIMIT = 2_000.0, 4.63, 120.0 / 3.6  # [m, m, m/s]
SETTLE_TIME, COUNT_TIME = 900.0, 300.0  # [s]
ALIKE = Drivers(desired_spread=0.0, headway_spread=0.0, aggressive_share=0.0)


def closed_form(density: float) -> float:
    """The equilibrium speed at a density [1/m]; [m/s]."""
    gap = 1.0 / density - LENGTH

    def off(speed: float) -> float:
        wanted = ALIKE.min_gap + speed * ALIKE.median_headway
        return wanted / np.sqrt(1.0 - (speed / LIMIT) ** 4) - gap

    return 0.0 if gap <= ALIKE.min_gap else float(brentq(off, 0.0, LIMIT - 1e-9))


def simulated(n: int, drivers: Drivers) -> float:
    """The mean speed of `n` vehicles on the ring [m/s]."""
    rules = TrafficRules(drivers=drivers)
    traffic = Traffic(make_town(ring(CIRCUMFERENCE, 1, LIMIT)), rules, Streams(n))
    for k in range(n):
        traffic.add("car", 0, k * CIRCUMFERENCE / n)
    speeds = []
    for step in range(round((SETTLE_TIME + COUNT_TIME) / rules.step_time)):
        traffic.step()
        if step * rules.step_time >= SETTLE_TIME:
            speeds.append(float(traffic.cars["speed"].mean()))
    return float(np.mean(speeds))


def main() -> None:
    """Write the picture and print the table."""
    counts = np.array([4, 10, 20, 30, 40, 50, 60, 80, 100, 130, 160, 200, 250, 290])
    density = counts / CIRCUMFERENCE
    fine = np.linspace(0.5e-3, 1.0 / (LENGTH + ALIKE.min_gap), 200)
    lines = {"IDM, closed form": (fine, np.array([closed_form(d) for d in fine]), "-")}
    for name, drivers, mark in (("alike drivers", ALIKE, "o"), ("default drivers", Drivers(), "x")):
        lines[name] = (density, np.array([simulated(int(n), drivers) for n in counts]), mark)
    figure = Figure(figsize=(8.0, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name, (at, speed, mark) in lines.items():
        left.plot(at * 1e3, at * speed * 3_600.0, mark, label=name, markersize=5)
        right.plot(at * 1e3, speed * 3.6, mark, markersize=5)
    left.set(xlabel="density [vehicles/km]", ylabel="flow [vehicles/h]")
    right.set(xlabel="density [vehicles/km]", ylabel="mean speed [km/h]")
    left.legend(frameon=False)
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})
    exact = np.array([closed_form(d) for d in density])
    off = np.abs(lines["alike drivers"][1] / exact - 1.0)
    for n, share in zip(counts, off, strict=True):
        print(f"{n:4d} vehicles: {100.0 * share:.2f} % off")


if __name__ == "__main__":
    main()
