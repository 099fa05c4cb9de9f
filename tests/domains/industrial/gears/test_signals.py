"""Telemetry and windows of a gearbox tell of the same housing."""

import numpy as np
import pytest
from toys.machines import KEY, conditions, instant, made
from toys.worlds import world

from simgen.domains.industrial import GearboxLine
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.gears.gearbox import GearParameters
from simgen.domains.industrial.gears.signals import GearSignals

SIGNALS = GearSignals(about=GearParameters())
DEFECTS = component_table(SIGNALS.table).defects


def both(seed, **values):
    """Velocity in telemetry, without noise, and in a window of one machine [mm/s]."""
    machine, values = made(SIGNALS, seed), values | {"disturbances": ("neighbour",)}
    at = instant(SIGNALS, **values)
    samples = SIGNALS.sample(KEY, seed, machine, at, rate=12_800.0, n_samples=16_384)
    found = SIGNALS.measure(samples, machine, at, rate=12_800.0)
    steady = SIGNALS.steady(machine, conditions(SIGNALS, **values))
    return steady["vibration"].item(), found["velocity"]


@pytest.mark.parametrize("speed", [0.85, 1.0])
@pytest.mark.parametrize(
    "about",
    [{}, {"load": 0.4}, {"warmth": 5.0}, *({defect: 1.0} for defect in DEFECTS)],
    ids=lambda about: "".join(about) or "sound",
)
def test_velocity_is_the_same_in_telemetry_and_windows(about, speed):
    """Of sound and of ill machines; a window is short, so that noise and strikes differ in it."""
    pairs = np.array([both(seed, speed=speed, **about) for seed in range(1, 9)])
    ratio = pairs[:, 0] / pairs[:, 1]

    assert np.median(ratio) == pytest.approx(1.0, abs=0.08)
    assert np.all((ratio > 0.75) & (ratio < 1.4))


def test_a_neighbour_shakes_telemetry_as_it_shakes_windows():
    """Though it beats with the turn, which a window is too short to average."""
    ratio = [np.divide(*both(seed, neighbour=0.08)) for seed in range(1, 9)]

    assert np.median(ratio) == pytest.approx(1.0, abs=0.1)


def test_telemetry_at_many_speeds_is_that_of_each():
    """Rows in any order of speed, each as if it were alone."""
    machine, speeds = made(SIGNALS), np.array([1.0, 0.75, 0.9, 0.75])
    alone = [
        SIGNALS.steady(
            machine,
            conditions(
                SIGNALS, speed=speed, looseness=0.5, neighbour=0.0, disturbances=("neighbour",)
            ),
        )
        for speed in speeds
    ]
    at = conditions(SIGNALS, disturbances=("neighbour",), looseness=0.5)
    many = {name: np.repeat(getattr(at, name), 4) for name in ("load", "hall", "warmth")}
    severity = {name: np.repeat(size, 4) for name, size in at.severity.items()}
    disturbance = {name: np.repeat(size, 4) for name, size in at.disturbance.items()}
    together = SIGNALS.steady(
        machine, type(at)(speed=speeds, severity=severity, disturbance=disturbance, **many)
    )

    expected = np.concatenate([one["vibration"] for one in alone])
    np.testing.assert_array_equal(together["vibration"], expected)
    assert expected[1] == expected[3]


def test_debris_is_counted():
    """Whole particles, which vary as counts do: by the root of their mean."""
    found = world(GearboxLine, ageing=1e-3, first_age=0.0).telemetry
    counted = found.groupby("machine_id").debris.agg(["mean", "var", "size"])

    assert (found.debris >= 0.0).all()
    assert (found.debris % 1.0 == 0.0).all()
    assert counted["size"].min() > 300
    assert (counted["var"] / counted["mean"]).between(0.8, 1.25).all()
