"""Draws the pictures of a compressor's defects, a tool's forces, and what buffers are worth.

For docs/machines.md, milling-cell.md and packaging-line.md. Needs nothing but the package.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from simgen.core import Streams
from simgen.domains.industrial.compressors.compressor import (
    RECIPROCATING,
    SCREW,
    CompressorParameters,
)
from simgen.domains.industrial.compressors.signals import CompressorSignals
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.fleet.signals import Conditions
from simgen.domains.industrial.kernels.lines import CHANGE, COUNTERS, STATION, run_line
from simgen.domains.industrial.kernels.milling import (
    CUT,
    N_COURSES,
    N_STEPS,
    fill_courses,
    turn_forces,
)
from simgen.domains.industrial.milling.shop import products, tools
from simgen.domains.industrial.milling.wear import ToolParameters

PICTURES = Path(__file__).parent / "pictures"
HOURS = 4_000.0  # of a simulated line


def draw_compressors() -> None:
    """What each defect does to pressure and temperature, by severity."""
    signals, grow = CompressorSignals(about=CompressorParameters()), np.linspace(0.0, 1.0, 41)
    names = component_table(signals.table).defects
    panels = (
        (SCREW, ("filter_clogging", "intercooler_fouling", "rotor_wear")),
        (
            RECIPROCATING,
            ("first_valve_leakage", "second_valve_leakage", "valve_spring_fatigue", "ring_wear"),
        ),
    )
    figure = Figure(figsize=(11.0, 5.2), layout="constrained")
    rows = figure.subplots(2, 3, sharex=True)
    shown = (
        ("interstage_pressure", "between the stages [bar]"),
        ("discharge_temperature", "discharge [degree Celsius]"),
        ("flow", "free air [m3/min]"),
    )
    made = signals.make(Streams(1).generator("machine"))
    for axes_row, (kind, defects) in zip(rows, panels, strict=True):
        for defect in defects:
            at = Conditions(
                speed=np.ones(41),
                load=np.ones(41),
                hall=np.full(41, 18.0),
                warmth=np.full(41, 50.0),
                severity={name: grow if name == defect else 0.0 * grow for name in names},
                disturbance=dict.fromkeys(
                    ("hot_coolant", "humid_air", "pulsing_consumer"), 0.0 * grow
                ),
            )
            steady = signals.steady(made._replace(kind=kind), at)
            for axes, (channel, label) in zip(axes_row, shown, strict=True):
                axes.plot(grow, steady[channel], label=defect.replace("_", " "), linewidth=1.2)
                axes.set_ylabel(label, fontsize=9)
        axes_row[0].legend(fontsize=8)
        axes_row[1].set_title("screw" if kind == SCREW else "reciprocating", fontsize=10)
    for axes in rows[-1]:
        axes.set_xlabel("severity")
    figure.savefig(PICTURES / "compressor-defects.png", dpi=75)


def draw_tools() -> None:
    """Forces through a turn, sharp, worn and chipped; and wear over the life of a tool."""
    product = products()[0]
    cut = next(one for one in product.cuts if one.tool == "end_mill")
    row = np.zeros(3, CUT)
    n_teeth = tools()[cut.tool].n_teeth
    row["feed"], row["depth"], row["n_teeth"] = cut.feed, cut.depth, n_teeth
    row["cutting"], row["edge"] = product.material.cutting, product.material.edge
    row["wear"], row["chip"] = (0.05, 0.30, 0.05), (0.0, 0.0, 0.5)
    courses, forces = np.zeros((1, n_teeth, N_COURSES, N_STEPS)), np.empty((4, 3, N_STEPS))
    fill_courses(np.array([cut.engagement]), np.array([n_teeth]), courses)
    turn_forces(row, courses, forces)
    figure = Figure(figsize=(11.0, 3.2), layout="constrained")
    first, second, third = figure.subplots(1, 3)
    angle = np.arange(N_STEPS) * 360.0 / N_STEPS
    for name, place in (("sharp", 0), ("worn 0.3 mm", 1), ("half an edge chipped", 2)):
        first.plot(angle, np.hypot(*forces[:2, place]), label=name, linewidth=1.1)
    first.set(xlabel="angle of a turn [degree]", ylabel="force in the plane [N]")
    first.legend(fontsize=8)
    about, share = ToolParameters(), np.linspace(0.0, 1.15, 231)
    second.plot(share, [about.wear(one) for one in share], linewidth=1.2)
    second.axhline(about.limit, color="tab:red", linewidth=0.6, linestyle=":")
    second.set(xlabel="share of the life", ylabel="flank wear [mm]")
    speeds = np.linspace(100.0, 300.0, 81)
    for material in {one.material.kind: one.material for one in products()}.values():
        lives = [
            about.life(
                tools()["end_mill"],
                replace(cut, speed=float(speed)),
                material,
                1.0,
            )
            for speed in speeds
        ]
        third.loglog(speeds, lives, label=material.kind.replace("_", " "), linewidth=1.1)
    third.set(xlabel="cutting speed [m/min]", ylabel="life [min]")
    third.set_xticks([100, 150, 200, 300], ["100", "150", "200", "300"])
    third.minorticks_off()
    third.legend(fontsize=8)
    figure.savefig(PICTURES / "milling-tools.png", dpi=75)


def draw_line() -> None:
    """Production of two like machines by the room between them: simulated, and Gershwin's."""
    share, time = 0.02, 20.0
    rooms = np.array([0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0])
    p, r = share, 1.0 / time
    b = 1.0 / (rooms * (r / p + 2.0 + p / r) + 2.0 / p + 4.0 / r)
    exact = b * (rooms * (r / p + 1.0) + 2.0 / p)
    made = []
    for room in rooms:
        stations = np.zeros(2, STATION)
        stations["able"], stations["speed"], stations["state"] = 1, 1.0, -1
        stations["jam_share"], stations["clearing_time"] = share, time
        clock, until = np.zeros(2), HOURS * 3_600.0
        rows, changes = np.zeros((2, 2, len(COUNTERS))), np.zeros(100_000, CHANGE)
        level, capacity = np.zeros(1), np.array([room])
        while clock[0] < until:
            run_line(
                Streams(1).key("line"), 1, clock, until, until, 9, stations, capacity, level, rows,
                changes,
            )  # fmt: skip
        made.append(rows[1, 1, COUNTERS.index("made")] / until)
    figure = Figure(figsize=(6.5, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.plot(rooms, exact, color="0.6", label="closed form")
    axes.plot(rooms, made, "o", color="tab:red", markersize=4, label="simulated")
    axes.axhline(1.0 / (1.0 + p / r), color="tab:blue", linewidth=0.6, linestyle=":")
    axes.set(xlabel="room between the two [products]", ylabel="products a second")
    axes.legend(fontsize=8)
    figure.savefig(PICTURES / "line-buffers.png", dpi=75)
    print("largest deviation", float(np.abs(np.array(made) / exact - 1.0).max()))


if __name__ == "__main__":
    draw_compressors()
    draw_tools()
    draw_line()
