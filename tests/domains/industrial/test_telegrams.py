"""Telegrams are late, lost or stamped wrongly only as they should be, and the oracle says so."""

import numpy as np
import pyarrow as pa
import pytest

from simgen.core import DAY, HOUR, TIMESTAMP, Streams, timestamps
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.telegrams import Journeys, Telegrams, send

AT = np.arange(0.0, 20.0 * DAY, 60.0)  # [s]
FIRST, LAST = 5.0 * DAY, 9.0 * DAY  # of the fault [s]
INSIDE = (AT >= FIRST) & (AT < LAST)


def sent(fault="", size=0.0, machine_id=3, *, confirmed=False, **policy):
    """What becomes of a reading each minute, with a fault of the transmitter for four days."""
    event = Event(event_id=1, machine=0, kind="sensor_fault", onset_at=FIRST)
    event.ended_at, event.sensor, event.fault, event.size = LAST, TRANSMITTER, fault, size
    out = Journeys.empty(len(AT))
    send(
        Telegrams(**policy),
        [event] if fault else [],
        AT,
        out,
        confirmed=np.full(len(AT), confirmed),
        key=Streams(1).key("sensors"),
        machine_id=machine_id,
    )
    return out


def test_a_sound_link_delays_by_some_seconds():
    """Exponential delays of the given mean, right stamps, and few losses."""
    out = sent(mean_delay=5.0, lost_share=0.02)
    delay = out.received - AT

    assert delay.min() >= 0.0
    assert delay.mean() == pytest.approx(5.0, rel=0.03)
    assert delay.std() == pytest.approx(5.0, rel=0.05)
    assert (~out.arrived).mean() == pytest.approx(0.02, abs=0.003)
    np.testing.assert_array_equal(out.stamped, AT)


def test_a_clock_that_is_off_stamps_wrongly():
    """By its size and a slow drift in the same direction, while the fault lasts."""
    error = sent("clock_skew", -900.0).stamped - AT

    assert not error[~INSIDE].any()
    assert error[INSIDE][0] == -900.0
    assert error[INSIDE][-1] == pytest.approx(-900.0 - 50e-6 * 4.0 * DAY, abs=0.1)


def test_late_telegrams_come_at_once_and_out_of_order():
    """What was read during an outage arrives when it ends, not always in its order."""
    out = sent("late", 3.0 * HOUR)
    waited = out.received[INSIDE] - AT[INSIDE]

    assert waited.min() >= 0.0
    assert waited.max() == pytest.approx(3.0 * HOUR, abs=100.0)
    assert waited.mean() == pytest.approx(1.5 * HOUR, rel=0.05)
    assert np.any(np.diff(out.received[INSIDE]) < 0.0)
    assert (out.received - AT)[~INSIDE].max() < 100.0


def test_a_bad_link_loses_telegrams():
    """Two fifths of them while it is bad."""
    out = sent("lost", lost_share=0.0)

    assert (~out.arrived[INSIDE]).mean() == pytest.approx(0.4, abs=0.02)
    assert out.arrived[~INSIDE].all()


def test_a_bad_link_never_loses_fewer_than_a_sound_one():
    """What a sound link would lose is lost while it is bad, too."""
    sound, bad = sent(lost_share=0.6), sent("lost", lost_share=0.6)

    np.testing.assert_array_equal(bad.arrived, sound.arrived)


def test_a_confirmed_telegram_arrives():
    """It is sent until it does."""
    assert sent("lost", lost_share=1.0, confirmed=True).arrived.all()


def test_machines_have_their_own_delays():
    """Another machine's telegrams draw other numbers."""
    assert np.mean(sent().received == sent(machine_id=4).received) < 0.01


def test_a_rig_tells_whose_fault_it_was(world):
    """Stamps are off, and arrivals late, where the oracle names the fault; rows stay in order."""
    rows = world.telemetry
    off = rows.stamped_at != rows["at"]
    waited = (rows.received_at - rows["at"]).dt.total_seconds()

    assert off.any()
    assert set(rows.sensor_fault[off]) == {"clock_skew"}
    assert set(rows.sensor_fault[waited > 600.0]) == {"late"}
    assert set(rows.event_kind[off & ~rows.label]) == {"sensor_fault"}
    assert waited.min() >= 0.0


def test_a_bad_link_thins_a_rigs_records(world):
    """Fewer rows come from a running machine while its link is bad, and all of its failures'."""
    rows = world.telemetry
    gaps = rows.groupby("bearing_id")["at"].diff().dt.total_seconds()
    bad = rows.sensor_fault == "lost"

    assert gaps[bad].between(599.0, 7_200.0).mean() > 0.2
    assert gaps[rows.sensor_fault == ""].between(599.0, 7_200.0).mean() < 0.03
    assert (rows.remaining_time == 0.0).sum() == len(world.failures)


def test_columns_hold_what_arrived_in_order():
    """Instants of stamp and arrival of the readings asked for."""
    journeys = sent("clock_skew", -900.0)
    order = np.array([9_000, 5, 4])
    columns = journeys.in_order(order).columns("2024-01-01")

    for name, seconds in (("stamped_at", journeys.stamped), ("received_at", journeys.received)):
        assert columns[name].equals(pa.array(timestamps("2024-01-01", seconds[order]), TIMESTAMP))
