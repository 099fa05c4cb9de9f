"""From what sensors should have read to what was sent and arrived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from simgen.core import Key
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.sensing import during, spoil
from simgen.domains.industrial.telegrams import Journeys, Telegrams, send
from simgen.kernels.arrays import Floats, Integers


def disturb(
    policy: Telegrams,
    events: Sequence[Event],
    at: Floats,
    values: Mapping[str, Floats],
    *,
    confirmed: npt.NDArray[np.bool_],
    key: Key,
    machine_id: int,
) -> tuple[Integers, Integers, Journeys]:
    """Let a machine's sensors and its transmitter fail, and send what they read.

    Args:
        policy: how readings travel.
        events: of the machine; those of its sensors' faults count.
        at: when each was made, ascending. (n,) [s]
        values: of each sensor that may be at fault; spoiled in place. (n,) each
        confirmed: those that are sent until they arrive. (n,)
        key: a stream's key. (2,)
        machine_id: identifies the machine.

    Returns:
        Which of `values` or the transmitter is at fault at each reading, 0 if none, the fault's
        code in ("", *FAULTS), and how each reading travelled.
    """
    sensor, fault = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
    names = (*values, TRANSMITTER)
    at_fault = [event for event in events if event.sensor]
    for event in at_fault:
        hit = during(event, at)
        sensor[hit], fault[hit] = names.index(event.sensor) + 1, FAULTS.index(event.fault) + 1
        if event.sensor != TRANSMITTER:
            spoil(event, key, at, values[event.sensor])
    journeys = Journeys.empty(len(at))
    send(policy, at_fault, at, journeys, confirmed=confirmed, key=key, machine_id=machine_id)
    return sensor, fault, journeys
