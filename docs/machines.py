"""Draws the pictures of docs/machines.md: motors, gearboxes, presses and compressors' windows.

Needs nothing but the package. Load and speed are the rated ones, where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simgen.core import Streams
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.compressors.compressor import (
    RECIPROCATING,
    SCREW,
    CompressorParameters,
)
from simgen.domains.industrial.compressors.fan import BELT_RATE, FAN_RATE, fan_speed
from simgen.domains.industrial.compressors.signals import CompressorSignals
from simgen.domains.industrial.compressors.valves import (
    hunting_period,
    pressure_swing,
    sawtooth,
)
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.fleet.signals import Conditions, Signals
from simgen.domains.industrial.gears.features import line_spectrum
from simgen.domains.industrial.gears.gearbox import GearParameters
from simgen.domains.industrial.gears.signals import GearSignals
from simgen.domains.industrial.kernels.gas import AMBIENT
from simgen.domains.industrial.motors.features import space_vector_spectrum
from simgen.domains.industrial.motors.motor import MotorParameters
from simgen.domains.industrial.motors.signals import MotorSignals
from simgen.domains.industrial.presses.press import PressParameters
from simgen.domains.industrial.presses.signals import PressSignals

PICTURES = Path(__file__).parent / "pictures"
FAULTY, SOUND = "tab:red", "0.6"
MAINS, SLIP, TURN = 50.0, 0.02, 24.5  # [Hz], [1], [Hz] of both machines


def window(
    signals: Signals,
    looks: Sequence[str],
    *,
    rate: float,
    n: int,
    speed: float = 1.0,
    kind: int | None = None,
    **faults: float,
) -> np.ndarray:
    """Samples under rated load; the machine and its noise are always the same."""
    streams = Streams(1)
    at = Conditions(
        speed=speed,
        load=1.0,
        hall=18.0,
        warmth=60.0,
        severity={name: faults.get(name, 0.0) for name in component_table(signals.table).defects},
        disturbance={name: faults.get(name, 0.0) for name in looks},
    )
    made = signals.make(streams.generator("machine"))
    if kind is not None:
        made = made._replace(kind=kind)
    return signals.sample(streams.key("windows"), 1, made, at, rate=rate, n_samples=n)


def draw_motors() -> None:
    """Spectra of the currents' space vector: forward above, backward below the mains."""
    signals, rate, n = MotorSignals(about=MotorParameters()), 2_000.0, 32_768
    looks = ("supply_unbalance", "load_pulsation")
    race = catalogue()["SKF_6205"].orders.outer_race * TURN
    side = 2.0 * SLIP * MAINS
    panels = (
        ("broken_bar", (40.0, 60.0), (MAINS - side, MAINS + side)),
        ("eccentricity", (15.0, 85.0), (MAINS - TURN, MAINS + TURN)),
        ("turn_short", (-160.0, 160.0), (-MAINS, 3.0 * MAINS)),
        ("phase_loss", (-160.0, 160.0), (-MAINS,)),
        ("outer_race_spall", (-60.0, 160.0), (MAINS - race, MAINS + race)),
        ("supply_unbalance", (-160.0, 160.0), (-MAINS,)),
    )
    figure = Figure(figsize=(11.0, 6.2), layout="constrained")
    frequency = np.fft.fftshift(np.fft.fftfreq(n, 1.0 / rate))

    def decibels(**faults: float) -> np.ndarray:
        samples = window(signals, looks, rate=rate, n=n, **faults)
        size = np.fft.fftshift(np.abs(space_vector_spectrum(samples)))
        return 20.0 * np.log10(np.maximum(size / size.max(), 1e-6))

    sound = decibels()
    for axes, (fault, limits, lines) in zip(
        figure.subplots(2, 3, sharey=True).flat, panels, strict=True
    ):
        faulty = decibels(**{fault: 0.02 if fault == "supply_unbalance" else 0.8})
        _panel(axes, fault, lines)
        axes.plot(frequency, faulty, color=FAULTY, linewidth=0.8)
        axes.plot(frequency, sound, color=SOUND, linewidth=0.8)
        axes.set(xlim=limits, ylim=(-100, 3), xlabel="frequency [Hz], negative: backward")
    figure.axes[0].set_ylabel("dB below the mains")
    figure.axes[3].set_ylabel("dB below the mains")
    figure.savefig(PICTURES / "motor-spectra.png", dpi=75)


