"""A bearing on a rig, windows of its vibration, and whole rigs, simulated once per session."""

from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from toys.worlds import frames, tables_of

from simgen.core import Streams, build
from simgen.domains.industrial import BearingRig
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.kernels.vibration import DEFECT, MODE, RUNNING, vibrate

RATE = 12_000.0  # [Hz]
SHAFT_RATE = 29.95  # [Hz]
N_SAMPLES = 12_000  # a second: the bins of the spectrum are 1 Hz apart


def record(kind, **values):
    """One record of a dtype; what is not named is 0."""
    row = np.zeros(1, kind)
    for name, value in values.items():
        row[name] = value
    return row[0]


@pytest.fixture(scope="session")
def orders():
    """Fault orders of the drive-end bearing of the Case Western rig."""
    return catalogue()["SKF_6205"].orders


@pytest.fixture(scope="session")
def window():
    """A function from a defect to one second of its vibration `(n,)` and its two mean squares."""
    modes = np.array([(1_040.0, 0.012, 1.0, 0.1), (3_000.0, 0.04, 0.05, 1.0)], MODE)
    harmonics = np.array([[0.01, 0.0], [0.02, 0.01]])

    def make(number=1, n_samples=N_SAMPLES, rolling=0.01, wobble=0.0, **defect):
        values = {"zone": 1.5, "every_second": 1.0, "spall_time": 1e-4, **defect}
        running = record(
            RUNNING, shaft_rate=SHAFT_RATE, wobble=wobble, rolling=rolling, floor=0.002
        )
        out = np.empty(n_samples, np.float32)
        key = Streams(3).key("windows")
        squares = vibrate(
            key, number, RATE, running, modes, harmonics, record(DEFECT, **values), out
        )
        return out, squares

    return make


@cache
def _world(rig, seed):
    return SimpleNamespace(rig=rig, **vars(frames(tables_of(rig, seed))))


@pytest.fixture(scope="session")
def simulate():
    """A function from parameters, as a scenario file gives them, to the rig's tables."""
    return lambda seed=7, **values: _world(build(BearingRig, values), seed)


@pytest.fixture(scope="session")
def world(simulate):
    """A rig of 16 machines on which bearings fail within weeks."""
    short = {"scale": 500.0}
    return simulate(
        n_machines=16,
        machines_per_hall=8,
        n_days=50,
        defects={
            "mean_growth_time": 80.0,
            "inner_race": short,
            "outer_race": short,
            "ball": short,
        },
        monitoring={"n_samples": 2_048, "telemetry_interval": 300.0, "monitored_share": 0.5},
        lookalikes={"looseness": {"rate": 24.0}, "sensor_fault": {"rate": 20.0}},
    )
