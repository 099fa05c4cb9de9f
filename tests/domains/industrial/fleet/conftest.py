"""Fleets, simulated once per session for each set of parameters."""

import pytest
from toys.worlds import blocks, world

from simgen.domains.industrial import GearboxLine, HydraulicPress, MotorFleet

KINDS = {
    "motor_fleet": MotorFleet,
    "gearbox_line": GearboxLine,
    "hydraulic_press": HydraulicPress,
}


@pytest.fixture(scope="session")
def simulate_blocks():
    """A function from a fleet and what differs from its small one to each block's Arrow tables."""
    return lambda name, seed=7, **values: blocks(KINDS[name], seed, **values)


@pytest.fixture(scope="session")
def simulate():
    """The same, all blocks together, as data frames."""
    return lambda name="motor_fleet", seed=7, **values: world(KINDS[name], seed, **values)
