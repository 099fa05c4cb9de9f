"""Instants as columns hold them."""

import numpy as np
import pyarrow as pa

from simgen.core import TIMESTAMP, timestamps
from simgen.domains.industrial.instants import instants, turned_to_instants

SECONDS = np.array([0.0, 1.5, 0.25e-6, 86_400.0 * 400 + 1e-3 / 3, 3.999_999_6])  # [s]


def test_they_are_the_nearest_microseconds():
    """As the calendar has them, without a null."""
    found = instants("2024-02-28", SECONDS)

    assert found.equals(pa.array(timestamps("2024-02-28", SECONDS), TIMESTAMP))
    assert found.null_count == 0


def test_they_come_in_the_order_asked_for():
    """Some of them, and one twice."""
    places = np.array([3, 0, 3, 1])

    assert instants("2024-02-28", SECONDS, places).equals(instants("2024-02-28", SECONDS[places]))


def test_they_may_take_the_seconds_memory():
    """The same instants, where the seconds were."""
    seconds = SECONDS.copy()
    found = turned_to_instants("2024-02-28", seconds)

    assert found.equals(instants("2024-02-28", SECONDS))
    assert found.buffers()[1].address == seconds.ctypes.data