def draw_gearboxes() -> None:
    """Spectra of acceleration by order of the input shaft."""
    signals, rate, n = GearSignals(about=GearParameters()), 12_800.0, 65_536
    mesh, wheel = 23.0, 23.0 / 67.0
    panels = (
        ("tooth_wear", (20.0, 73.0), (mesh, 2.0 * mesh, 3.0 * mesh)),
        ("tooth_wear", (21.4, 24.6), (mesh - 1.0, mesh - wheel, mesh + wheel, mesh + 1.0)),
        ("tooth_crack", (13.0, 33.0), tuple(mesh + step for step in range(-8, 9))),
        ("unbalance", (0.2, 7.0), (1.0,)),
        ("misalignment", (0.2, 7.0), (1.0, 2.0)),
        ("looseness", (0.2, 7.0), tuple(0.5 * k for k in range(1, 13))),
        ("bent_shaft", (0.2, 7.0), (1.0, 2.0)),
    )
    figure = Figure(figsize=(13.0, 6.2), layout="constrained")
    orders = np.fft.rfftfreq(n, 1.0 / rate) / TURN
    spots = figure.subplots(2, 4).flat

    def samples_of(**faults: float) -> np.ndarray:
        return window(signals, ("neighbour",), rate=rate, n=n, **faults)[0].astype(np.float64)

    def lines_of(**faults: float) -> np.ndarray:
        return line_spectrum(samples_of(**faults))

    sound = lines_of()
    for axes, (fault, limits, lines) in zip(spots, panels, strict=False):
        _panel(axes, fault, lines)
        axes.semilogy(orders, lines_of(**{fault: 0.8}), color=FAULTY, linewidth=0.8)
        axes.semilogy(orders, sound, color=SOUND, linewidth=0.8)
        axes.set(xlim=limits, ylim=(3e-4, 2.0), xlabel="order [turns of the input shaft]")
    figure.axes[0].set_ylabel("acceleration [g]")
    figure.axes[4].set_ylabel("acceleration [g]")
    speeds = np.linspace(0.4, 1.0, 13)
    for fault, color in (("unbalance", "tab:red"), ("bent_shaft", "tab:blue"), ("", SOUND)):
        size = []
        for speed in speeds:
            # A defect's own part: it adds to what unbalance is left, or opposes it.
            rest = samples_of(speed=speed) if fault else 0.0
            found = line_spectrum(samples_of(speed=speed, **({fault: 0.8} if fault else {})) - rest)
            size.append(found[np.abs(orders - speed) < 0.06].max())
        name = fault.replace("_", " ") or "sound"
        figure.axes[7].plot(speeds, size, color=color, label=name, linewidth=1.0)
    figure.axes[7].set_title("what it adds to the line at the turn", fontsize=10)
    figure.axes[7].set(xlabel="speed over the rated one", ylabel="[g]")
    figure.axes[7].legend(fontsize=8)
    figure.savefig(PICTURES / "gearbox-spectra.png", dpi=75)


def draw_presses() -> None:
    """Pressure through a work cycle, and how it answers the largest switch."""
    signals, rate, n = PressSignals(about=PressParameters()), 100.0, 6_000
    panels = (
        ("valve_lag", (11.0, 16.0)),
        ("pump_leakage", (0.0, 60.0)),
        ("gas_loss", (11.0, 22.0)),
    )
    figure = Figure(figsize=(11.0, 3.2), layout="constrained")
    time = np.arange(n) / rate

    def pressure(**faults: float) -> np.ndarray:
        return window(signals, ("warm_water", "air_in_oil"), rate=rate, n=n, **faults)[0]

    sound = pressure()
    for axes, (fault, limits) in zip(figure.subplots(1, 3), panels, strict=True):
        _panel(axes, fault, ())
        axes.plot(time, sound, color=SOUND, linewidth=0.8)
        severity = 0.3 if fault == "pump_leakage" else 1.0
        axes.plot(time, pressure(**{fault: severity}), color=FAULTY, linewidth=0.8)
        axes.set(xlim=limits, xlabel="time [s]")
    figure.axes[0].set_ylabel("pressure [bar]")
    figure.savefig(PICTURES / "press-cycles.png", dpi=75)


def draw_compressors() -> None:
    """The fan, its belt and a valve in the housing's vibration; and how a pressure hunts."""
    about, rate, n = CompressorParameters(), 12_800.0, 131_072
    signals = CompressorSignals(about=about)
    looks = ("hot_coolant", "humid_air", "pulsing_consumer")
    figure = Figure(figsize=(11.0, 6.0), layout="constrained")
    fan, belt, valve, intake = figure.subplots(2, 2).flat
    frequency, time = np.fft.rfftfreq(n, 1.0 / rate), np.arange(n) / rate
    rounds, slipping = (BELT_RATE, 2.0 * BELT_RATE), FAN_RATE * float(fan_speed(0.8))

    def shake(kind: int, speed: float, **faults: float) -> np.ndarray:
        found = window(signals, looks, rate=rate, n=n, speed=speed, kind=kind, **faults)
        return found[0].astype(np.float64)

    for axes, fault, lines in (
        (fan, "fan_unbalance", (FAN_RATE,)),
        (belt, "belt_wear", (*rounds, slipping)),
    ):
        _panel(axes, fault, lines)
        for color, size in ((FAULTY, 0.8), (SOUND, 0.0)):
            found = line_spectrum(shake(SCREW, 0.75, **{fault: size}))
            axes.semilogy(frequency, found, color=color, linewidth=0.8)
        axes.set(xlim=(4.0, 50.0), ylim=(1e-4, 0.3), xlabel="[Hz]", ylabel="acceleration [g]")
    _panel(valve, "valve_spring_fatigue", ())
    for color, size in ((FAULTY, 0.8), (SOUND, 0.0)):
        found = shake(RECIPROCATING, 1.0, valve_spring_fatigue=size)
        valve.plot(time, found, color=color, linewidth=0.8)
    valve.set(xlim=(0.0, 0.5), xlabel="time [s]", ylabel="acceleration [g]")
    _panel(intake, "intake_valve_stiction", ())
    seconds, lean = np.linspace(0.0, 150.0, 1_500), 0.35
    period = hunting_period(about.rated_flow, AMBIENT, speed=1.0, lean=lean)
    for color, size in ((FAULTY, 0.8), ("tab:orange", 0.3)):
        swing = pressure_swing(size) * sawtooth(seconds / period, lean)
        intake.plot(seconds, about.header_pressure + swing, color=color, label=f"severity {size}")
    intake.legend(fontsize=8, loc="upper right")
    intake.set(xlabel="time [s]", ylabel="discharge pressure, gauge [bar]")
    figure.savefig(PICTURES / "compressor-windows.png", dpi=75)


def _panel(axes: Axes, fault: str, lines: Sequence[float]) -> None:
    axes.set_title(fault.replace("_", " "), fontsize=10)
    for line in lines:
        axes.axvline(line, color="tab:blue", linewidth=0.5, linestyle=":")


if __name__ == "__main__":
    draw_motors()
    draw_gearboxes()
    draw_presses()
    draw_compressors()
