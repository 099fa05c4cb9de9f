"""What a pump sends is the same however its running is cut."""

import numpy as np
import pytest

from simgen.core import DAY, HOUR, Streams
from simgen.domains.industrial.kernels.pump_readings import COLUMNS, OF_DEFECTS, read_pump
from simgen.domains.industrial.kernels.pumps import STRETCH
from simgen.domains.industrial.kernels.telemetry import n_readings
from simgen.domains.industrial.pumps.hydraulics import Hydraulics


def stretch(start, stop, first=0.0, last=0.0, *, seal=0.0, failed=0, use_time=0.0, left=np.nan):
    """A stretch at the best flow during which a bearing wears, and a seal has worn."""
    wear = [(severity, seal, 0.0, 0.0) for severity in (first, last)]
    return (start, stop, 200.0, 12.0, 40.0, -1.0, 0.0, *wear, failed, use_time, left)


def read(*stretches, interval=10.0):
    """All columns of one pump."""
    runs = np.array(list(stretches), STRETCH)
    counts = np.empty(len(runs), np.int64)
    n_readings(runs, interval, counts)
    out = tuple(
        np.full(counts.sum(), 0.0 if i in OF_DEFECTS else np.inf) for i, _ in enumerate(COLUMNS)
    )
    key, days = Streams(1).key("telemetry"), np.full(10, 20.0)
    read_pump(key, 1, Hydraulics().plants(), runs, interval, days, out, 0)
    return dict(zip(COLUMNS, out, strict=True))


def test_cut_in_two_it_sends_the_same():
    """A day of ticks, more than are worked on at once, and a cut between two of them."""
    cut = 0.3 * DAY + 1.0
    whole = read(stretch(0.0, DAY, 0.0, 0.5))
    parts = read(
        stretch(0.0, cut, 0.0, 0.5 * cut / DAY),
        stretch(cut, DAY, 0.5 * cut / DAY, 0.5, use_time=cut),
    )

    assert len(whole["at"]) == DAY / 10.0
    for name, values in whole.items():
        # Sent in steps: what rounding of sums leaves may move one by a step.
        off = ~np.isclose(values, parts[name], rtol=0.0, atol=1e-9, equal_nan=True)
        assert off.mean() < 1e-3, name


def test_cut_into_many_it_sends_the_same():
    """Of some parts several are worked on as one, of others not even all; some hold no reading."""
    lengths = np.tile([35.0, 4.0, 6_400.0, 3.0, 200.0, 9.0], 12)
    stops = np.append(np.cumsum(lengths), DAY)
    starts = np.append(0.0, stops[:-1])
    whole = read(stretch(0.0, DAY, 0.0, 0.5))
    parts = read(
        *[
            stretch(start, stop, 0.5 * start / DAY, 0.5 * stop / DAY, use_time=start)
            for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ]
    )

    assert (stops > starts).all()
    for name, values in whole.items():
        # A pump that goes on follows its temperature in other steps.
        off = ~np.isclose(values, parts[name], rtol=0.0, atol=1e-9, equal_nan=True)
        assert off.mean() < 2e-3, name


def test_a_failure_has_a_reading_of_its_own():
    """At its instant, with nothing left and all of the severity."""
    found = read(stretch(0.0, 95.5, 0.9, 1.0, failed=1, use_time=50.0, left=95.5))

    assert found["at"].tolist() == [*range(0, 100, 10), 95.5]
    assert found["remaining_time"][-1] == 0.0
    assert found["severity"][-1] == pytest.approx(1.0)
    assert found["use_time"][-1] == pytest.approx(145.5 / HOUR)


def test_a_worn_bearing_shakes_and_is_hot():
    """And its trace tells by how many deviations of noise."""
    sound, worn = read(stretch(0.0, DAY)), read(stretch(0.0, DAY, 0.8, 0.8))

    assert worn["vibration"].mean() > 2.0 * sound["vibration"].mean()
    assert worn["temperature"][-1] > sound["temperature"][-1] + 10.0
    assert (sound["trace"] == 0.0).all()
    assert (worn["trace"] > 10.0).all()


def test_of_two_defects_a_reading_tells_the_one_that_shows_most():
    """A seal that drips beside a bearing that is worn out: the reading is the bearing's.

    Each shows as much as it would alone.
    """
    both = read(stretch(0.0, DAY, 0.5, 0.9, seal=0.05))
    bearing, seal = read(stretch(0.0, DAY, 0.5, 0.9)), read(stretch(0.0, DAY, seal=0.05))

    for name, alone in (("severity", "severity"), ("trace", "trace"), ("bearing_trace", "trace")):
        np.testing.assert_allclose(both[name], bearing[alone], rtol=1e-12)
    np.testing.assert_array_equal(both["seal_trace"], seal["trace"])
    assert set(both["defect"]) == {1.0}
    assert set(bearing["defect"]) == set(seal["defect"]) == {0.0}


def test_noise_is_what_it_is_said_to_be():
    """One percent of the flow, which is sent in tenths."""
    flow = read(stretch(0.0, DAY))["flow"]

    assert flow.std() == pytest.approx(2.0, rel=0.05)
    np.testing.assert_allclose(flow, np.round(flow, 1), atol=1e-9)
