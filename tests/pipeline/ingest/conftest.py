"""What a user might bring along: two pumps, a reading each hour, and one failure."""

import numpy as np
import pyarrow as pa
import pytest

START = np.datetime64("2024-03-01T00:00:00", "us")
N_HOURS = 600


@pytest.fixture
def wide():
    """Telemetry in columns: inches per second and degrees Fahrenheit, without a time zone."""
    hours = np.tile(np.arange(N_HOURS), 2)
    return pa.table(
        {
            "asset": ["P-1"] * N_HOURS + ["P-2"] * N_HOURS,
            "time": START + hours * np.timedelta64(1, "h"),
            "vib": 0.1 + 0.001 * (hours % 7),
            "temp": 104.0 + hours % 24,
        }
    )


@pytest.fixture
def log():
    """A failure log in which the first pump fails after 500 hours."""
    return pa.table(
        {
            "machine": ["P-1", "P-2"],
            "when": ["2024-03-21T20:00:00Z", "2024-03-25T00:00:00Z"],
            "cause": ["seal", None],
            "alive": ["no", "yes"],
        }
    )
