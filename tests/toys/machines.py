"""Conditions of one running machine, as a fleet would hand them to its signals."""

import numpy as np

from simgen.core import Streams
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.fleet.signals import Conditions

KEY = Streams(3).key("windows")


def conditions(signals, *, speed=1.0, load=1.0, hall=18.0, warmth=45.0, disturbances=(), **faults):
    """At rated speed and load, and sound, but for what is given; arrays of one entry.

    `disturbances` names the look-alikes that exist; `faults` gives severities and their sizes.
    """
    names = component_table(signals.table).defects
    assert set(faults) <= set(names) | set(disturbances)
    return Conditions(
        speed=np.array([speed]),
        load=np.array([load]),
        hall=np.array([hall]),
        warmth=np.array([warmth]),
        severity={name: np.array([float(faults.get(name, 0.0))]) for name in names},
        disturbance={name: np.array([float(faults.get(name, 0.0))]) for name in disturbances},
    )


def instant(signals, **values):
    """The same in plain numbers, as they are for a window."""
    at = conditions(signals, **values)
    return Conditions(
        speed=at.speed.item(),
        load=at.load.item(),
        hall=at.hall.item(),
        warmth=at.warmth.item(),
        severity={name: size.item() for name, size in at.severity.items()},
        disturbance={name: size.item() for name, size in at.disturbance.items()},
    )


def made(signals, seed=1):
    """One machine as it was built."""
    return signals.make(Streams(seed).generator("machine"))
